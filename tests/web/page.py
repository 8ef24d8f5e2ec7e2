"""Reading a page as a person does: its title, its words, its links, and its forms with what is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

Sent = dict[str, "str | list[str]"]
_EMPTY = {"input", "br", "meta", "link", "hr", "img", "path", "circle", "line", "rect"}
_SILENT = {"script", "style", "head"}
_BLOCKS = {"p", "li", "td", "th", "tr", "h1", "h2", "h3", "dt", "dd", "div", "label", "legend", "option", "section"}


@dataclass
class Element:
    """A link, a label, a cell: what it is, and where its words stand among those of the page."""

    tag: str
    attributes: Mapping[str, str]
    _words: Sequence[str]
    _first: int
    _end: int = -1

    @property
    def text(self) -> str:
        """The words in it, in order, without the spaces that do not show."""
        return " ".join("".join(self._words[self._first : self._end]).split()) if self._end > self._first else ""


@dataclass
class FormOnPage:
    """A form as the page shows it."""

    method: str
    action: str
    inputs: list[Mapping[str, str]] = field(default_factory=list)
    options: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Every field."""
        return {made["name"] for made in self.inputs if made.get("name")} | set(self.options)

    def values(self, name: str) -> list[str]:
        """Everything that can be chosen for a field of choices."""
        offered = [made.get("value", "on") for made in self.inputs if made.get("name") == name]
        return offered + [value for value, _ in self.options.get(name, [])]

    def ticked(self, name: str) -> list[str]:
        """What is chosen or filled in."""
        chosen = []
        for made in self.inputs:
            if made.get("name") == name and (made.get("type") not in ("radio", "checkbox") or "checked" in made):
                chosen.append(made.get("value", ""))
        options = self.options.get(name, [])
        selected = [value for value, on in options if on] or [value for value, _ in options[:1]]
        return chosen + selected

    def filled(self, **changes: str | Sequence[str]) -> Sent:
        """What a browser sends after these fields are changed ("happened_on__day" for "happened_on-day")."""
        sent: Sent = {name: values for name in sorted(self.names) if (values := self.ticked(name))}
        for name, value in changes.items():
            name = name.replace("__", "-")
            assert name in self.names, f"the page has no field {name!r}, only {sorted(self.names)}"
            sent[name] = value if isinstance(value, str) else list(value)
        return sent


class Page(HTMLParser):
    """A page taken apart."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.forms: list[FormOnPage] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._data: list[str] = []
        self._silent = 0
        self._words: list[str] = []
        self._select = ""
        self._typed: dict[str, str] | None = None
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """All its words, in order, without the spaces that do not show."""
        return " ".join("".join(self._words).split())

    @property
    def title(self) -> str:
        """What the browser's tab and history show."""
        return next(element.text for element in self.elements if element.tag == "title")

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of this tag; `class_` is one of its classes."""
        return [element for element in self.elements if element.tag == tag and _has(element, attributes)]

    def links(self, text: str = "", starts: str = "") -> list[str]:
        """The addresses of links whose words contain `text`."""
        hrefs = [(a.text, a.attributes.get("href", "")) for a in self.all("a")]
        return [href for words, href in hrefs if text in words and href.startswith(starts)]

    def counted(self) -> list[str]:
        """The addresses of links and forms with a part that is a mere number: from one its neighbours are guessed.

        One of ten digits or more was drawn, and happens to have no letter.
        """
        addresses = [*self.links(), *(form.action for form in self.forms)]
        return [each for each in addresses if re.search(r"/\d{1,9}(?![^/?#])", urlsplit(each).path)]

    def form(self, action: str) -> FormOnPage:
        """The one form that is sent to this address."""
        found = [form for form in self.forms if form.action == action]
        assert len(found) == 1, f"{len(found)} forms go to {action}: {[form.action for form in self.forms]}"
        return found[0]

    def errors(self) -> list[str]:
        """The messages of the error summary."""
        found = re.search(r'<ul class="govuk-list govuk-error-summary__list">(.*?)</ul>', self.html, re.DOTALL)
        return [item.text for item in Page(found[1]).all("li")] if found else []

    def section(self, heading_id: str) -> Page:
        """The part of the page under the heading of this id."""
        found = re.search(rf'<section[^>]*aria-labelledby="{heading_id}".*?</section>', self.html, re.DOTALL)
        assert found, f"no section {heading_id}"
        return Page(found[0])

    def rows(self) -> list[Page]:
        """The rows of the bodies of its tables."""
        bodies = re.findall(r"<tbody.*?</tbody>", self.html, re.DOTALL)
        return [Page(row) for body in bodies for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._words.append(" ")
        if tag in _SILENT:
            self._silent += 1
        if tag == "form":
            self.forms.append(FormOnPage(attributes.get("method", "get"), attributes.get("action", "")))
        elif tag in ("input", "textarea") and self.forms:
            made = dict(attributes)
            self.forms[-1].inputs.append(made)
            if tag == "textarea":
                # What is typed is its content: the element has no such attribute.
                made["value"] = ""
                self._typed = made
        elif tag == "select" and self.forms:
            self._select = attributes["name"]
            self.forms[-1].options[self._select] = []
        elif tag == "option" and self._select:
            self.forms[-1].options[self._select].append((attributes.get("value", ""), "selected" in attributes))
        element = Element(tag, attributes, self._data, len(self._data))
        self.elements.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._words.append(" ")
        if tag in _SILENT:
            self._silent -= 1
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._typed = None
        while tag not in _EMPTY and self._open:
            ended = self._open.pop()
            ended._end = len(self._data)
            if ended.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            # A browser leaves out a line break right behind the tag.
            before = self._typed["value"]
            self._typed["value"] = before + data if before else data.removeprefix("\n")
        self._data.append(data)
        if not self._silent:
            self._words.append(data)

    def updatepos(self, i: int, j: int) -> int:
        """Lines are not counted: nobody asks where in the page something stands."""
        return j

    def close(self) -> None:
        super().close()
        for element in self._open:
            element._end = len(self._data)


def _has(element: Element, wanted: Mapping[str, str]) -> bool:
    for name, value in wanted.items():
        found = element.attributes.get(name.rstrip("_"), "")
        if value not in (found.split() if name == "class_" else [found]):
            return False
    return True

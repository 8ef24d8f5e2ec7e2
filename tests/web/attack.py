"""Attacking a form: somebody who may send it sends what nobody types; what is stored is compared to the last byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tests.stored import Changed, Restored, recorded
from tests.web.casework import Casework
from tests.web.every_form import Opened, Opener
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.web.typed_dates import PARTS

CODES = {
    "version",
    "events_seen",
    "form_key",
    "step",
    "location",
    "sure",
    "template",
    "language",
    "instead_of",
    "csrf_token",
}
CODES |= {"given", "seen", "of"}
"""What a page fills in by itself: attacked alone, for where it is wrong the rest is not looked at."""
FORM = "application/x-www-form-urlencoded"
SAY_SO = (
    "/secret",
    "/crimes",
    "/messages",
    "/show",
    "/print",
    "/file",
    "/release",
    "/ways",
    "/team/reassign",
    "/team/reassign/plan",
    "/welcome/account",
    "/people/editor/secret",
    "/people/systems/profile",
)
"""How the addresses of forms end that are answered with what was done, not with the way to another page."""
NOTHING_ASKED = ("/sign-out", "/cases/search", "/sign-in/stay", "/sign-ins/end-all")
"""Forms that may be sent empty."""
COUNTED = {path: {"sign_in_attempt"} for path in ("/sign-in", "/sign-in/again", "/welcome", "/welcome/account")} | {
    "/messages": {"used_form"}
}
"""What changes by being refused, beside the audit trail: a wrong password counts, and a case was looked for once."""


def post(browser: Browser, action: str, sent: dict[str, Any]) -> Any:
    """Send the form, half a pair of surrogates included, which no client of ours encodes."""
    body = urlencode(sent, doseq=True, errors="surrogatepass")
    return browser.client.post(action, content=body, headers={**browser.headers, "Content-Type": FORM})


def is_done(action: str, answer: Any) -> bool:
    """Whether the form was done, by how it was answered."""
    return answer.status_code in (204, 303) or (action.endswith(SAY_SO) and answer.status_code == 200)


@dataclass(frozen=True)
class Answer:
    """What came of sending a form: the fields said to be wrong, and all that was recorded."""

    status: int
    wrong: set[str]
    recorded: dict[str, Changed]
    done: bool


class Attack:
    """A form, and somebody signed in who may send it. Whatever was stored is forgotten before it is sent again."""

    def __init__(self, casework: Casework, opener: Opener, stored: Restored) -> None:
        self.casework, self.stored, self.sent = casework, stored, 0
        self.opened: Opened = opener(casework)
        site = casework.site
        self.browser = site.sign_in(self.opened.who) if self.opened.who else site.browser()
        self.action, self.token = self.opened.action, self.browser.token()
        shown = Page(self.browser.get(self.opened.page).text).forms if self.opened.page else []
        forms = [form for form in shown if form.action == self.action]
        assert forms or not self.opened.page, f"no form goes to {self.action}"
        self.form = forms[0] if forms else FormOnPage("post", self.action)
        self.good = {**self.form.filled(), **self.opened.filling, "csrf_token": self.token}
        self.cookies = dict(self.browser.client.cookies)
        stored.remember()

    @property
    def fields(self) -> set[str]:
        """What can be typed, chosen or forged."""
        return (self.form.names | set(self.good)) - {"csrf_token"}

    def every_value(self, not_text: Collection[str], values: Collection[str]) -> None:
        """Every value in every field: what is no text is refused by each of them, the rest is taken or refused."""
        asked = self.fields - CODES
        for value in not_text:
            wrong = self.send(dict.fromkeys(asked, value)).wrong if asked else set()
            assert wrong >= asked, f"{sorted(asked - wrong)} take {value[:9]!r} at {self.action}"
        for value in values:
            self._in_all_that_take_it(asked, value)

    def _in_all_that_take_it(self, asked: set[str], value: str) -> None:
        """In all fields at once, then in those that were not said to be wrong, until it was taken or each was named.

        Where something else is said to be wrong, it is tried in each alone.
        """
        left = set(asked)
        while left:
            answer = self.send(dict.fromkeys(left, value))
            if answer.done or not answer.wrong & left:
                break
            left -= answer.wrong
        else:
            return
        for name in sorted(left) if not answer.done and len(left) > 1 else ():
            self.send({name: value})

    def every_code(self, values: Collection[str]) -> None:
        """Every value in every field that a page fills in, one at a time."""
        for name in sorted(self.fields & CODES):
            for value in values:
                self.send({name: value})

    def send(self, nasty: dict[str, Any]) -> Answer:
        """Send the form with these instead: answered in words, shown as words, stored only where it says so."""
        self._signed_in()
        sent = {**self.good, **nasty}
        self.sent += 1
        answer = post(self.browser, self.action, sent)
        changed = self.stored.changed()
        what = f"{sorted(nasty)}={str(next(iter(nasty.values()), ''))[:30]!r} at {self.action}: {answer.status_code}"
        refused = {403} if self.action == "/emergency-access" else set()  # others are told of what is not whole
        assert answer.status_code in {200, 303, 400, 404, 409, 422, 429} | refused, what
        done = is_done(self.action, answer)
        found = recorded(changed)
        if not done:
            found = {name: rows for name, rows in found.items() if name not in COUNTED.get(self.action, ())}
            assert not found, f"{what}, stored {found}"
        self._shown_as_words(answer, what)
        self.stored.restore()
        wrong = set(sent) if answer.status_code == 400 else named(answer, what)
        return Answer(answer.status_code, wrong, found, done)

    def _signed_in(self) -> None:
        """As when the form was opened, whatever the last one sent did to that."""
        self.browser.client.cookies.clear()
        self.browser.client.cookies.update(self.cookies)

    def _shown_as_words(self, answer: Any, what: str) -> None:
        pages = [] if answer.headers.get("content-type") == "application/zip" else [answer.text]
        if answer.status_code == 303:
            pages.append(self.browser.get(answer.headers["location"]).text)
        for page in pages:
            assert not {"\0", "\u202e"} & set(page), what
            assert not re.search(r"<svg/onload|<b>\{\{|'><b>49", page), what

    def shapes(self) -> list[dict[str, Any]]:
        """What is no form of ours: a field twice, an array, one too many, all too few."""
        return list(shapes(self.form, self.good))

    def these_shapes(self, wrong: Collection[dict[str, Any]]) -> None:
        """Send what is no form of ours: it is refused, and nothing is recorded."""
        for sent in wrong:
            self._signed_in()
            answer = post(self.browser, self.action, sent)
            nothing_asked = set(sent) == {"csrf_token"} and self.action.endswith(NOTHING_ASKED)
            expected = {204, 303} if nothing_asked else {400, 404, 409, 422}
            assert answer.status_code in expected, (sent, answer.status_code)
            found = set(recorded(self.stored.changed())) - COUNTED.get(self.action, set())
            assert nothing_asked or not found, sent
            self.stored.restore()

    def refuses(self, sent: dict[str, Any], status: int, **headers: str) -> None:
        """Send this: it is answered so, and nothing is recorded."""
        self._signed_in()
        browser = replace(self.browser, headers={**self.browser.headers, **headers})
        answer = post(browser, self.action, sent)
        assert answer.status_code == status, f"{sorted(set(sent) - set(self.good))} {headers}: {answer.status_code}"
        assert not recorded(self.stored.changed()), headers
        self.stored.restore()


def named(answer: Any, what: str) -> set[str]:
    """The fields that the error summary names; of a date each of its parts."""
    if answer.status_code != 422:
        return set()
    assert '<div class="govuk-error-summary"' in answer.text, what
    assert "<title>Error: " in answer.text, what
    (summary,) = re.findall(r'<ul class="govuk-list govuk-error-summary__list">(.*?)</ul>', answer.text, re.DOTALL)
    found = {href.removeprefix("#") for href in Page(summary).links()}
    dates = {name.removesuffix("-day") for name in found if name.endswith("-day")}
    of_several = {name.partition("-")[0] for name in found}
    return found | of_several | {f"{name}-{part}" for name in dates for part in PARTS}


def shapes(form: FormOnPage, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in sorted(form.names - {"csrf_token"}):
        if form.action and not isinstance(good.get(name), list):
            yield {**good, name: ["a", "b"]}
        yield {**good, f"{name}[]": "a"}
    for name in ("__proto__", "recorded_at"):
        yield {**good, name: "1"}
    yield {"csrf_token": good["csrf_token"]}

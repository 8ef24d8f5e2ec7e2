"""What every template keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.site import PEOPLE, Site
from victimcare.presentation import environment as presentation
from victimcare.web import pages

WEB = Path(pages.__file__).parent
PAGES = sorted(pages.TEMPLATES.rglob("*.html"))
MACROS = sorted((Path(presentation.__file__).parent / "templates").rglob("*.html"))
ALL = [*PAGES, *MACROS]
STATIC = WEB / "static"
IN_TITLES = {
    "view.heading",  # of an error page: our own words
    "view.ref",
    "view.case.ref",
    "view.drawn.ref",
    "view.facts.title",  # of an event kind: our own words
    "view.paging",
    "view.paging.page",
    "view.paging.pages",
}
"""What a title may tell beside its own words."""


ONE_FILE = "board_pack.html"
"""Is no page of the service: a file that brings its style along."""


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def test_there_are_templates_to_look_at() -> None:
    assert len(PAGES) >= 5
    assert len(MACROS) >= 2


def test_every_template_is_used() -> None:
    sources = [file.read_text("utf-8") for file in [*WEB.rglob("*.py"), *PAGES]]
    used = {found for source in sources for found in re.findall(r'"([\w/-]+\.html)"', source)}
    assert {str(page.relative_to(pages.TEMPLATES)) for page in PAGES} == used


@pytest.mark.parametrize("file", ALL, ids=name)
def test_a_template_can_be_read(file: Path) -> None:
    pages.page_environment().parse(file.read_text("utf-8"))


@pytest.mark.parametrize("file", ALL, ids=name)
def test_nothing_is_inline_and_nothing_is_left_unescaped(file: Path) -> None:
    text = re.sub(r"{#.*?#}", "", file.read_text("utf-8"), flags=re.DOTALL)
    if file.name == ONE_FILE:
        text = text.replace("<style>", "")
    assert not re.findall(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|<[^>{]*\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", text
    )
    assert not re.findall(r"\|\s*safe\b|autoescape|Markup", text)


@pytest.mark.parametrize("file", ALL, ids=name)
def test_every_form_that_changes_something_carries_the_token(file: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", file.read_text("utf-8"), flags=re.DOTALL):
        assert ('method="post"' in form) == ("fields.token(visit" in form), form[:200]


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_titles_hold_no_names(file: Path) -> None:
    """They stay in the history of the browser and in the list of windows."""
    for title in re.findall(r"{% block title %}(.*?){% endblock %}", file.read_text("utf-8"), flags=re.DOTALL):
        expressions = " ".join(re.findall(r"{[{%](.*?)[}%]}", title, re.DOTALL))
        assert set(re.findall(r"\b(?:view|visit|form|loop)\b[\w.]*", expressions)) <= IN_TITLES


def test_a_page_has_a_title_a_heading_and_a_language(sqlite_site: Site) -> None:
    for path in ("/help", "/accessibility", "/sign-in", "/nowhere"):
        page = sqlite_site.browser().get(path).text
        assert len(re.findall(r"<h1\b", page)) == 1, path
        assert '<html lang="en"' in page
        assert re.search(r"<title>[^<]+ - victimcare</title>", page)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_persons_name_is_on_the_page_and_not_in_its_title(sqlite_site: Site, who: str) -> None:
    page = sqlite_site.sign_in(who).get("/help").text
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert f"Example {who.title()}" in page
    assert title
    assert "Example" not in title[1]


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda sheet: sheet.name)
def test_every_rule_of_a_style_sheet_is_closed(sheet: Path) -> None:
    """A brace that is lost takes every rule behind it away, and no page says so."""
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    depth = 0
    for line in rules.splitlines():
        assert not (depth and re.match(r"[.@#\w]", line)), line
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
    assert depth == 0

"""Views, templates and parts of pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import APIRouter, Request
from jinja2 import DictLoader, UndefinedError
from sqlalchemy import Connection

from tests.web.site import START, Site, add_people, make_site, route_also
from victimcare.commands.use_form import use_form
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.presentation.environment import environment
from victimcare.store.tables import Setting
from victimcare.store.used_forms import FormAlreadySent
from victimcare.web import app as web_app
from victimcare.web.notices import NoticeBoard
from victimcare.web.pages import navigation, render
from victimcare.web.policies import public
from victimcare.web.static_files import Static

PART = """{% extends "layout.html" %}{% block title %}Part{% endblock %}
{% block content %}<h1>Whole</h1>{% block rows %}<p>{{ components.tag(view.word) }}</p>{% endblock %}{% endblock %}"""


@dataclass(frozen=True)
class WordView:
    word: str


@pytest.fixture
def trial(sqlite_url: str, law: Law, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    router = APIRouter(dependencies=[public()])

    @router.get("/part")
    def part(request: Request) -> Any:
        return render(request, "part.html", WordView("<b>late</b>"), block="rows")

    route_also(monkeypatch, router)
    made = make_site(sqlite_url, law)
    add_people(made.database)
    pages = environment([web_app.__file__ and Static().folder.parent / "templates"])
    pages.loader.loaders.append(DictLoader({"part.html": PART}))  # type: ignore[union-attr]
    made.app.state.pages = pages
    yield made
    made.database.close()


def test_a_page_is_whole_without_htmx(trial: Site) -> None:
    page = trial.browser().get("/part").text
    assert "<h1>Whole</h1>" in page
    assert "&lt;b&gt;late&lt;/b&gt;" in page


def test_htmx_gets_the_block_alone_and_escaped(trial: Site) -> None:
    part = trial.browser().get("/part", headers={"HX-Request": "true"}).text
    assert part == '<p><strong class="govuk-tag govuk-tag--grey">&lt;b&gt;late&lt;/b&gt;</strong></p>'


def test_a_page_of_the_history_is_whole(trial: Site) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<h1>Whole</h1>" in trial.browser().get("/part", headers=headers).text


def test_a_name_that_the_view_has_not_is_a_fault_and_not_an_empty_place() -> None:
    template = environment().from_string("{% if view.wrod %}{% endif %}")
    with pytest.raises(UndefinedError, match="WordView has no 'wrod'"):
        template.render(view=WordView("late"))


def test_a_demonstration_says_so_on_every_page(site: Site) -> None:
    said = "Everything about victims, officers and contacts here is invented."
    assert said not in site.browser().get("/sign-in").text
    with site.database.writing() as connection:
        connection.execute(Setting.__table__.insert().values(name="demonstration", value="true"))
    site.clock.forward(minutes=1)
    for path in ("/sign-in", "/help", "/nowhere"):
        assert said in site.browser().get(path).text
        assert said in site.sign_in().get(path, follow_redirects=True).text


def test_what_everybody_must_know_is_told_to_those_who_work_here(sqlite_url: str, law: Law) -> None:
    def notices(_connection: Connection, now: datetime) -> list[str]:
        return [f"A job has not run since {now:%H:%M}"]

    site = make_site(sqlite_url, law, notices=notices)
    add_people(site.database)
    officer = site.sign_in()
    assert "A job has not run since 09:30" in officer.get("/help").text
    assert "A job has not run" not in site.browser().get("/help").text
    site.clock.forward(minutes=1)
    assert "A job has not run since 09:31" in officer.get("/help").text
    site.database.close()


def test_notices_are_asked_for_once_a_minute(sqlite_site: Site) -> None:
    asked: list[datetime] = []
    board = NoticeBoard(lambda _connection, now: asked.append(now) or ["late"])
    with sqlite_site.database.reading() as connection:
        for seconds in (0, 59, 60, 61, -5):
            assert board.read(connection, START + timedelta(seconds=seconds)).notices == ("late",)
    assert [int((at - START).total_seconds()) for at in asked] == [0, 60, -5]


def test_pages_work_without_the_packages_fetched_at_build_time(sqlite_site: Site, tmp_path: Any) -> None:
    for name in ("app.css", "app.js", "icon.svg"):
        (tmp_path / name).write_text("")
    sqlite_site.app.state.static_files = Static(tmp_path)
    page = sqlite_site.browser().get("/sign-in").text
    assert "vendor" not in page
    assert sqlite_site.browser().sign_in("officer").status_code == 303


def test_the_navigation_marks_where_one_is() -> None:
    officer = Person("o", "Example", Role.OFFICER, "t")
    assert [link.current for link in navigation(officer, "/")] == ["page", "", ""]
    assert [link.current for link in navigation(officer, "/cases")] == ["", "page", ""]
    assert [link.current for link in navigation(officer, "/cases/BED-000001")] == ["", "true", ""]
    assert [link.current for link in navigation(officer, "/casesque")] == ["", "", ""]


def test_a_form_is_used_once(site: Site) -> None:
    who = Person("officer", "Example", Role.OFFICER)
    with site.database.writing() as connection:
        use_form(connection, form_key="key", by=who, now=site.clock.now)
    with pytest.raises(FormAlreadySent), site.database.writing() as connection:
        use_form(connection, form_key="key", by=who, now=site.clock.now)
    with site.database.writing() as connection:
        use_form(connection, form_key="another", by=who, now=site.clock.now)

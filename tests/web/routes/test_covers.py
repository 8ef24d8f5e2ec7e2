"""Leave and cover, as pages."""

from __future__ import annotations

from typing import Any

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import TEAM, Browser
from victimcare.store.staff import PEOPLE

DATES = {
    "from_on-day": "22", "from_on-month": "5", "from_on-year": "2026",
    "until_on-day": "1", "until_on-month": "6", "until_on-year": "2026",
}  # fmt: skip


def in_one_team(casework: Casework) -> None:
    with casework.site.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "colleague").values(team_id=TEAM))


def name(casework: Casework, browser: Browser, **changes: str) -> Any:
    form = casework.page(browser, "/leave").form("/leave")
    return browser.post(form.action, {**form.filled(officer="officer", cover="colleague"), **DATES, **changes})


def test_an_officer_names_who_stands_in_and_they_have_the_cases_at_once(casework: Casework) -> None:
    in_one_team(casework)
    ref = casework.case("Wren Sample", at=MONDAY)
    colleague = casework.site.sign_in("colleague")
    assert colleague.get(f"/cases/{ref}").status_code == 404
    assert name(casework, casework.site.sign_in()).status_code == 303
    page = casework.page(colleague, "/")
    assert "You stand in for Example Officer, who is back on Monday 1 June 2026: 1 open case." in page.text
    assert "Wren Sample" in page.text
    assert "Covering" in page.text
    case = casework.page(colleague, f"/cases/{ref}")
    assert "Covered by Example Colleague until 1 June 2026" in case.text
    assert casework.contact(colleague, ref).status_code == 303
    assert "Away" in casework.page(casework.site.sign_in("supervisor"), "/team").text
    casework.site.clock.forward(days=10)
    assert casework.site.sign_in("colleague").get(f"/cases/{ref}").status_code == 404
    assert "Covered by" not in casework.page(casework.site.sign_in(), f"/cases/{ref}").text


def test_an_end_before_its_day_takes_the_cases_back_at_once(casework: Casework) -> None:
    in_one_team(casework)
    ref = casework.case("Wren Sample")
    supervisor = casework.site.sign_in("supervisor")
    assert name(casework, supervisor).status_code == 303
    colleague = casework.site.sign_in("colleague")
    assert colleague.get(f"/cases/{ref}").status_code == 200
    assert not [form for form in casework.page(colleague, "/leave").forms if form.action == "/leave/end"]
    form = casework.page(supervisor, "/leave").form("/leave/end")
    assert supervisor.post(form.action, form.filled()).status_code == 303
    assert colleague.get(f"/cases/{ref}").status_code == 404
    assert supervisor.post(form.action, {**form.filled(), "form_key": "another"}).status_code == 409


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(casework: Casework) -> None:
    in_one_team(casework)
    answer = name(casework, casework.site.sign_in(), **{"until_on-day": "21", "until_on-month": "5"})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.errors() == ["Day back must be after the first day away"]
    assert page.form("/leave").ticked("until_on-day") == ["21"]
    for changes in ({"cover": "stranger"}, {"cover": "board"}, {"officer": "supervisor"}):
        assert name(casework, casework.site.sign_in(), **changes).status_code == 422, changes


def test_roles_without_cases_have_no_such_page(casework: Casework) -> None:
    for who in ("board", "administrator"):
        assert casework.site.sign_in(who).get("/leave").status_code == 403

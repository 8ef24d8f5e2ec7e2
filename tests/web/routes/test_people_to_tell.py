"""Who is told of a case, and what; a suspect never is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.commands.tell_person import NewPersonToTell, tell_person
from victimcare.store import staff
from victimcare.store.people_to_tell import PEOPLE_TO_TELL

GUARDIAN = {"name": "Lark Sample", "told_as": "guardian", "is_suspect": "no", "tells": ["everything"]}


def send(casework: Casework, browser: Browser, path: str, **changes: Any) -> Any:
    form = casework.page(browser, path).form(path)
    return browser.post(form.action, form.filled(**changes))


def told(casework: Casework) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(PEOPLE_TO_TELL).order_by(PEOPLE_TO_TELL.c.id)))


def test_of_a_child_a_guardian_is_told_too(casework: Casework) -> None:
    ref = casework.case(born_on=date(2011, 3, 4))
    browser = casework.site.sign_in()
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "The victim, and Parent or guardian" in page.text
    assert "Not named yet: parent or guardian" in page.text
    assert send(casework, browser, f"/cases/{ref}/told", **GUARDIAN).status_code == 303
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "Not named yet" not in page.text
    assert "Parent or guardian Lark Sample Told Everything that the victim is told" in page.text
    assert ("alteration", "add person to tell", "officer", "done") in casework.site.audit()


def test_a_guardian_who_is_the_suspect_is_never_told(casework: Casework) -> None:
    ref = casework.case(born_on=date(2011, 3, 4))
    browser = casework.site.sign_in()
    refused = send(casework, browser, f"/cases/{ref}/told", **{**GUARDIAN, "is_suspect": "yes"})
    assert (refused.status_code, told(casework)) == (422, [])
    assert Page(refused.text).errors()[0].startswith("A suspect is never told")
    kept = send(casework, browser, f"/cases/{ref}/told", **{**GUARDIAN, "is_suspect": "yes", "tells": []})
    assert kept.status_code == 303
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "Told NOTHING, EVER: they are a suspect in this crime" in page.text


def test_somebody_found_to_be_a_suspect_is_told_no_more_from_that_day(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    send(casework, browser, f"/cases/{ref}/told", **GUARDIAN)
    (person,) = told(casework)
    ended = send(casework, browser, f"/cases/{ref}/told/end", person_id=str(person.id), why="suspect")
    assert ended.status_code == 303
    (person,) = told(casework)
    assert (person.is_suspect, person.tells, person.until_on) == (True, "", date(2026, 5, 22))
    assert "A suspect: never to be told" in casework.page(browser, f"/cases/{ref}/victim").text


def test_nobody_of_another_case_can_be_ended(casework: Casework) -> None:
    ref, other = casework.case(), casework.case("Robin Sample")
    browser = casework.site.sign_in()
    send(casework, browser, f"/cases/{other}/told", **GUARDIAN)
    (person,) = told(casework)
    form = casework.page(browser, f"/cases/{ref}/told/end").form(f"/cases/{ref}/told/end")
    answer = browser.post(form.action, {**form.filled(why="no_longer"), "person_id": str(person.id)})
    assert Page(answer.text).errors() == ["Nobody of that name is told of this case now"]
    assert told(casework)[0].until_on is None


def test_the_database_keeps_no_suspect_who_is_told(casework: Casework) -> None:
    casework.case()
    row = {"case_id": 1, "sealed_name": b"sealed", "told_as": "guardian", "tells": "everything", "is_suspect": True}
    more = {"from_on": date(2026, 5, 22), "recorded_by": "officer", "recorded_at": casework.site.clock.now}
    with pytest.raises(IntegrityError), casework.site.database.writing() as connection:
        connection.execute(PEOPLE_TO_TELL.insert().values(**row, **more))


def test_somebody_who_is_told_nothing_is_refused(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    nothing = NewPersonToTell("Lark Sample", "guardian", [], date(2026, 5, 22))
    with pytest.raises(ValueError, match="choose what they are told"), sqlite_casework.site.database.writing() as c:
        tell_person(
            c, ref=ref, person=nothing, by=staff.SYSTEM, now=sqlite_casework.site.clock.now, vault=sqlite_casework.vault
        )
    answer = send(sqlite_casework, sqlite_casework.site.sign_in(), f"/cases/{ref}/told", **{**GUARDIAN, "tells": []})
    assert Page(answer.text).errors() == ["Choose what they are told"]

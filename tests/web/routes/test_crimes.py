"""Recording a crime: every victim has a case and an officer, nothing typed is lost, and nothing is recorded twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import Casework
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.journeys import EVENTS
from victimcare.store.people_to_tell import NAME, PEOPLE_TO_TELL
from victimcare.store.sealed_words import opened_from

FILLED = {"crime_ref": "40/900/26", "crime_type": "Burglary", "area": "E01", "name_1": "Wren Sample"}


def the_form(casework: Casework, browser: Browser) -> FormOnPage:
    return casework.page(browser, "/crimes/new").form("/crimes")


def sent(casework: Casework, browser: Browser, **changes: Any) -> Any:
    form = the_form(casework, browser)
    return browser.post("/crimes", form.filled(**{**FILLED, **changes}))


def rows(casework: Casework, table: Any) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def test_each_victim_has_a_case_and_the_answer_says_who_has_it_and_why(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    answer = sent(casework, browser)
    (case,) = rows(casework, CASES)
    page = Page(answer.text)
    assert answer.status_code == 200
    assert case.ref in page.text
    assert "Example Colleague, North" in page.text
    assert "present in E01, with the least open work" in page.text
    assert page.links(starts=f"/cases/{case.ref}") == [f"/cases/{case.ref}"]
    assert "Wren Sample" in casework.page(browser, f"/cases/{case.ref}").text


def test_an_officer_who_records_it_for_another_is_told_who_but_sees_no_case(casework: Casework) -> None:
    browser = casework.site.sign_in("officer")
    page = Page(sent(casework, browser).text)
    assert "You do not see this case. What you know of this victim, tell Example Colleague." in page.text
    (case,) = rows(casework, CASES)
    assert page.links(starts="/cases/") == []
    assert browser.get(f"/cases/{case.ref}").status_code == 404


def test_what_is_said_of_crime_and_victim_is_kept(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    answer = sent(
        casework,
        browser,
        crime_ref=" 40/901/26 a ",
        basis_1="bereaved",
        language_1="pl",
        offender_under_18="yes",
        reported_time="9:30",
        recorded_time="10:00",
        **{f"born_on_1-{part}": value for part, value in (("day", "4"), ("month", "3"), ("year", "2011"))},
        **{f"incident_on-{part}": value for part, value in (("day", "21"), ("month", "5"), ("year", "2026"))},
    )
    assert answer.status_code == 200
    (victim,), (crime,) = rows(casework, VICTIMS), rows(casework, CRIMES)
    reported = next(row for row in rows(casework, EVENTS) if row.kind == "crime_reported")
    assert (victim.basis, victim.language, victim.born_on) == ("bereaved", "pl", date(2011, 3, 4))
    assert crime.source_ref == "40/901/26 A"
    assert reported.details == '{"incident_on":"2026-05-21","offender_under_18":true}'
    assert "the duty supervisor holds it" in Page(answer.text).text, "nobody here is trained for child victims"


def test_another_victim_can_be_added_and_nothing_typed_is_lost(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    form = the_form(casework, browser)
    more = Page(browser.post("/crimes", {**form.filled(**FILLED), "add": "yes"}).text)
    assert more.errors() == []
    second = more.form("/crimes")
    assert second.ticked("name_1") == ["Wren Sample"]
    answer = browser.post("/crimes", second.filled(name_2="Robin Sample", basis_2="witness"))
    assert answer.status_code == 200
    assert [row.name for row in rows(casework, VICTIMS)] == ["Wren Sample", "Robin Sample"]
    assert len({row.crime_event_key for row in rows(casework, EVENTS) if row.kind == "crime_reported"}) == 1


def test_an_empty_second_victim_is_none(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    more = Page(browser.post("/crimes", {**the_form(casework, browser).filled(**FILLED), "add": "yes"}).text)
    assert browser.post("/crimes", more.form("/crimes").filled()).status_code == 200
    assert len(rows(casework, VICTIMS)) == 1


def test_a_business_names_whom_to_contact(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    refused = sent(casework, browser, name_1="Sample Stores", basis_1="business")
    assert Page(refused.text).errors() == ["Enter who to contact at the business: the Code asks for a name"]
    assert (
        sent(casework, browser, name_1="Sample Stores", basis_1="business", contact_1="Lark Sample").status_code == 200
    )
    (told,) = rows(casework, PEOPLE_TO_TELL)
    name = opened_from(NAME, told.id, told.sealed_name, casework.vault)
    assert (name, told.told_as, told.tells) == ("Lark Sample", "named_contact", "everything")


def test_the_same_crime_reference_is_refused_in_a_sentence_and_nothing_is_stored(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    assert sent(casework, browser).status_code == 200
    before = casework.stored_events()
    again = sent(casework, browser, crime_ref="40/900/26 ")
    assert (again.status_code, casework.stored_events()) == (422, before)
    (message,) = Page(again.text).errors()
    assert message.startswith("A crime with this reference is already recorded")


def test_the_same_form_sent_twice_records_once(casework: Casework) -> None:
    browser = casework.site.sign_in("supervisor")
    filled = the_form(casework, browser).filled(**FILLED)
    assert browser.post("/crimes", filled).status_code == 200
    before = casework.stored_events()
    assert browser.post("/crimes", filled).status_code == 409
    assert casework.stored_events() == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"crime_ref": ""}, "Enter the crime reference"),
        ({"name_1": ""}, "Enter the name of the victim"),
        ({"area": "Atlantis"}, "Choose the area"),
        ({"crime_type": "Treason"}, "Choose the type of crime"),
        ({"basis_1": "friend"}, "Choose why they count as a victim"),
        ({"reported_on-day": "23"}, "Date reported must be today or in the past"),
        ({"recorded_on-day": "20"}, "Date recorded must not be before the date reported"),
        ({"reported_time": "11:59pm"}, "Time reported must be in the past"),
        ({"born_on_1-day": "1", "born_on_1-month": "1", "born_on_1-year": "85"}, "Date of birth must be"),
        (
            {"incident_on-day": "31", "incident_on-month": "2", "incident_on-year": "2026"},
            "Day of the incident must be a real date",
        ),
        ({"contact_1": "Lark Sample"}, "Only a business has a named contact"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_casework: Casework, changes: dict[str, str], message: str) -> None:
    browser = sqlite_casework.site.sign_in("supervisor")
    answer = browser.post("/crimes", {**the_form(sqlite_casework, browser).filled(**FILLED), **changes})
    assert answer.status_code == 422
    assert Page(answer.text).errors()[0].startswith(message)
    assert sqlite_casework.stored_events() == 0


def test_an_area_without_a_duty_supervisor_is_a_sentence(sqlite_casework: Casework) -> None:
    browser = sqlite_casework.site.sign_in("supervisor")
    with sqlite_casework.site.database.writing() as connection:
        connection.exec_driver_sql("UPDATE team SET duty_supervisor_id = NULL")
        connection.exec_driver_sql("UPDATE person SET active = false WHERE role = 'officer'")
    answer = sent(sqlite_casework, browser)
    assert Page(answer.text).errors()[0].startswith("No team has a duty supervisor to hold a case in E01")


@pytest.mark.parametrize("who", ["board", "administrator"])
def test_only_officers_and_supervisors_record_crimes(sqlite_casework: Casework, who: str) -> None:
    assert sqlite_casework.site.sign_in(who).get("/crimes/new").status_code == 403

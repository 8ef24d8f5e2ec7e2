"""Adding a victim to a crime: the same questions as at its record, and nobody is named whom the officer may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.store.cases import CASES
from victimcare.store.people_to_tell import NAME, PEOPLE_TO_TELL
from victimcare.store.sealed_words import opened_from

THURSDAY = MONDAY + timedelta(days=3)


def filled(casework: Casework, browser: Browser, ref: str, **changes: Any) -> dict[str, Any]:
    form = casework.page(browser, f"/cases/{ref}/victims/new").form(f"/cases/{ref}/victims")
    return form.filled(**{"name_1": "Robin Sample", **changes})


def add(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    """Send the form; the answer, or the page that it leads to."""
    answer = browser.post(f"/cases/{ref}/victims", filled(casework, browser, ref, **changes))
    return browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def refs(casework: Casework) -> list[str]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(CASES.c.ref).order_by(CASES.c.id)).scalars())


def test_a_victim_is_added_with_the_same_officer_and_sees_what_happened_as_history(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    casework.record(ref, "suspect_arrested", THURSDAY, subject="Suspect 1")
    browser = casework.site.sign_in()
    answer = add(casework, browser, ref)
    assert answer.status_code == 200, Page(answer.text).errors()
    page = Page(answer.text)
    assert "Case officer Example Officer, North" in page.text
    assert "already case officer in this crime, and present in E01" in page.text
    (new,) = set(refs(casework)) - {ref}
    case = casework.page(browser, f"/cases/{new}").text
    assert "Recorded as a victim on 22 May 2026, later than the crime" in case
    assert "suspect arrested" not in case.partition("The journey")[0].lower()
    assert "Send the victim written confirmation Due Not verified Bedfordshire Police, due Monday 1 June 2026" in case
    journey = casework.page(browser, f"/cases/{new}/journey").text
    assert "Suspect arrested (Suspect 1)" in journey
    assert journey.count("Before they were recorded") == 3
    assert casework.page(browser, f"/cases/{ref}").text.count("Recorded as a victim") == 0


def test_the_form_names_the_victims_whom_the_officer_sees_and_no_others(casework: Casework) -> None:
    ref, other = casework.crime("Wren Sample", "Hidden Sample")
    casework.record(other, "officer_assigned", officer="stranger", team="south", why="moved")
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/victims/new").text
    assert f"Victims of this crime whose cases you see: Wren Sample ({ref})." in page
    assert "Hidden" not in page
    assert other not in page


def test_who_adds_a_victim_that_somebody_else_gets_learns_only_who_that_is(casework: Casework) -> None:
    ref = casework.case("Wren Sample", officer="supervisor")
    browser = casework.site.sign_in("supervisor")
    text = Page(add(casework, browser, ref).text).text
    assert "Case officer Example" in text
    (new,) = set(refs(casework)) - {ref}
    for who in ("officer", "colleague", "stranger"):
        answer = casework.site.sign_in(who).get(f"/cases/{ref}/victims/added?case={new}")
        assert answer.status_code in (303, 404), f"{who} did not add them"
    assert casework.site.sign_in("stranger").get(f"/cases/{new}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name_1": ""}, "Enter the name of the victim"),
        ({"basis_1": "business"}, "Enter who to contact at the business: the Code asks for a name"),
        ({"contact_1": "Lark"}, "Only a business has a named contact: leave it empty"),
        ({"happened_on__day": "17"}, "Date must not be before the crime was reported"),
        ({"happened_on__day": "23"}, "Date must be today or in the past"),
        ({"happened_on__day": ""}, "Date must include a day"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    sqlite_casework: Casework, changes: dict[str, str], wrong: str
) -> None:
    ref = sqlite_casework.case(at=MONDAY)
    browser = sqlite_casework.site.sign_in()
    answer = add(sqlite_casework, browser, ref, **changes)
    assert (answer.status_code, refs(sqlite_casework)) == (422, [ref])
    assert wrong in " ".join(Page(answer.text).errors())


def test_a_form_sent_twice_adds_one_victim(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    sent = filled(sqlite_casework, browser, ref)
    for _ in range(2):
        browser.post(f"/cases/{ref}/victims", sent)
    assert len(refs(sqlite_casework)) == 2


def test_a_victim_is_added_to_the_crime_as_it_was_seen(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    sent = filled(sqlite_casework, browser, ref)
    sqlite_casework.record(ref, "suspect_arrested", subject="Suspect 1")
    answer = browser.post(f"/cases/{ref}/victims", sent)
    assert answer.status_code == 409
    assert "Suspect arrested" in Page(answer.text).text
    assert refs(sqlite_casework) == [ref]


def test_a_business_is_added_with_its_contact(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    add(sqlite_casework, browser, ref, name_1="Sample Stores", basis_1="business", contact_1="Lark Sample")
    with sqlite_casework.site.database.reading() as connection:
        (told,) = connection.execute(select(PEOPLE_TO_TELL)).all()
    assert opened_from(NAME, told.id, told.sealed_name, sqlite_casework.vault) == "Lark Sample"


def test_nothing_is_added_to_a_void_case(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    sqlite_casework.record(ref, "case_voided", reason="duplicate", second_person="supervisor")
    browser = sqlite_casework.site.sign_in()
    answer = add(sqlite_casework, browser, ref)
    assert "This case is void: add the victim from another case of the crime" in Page(answer.text).errors()
    assert "Add a victim" not in sqlite_casework.page(browser, f"/cases/{ref}").text

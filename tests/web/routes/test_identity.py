"""Correcting who a victim is: seen before it is saved, kept for ever, and their rights put right with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store import rebuilding
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.identities import CORRECTIONS
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit

BORN = date(1985, 3, 4)
WRONG = {"reason": "written_down_wrongly"}


def address(ref: str) -> str:
    return f"/cases/{ref}/identity"


def born(day: date) -> dict[str, str]:
    return {"born_on__day": str(day.day), "born_on__month": str(day.month), "born_on__year": str(day.year)}


def typed(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    """Fill the form in and ask what it changes."""
    form = casework.page(browser, address(ref)).form(address(ref))
    return browser.post(form.action, form.filled(**{**WRONG, **changes}))


def save(browser: Browser, checked: Any, ref: str, step: str = "record") -> Any:
    assert checked.status_code == 200, Page(checked.text).errors()
    form = Page(checked.text).form(address(ref))
    return browser.post(form.action, {**form.filled(), "step": step})


def correct(casework: Casework, browser: Browser, ref: str, **changes: Any) -> None:
    casework.site.clock.forward(minutes=1)
    answer = save(browser, typed(casework, browser, ref, **changes), ref)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{ref}/victim?done=identity")


def everything(casework: Casework, table: Any) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(table)))


def differences(casework: Casework) -> list[Any]:
    """What `rebuild --check` finds."""
    return rebuilding.check(casework.site.database, law=casework.law, today=casework.site.clock.now.date())


def test_a_name_is_put_right_after_it_was_seen_and_what_it_was_is_kept_for_ever(casework: Casework) -> None:
    ref = casework.case("Wrenn Sampel")
    browser = casework.site.sign_in()
    checked = typed(casework, browser, ref, name="Wren Sample", language="pl", note="They spelled it")
    page = Page(checked.text)
    assert "Name Wrenn Sampel Wren Sample" in page.text
    assert "Language English Polish" in page.text
    assert "No deadline moves" in page.text
    assert everything(casework, CORRECTIONS) == []
    assert save(browser, checked, ref).status_code == 303
    assert "Wren Sample" in casework.page(browser, f"/cases/{ref}").text
    known = casework.page(browser, address(ref)).text
    for words in (
        "Wrenn Sampel",
        "Corrected 22 May 2026",
        "Example Officer",
        "written down wrongly",
        "They spelled it",
    ):
        assert words in known, words
    (victim,) = everything(casework, VICTIMS)
    assert (victim.name, victim.searched_name, victim.language) == ("Wren Sample", "wren sample", "pl")
    assert differences(casework) == []
    for operation in (CORRECTIONS.update().values(event_key="x"), CORRECTIONS.delete()):
        with pytest.raises(DatabaseError), casework.site.database.writing() as connection:
            connection.execute(operation)


def test_the_journey_says_that_it_was_corrected_and_no_row_in_plain_says_what_it_was(casework: Casework) -> None:
    ref = casework.case("Wrenn Sampel", born_on=BORN)
    browser = casework.site.sign_in()
    correct(casework, browser, ref, name="Wren Sample", note="A note on it", **born(date(1985, 4, 3)))
    said = [row for row in everything(casework, EVENTS) if row.kind == "victim_corrected"]
    assert [row.details for row in said] == ['{"reason":"written_down_wrongly","what":"name, date of birth"}']
    written = str([everything(casework, table) for table in (EVENTS, CORRECTIONS, VICTIMS, Audit.__table__)])
    for words in ("Wrenn", "Sampel", "sampel", "A note on it", "1985-03-04", "datetime.date(1985, 3, 4)"):
        assert words not in written, words
    timeline = casework.page(browser, f"/cases/{ref}/journey").text
    assert "Victim’s details corrected" in timeline
    assert "Wrenn" not in timeline


def test_a_child_taken_for_an_adult_has_enhanced_rights_from_today_and_the_page_says_which_deadlines_move(
    casework: Casework,
) -> None:
    ref = casework.case(born_on=BORN, at=MONDAY + timedelta(days=4))
    casework.record(ref, EventKind.NEEDS_ASSESSED, MONDAY + timedelta(days=4), tier="standard")
    casework.record(ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")
    browser = casework.site.sign_in()
    checked = typed(casework, browser, ref, **born(date(2011, 3, 4)))
    text = Page(checked.text).text
    assert "Earlier" in text
    assert "The victim has enhanced rights from Friday 22 May 2026" in text
    assert "from 22 May 2026: enhanced rights, under 18 until 4 March 2029 (found now, so not backwards)" in text
    before = casework.stored_events()
    assert save(browser, checked, ref).status_code == 303
    assert casework.stored_events() == before + 2
    (case,) = everything(casework, CASES)
    assert (case.tier, case.tier_until_on) == ("enhanced", date(2029, 3, 4))
    assert differences(casework) == []


def test_a_childhood_that_was_none_is_taken_out_of_the_assessment(casework: Casework) -> None:
    ref = casework.case(born_on=date(2011, 3, 4))
    found = {"tier": "enhanced", "grounds": "under_18", "until_on": date(2029, 3, 4)}
    casework.record(ref, EventKind.NEEDS_ASSESSED, MONDAY, **found)
    browser = casework.site.sign_in()
    checked = typed(casework, browser, ref, **born(BORN))
    text = Page(checked.text).text
    assert "Later" in text
    assert "from 18 May 2026: standard rights (put right in the assessment of that day)" in text
    assert save(browser, checked, ref).status_code == 303
    (case,) = everything(casework, CASES)
    assert (case.tier, case.tier_until_on) == ("standard", None)
    assert differences(casework) == []
    assert "under 18" not in casework.page(browser, f"/cases/{ref}/victim").text.lower()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, "Nothing is different from what is known: put it right below"),
        ({"name": "Lark", "reason": ""}, "Choose what was wrong"),
        ({"name": "Lark", "reason": "changed"}, "Enter the day of the change where it has changed, and only then"),
        (born(date(2027, 1, 1)), "Date of birth must be today or in the past: type all four digits of the year"),
        ({"basis": "no_such_basis"}, "Choose why they count as a victim"),
        ({"language": "tlh"}, "Choose a language"),
        ({"name": "x" * 121}, "Name must be 120 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    sqlite_casework: Casework, changes: dict[str, str], wrong: str
) -> None:
    ref = sqlite_casework.case(born_on=BORN)
    browser = sqlite_casework.site.sign_in()
    form = sqlite_casework.page(browser, address(ref)).form(address(ref))
    sent = {**form.filled(**WRONG), **{name.replace("__", "-"): value for name, value in changes.items()}}
    answer = browser.post(form.action, {**sent, "step": "record"})
    assert (answer.status_code, Page(answer.text).errors()) == (422, [wrong])
    assert everything(sqlite_casework, CORRECTIONS) == []


def test_a_date_of_birth_does_not_change(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case(born_on=BORN)
    browser = sqlite_casework.site.sign_in()
    day = {"changed_on__day": "1", "changed_on__month": "5", "changed_on__year": "2026"}
    answer = typed(sqlite_casework, browser, ref, reason="changed", **day, **born(date(1986, 3, 4)))
    assert Page(answer.text).errors() == ["A date of birth does not change: say what was wrong with it"]
    correct(sqlite_casework, browser, ref, reason="changed", name="Wren Other", **day)
    assert "It has changed since, on 1 May 2026" in sqlite_casework.page(browser, address(ref)).text


def test_the_second_of_two_sees_that_somebody_corrected_meanwhile_and_a_form_sent_twice_corrects_once(
    casework: Casework,
) -> None:
    ref = casework.case("Wrenn Sampel")
    browser = casework.site.sign_in()
    first, second = (typed(casework, browser, ref, name=name) for name in ("Wren Sample", "Wryn Sample"))
    assert save(browser, first, ref).status_code == 303
    late = save(browser, second, ref)
    assert late.status_code == 409
    assert "Victim’s details corrected" in Page(late.text).text
    assert Page(late.text).form(address(ref)).ticked("name") == ["Wryn Sample"]
    assert save(browser, first, ref).status_code in (303, 409)
    assert len(everything(casework, CORRECTIONS)) == 1


def test_a_note_that_tells_a_location_is_asked_about_and_then_shown_to_the_custodian_only(casework: Casework) -> None:
    ref = casework.case("Wrenn Sampel")
    browser, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    answer = typed(casework, browser, ref, name="Wren Sample", note="Asked at LU1 2AB")
    assert "a postcode" in Page(answer.text).text
    form = Page(answer.text).form(address(ref))
    back = browser.post(form.action, {**form.filled(), "location": "back"})
    assert Page(back.text).form(address(ref)).ticked("name") == ["Wren Sample"]
    checked = browser.post(form.action, {**form.filled(), "location": "keep"})
    assert save(browser, checked, ref).status_code == 303
    assert "LU1 2AB" in casework.page(browser, address(ref)).text
    path = f"/cases/{ref}/contact-details/protection"
    protect = casework.page(supervisor, path).form(path)
    sent = protect.filled(custodian="supervisor", reason="The suspect looks for her")
    assert supervisor.post(path, sent).status_code == 303
    assert "LU1 2AB" not in casework.page(browser, address(ref)).text
    assert "LU1 2AB" in casework.page(supervisor, address(ref)).text


def test_nothing_is_corrected_by_anybody_else(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    mine = sqlite_casework.site.sign_in()
    form = sqlite_casework.page(mine, address(ref)).form(address(ref)).filled(name="Lark", **WRONG)
    for who, status in (("colleague", 404), ("stranger", 404), ("board", 403)):
        browser = sqlite_casework.site.sign_in(who)
        assert browser.get(address(ref)).status_code == status
        assert (
            browser.post(address(ref), {**form, "step": "record", "csrf_token": browser.token()}).status_code == status
        )
    assert everything(sqlite_casework, CORRECTIONS) == []


def test_the_event_of_a_correction_is_not_itself_corrected(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case("Wrenn Sampel")
    browser = sqlite_casework.site.sign_in()
    correct(sqlite_casework, browser, ref, name="Wren Sample")
    (key,) = [row.key for row in everything(sqlite_casework, EVENTS) if row.kind == "victim_corrected"]
    assert browser.get(f"/cases/{ref}/corrections/victim_corrected/{key}").status_code == 404
    assert browser.get(f"/cases/{ref}/events/victim_corrected").status_code == 404

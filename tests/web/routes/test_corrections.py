"""Corrections: what was wrong and what is right, what it moves before it is saved, and both shown for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import FormOnPage, Page
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import DutyNamed

TUESDAY = MONDAY + timedelta(days=1)


def address_of(ref: str, kind: str, key: str) -> str:
    return f"/cases/{ref}/corrections/{kind}/{key}"


def an_arrest(casework: Casework, ref: str) -> str:
    """The address of the page that corrects an arrest of Tuesday 19 May 2026."""
    return address_of(ref, "suspect_arrested", casework.record(ref, "suspect_arrested", TUESDAY, subject="Suspect 1"))


def check(casework: Casework, browser: Any, address: str, **changes: Any) -> Any:
    """Open the form, change it, and send it: the answer is the page that shows what moves."""
    form = casework.page(browser, address).form(address)
    return browser.post(form.action, form.filled(**changes))


def save(browser: Any, answer: Any, address: str, step: str = "record") -> Any:
    """Press a button of the page that shows what moves."""
    assert answer.status_code == 200, Page(answer.text).errors()
    form = Page(answer.text).form(address)
    return browser.post(form.action, {**form.filled(), "step": step})


def contact_boxes(casework: Casework, browser: Any, ref: str) -> list[str]:
    """The duties that a contact with the victim could answer now."""
    path = f"/cases/{ref}/contacts/new"
    return casework.page(browser, path).form(f"/cases/{ref}/contacts").values("duties")


def text_of(casework: Casework, browser: Any, ref: str) -> str:
    return casework.page(browser, f"/cases/{ref}").text


def test_a_wrong_day_is_put_right_after_showing_what_moves(casework: Casework) -> None:
    ref = casework.case()
    browser, address = casework.site.sign_in(), an_arrest(casework, ref)
    assert address in casework.page(browser, f"/cases/{ref}").links("Correct this: Suspect arrested")
    form = casework.page(browser, address).form(address)
    assert [form.ticked(name) for name in ("happened_on-day", "happened_time", "subject")] == [
        ["19"],
        ["10:00am"],
        ["Suspect 1"],
    ]
    before = casework.stored_events()
    answer = check(casework, browser, address, correction="amends", happened_on__day="20", happened_time="")
    page = Page(answer.text)
    assert "When it happened 19 May 2026 20 May 2026" in page.text
    assert "What this changes (1)" in page.text
    assert "Before Due, to be done by Wednesday 27 May 2026 After Due, to be done by Thursday 28 May 2026" in page.text
    assert "Its clock starts on Wednesday 20 May 2026 instead of Tuesday 19 May 2026." in page.text
    assert casework.stored_events() == before
    saved = save(browser, answer, address)
    assert saved.headers["location"] == f"/cases/{ref}?recorded=suspect_arrested&corrected=true"
    shown = casework.page(browser, saved.headers["location"]).text
    for words in ("Recorded Correction: Suspect arrested", "Corrected later", "The date or a label was wrong."):
        assert words in shown
    assert "due Thursday 28 May 2026" in shown


def test_what_was_typed_can_be_changed_before_it_is_saved(casework: Casework) -> None:
    ref = casework.case()
    browser, address = casework.site.sign_in(), an_arrest(casework, ref)
    answer = check(casework, browser, address, correction="amends", happened_on__day="20", happened_time="8am")
    back = save(browser, answer, address, step="change")
    form = Page(back.text).form(address)
    assert [form.ticked(n) for n in ("correction", "happened_on-day", "happened_time")] == [["amends"], ["20"], ["8am"]]
    assert casework.stored_events() == 4
    answer = browser.post(form.action, form.filled(happened_on__day="21"))
    assert save(browser, answer, address).status_code == 303
    assert "Suspect arrested (Suspect 1) by Example Officer 21 May 2026 at 8:00am" in text_of(casework, browser, ref)


def test_wrong_news_must_be_told_again(casework: Casework) -> None:
    ref = casework.case()
    browser, address = casework.site.sign_in(), an_arrest(casework, ref)
    duty = DutyNamed("R6-ARR", address.rpartition("/")[2])
    casework.record(ref, "contact_made", duties=[duty], channel="phone")
    answer = check(casework, browser, address, correction="changes_news", subject="Suspect 2")
    assert "What ended it no longer does, so it is owed again." in Page(answer.text).text
    assert save(browser, answer, address).status_code == 303
    assert "The news was wrong: it must be told again." in text_of(casework, browser, ref)


def test_what_never_happened_leaves_its_duty_in_error_and_can_be_taken_back(casework: Casework) -> None:
    ref = casework.case()
    browser, address = casework.site.sign_in(), an_arrest(casework, ref)
    answer = check(casework, browser, address, correction="never_happened")
    assert "After Recorded in error" in Page(answer.text).text
    assert save(browser, answer, address).status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert "It did not happen." in page.text
    again = page.links("Correct this: Suspect arrested")
    assert len(again) == 1
    assert again != [address]
    form = casework.page(browser, again[0]).form(again[0])
    assert form.values("correction") == ["amends"]
    answer = browser.post(form.action, form.filled(correction="amends"))
    assert "After Due, to be done by Wednesday 27 May 2026" in Page(answer.text).text
    assert save(browser, answer, again[0]).status_code == 303


def test_what_happened_to_the_crime_is_corrected_for_every_victim(casework: Casework) -> None:
    ref, other = casework.crime("Wren Sample", "Robin Sample")
    browser, address = casework.site.sign_in(), an_arrest(casework, ref)
    answer = check(casework, browser, address, correction="never_happened")
    assert "It is corrected for every victim of the crime." in Page(answer.text).text
    assert save(browser, answer, address).status_code == 303
    assert "It did not happen." in text_of(casework, browser, other)


def test_a_duty_that_was_ticked_by_mistake_is_unticked(casework: Casework) -> None:
    ref = casework.case()
    browser, arrest = casework.site.sign_in(), an_arrest(casework, ref)
    duty = DutyNamed("R6-ARR", arrest.rpartition("/")[2])
    call = casework.record(ref, "contact_made", duties=[duty], channel="phone")
    address = address_of(ref, "contact_made", call)
    form = casework.page(browser, address).form(address)
    assert form.ticked("keeps") == [f"R6-ARR:{duty.start}"]
    assert form.values("correction") == ["amends", "never_happened"]
    answer = check(casework, browser, address, correction="amends", keeps=[])
    assert "Before Met, was due Wednesday 27 May 2026 After Due" in Page(answer.text).text
    assert save(browser, answer, address).status_code == 303
    assert casework.page(browser, f"/cases/{ref}").section("duties").links("Record contact with")


def test_a_correction_that_changes_nothing_else_keeps_all_that_was_known(casework: Casework) -> None:
    """The second of the hour, and the duties that a contact answered."""
    ref = casework.case()
    browser, arrest = casework.site.sign_in(), an_arrest(casework, ref)
    exactly = datetime(2026, 5, 21, 8, 32, 17, tzinfo=UTC)
    duty = DutyNamed("R6-ARR", arrest.rpartition("/")[2])
    call = casework.record(ref, "contact_made", exactly, duties=[duty], channel="phone")
    address = address_of(ref, "contact_made", call)
    answer = check(casework, browser, address, correction="amends", detail_channel="letter")
    assert "No deadline moves." in Page(answer.text).text
    assert save(browser, answer, address).status_code == 303
    assert "Met" in text_of(casework, browser, ref)
    with casework.site.database.reading() as connection:
        from victimcare.store.cases import look_at

        corrected = look_at(connection, ref).case.journey.events[-1]
    assert (corrected.happened.at, corrected.duties, corrected.details) == (exactly, (duty,), {"channel": "letter"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Choose what was wrong"),
        ({"correction": "amends"}, "Nothing is different from what was recorded: put it right below"),
        ({"correction": "amends", "happened_on__day": "23"}, "Date must be today or in the past"),
        ({"correction": "amends", "subject": ""}, "Enter which suspect it is about"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_recorded(
    sqlite_casework: Casework, changes: dict[str, str], message: str
) -> None:
    ref = sqlite_casework.case()
    browser, address = sqlite_casework.site.sign_in(), an_arrest(sqlite_casework, ref)
    before = sqlite_casework.stored_events()
    answer = check(sqlite_casework, browser, address, **changes)
    assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert sqlite_casework.stored_events() == before


def test_a_second_correction_of_the_same_word_is_refused(casework: Casework) -> None:
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    address = an_arrest(casework, ref)
    mine = check(casework, officer, address, correction="amends", happened_on__day="20", happened_time="")
    theirs = check(casework, supervisor, address, correction="never_happened")
    assert save(supervisor, theirs, address).status_code == 303
    refused = save(officer, mine, address)
    page = Page(refused.text)
    assert refused.status_code == 409
    assert page.form(address).ticked("happened_on-day") == ["20"]
    again = officer.post(address, page.form(address).filled())
    said = "This was corrected meanwhile: correct the latest word on it instead"
    assert (again.status_code, Page(again.text).errors()) == (422, [said])


def test_nobody_corrects_what_is_not_theirs_or_not_there(casework: Casework) -> None:
    ref, elsewhere = casework.case(), casework.case()
    officer, address = casework.site.sign_in(), an_arrest(casework, ref)
    key = address.rpartition("/")[2]
    wrong = [
        address_of(elsewhere, "suspect_arrested", key),
        address_of(ref, "suspect_charged", key),
        address_of(ref, "nothing", key),
        address + "x",
    ]
    page = casework.page(officer, f"/cases/{ref}")
    assigned = next(e for e in _events(casework, ref) if e.kind is EventKind.OFFICER_ASSIGNED)
    wrong.append(address_of(ref, "officer_assigned", assigned.key))
    assert not page.links("Correct this: Case officer assigned")
    for path in wrong:
        assert officer.get(path).status_code == 404, path
    assert casework.site.sign_in("stranger").get(address).status_code == 404


def test_the_form_of_every_kind_that_stands_opens(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in("supervisor")
    for event in _events(sqlite_casework, ref):
        if event.kind is not EventKind.OFFICER_ASSIGNED:
            form = _form(sqlite_casework, browser, address_of(ref, event.kind.value, event.key))
            assert "correction" in form.names, EVENT_KINDS[event.kind].title


def _form(casework: Casework, browser: Any, address: str) -> FormOnPage:
    return casework.page(browser, address).form(address)


def _events(casework: Casework, ref: str) -> Any:
    from victimcare.store.cases import look_at

    with casework.site.database.reading() as connection:
        return look_at(connection, ref).case.journey.events


# ---------------------------------------------------------------------------------------------------- also answered


def test_a_contact_is_linked_afterwards_to_what_it_also_answered(casework: Casework) -> None:
    ref = casework.case()
    browser, arrest = casework.site.sign_in(), an_arrest(casework, ref)
    call = casework.record(ref, "contact_made", datetime(2026, 5, 21, 9, tzinfo=UTC), channel="phone")
    address = f"/cases/{ref}/contacts/{call}/answers"
    assert casework.page(browser, f"/cases/{ref}").links("It also answered something") == [address]
    form = _form(casework, browser, address)
    assert form.ticked("duties") == []
    empty = browser.post(address, form.filled())
    assert (empty.status_code, Page(empty.text).errors()) == (422, ["Tick what it answered"])
    duty = f"R6-ARR:{arrest.rpartition('/')[2]}"
    told = [value for value in form.values("told") if value.startswith(duty)]
    assert browser.post(address, form.filled(duties=[duty], **({"told": told} if told else {}))).status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    card = next(d.text for d in page.all("div", class_="app-duty") if "-R6-ARR-" in d.attributes["id"])
    assert "done Thursday 21 May 2026" in card
    assert "Contact linked to a duty" in page.text


def test_a_call_is_linked_to_what_is_to_be_given_in_writing_only_with_a_word_of_that(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    call = casework.record(ref, "contact_made", datetime(2026, 5, 21, 9, tzinfo=UTC), channel="phone")
    address = f"/cases/{ref}/contacts/{call}/answers"
    form = _form(casework, browser, address)
    ticked = [value for value in form.values("duties") if value.startswith("R3-WRIT")]
    refused = browser.post(address, form.filled(duties=ticked))
    assert refused.status_code == 422
    assert "in writing too, or untick it" in Page(refused.text).errors()[0]
    assert browser.post(address, form.filled(duties=ticked, unwritten="also_written")).status_code == 303
    assert "In writing: They were given it in writing too" in casework.page(browser, f"/cases/{ref}").text


def test_only_a_contact_that_reached_the_victim_is_linked(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    tried = casework.record(ref, "contact_attempted", channel="phone")
    for key in (tried, "nothing"):
        assert browser.get(f"/cases/{ref}/contacts/{key}/answers").status_code == 404
    assert not casework.page(browser, f"/cases/{ref}").links("It also answered something")


def test_a_letter_that_was_none_says_whether_they_have_it_in_writing(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    (confirm,) = [box for box in contact_boxes(casework, browser, ref) if box.startswith("R3-WRIT:")]
    duty = DutyNamed(*confirm.split(":"))
    address = address_of(ref, "contact_made", casework.record(ref, "contact_made", duties=[duty], channel="letter"))
    refused = check(casework, browser, address, correction="amends", detail_channel="phone")
    assert "Say whether they have it in writing too, or untick it" in str(Page(refused.text).errors())
    assert 'href="#detail_unwritten"' in refused.text
    assert 'id="detail_unwritten"' in refused.text, "where the summary leads"
    for put_right in ({"detail_unwritten": "not_safe"}, {"keeps": []}):
        answer = check(casework, browser, address, correction="amends", detail_channel="phone", **put_right)
        assert answer.status_code == 200, put_right
    assert save(browser, answer, address).status_code == 303

"""Taking a message, reading it and answering it, as pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import Browser


def take(casework: Casework, browser: Browser, **filled: str) -> Any:
    form = casework.page(browser, "/messages/new").form("/messages")
    return browser.post(form.action, form.filled(**{"wants": "news", "safe_to_ring": "yes", **filled}))


def waiting(casework: Casework, who: str) -> str:
    page = casework.page(casework.site.sign_in(who), "/")
    return page.section("messages-heading").text if 'id="messages-heading"' in page.html else ""


def test_a_message_is_on_the_officers_day_at_once_and_a_contact_answers_it(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    answer = take(casework, casework.site.sign_in("stranger"), name="wren sample", words="Has he been charged?")
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "Left for the case officer" in page.text
    assert "Tuesday 26 May 2026" in page.text
    assert "force’s policy" in page.text
    assert "Example Officer" not in page.text
    assert ref not in answer.text
    assert "Messages to answer (1)" in waiting(casework, "officer")
    officer = casework.site.sign_in()
    today = casework.page(officer, "/")
    (href,) = today.links("Read and answer")
    messages = casework.page(officer, href.partition("#")[0])
    assert "Has he been charged?" in messages.text
    assert "1 message to answer by 26 May 2026" in messages.text
    (record,) = messages.links("Record the contact")
    form = casework.page(officer, record).form(f"/cases/{ref}/contacts")
    assert officer.post(form.action, form.filled(reached="yes", channel="phone")).status_code == 303
    assert waiting(casework, "officer") == ""
    assert "Answered" in casework.page(officer, f"/cases/{ref}/left-messages").text


def test_it_can_be_answered_without_a_contact_and_once(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    take(casework, casework.site.sign_in("colleague"), case_ref=ref)
    officer = casework.site.sign_in()
    page = casework.page(officer, f"/cases/{ref}/left-messages")
    (form,) = [form for form in page.forms if form.action.endswith("/answered")]
    assert officer.post(form.action, form.filled()).status_code == 303
    assert officer.post(form.action, {**form.filled(), "form_key": "another"}).status_code == 409
    assert "to answer by" not in casework.page(officer, f"/cases/{ref}").text


def test_a_message_not_answered_in_time_is_overdue_for_officer_and_supervisor(casework: Casework) -> None:
    casework.case("Wren Sample")
    take(casework, casework.site.sign_in("stranger"), name="Wren Sample")
    casework.site.clock.forward(days=6)
    assert "Overdue by 2 working days" in waiting(casework, "officer")
    assert "Wren Sample" in casework.page(casework.site.sign_in("supervisor"), "/messages").section("late-heading").text


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({}, "Enter a name, a reference or the number from which they ring"),
        ({"name": "Nobody Here"}, "No case fits this"),
        ({"crime_ref": "40/1/26"}, "More than one case fits this"),
    ],
)
def test_nothing_typed_is_lost_and_nothing_is_said_of_the_cases(
    casework: Casework, filled: dict[str, str], message: str
) -> None:
    casework.crime("Wren Sample", "Robin Sample")
    answer = take(casework, casework.site.sign_in("stranger"), words="Kept as typed", **filled)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert message in page.errors()[0]
    assert "Kept as typed" in answer.text
    assert "Wren" not in answer.text
    assert waiting(casework, "officer") == ""


def test_who_knows_no_more_is_left_with_the_supervisors_who_find_the_case(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    stranger = casework.site.sign_in("stranger")
    stuck = Page(take(casework, stranger, name="Ren Sampel", words="Ring me").text).form("/messages")
    left = stranger.post("/messages", stuck.filled(team="north"))
    assert "Left with the supervisors" in Page(left.text).text
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, "/messages")
    assert "Ren Sampel" in page.text
    (form,) = [form for form in page.forms if form.action.endswith("/case")]
    wrong = supervisor.post(form.action, form.filled(ref="22222-22222"))
    assert wrong.status_code == 422
    assert Page(wrong.text).errors() == ["Enter the reference of a case of your team"]
    (form,) = [form for form in Page(wrong.text).forms if form.action.endswith("/case")]
    assert supervisor.post(form.action, form.filled(ref=ref)).status_code == 303
    assert "Messages to answer (1)" in waiting(casework, "officer")


def test_words_that_tell_a_location_are_asked_about_first(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    stranger = casework.site.sign_in("stranger")
    asked = take(casework, stranger, name="Wren Sample", words="Ring me at 07700 900123 after four")
    assert "a telephone number" in Page(asked.text).text
    assert waiting(casework, "officer") == ""
    form = Page(asked.text).form("/messages")
    back = stranger.post("/messages", {**form.filled(), "location": "back"})
    assert "after four" in back.text
    kept = stranger.post("/messages", {**form.filled(), "location": "keep", "form_key": "another"})
    assert "Left for the case officer" in Page(kept.text).text
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/left-messages")
    assert "Contains location" in page.text


def test_sent_twice_it_is_one_message(casework: Casework) -> None:
    casework.case("Wren Sample")
    stranger = casework.site.sign_in("stranger")
    form = casework.page(stranger, "/messages/new").form("/messages")
    filled = form.filled(wants="tell", safe_to_ring="no", name="Wren Sample")
    assert [stranger.post("/messages", filled).status_code for _ in range(2)] == [200, 409]
    assert "Messages to answer (1)" in waiting(casework, "officer")


@pytest.mark.parametrize("who", ["board", "administrator"])
def test_who_works_on_no_cases_takes_no_messages(casework: Casework, who: str) -> None:
    browser = casework.site.sign_in(who)
    assert browser.get("/messages/new").status_code == 403
    assert browser.get("/messages").status_code == 403
    assert "Take a message" not in browser.get("/help").text


def test_what_tells_the_location_of_a_protected_victim_is_the_custodians_alone(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    stranger = casework.site.sign_in("stranger")
    asked = take(casework, stranger, name="Wren Sample", words="Now at LU1 2AB")
    stranger.post("/messages", {**Page(asked.text).form("/messages").filled(), "location": "keep"})
    supervisor, officer = casework.site.sign_in("supervisor"), casework.site.sign_in()
    form = casework.page(supervisor, f"/cases/{ref}/contact-details/protection").form(
        f"/cases/{ref}/contact-details/protection"
    )
    sent = supervisor.post(
        form.action, form.filled(custodian="supervisor", reason="Fled from home, and followed before")
    )
    assert sent.status_code in (200, 303)
    casework.site.clock.forward(minutes=1)
    assert "LU1 2AB" not in casework.page(officer, f"/cases/{ref}/left-messages").text
    assert "LU1 2AB" in casework.page(supervisor, f"/cases/{ref}/left-messages").text

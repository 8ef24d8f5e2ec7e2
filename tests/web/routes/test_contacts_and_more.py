"""What goes with a contact: what the victim asked for, a promise, a note; and what comes of failing to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store.tables import ContactPoint

TELLING = "She stays at LU1 2AB now"


def promise_of(on: date) -> dict[str, str]:
    day = {"day": on.day, "month": on.month, "year": on.year}
    return {f"next_contact_on__{part}": str(value) for part, value in day.items()}


def promise(casework: Casework, ref: str, on: date, browser: Browser | None = None) -> Any:
    return casework.contact(browser or casework.site.sign_in(), ref, **promise_of(on))


def attempts(casework: Casework, ref: str, number: int) -> None:
    for hour in range(number):
        casework.record(ref, EventKind.CONTACT_ATTEMPTED, MONDAY + timedelta(hours=hour), channel="phone")


def tags(page: Page) -> Sequence[str]:
    return [tag.text for tag in page.all("strong", class_="govuk-tag")]


# -------------------------------------------------------------------------------------------------------- the promise


def test_a_promise_stands_on_the_case_and_on_the_day_when_it_is_due(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assert promise(casework, ref, date(2026, 6, 10), browser).status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert "Promised: contact by Wednesday 10 June 2026" in page.text
    assert "A promise, not a duty of the Code" in page.text
    assert "Promised: contact" not in casework.page(browser, "/").text, "not due within five working days"
    for day, heading in ((5, "due-soon-heading"), (10, "due-today-heading"), (11, "overdue-heading")):
        casework.site.clock.now = datetime(2026, 6, day, 9, tzinfo=UTC)
        browser = casework.site.sign_in()
        today = casework.page(browser, "/")
        section = today.section(heading)
        assert f"{ref} Wren Sample. Promised: contact by Wednesday 10 June 2026." in section.text
        assert section.links("Record contact with", f"/cases/{ref}/contacts/new")
        assert today.text.count("Promised: contact by") == 1, "in that list and no other"
    assert "Promise overdue" in tags(casework.page(browser, f"/cases/{ref}"))


def test_the_next_contact_that_reaches_them_ends_a_promise_and_an_attempt_does_not(casework: Casework) -> None:
    ref = casework.case()
    promise(casework, ref, date(2026, 5, 26))
    browser = casework.site.sign_in()
    assert casework.contact(browser, ref, reached="no").status_code == 303
    assert "Promised: contact by" in casework.page(browser, "/").text
    assert casework.contact(browser, ref).status_code == 303
    for path in ("/", f"/cases/{ref}"):
        assert "Promised: contact by" not in casework.page(browser, path).text


def test_a_promise_is_nobodys_but_who_holds_the_open_case(casework: Casework) -> None:
    ref = casework.case()
    promise(casework, ref, date(2026, 5, 26))
    assert "Promised" not in casework.page(casework.site.sign_in("colleague"), "/").text
    casework.record(ref, EventKind.CASE_CLOSED)
    assert "Promised" not in casework.page(casework.site.sign_in(), "/").text


@pytest.mark.parametrize("day", ["22", "21"])
def test_a_promise_is_for_a_later_day(casework: Casework, day: str) -> None:
    ref = casework.case()
    before = casework.stored_events()
    answer = promise(casework, ref, date(2026, 5, int(day)))
    assert (answer.status_code, Page(answer.text).errors()) == (
        422,
        ["The next contact must be after the day of this one"],
    )
    assert casework.stored_events() == before


# -------------------------------------------------------------------------------- what was asked for, no news, a note


def test_what_they_asked_for_and_that_there_was_no_news_stand_in_the_journey(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    answer = casework.contact(browser, ref, wishes=["news", "less_contact"], no_news="yes")
    page = casework.page(browser, answer.headers["location"])
    for said in ("No news to tell: Yes", "Asked for: news of the case: Yes", "Asked for: less contact: Yes"):
        assert said in page.text
    assert "Last asked for News of the case, Less contact (22 May 2026)" in page.text


def test_a_note_is_kept_with_the_contact(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assert casework.contact(browser, ref, note="Would rather be rung in the evening.").status_code == 303
    assert "Would rather be rung in the evening." in casework.page(browser, f"/cases/{ref}/notes").text
    assert "Would rather" not in casework.page(browser, f"/cases/{ref}").text, "words are in notes, never in events"
    done = [what for _, what, _, _ in casework.site.audit()]
    assert {"record contact_made", "write note"} <= set(done)


def test_a_note_that_tells_a_location_is_asked_about_before_anything_is_recorded(casework: Casework) -> None:
    ref = casework.case()
    browser, before = casework.site.sign_in(), casework.stored_events()
    asked = Page(casework.contact(browser, ref, note=TELLING, wishes=["safety"]).text)
    assert asked.title == "Before you continue - victimcare"
    assert casework.stored_events() == before
    form = asked.form(f"/cases/{ref}/contacts")
    back = Page(browser.post(form.action, {**form.filled(), "location": "back"}).text)
    assert back.errors() == []
    again = back.form(form.action)
    assert (TELLING in back.html, again.ticked("wishes"), again.ticked("reached")) == (True, ["safety"], ["yes"])
    assert casework.stored_events() == before
    assert browser.post(form.action, {**form.filled(), "location": "keep"}).status_code == 303
    assert f"Contains location {TELLING}" in casework.page(browser, f"/cases/{ref}/notes").text
    assert casework.stored_events() == before + 1


def test_a_refused_contact_keeps_no_note(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    answer = casework.contact(browser, ref, note="Never kept", happened_on__year="2099")
    assert answer.status_code == 422
    assert Page(answer.text).form(f"/cases/{ref}/contacts").ticked("note") or "Never kept" in answer.text
    assert "Never kept" not in casework.page(browser, f"/cases/{ref}/notes").text


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"no_news": "yes"}, "Untick that there was no news, or say that you reached them: an attempt answers nothing"),
        ({"wishes": ["news"]}, "Untick what they asked for, or say that you reached them: an attempt answers nothing"),
        (
            promise_of(date(2026, 6, 1)),
            "Leave this empty, or say that you reached them: nothing was agreed",
        ),
    ],
)
@pytest.mark.parametrize("reached", ["no", "voicemail", "someone_else"])
def test_in_an_attempt_nobody_asked_or_agreed_anything(
    sqlite_casework: Casework, reached: str, said: dict[str, Any], message: str
) -> None:
    ref = sqlite_casework.case()
    before = sqlite_casework.stored_events()
    answer = sqlite_casework.contact(sqlite_casework.site.sign_in(), ref, reached=reached, **said)
    assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert sqlite_casework.stored_events() == before


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"wishes": ["pigeons"]}, "Choose what they asked for from the list"),
        ({"note": "x" * 501}, "Note must be 500 characters or fewer"),
        ({"next_contact_on-day": "31", "next_contact_on-month": "2", "next_contact_on-year": "2026"}, "real date"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_casework: Casework, sent: dict[str, Any], message: str) -> None:
    ref = sqlite_casework.case()
    browser, before = sqlite_casework.site.sign_in(), sqlite_casework.stored_events()
    form = sqlite_casework.page(browser, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    answer = browser.post(form.action, {**form.filled(reached="yes", channel="phone"), **sent})
    assert answer.status_code == 422
    assert message in Page(answer.text).errors()[0]
    assert sqlite_casework.stored_events() == before


# ---------------------------------------------------------------------------------------------------- nobody reached


def test_three_attempts_in_a_row_are_shown_to_the_officer_and_to_the_supervisor(casework: Casework) -> None:
    ref = casework.case()
    attempts(casework, ref, 2)
    browser = casework.site.sign_in()
    assert "Attempts since 2" in casework.page(browser, f"/cases/{ref}").text
    assert "in a row" not in casework.page(browser, f"/cases/{ref}").text
    assert "Not reached" not in casework.page(browser, "/").text
    assert casework.contact(browser, ref, reached="no").status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert "3 attempts in a row did not reach the victim." in page.text
    assert page.links("Try another safe means") == [f"/cases/{ref}/contact-details"]
    assert f"{ref} Wren Sample, 3 attempts." in casework.page(browser, "/").section("unreached-heading").text
    team = casework.page(casework.site.sign_in("supervisor"), "/team/waiting").section("unreached-heading")
    assert f"{ref} Wren Sample: 3 attempts since the case began, case officer Example Officer" in team.text
    assert ref in casework.consulted()


def test_a_contact_that_reaches_them_begins_the_count_anew(casework: Casework) -> None:
    ref = casework.case()
    attempts(casework, ref, 4)
    browser = casework.site.sign_in()
    assert casework.contact(browser, ref).status_code == 303
    assert "in a row" not in casework.page(browser, f"/cases/{ref}").text
    for who, path in (("officer", "/"), ("supervisor", "/team/waiting")):
        assert "unreached-heading" not in casework.page(casework.site.sign_in(who), path).html


# --------------------------------------------------------------------------------------------- someone else answered


def a_point(casework: Casework, ref: str) -> str:
    casework.safe_way(ref)
    return f"{ref}-phone"


def doubted(casework: Casework, point: str) -> bool:
    """Whether it is not to be used until the victim confirms it again."""
    table = ContactPoint.__table__
    with casework.site.database.reading() as connection:
        found = connection.execute(select(table.c.answered_by_another_at).where(table.c.id == point)).scalar_one()
    return found is not None


def test_a_voicemail_is_an_attempt_and_the_journey_says_so(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    refused = casework.contact(browser, ref, reached="voicemail", channel="letter")
    assert Page(refused.text).errors() == ["Choose phone call, or say that you left no voicemail"]
    answer = casework.contact(browser, ref, reached="voicemail")
    page = casework.page(browser, answer.headers["location"])
    assert "Recorded Contact attempted" in page.text
    assert "How: Phone call A voicemail was left: Yes" in page.text


def test_someone_else_answered_is_an_attempt_and_flags_the_point(casework: Casework) -> None:
    ref = casework.case()
    point = a_point(casework, ref)
    browser = casework.site.sign_in()
    form = casework.page(browser, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    assert form.values("point") == ["", point]
    answer = casework.contact(browser, ref, reached="someone_else", point=point)
    assert answer.headers["location"] == f"/cases/{ref}?recorded=contact_attempted"
    page = casework.page(browser, answer.headers["location"])
    assert "Someone else answered: Yes" in page.text
    assert "Last contact None recorded" in page.text
    assert "Attempts since 1" in page.text
    assert "Someone else answered" in casework.page(browser, f"/cases/{ref}/contact-details").text
    assert doubted(casework, point)
    audit = [what for _, what, _, _ in casework.site.audit()]
    assert f"someone else answered at contact point {point}" in audit


def test_where_someone_else_answered_must_be_said_and_only_then(casework: Casework) -> None:
    ref, other = casework.case(), casework.case("Robin Example")
    point, foreign = a_point(casework, ref), a_point(casework, other)
    browser, before = casework.site.sign_in(), casework.stored_events()
    for sent, message in (
        ({"reached": "someone_else"}, "Choose where someone else answered"),
        ({"reached": "someone_else", "point": foreign}, "Choose where someone else answered"),
        ({"reached": "yes", "point": point}, "Say that someone else answered, or leave this empty"),
    ):
        answer = casework.contact(browser, ref, **sent)
        assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert casework.stored_events() == before
    assert not doubted(casework, foreign)


def test_where_no_contact_detail_is_recorded_someone_else_is_an_attempt_all_the_same(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assert casework.contact(browser, ref, reached="someone_else").status_code == 303
    assert "Someone else answered: Yes" in casework.page(browser, f"/cases/{ref}").text

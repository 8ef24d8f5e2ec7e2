"""Closing a case: what is open is said before it is saved, no duty is taken away, and reopening restores."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from tests.web.casework import A_SERVICE, MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store import cases, outbox, outgoing_referrals, rebuilding, services
from victimcare.store.cases import CASES
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import NewOutgoing


def close(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    form = casework.page(browser, f"/cases/{ref}/closing").form(f"/cases/{ref}/closing")
    return browser.post(form.action, form.filled(**changes))


def status(casework: Casework) -> str:
    with casework.site.database.reading() as connection:
        return str(connection.execute(select(CASES.c.status)).scalar_one())


def test_what_is_open_and_what_becomes_of_it_is_said_and_no_duty_ends(casework: Casework) -> None:
    ref = casework.case(at=MONDAY - timedelta(days=20))
    casework.record(ref, EventKind.CONTACT_INTERVAL_AGREED, MONDAY, interval_days=14)
    casework.record(ref, EventKind.CONTACT_MADE, channel="phone", next_contact_on=date(2026, 6, 2))
    casework.record(ref, EventKind.REFERRAL_SENT, subject="Example Support")
    browser = casework.site.sign_in()
    said = casework.page(browser, f"/cases/{ref}/closing").text
    for words in (
        "Something is still open on this case. Closing it ends no duty.",
        "Owed to the victim",
        "overdue by",
        "Promised: contact by Tuesday 2 June 2026",
        "Agreed: contact every 14 days",
        "Referrals under way",
        "Example Support",
    ):
        assert words in said, words
    day = casework.page(browser, "/").text
    assert close(casework, browser, ref).headers["location"] == f"/cases/{ref}?recorded=case_closed"
    assert status(casework) == "closed"
    assert "Send the victim written confirmation" in day
    assert "Send the victim written confirmation" in casework.page(browser, "/").text
    today = casework.site.clock.now.date()
    assert rebuilding.check(casework.site.database, law=casework.law, today=today) == []
    assert "contact every" not in casework.page(browser, f"/cases/{ref}").text.lower()


def test_what_did_not_leave_is_not_said_to_go_out(casework: Casework) -> None:
    """What waits goes by itself, what failed does not: an officer who closes must know which."""
    ref = casework.case()
    waiting = to_leave(casework, ref)
    said = casework.page(casework.site.sign_in(), f"/cases/{ref}/closing").text
    assert "1 referral. What waits still goes out." in said
    assert "did not leave" not in said
    with casework.site.database.writing() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.referral_id == waiting).values(status="failed"))
    said = casework.page(casework.site.sign_in(), f"/cases/{ref}/closing").text
    assert "Of these, 1 did not leave and will not by itself." in said


def to_leave(casework: Casework, ref: str) -> str:
    """A referral of the case that waits in the outbox; its id."""
    now = casework.site.clock.now
    new = NewOutgoing("a-service", by_email=True, guardian_agreed=False, told_no_safe_way=False)
    with casework.site.database.writing() as connection:
        services.add(connection, [replace(A_SERVICE, id="a-service")], by="officer", at=now)
        case_id = cases.look_at(connection, ref).id
        made = outgoing_referrals.add(connection, case_id=case_id, new=new, by="officer", at=now)
        outbox.add_referral(connection, referral_id=made, case_id=case_id, on=now.date(), now=now)
    return made


def test_what_the_victim_can_still_ask_for_is_said(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    sqlite_casework.record(ref, EventKind.POLICE_DECIDED_NO_PROSECUTION, subject="Suspect 1")
    said = sqlite_casework.page(sqlite_casework.site.sign_in(), f"/cases/{ref}/closing").text
    assert "What the victim can still do" in said
    assert "Ask the police to review their decision not to prosecute (Suspect 1): until Saturday 22 August 2026" in said


def test_nothing_open_is_said_too_and_reopening_goes_on_with_the_interval(casework: Casework) -> None:
    ref = casework.case(None, at=MONDAY.replace(year=2020))
    browser = casework.site.sign_in()
    assert "Nothing is open on this case." in casework.page(browser, f"/cases/{ref}/closing").text
    casework.record(ref, EventKind.CONTACT_INTERVAL_AGREED, MONDAY, interval_days=14)
    assert close(casework, browser, ref).status_code == 303
    casework.site.clock.forward(days=3)
    browser = casework.site.sign_in()
    assert Page(close(casework, browser, ref).text).errors() == ["This case is closed already"]
    casework.record(ref, EventKind.CASE_REOPENED)
    open_now = casework.page(browser, f"/cases/{ref}").text.partition("The journey")[0]
    assert "due Monday 8 June 2026" in open_now
    today = casework.site.clock.now.date()
    assert rebuilding.check(casework.site.database, law=casework.law, today=today) == []


def test_the_general_form_leads_to_this_page(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    assert browser.get(f"/cases/{ref}/events/case_closed").headers["location"] == f"/cases/{ref}/closing"
    assert f"/cases/{ref}/closing" in sqlite_casework.page(browser, f"/cases/{ref}/events").html

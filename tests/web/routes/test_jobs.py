"""The page about jobs: for administrators, about the machinery only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.jobs.counted import Clock, job, runner
from tests.web.casework import Casework
from tests.web.furnished import furnish
from tests.web.site import NAMES, START
from victimcare.domain.slots import Every
from victimcare.jobs.work import Done
from victimcare.store import outbox
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX


def test_it_says_how_each_job_last_went_and_when_it_is_next_due(casework: Casework) -> None:
    hourly = job(lambda work: Done("3 new breaches"), Every(60))
    ticking = runner(casework.site.database, Clock(START), [hourly])
    ticking.declare()
    ticking.tick(hourly)
    page = casework.site.sign_in("administrator").get("/jobs").text
    assert "In order" in page
    assert "3 new breaches" in page
    assert "22 May 2026 at 11:00am" in page


def test_it_and_every_page_say_when_a_job_has_not_run(casework: Casework) -> None:
    runner(casework.site.database, Clock(START), [job(lambda work: Done("done"))]).declare()
    casework.site.clock.forward(hours=1)
    assert "Has not run" in casework.site.sign_in("administrator").get("/jobs").text
    assert "A scheduled job has not run yet: count." in casework.site.sign_in("officer").get("/help").text


@pytest.mark.parametrize("who", ["officer", "supervisor", "board"])
def test_it_is_for_administrators(sqlite_casework: Casework, who: str) -> None:
    browser = sqlite_casework.site.sign_in(who)
    assert browser.get("/jobs").status_code == 403
    assert browser.post("/jobs/retry-notices", {"form_key": "key1"}).status_code == 403


def address(notice: int) -> str:
    """Where a notice that failed is shown."""
    return f"/jobs/notices/{NAMES.name('outbox', notice)}"


def failed(casework: Casework, **changes: Any) -> int:
    """A notice to an officer that could not be sent; its id."""
    casework.case("Wren Sample", at=START - timedelta(days=1))
    with casework.site.database.writing() as connection:
        duty = connection.execute(DUES.select().where(DUES.c.due_on.is_not(None))).first()
        assert duty is not None
        item = {"case_id": duty.case_id, "rule": duty.rule, "start_key": duty.start_key, "due_on": duty.due_on}
        times = {"created_at": START, "next_try_at": START, "attempts": 25}
        given_up = {"step": "late_1", "recipient_id": "officer", "reference": "ab12", "status": "failed", **times}
        said = {**item, **given_up, "error": "the mail server answered 550", **changes}
        new = insert(OUTBOX).values(said).returning(OUTBOX.c.id)
        return int(connection.execute(new).scalar_one())


def status(casework: Casework, notice: int) -> str:
    with casework.site.database.reading() as connection:
        return str(connection.execute(select(OUTBOX.c.status).where(OUTBOX.c.id == notice)).scalar_one())


def test_notices_that_failed_can_be_tried_again(casework: Casework) -> None:
    failed(casework)
    browser = casework.site.sign_in("administrator")
    assert "Try all that failed again" in browser.get("/jobs").text
    answer = browser.post("/jobs/retry-notices", {"form_key": "key2"})
    assert answer.headers["location"] == "/jobs?retried=1"
    page = browser.get("/jobs?retried=1").text
    assert "1 notice put back to be sent" in page
    assert "Try all that failed again" not in page
    assert ("alteration", "retry notices", "administrator", "done") in casework.site.audit()
    with casework.site.database.reading() as connection:
        kept = connection.execute(OUTBOX.select()).one()
    assert (kept.status, kept.attempts) == ("waiting", 0)


def test_one_that_failed_is_shown_with_why_and_tells_of_no_case(casework: Casework) -> None:
    notice = failed(casework)
    browser = casework.site.sign_in("administrator")
    (link,) = [href for href in casework.page(browser, "/jobs").links() if href.startswith("/jobs/notices/")]
    page = casework.page(browser, link)
    assert link == address(notice)
    assert "the mail server answered 550" in page.text
    assert "Example Officer" in page.text
    assert "Reminder of a duty" in page.text
    with casework.site.database.reading() as connection:
        refs = connection.execute(select(CASES.c.ref)).scalars().all()
    assert not [word for word in ("Wren", "Sample", *refs) if word in page.text]


def test_one_of_them_is_tried_again_by_itself(casework: Casework) -> None:
    notice = failed(casework)
    browser = casework.site.sign_in("administrator")
    assert (
        browser.post(f"{address(notice)}/retry", {"form_key": "key5"}).headers["location"] == "/jobs?retried=1#notices"
    )
    assert status(casework, notice) == "waiting"
    assert browser.post(f"{address(notice)}/retry", {"form_key": "key6"}).status_code == 404


def test_one_of_them_is_given_up_with_a_reason_and_never_written_again(casework: Casework) -> None:
    notice = failed(casework)
    browser = casework.site.sign_in("administrator")
    path = address(notice)
    refused = browser.post(f"{path}/give-up")
    assert refused.status_code == 422
    assert "Choose why it is not to be sent" in refused.text
    assert browser.post(f"{path}/give-up", {"because": "told", "form_key": "k1"}).status_code == 303
    assert status(casework, notice) == "abandoned"
    assert ("alteration", f"give up notice {notice} told", "administrator", "done") in casework.site.audit()
    assert browser.get(path).status_code == 404
    assert browser.post("/jobs/retry-notices", {"form_key": "key3"}).headers["location"] == "/jobs?retried=0"
    with casework.site.database.writing() as connection:
        row = connection.execute(select(OUTBOX).where(OUTBOX.c.id == notice)).one()
        again = {**row._mapping, "status": "waiting", "error": None}
        del again["id"]
        assert outbox.add(connection, [again]) == 0


def test_what_goes_outside_is_not_an_administrators_to_give_up(casework: Casework) -> None:
    case = furnish(casework, casework.case("Wren Sample", at=START - timedelta(days=1)))
    notice = failed(casework, recipient_id=None, message_id=case.names["message_id"])
    browser = casework.site.sign_in("administrator")
    page = casework.page(browser, address(notice))
    assert "whoever wrote it sees on their day" in page.text
    assert "Give it up" not in page.text
    assert browser.post(f"{address(notice)}/give-up", {"because": "told", "form_key": "k1"}).status_code == 404
    assert status(casework, notice) == "failed"


def test_what_did_not_arrive_outside_is_not_offered_to_be_sent_again(casework: Casework) -> None:
    case = furnish(casework, casework.case("Wren Sample", at=START - timedelta(days=1)))
    notice = failed(casework, recipient_id=None, message_id=case.names["message_id"], delivery="not_delivered")
    browser = casework.site.sign_in("administrator")
    assert "Try it again" not in casework.page(browser, address(notice)).text
    assert browser.post(f"{address(notice)}/retry", {"form_key": "key7"}).status_code == 404


def test_what_did_not_arrive_here_is_sent_again_by_itself_once_its_address_is_right(casework: Casework) -> None:
    notice = failed(casework, delivery="not_delivered")
    browser = casework.site.sign_in("administrator")
    assert browser.post("/jobs/retry-notices", {"form_key": "key4"}).headers["location"] == "/jobs?retried=0"
    assert "Try it again" in casework.page(browser, address(notice)).text
    assert browser.post(f"{address(notice)}/retry", {"form_key": "key8"}).status_code == 303
    assert status(casework, notice) == "waiting"


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("emergency_opened", "Alert of emergency access"),
        ("sign_found", "Sign of snooping"),
        ("access_given", "Access to cases that was given"),
    ],
)
def test_what_tells_of_what_somebody_did_is_tried_again_and_never_given_up(
    sqlite_casework: Casework, step: str, kind: str
) -> None:
    notice = failed(sqlite_casework, step=step)
    browser = sqlite_casework.site.sign_in("administrator")
    page = sqlite_casework.page(browser, address(notice))
    assert kind in page.text
    assert "Try it again" in page.text
    assert "Give it up" not in page.text
    form = {"because": "told", "form_key": "k1"}
    assert browser.post(f"{address(notice)}/give-up", form).status_code == 404
    assert status(sqlite_casework, notice) == "failed"

"""The page about jobs: for administrators, about the machinery only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.jobs.counted import Clock, job, runner
from tests.web.casework import Casework
from tests.web.site import START
from victimcare.domain.slots import Every
from victimcare.jobs.work import Done
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
    assert browser.post("/jobs/retry-notices").status_code == 403


def test_notices_that_were_given_up_can_be_tried_again(casework: Casework) -> None:
    casework.case("Wren Sample", at=START - timedelta(days=1))
    with casework.site.database.writing() as connection:
        duty = connection.execute(DUES.select().where(DUES.c.due_on.is_not(None))).first()
        assert duty is not None
        item = {"case_id": duty.case_id, "rule": duty.rule, "start_key": duty.start_key, "due_on": duty.due_on}
        times = {"created_at": START, "next_try_at": START, "attempts": 25}
        given_up = {"step": "late_1", "recipient_id": "officer", "reference": "ab12", "status": "failed", **times}
        connection.execute(insert(OUTBOX).values(**item, **given_up))
    browser = casework.site.sign_in("administrator")
    assert "Try those given up again" in browser.get("/jobs").text
    answer = browser.post("/jobs/retry-notices")
    assert answer.headers["location"] == "/jobs?retried=1"
    page = browser.get("/jobs?retried=1").text
    assert "1 notice put back to be sent" in page
    assert "Try those given up again" not in page
    assert ("alteration", "retry notices", "administrator", "done") in casework.site.audit()
    with casework.site.database.reading() as connection:
        kept = connection.execute(OUTBOX.select()).one()
    assert (kept.status, kept.attempts) == ("waiting", 0)

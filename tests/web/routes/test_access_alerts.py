"""Signs of snooping: found in the night, judged by a privacy reviewer, and never by whoever they are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.jobs.counted import Nowhere
from tests.web.casework import Casework
from victimcare.domain.snooping import Sign, Suspicion
from victimcare.jobs import tasks
from victimcare.jobs.work import Work
from victimcare.store import access_alerts
from victimcare.store.access_alerts import ALERTS
from victimcare.store.audit import AUDIT


@pytest.fixture
def snooped(casework: Casework) -> Casework:
    """A colleague asked for six cases that are not theirs, and the night after the audit was looked through."""
    ref = casework.case("Wren Sample")
    browser = casework.site.sign_in("colleague")
    for _ in range(6):
        assert browser.get(f"/cases/{ref}").status_code == 404
    now = casework.site.clock.now + timedelta(hours=20)
    tasks.watch_access(Work(casework.site.database, casework.law, Nowhere(), now))
    return casework


def link(casework: Casework) -> str:
    """The address of the one that waits."""
    page = casework.page(casework.site.sign_in("reviewer"), "/access-alerts")
    return page.links(starts="/access-alerts/")[0]


def test_who_asked_for_cases_that_are_not_theirs_is_asked_about_the_next_morning(snooped: Casework) -> None:
    page = snooped.page(snooped.site.sign_in("reviewer"), "/access-alerts")
    assert "To review (1)" in page.text
    assert "Example Colleague Asked 6 times for what was refused" in page.text
    one = snooped.page(snooped.site.sign_in("reviewer"), link(snooped))
    assert "What they did on that day" in one.text
    assert one.text.count(" (refused)") == 6
    assert "Wren" not in one.html


def test_what_was_found_is_kept_and_said(snooped: Casework) -> None:
    path, reviewer = link(snooped), snooped.site.sign_in("reviewer")
    form = snooped.page(reviewer, path).form(path)
    assert reviewer.post(path, form.filled(outcome="not_justified", words="A neighbour")).status_code == 303
    page = snooped.page(reviewer, path)
    assert "Not justified" in page.text
    assert "A neighbour" in page.text
    again = reviewer.post(path, form.filled(outcome="justified", words="Another", form_key="another"))
    assert again.status_code == 409
    assert "Nothing waits for a review." in snooped.page(reviewer, "/access-alerts").text


def test_nothing_is_found_without_saying_what_and_why(snooped: Casework) -> None:
    path, reviewer = link(snooped), snooped.site.sign_in("reviewer")
    answer = reviewer.post(path, snooped.page(reviewer, path).form(path).filled())
    assert answer.status_code == 422
    assert "Choose what you found" in answer.text
    assert "Enter why, in a few words" in answer.text


def test_nobody_reviews_what_is_about_themselves(casework: Casework) -> None:
    now = casework.site.clock.now
    with casework.site.database.writing() as connection:
        found = [Suspicion("reviewer", Sign.REFUSED, 5)]
        access_alerts.add(connection, found, looked_on=now.date(), now=now)
        alert_id = connection.execute(select(ALERTS.c.id)).scalar_one()
    path, reviewer = f"/access-alerts/{alert_id}", casework.site.sign_in("reviewer")
    page = casework.page(reviewer, path)
    assert "This is about you: somebody else reviews it." in page.text
    sent = {"outcome": "justified", "words": "Mine", "form_key": "x", "csrf_token": reviewer.token()}
    assert reviewer.client.post(path, data=sent, headers=reviewer.headers).status_code == 404


@pytest.mark.parametrize("who", ["officer", "supervisor", "board", "administrator", "editor"])
def test_nobody_else_sees_them(sqlite_casework: Casework, who: str) -> None:
    assert sqlite_casework.site.sign_in(who).get("/access-alerts").status_code == 403


def test_one_that_nobody_reviews_within_three_working_days_is_overdue(snooped: Casework) -> None:
    """Found on Saturday 23 May 2026; Monday is a bank holiday."""
    reviewer, clock = snooped.site.sign_in("reviewer"), snooped.site.clock
    assert "Overdue" not in snooped.page(reviewer, "/access-alerts").text
    clock.now = datetime(2026, 5, 28, 9, tzinfo=UTC)
    assert "Overdue" not in snooped.page(snooped.site.sign_in("reviewer"), "/access-alerts").text
    clock.now = datetime(2026, 5, 29, 9, tzinfo=UTC)
    assert "Overdue" in snooped.page(snooped.site.sign_in("reviewer"), "/access-alerts").text


def test_that_a_reviewer_read_it_is_written_down_with_the_cases_that_it_names(snooped: Casework) -> None:
    snooped.page(snooped.site.sign_in("reviewer"), link(snooped))
    with snooped.site.database.reading() as connection:
        rows = connection.execute(select(AUDIT).where(AUDIT.c.what == "access alert")).all()
    assert [(row.case_count, row.basis) for row in rows] == [(1, "privacy reviewer")]

"""A duty that was met late, before another list of bank holidays makes the day on which it was met its last."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.holidays import listed
from tests.web.casework import Casework
from victimcare.commands.approve_holidays import approve_holidays
from victimcare.commands.move_deadlines import cases_to_move, move_deadlines
from victimcare.commands.propose_holidays import ListSource, propose_holidays
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.store.law_in_force import law_now
from victimcare.store.staff import SYSTEM

JUBILEE = {"2026-05-20": "A jubilee"}


def judged_before_a_holiday(casework: Casework) -> tuple[str, str]:
    """Its case and key: arrested on Thursday 14 May, told on Friday 22 May; then the 20th was no working day."""
    ref = casework.case("Wren Sample", at=datetime(2026, 5, 13, 9, tzinfo=UTC))
    arrested = datetime(2026, 5, 14, 9, tzinfo=UTC)
    arrest = casework.record(ref, EventKind.SUSPECT_ARRESTED, arrested, subject="Suspect 1")
    told = [DutyNamed("R6-ARR", arrest)]
    at = datetime(2026, 5, 22, 8, tzinfo=UTC)
    casework.record(ref, EventKind.CONTACT_MADE, at, duties=told, channel="phone", with_whom="victim")
    approve_a_holiday(casework)
    return ref, f"R6-ARR:{arrest}"


def approve_a_holiday(casework: Casework) -> None:
    """The list with it is in force, and every deadline has moved."""
    now = casework.site.clock.now
    with casework.site.database.writing() as connection:
        law = law_now(connection, casework.law)
        done = propose_holidays(
            connection,
            published=listed(**JUBILEE),
            source=ListSource.FILE,
            by=SYSTEM,
            now=now,
            calendar=law.calendar,
        )
        if done.number is not None:
            approve_holidays(connection, number=done.number, by=SYSTEM, now=now, law=law)
    follow_the_law(casework)


def follow_the_law(casework: Casework) -> None:
    """Every case has followed what was approved: what the job does, by the law as it is kept for pages."""
    with casework.site.database.writing() as connection:
        case_ids, now = cases_to_move(connection), casework.site.clock.now
        move_deadlines(connection, case_ids=case_ids, now=now, law=casework.law)

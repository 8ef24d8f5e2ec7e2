"""Reminders: each step of each duty once, to the right people, anew when the deadline moves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from tests.force import Force, a_force
from tests.outbox import (
    ARRESTED,
    DUE_ON,
    case_of_an_arrest,
    eight,
    give_addresses,
    outbox,
    send_all,
    write_reminders,
    written,
)
from tests.plans import planned
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.commands.remind import duties_at_a_step
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.editions.escalation import published_ladder
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE

FRIDAY, SATURDAY, MONDAY, TUESDAY = (DUE_ON + timedelta(days=days) for days in (-3, -2, 0, 1))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def test_each_step_tells_those_whom_the_ladder_names_on_its_day(force: Force) -> None:
    give_addresses(force)
    case_of_an_arrest(force)
    days = [day for days in range(-4, 9) if (day := FRIDAY + timedelta(days=days)).weekday() < SATURDAY.weekday()]
    reached_at = eight(days[0]) - timedelta(days=1)
    for day in days:
        write_reminders(force, eight(day), reached_at=reached_at)
        send_all(force, eight(day))
        reached_at = eight(day)
    assert written(force) == [
        ("before_2", DUE_ON, "ash"),
        ("due", DUE_ON, "ash"),
        ("late_1", DUE_ON, "ash"),
        ("late_1", DUE_ON, "elm"),
        ("late_3", DUE_ON, "elm"),
        ("late_3", DUE_ON, "fir"),
    ]


def test_each_reminder_is_written_once(force: Force) -> None:
    case_of_an_arrest(force)
    assert [write_reminders(force, eight(TUESDAY)) for _ in range(3)] == [2, 0, 0]


def test_a_moved_deadline_reminds_anew(force: Force) -> None:
    case, start = case_of_an_arrest(force)
    write_reminders(force, eight(MONDAY))
    corrected = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 5, 26)),
        subject="Suspect 1",
        corrects=start,
        correction=Correction.AMENDS,
    )
    with force.database.writing() as connection:
        now = eight(MONDAY) + timedelta(hours=3)
        record_event(connection, ref=case.case.ref, event=corrected, by=force.ash, now=now, law=force.law)
    write_reminders(force, eight(TUESDAY), reached_at=eight(MONDAY))
    assert written(force) == [("due", DUE_ON, "ash"), ("due", TUESDAY, "ash")]


def test_after_an_outage_each_overdue_duty_is_reminded_of_once_and_missed_steps_are_not_made_up_for(
    force: Force,
) -> None:
    case_of_an_arrest(force)
    back_on = DUE_ON + timedelta(days=40)
    write_reminders(force, eight(back_on), reached_at=eight(FRIDAY - timedelta(days=3)))
    write_reminders(force, eight(back_on) + timedelta(days=1), reached_at=eight(back_on))
    assert written(force) == [("late_3", DUE_ON, "ash"), ("late_3", DUE_ON, "elm"), ("late_3", DUE_ON, "fir")]


def test_what_was_done_is_not_reminded_of(force: Force) -> None:
    case, start = case_of_an_arrest(force)
    contact = NewContact(Moment.instant(ARRESTED), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
    with force.database.writing() as connection:
        record_contact(connection, ref=case.case.ref, contact=contact, by=force.ash, now=ARRESTED, law=force.law)
    assert write_reminders(force, eight(TUESDAY)) == 0


def test_what_another_agency_owes_is_waited_for_and_not_reminded_of(force: Force) -> None:
    case, _ = case_of_an_arrest(force)
    at = datetime(2026, 5, 29, 9, tzinfo=UTC)
    force.record(
        case.case.ref,
        EventKind.HEARING_LISTED,
        at,
        subject="Hearing 1",
        received=at,
        hearing_on=date(2026, 7, 1),
        hearing_type="trial",
    )
    with force.database.reading() as connection:
        others = connection.execute(select(DUES).where(DUES.c.owed_by != "police", DUES.c.due_on == DUE_ON)).all()
    assert others
    write_reminders(force, eight(TUESDAY))
    assert {item.rule for item in outbox(force)} == {"R6-ARR"}


def test_the_supervisor_on_duty_stands_in_for_an_officer_who_is_away(force: Force) -> None:
    case_of_an_arrest(force)
    with force.database.writing() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == "ash").values(absent_from_on=FRIDAY))
    write_reminders(force, eight(FRIDAY))
    write_reminders(force, eight(TUESDAY), reached_at=eight(FRIDAY))
    assert written(force) == [("before_2", DUE_ON, "elm"), ("late_1", DUE_ON, "elm")]


def test_a_duty_already_late_when_it_becomes_known_is_reminded_of_as_overdue_only(force: Force) -> None:
    case, _ = case_of_an_arrest(force)
    known_at = datetime(2026, 7, 20, 12, tzinfo=UTC)
    arrest = NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(ARRESTED), subject="Suspect 2")
    with force.database.writing() as connection:
        key = record_event(connection, ref=case.case.ref, event=arrest, by=force.ash, now=known_at, law=force.law)
    write_reminders(force, eight(date(2026, 7, 21)), reached_at=eight(date(2026, 7, 20)))
    of_the_second = [row for row in outbox(force) if row.start_key == key]
    assert [(row.step, row.recipient_id) for row in of_the_second] == [
        ("late_3", "ash"),
        ("late_3", "elm"),
        ("late_3", "fir"),
    ]


def test_the_first_run_leaves_an_old_backlog_to_the_worklists(force: Force) -> None:
    case_of_an_arrest(force)
    assert write_reminders(force, eight(DUE_ON + timedelta(days=60))) == 0
    assert write_reminders(force, eight(DUE_ON + timedelta(days=7))) == 3


def test_it_reads_what_is_newly_so_and_not_the_table(sqlite_url: str) -> None:
    force = a_force(sqlite_url)
    case, _ = case_of_an_arrest(force)
    arrest = NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(ARRESTED), subject="Suspect 2")
    now = eight(date(2026, 7, 21))
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=arrest, by=force.ash, now=now, law=force.law)

    def read(connection: Connection) -> object:
        known = {"reached_at": now, "now": now, "calendar": force.law.calendar, "ladder": published_ladder()}
        return duties_at_a_step(connection, own_agency="police", **known)  # type: ignore[arg-type]

    with planned(force.database) as plans, force.database.reading() as connection:
        *by_day, by_event, of_cases = plans(connection, read)
    assert len(by_day) == len(published_ladder().ages)
    for plan in by_day:
        assert "SEARCH due USING INDEX ix_due_open (due_on>? AND due_on<?)" in plan
    assert "SEARCH journey_event USING INDEX ix_journey_event_recorded (recorded_at>?)" in by_event
    assert "SEARCH due USING INDEX sqlite_autoindex_due_1 (case_id=?)" in of_cases
    force.database.close()

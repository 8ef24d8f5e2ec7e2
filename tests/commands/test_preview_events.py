"""What would move is told before it is recorded, exactly as it then moves; nothing is written by asking."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tests.force import Force, a_force
from victimcare.commands.preview_events import preview_events
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.case import EventRefused
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.moved_deadlines import Move, MovedDeadline, moved_deadlines
from victimcare.domain.people import Person
from victimcare.store.cases import NoSuchCase, look_at
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
ARREST = NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(FRIDAY), subject="Suspect 1")
ENHANCED = NewEvent(EventKind.NEEDS_ASSESSED, Moment.instant(FRIDAY), details={"tier": "enhanced"})


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def preview(force: Force, ref: str, *events: NewEvent, by: Person | None = None) -> tuple[MovedDeadline, ...]:
    with force.database.reading() as connection:
        return preview_events(connection, ref=ref, events=events, by=by or force.ash, now=FRIDAY, law=force.law)


def rows(force: Force) -> list[int]:
    with force.database.reading() as connection:
        counted = [connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (EVENTS, Audit)]
    return [int(count) for count in counted]


def test_what_was_told_beforehand_is_what_then_moves_and_asking_writes_nothing(force: Force) -> None:
    ref = force.record_crime()[0].case.ref
    before = rows(force)
    told = {(m.owed.rule.id, m.move, m.due_before, m.due_after) for m in preview(force, ref, ARREST, ENHANCED)}
    assert ("R6-ARR", Move.APPEARS, None, date(2026, 5, 26)) in told
    assert rows(force) == before
    with force.database.writing() as connection:
        old = assess(look_at(connection, ref).case.journey, force.law.code, force.law.calendar)
        for event in (ARREST, ENHANCED):
            record_event(connection, ref=ref, event=event, by=force.ash, now=FRIDAY, law=force.law)
        new = assess(look_at(connection, ref).case.journey, force.law.code, force.law.calendar)
    moved = moved_deadlines(old, new, on=FRIDAY.date())
    assert {(m.owed.rule.id, m.move, m.due_before, m.due_after) for m in moved} == told


def test_a_correction_of_a_crime_event_is_told_for_the_case_at_hand(force: Force) -> None:
    mine, other = (stored.case.ref for stored in force.record_crime("Wren Sample", "Robin Sample"))
    key = force.record(mine, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    day = Moment.day(date(2026, 5, 20))
    put_right = NewEvent(ARREST.kind, day, subject="Suspect 1", corrects=key, correction=Correction.AMENDS)
    (moved,) = preview(force, mine, put_right)
    assert (moved.due_before, moved.due_after) == (date(2026, 6, 1), date(2026, 5, 28))
    with pytest.raises(EventRefused):
        preview(force, other, put_right, by=force.elm)


def test_only_who_may_record_it_is_told_what_it_would_do(force: Force) -> None:
    ref = force.record_crime()[0].case.ref
    with pytest.raises(NoSuchCase):
        preview(force, ref, ARREST, by=force.cedar)
    with pytest.raises(NoSuchCase):
        preview(force, "BED-999999", ARREST)
    with pytest.raises(EventRefused):
        preview(force, ref, NewEvent(ARREST.kind, ARREST.happened))
    with pytest.raises(EventRefused):
        preview(force, ref, NewEvent(EventKind.GOOD_REASON_REQUESTED, ARREST.happened, duties=[DutyNamed("R6", "no")]))

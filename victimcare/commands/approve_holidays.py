"""Bring a proposed list of bank holidays into force, and move the deadlines that it moves, a case a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.propose_holidays import NotTheirHolidays
from victimcare.commands.record_crime import new_key
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.holiday_moves import as_events, longest_in_working_days, moved_by_list
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, cases, holiday_lists, holiday_moves
from victimcare.store.holiday_lists import NoSuchList
from victimcare.store.law_in_force import law_now
from victimcare.store.staff import SYSTEM, ensure_system


def approve_holidays(connection: Connection, *, number: int, by: Person, now: datetime, law: Law) -> int:
    """Bring the proposed list into force now; how many cases are to be moved. From here on every process counts by it.

    Raises `NoSuchList` where somebody decided, or another list was proposed, `StillMoving` and `NotTheirHolidays`.
    """
    if not may(by, Action.CHECK_CODE):
        raise NotTheirHolidays(by)
    holiday_moves.let_writers_finish(connection)
    if holiday_moves.count_waiting(connection):
        raise StillMoving
    if holiday_lists.proposed(connection) != number:
        raise NoSuchList(number)
    holiday_lists.decide(connection, number, state="approved", by=by.id, at=now)
    calendar = law_now(connection, law).calendar
    found = holiday_moves.await_moves(connection, calendar, longest=longest_in_working_days(law.code))
    holiday_lists.note_cases(connection, number, found)
    audit.write(connection, at=now, operation="alteration", what=f"approve bank holidays {number}", person=by)
    return found


def cases_to_move(connection: Connection) -> list[int]:
    """The cases that still have to follow the list in force."""
    return holiday_moves.waiting(connection)


def move_deadlines(connection: Connection, *, case_ids: Sequence[int], now: datetime, law: Law) -> int:
    """Let these cases follow the list in force: their deadlines, and what their journeys say; how many moved.

    Nothing is sent by it: what waits to be told of a deadline is asked again when it leaves (docs/decisions/0043).
    """
    law = law_now(connection, law)
    moved = 0
    loaded = cases.load_many(connection, case_ids)
    still = holiday_moves.waiting_of(connection, case_ids)  # once they are locked: another may have moved them
    for stored in loaded:
        if stored.id in still:
            moved += _move(connection, stored, law, now)
            holiday_moves.done(connection, stored.id)
    return moved


def _move(connection: Connection, stored: cases.StoredCase, law: Law, now: datetime) -> bool:
    calendar: WorkingCalendar = law.calendar
    journey = stored.case.journey
    found = moved_by_list(journey, law.code, calendar)
    events = as_events(found, journey, calendar, at=stored.case.next_instant(now), key=new_key)
    ensure_system(connection)
    what = f"move deadlines by bank holidays {calendar.number}"
    if events:
        recording = cases.Recording(by=SYSTEM, at=now, what=what)
        cases.save(connection, stored, stored.case.record(*events), recording, law)
    elif cases.derive_again(connection, stored, law):
        audit.write(connection, at=now, operation="alteration", what=what, person=SYSTEM, case_ids=[stored.id])
    return bool(events)


class StillMoving(RuntimeError):
    """Cases still follow the list that was approved before."""

    def __init__(self) -> None:
        super().__init__("deadlines are still being moved by the last list: approve this one when they have been")

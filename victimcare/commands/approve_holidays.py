"""Bring a proposed list of bank holidays into force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.move_deadlines import StillMoving, wait_for_writers
from victimcare.commands.propose_holidays import NotTheirHolidays
from victimcare.domain.holiday_moves import longest_in_working_days
from victimcare.domain.law import Law, LawChange
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, holiday_lists, holiday_moves, law_moves
from victimcare.store.holiday_lists import NoSuchList
from victimcare.store.law_in_force import law_now

__all__ = ["NoSuchList", "StillMoving", "approve_holidays"]


def approve_holidays(connection: Connection, *, number: int, by: Person, now: datetime, law: Law) -> int:
    """Bring the proposed list into force now; how many cases are to be moved. From here on every process counts by it.

    Raises `NoSuchList` where somebody decided, or another list was proposed, `StillMoving` and `NotTheirHolidays`.
    """
    if not may(by, Action.CHECK_CODE):
        raise NotTheirHolidays(by)
    wait_for_writers(connection)
    if holiday_lists.proposed(connection) != number:
        raise NoSuchList(number)
    holiday_lists.decide(connection, number, state="approved", by=by.id, at=now)
    calendar = law_now(connection, law).calendar
    touched = holiday_moves.touched(calendar, longest=longest_in_working_days(law.code))
    found = law_moves.await_moves(connection, LawChange.HOLIDAYS, number, touched)
    holiday_lists.note_cases(connection, number, found)
    audit.write(connection, at=now, operation="alteration", what=f"approve bank holidays {number}", person=by)
    return found

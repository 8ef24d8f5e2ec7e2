"""The cases whose deadlines a list of bank holidays touches: found along an index, and waiting until they are moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, false, func, insert, literal, or_, select, text

from victimcare.domain.calendar import DayOutsideCalendar, WorkingCalendar
from victimcare.store.database import is_sqlite
from victimcare.store.dues import DUES
from victimcare.store.tables import HolidayMove

MOVES = HolidayMove.__table__  # type: ignore[attr-defined]


def touched(calendar: WorkingCalendar, *, longest: int) -> Select[int]:
    """The ids of the cases with a duty whose time has a day in it that this list changed, or that was provisional.

    `longest` is the most working days that a rule gives: no duty due later than so many after a changed day was
    counted across it. So the look is along the months of `ix_due_reported`, whatever the size of the table.
    """
    earlier = calendar.earlier
    if earlier is None:
        return select(DUES.c.case_id).where(false())
    until = {day: max(_after(earlier, day, longest), _after(calendar, day, longest)) for day in calendar.changed_days}
    across = [
        and_(_reported(day, last), DUES.c.started_on < day, DUES.c.due_on.between(day, last))
        for day, last in until.items()
    ]
    if calendar.known_until != earlier.known_until:
        later = min(calendar.known_until, earlier.known_until)
        across.append(and_(_reported(later, None), DUES.c.due_on > later))
    return select(DUES.c.case_id).distinct().where(or_(false(), *across)).order_by(DUES.c.case_id)


def _after(calendar: WorkingCalendar, day: date, count: int) -> date:
    try:
        return calendar.add_working_days(day, count)
    except DayOutsideCalendar:
        return date.max


def _reported(first: date, last: date | None) -> ColumnElement[bool]:
    month = DUES.c.reported_month >= f"{first:%Y-%m}"
    if last is not None:
        month &= DUES.c.reported_month <= f"{last:%Y-%m}"
    return and_(DUES.c.policy.in_((False, True)), month)


def await_moves(connection: Connection, calendar: WorkingCalendar, *, longest: int) -> int:
    """Write down every case that is to be moved by this list, where none waits for another; how many."""
    found = touched(calendar, longest=longest).subquery()
    rows = select(literal(calendar.number), found.c.case_id)
    connection.execute(insert(MOVES).from_select(["list_id", "case_id"], rows))
    return count_waiting(connection)


def let_writers_finish(connection: Connection) -> None:
    """Until this transaction ends nobody writes to a case: whoever does so next counts by what it decides."""
    if not is_sqlite(connection):
        connection.execute(text("LOCK TABLE victim_case IN EXCLUSIVE MODE"))


def waiting(connection: Connection, *, limit: int | None = None) -> list[int]:
    """The cases that are still to be moved, in the order of their ids."""
    return list(connection.execute(select(MOVES.c.case_id).order_by(MOVES.c.case_id).limit(limit)).scalars())


def count_waiting(connection: Connection) -> int:
    """How many they are."""
    return connection.execute(select(func.count()).select_from(MOVES)).scalar_one()


def waiting_of(connection: Connection, case_ids: Sequence[int]) -> set[int]:
    """Which of these cases are still to be moved."""
    return set(connection.execute(select(MOVES.c.case_id).where(MOVES.c.case_id.in_(case_ids))).scalars())


def done(connection: Connection, case_id: int) -> None:
    """Say that this case was moved."""
    connection.execute(delete(MOVES).where(MOVES.c.case_id == case_id))

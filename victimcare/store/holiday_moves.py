"""The cases whose deadlines a list of bank holidays touches: found along an index."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from victimcare.domain.calendar import DayOutsideCalendar, WorkingCalendar
from victimcare.store.dues import DUES


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

"""Which reminder a duty calls for on a given day, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.people import NO_LISTS, CaseLists


class Step(StrEnum):
    """A duty is reminded of at most once at each step."""

    DUE_TOMORROW = "due_tomorrow"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


def step_on(today: date, *, due_on: date, calendar: WorkingCalendar) -> Step | None:
    """The step of an open duty on `today` (London dates); None while it is too early.

    "Tomorrow" reaches to the next working day: on Friday it is what is due on Saturday, Sunday or Monday.
    """
    if due_on < today:
        return Step.OVERDUE
    if due_on == today:
        return Step.DUE_TODAY
    return Step.DUE_TOMORROW if due_on <= calendar.add_working_days(today, 1) else None


def recipients(
    step: Step,
    *,
    officer_id: str,
    officer_away: bool,
    supervisor_id: str | None,
    cover_id: str | None = None,
    lists: CaseLists = NO_LISTS,
    deputies: Sequence[str] = (),
) -> tuple[str, ...]:
    """Who is reminded: the case officer or who stands in for them, and the team's duty supervisor once it is overdue.

    Of an officer who is away with nobody to stand in, the duty supervisor. Nobody who is kept from the case hears of
    it: for a duty supervisor the first of `deputies` who is not, the other supervisors of the team.
    """
    supervisor_id = next((one for one in (supervisor_id, *deputies) if one and not lists.bars(one)), None)
    cover_id = cover_id if cover_id and not lists.bars(cover_id) else None
    uncovered = officer_away and cover_id is None
    chosen = [] if uncovered and supervisor_id else [cover_id or officer_id]
    if supervisor_id and (step is Step.OVERDUE or uncovered) and supervisor_id not in chosen:
        chosen.append(supervisor_id)
    return tuple(one for one in chosen if not lists.bars(one))

"""Which reminder a duty calls for, and who gets it."""

from datetime import date, timedelta

import pytest

from victimcare.domain.reminders import Step, recipients, step_on
from victimcare.editions.bank_holidays import load_calendar

CALENDAR = load_calendar()
FRIDAY_BEFORE_A_BANK_HOLIDAY = date(2026, 5, 22)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-30, Step.OVERDUE),
        (-1, Step.OVERDUE),
        (0, Step.DUE_TODAY),
        (1, Step.DUE_TOMORROW),
        (3, Step.DUE_TOMORROW),
        (4, Step.DUE_TOMORROW),
        (5, None),
    ],
)
def test_tomorrow_reaches_to_the_next_working_day(days: int, step: Step | None) -> None:
    due_on = FRIDAY_BEFORE_A_BANK_HOLIDAY + timedelta(days=days)
    assert step_on(FRIDAY_BEFORE_A_BANK_HOLIDAY, due_on=due_on, calendar=CALENDAR) is step


@pytest.mark.parametrize(
    ("step", "away", "supervisor", "reminded"),
    [
        (Step.DUE_TOMORROW, False, "elm", ("ash",)),
        (Step.DUE_TODAY, False, "elm", ("ash",)),
        (Step.OVERDUE, False, "elm", ("ash", "elm")),
        (Step.DUE_TODAY, True, "elm", ("elm",)),
        (Step.OVERDUE, True, "elm", ("elm",)),
        (Step.OVERDUE, False, None, ("ash",)),
        (Step.DUE_TODAY, True, None, ("ash",)),
        (Step.OVERDUE, False, "ash", ("ash",)),
        (Step.OVERDUE, True, "ash", ("ash",)),
    ],
)
def test_the_supervisor_hears_of_what_is_overdue_and_stands_in_for_an_officer_who_is_away(
    step: Step, away: bool, supervisor: str | None, reminded: tuple[str, ...]
) -> None:
    assert recipients(step, officer_id="ash", officer_away=away, supervisor_id=supervisor) == reminded

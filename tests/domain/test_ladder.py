"""The ladder: at which step a duty stands, who is told, and when somebody may be sent something."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder, NoticeHours, Step, Told, age_on, due_when_reached, told_at
from victimcare.editions.bank_holidays import load_calendar

CALENDAR = load_calendar()
HOURS = NoticeHours(time(8), time(18))
FRIDAY_BEFORE_A_BANK_HOLIDAY = date(2026, 5, 22)
OFFICER, SUPERVISOR, NEXT = Told
BEFORE, DUE, LATE, VERY_LATE = (
    Step(-2, (OFFICER,)),
    Step(0, (OFFICER,)),
    Step(1, (OFFICER, SUPERVISOR)),
    Step(3, (NEXT,)),
)
LADDER = Ladder(HOURS, (BEFORE, DUE, LATE, VERY_LATE), of_right={8: (DUE,)}, of_rule={"R6-REL": (LATE,)})
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("days", "age"), [(-30, 21), (-1, 1), (0, 0), (1, 0), (2, 0), (3, 0), (4, -1), (5, -2)], ids=str
)
def test_a_day_that_does_not_count_stands_for_the_working_day_before_it(days: int, age: int) -> None:
    due_on = FRIDAY_BEFORE_A_BANK_HOLIDAY + timedelta(days=days)
    assert age_on(FRIDAY_BEFORE_A_BANK_HOLIDAY, due_on=due_on, calendar=CALENDAR) == age


@pytest.mark.parametrize(
    ("age", "step"), [(-3, None), (-2, BEFORE), (-1, BEFORE), (0, DUE), (2, LATE), (3, VERY_LATE), (99, VERY_LATE)]
)
def test_a_duty_stands_at_the_last_step_that_its_age_has_reached(age: int, step: Step | None) -> None:
    assert LADDER.step_at(age, rule="R6-ARR", right=6) is step


def test_the_steps_of_a_rule_come_before_those_of_its_right_and_those_before_everybodys() -> None:
    assert LADDER.steps("R6-REL", 6) == (LATE,)
    assert LADDER.steps("R8-HEAR", 8) == (DUE,)
    assert LADDER.steps("R9-OUT", 9) == (BEFORE, DUE, LATE, VERY_LATE)
    assert LADDER.ages == (-2, 0, 1, 3)


def test_a_step_is_named_by_its_day_so_that_a_changed_file_tells_nothing_twice() -> None:
    assert [step.code for step in LADDER.of_all] == ["before_2", "due", "late_1", "late_3"]
    assert [step.in_words for step in LADDER.of_all] == [
        "2 working days before",
        "On the day",
        "1 working day late",
        "3 working days late",
    ]


@given(DAYS, st.integers(0, 20), st.integers(-10, 10), DAYS)
def test_the_days_looked_up_are_those_of_duties_that_reach_a_step(after: date, ahead: int, at: int, due: date) -> None:
    today = after + timedelta(days=ahead)
    first, last = due_when_reached(at, after=after, today=today, calendar=CALENDAR)
    then, now = (age_on(day, due_on=due, calendar=CALENDAR) for day in (after, today))
    assert (first <= due <= last) == (then < at <= now)


@pytest.mark.parametrize(
    ("step", "fired", "told"),
    [
        (BEFORE, (), (OFFICER,)),
        (LATE, ("before_2", "due"), (OFFICER, SUPERVISOR)),
        (VERY_LATE, ("before_2", "due", "late_1"), (NEXT,)),
        (VERY_LATE, (), (OFFICER, SUPERVISOR, NEXT)),
        (VERY_LATE, ("late_1",), (OFFICER, NEXT)),
    ],
)
def test_who_was_to_hear_at_a_step_that_was_missed_hears_at_the_one_that_is_told(
    step: Step, fired: tuple[str, ...], told: tuple[Told, ...]
) -> None:
    assert told_at(step, LADDER.of_all, frozenset(fired)) == told


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-05-22T09:30+01:00", "2026-05-22T09:30+01:00"),
        ("2026-05-22T07:59+01:00", "2026-05-22T08:00+01:00"),
        ("2026-05-22T18:00+01:00", "2026-05-26T08:00+01:00"),
        ("2026-05-24T12:00+01:00", "2026-05-26T08:00+01:00"),
        ("2026-03-27T19:00+00:00", "2026-03-30T08:00+01:00"),
        ("2026-03-29T00:59+00:00", "2026-03-30T08:00+01:00"),
        ("2026-10-23T18:30+01:00", "2026-10-26T08:00+00:00"),
        ("2026-10-25T01:30+00:00", "2026-10-26T08:00+00:00"),
    ],
    ids=[
        "within the hours",
        "before them",
        "Friday evening before a bank holiday",
        "the Sunday",
        "Friday evening before the clocks go forward",
        "the minute before they do",
        "Friday evening before they go back",
        "the hour that comes twice",
    ],
)
def test_nothing_leaves_outside_the_working_hours_of_london(now: str, opens: str) -> None:
    assert HOURS.next_open(datetime.fromisoformat(now), CALENDAR) == datetime.fromisoformat(opens)


@given(DAYS, st.integers(0, 24 * 60 - 1))
def test_the_hours_open_on_working_days_and_never_in_the_past(day: date, minute: int) -> None:
    now = datetime.combine(day, time(0), UTC) + timedelta(minutes=minute)
    opens = HOURS.next_open(now, CALENDAR)
    assert opens >= now
    assert CALENDAR.is_working_day(london_date(opens))
    assert HOURS.next_open(opens, CALENDAR) == opens

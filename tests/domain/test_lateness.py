"""When a duty is due, and how long it has been overdue: each day of the calendar is in exactly one part."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.lateness import AGES, SOON, Age, When, age_of_code, days_ahead, due_between, overdue_between
from victimcare.editions.law import published_law

CALENDAR = published_law().calendar
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 1))


@given(DAYS, st.integers(-300, 300))
def test_every_day_is_due_at_exactly_one_time(today: date, distance: int) -> None:
    day = today + timedelta(days=distance)
    (when,) = [when for when in When if within(day, due_between(when, today, CALENDAR))]
    ahead = CALENDAR.working_days_between(today, day)
    assert when is (
        When.OVERDUE
        if day < today
        else When.TODAY
        if day == today
        else When.SOON
        if day <= CALENDAR.add_working_days(today, SOON)
        else When.LATER
    )
    assert ahead <= SOON or when is When.LATER


@given(DAYS, st.integers(1, 300))
def test_what_is_overdue_has_the_one_age_that_counting_working_days_gives_it(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)
    late = CALENDAR.working_days_between(day, today)
    (age,) = [age for age in AGES if within(day, overdue_between(age, today, CALENDAR))]
    assert age.least <= late <= (late if age.most is None else age.most)


@given(DAYS)
def test_nothing_that_is_due_today_or_later_has_an_age(today: date) -> None:
    assert max(overdue_between(age, today, CALENDAR)[1] for age in AGES) == today - timedelta(days=1)


@pytest.mark.parametrize("age", AGES)
def test_an_age_is_found_by_its_code(age: Age) -> None:
    assert age_of_code(age.code) == age


def test_ages_follow_each_other_and_say_how_long() -> None:
    assert [age.in_words for age in AGES] == [
        "Up to 5 working days",
        "6 to 10 working days",
        "11 to 20 working days",
        "21 to 60 working days",
        "More than 60 working days",
    ]
    assert age_of_code("7-9") is None


@given(DAYS, st.integers(1, 15))
def test_the_days_ahead_share_every_date_from_tomorrow_to_the_end_of_the_last(today: date, count: int) -> None:
    ahead = days_ahead(today, count, CALENDAR)
    assert [each.day for each in ahead] == [CALENDAR.add_working_days(today, n) for n in range(1, count + 1)]
    dates = [each.first + timedelta(days=n) for each in ahead for n in range((each.last - each.first).days + 1)]
    assert dates == [today + timedelta(days=n) for n in range(1, len(dates) + 1)]
    assert all(CALENDAR.is_working_day(each.day) and within(each.day, (each.first, each.last)) for each in ahead)
    assert not CALENDAR.working_days_between(ahead[-1].day, ahead[-1].last)


def within(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]

"""Working days, checked against dates counted by hand and against a slow, obvious loop."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.calendar import (
    FIRST_DAY,
    LAST_DAY,
    DayOutsideCalendar,
    SkippedDay,
    WorkingCalendar,
    add_calendar_days,
    add_calendar_months,
    london_date,
)
from victimcare.editions.bank_holidays import load_calendar

CALENDAR = load_calendar()

days = st.dates(date(2012, 1, 1), date(2030, 12, 31))
counts = st.integers(0, 60)


def counted_one_by_one(start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in CALENDAR.holidays:
            count -= 1
    return day


@pytest.mark.parametrize(
    ("story", "start", "count", "end"),
    [
        ("an ordinary Monday", "2026-06-01", 5, "2026-06-08"),
        ("Thursday to the next Thursday", "2026-06-11", 5, "2026-06-18"),
        ("Friday before the spring bank holiday", "2026-05-22", 1, "2026-05-26"),
        ("Friday before the spring bank holiday", "2026-05-22", 5, "2026-06-01"),
        ("a Saturday counts from that day", "2026-06-06", 1, "2026-06-08"),
        ("a Sunday counts from that day", "2026-06-07", 5, "2026-06-12"),
        ("a bank holiday counts from that day", "2026-05-25", 1, "2026-05-26"),
        ("Maundy Thursday 2026", "2026-04-02", 1, "2026-04-07"),
        ("Maundy Thursday 2026", "2026-04-02", 5, "2026-04-13"),
        ("Good Friday 2027, and the clocks go forward on Sunday", "2027-03-26", 1, "2027-03-30"),
        ("the Saturday before the clocks go forward", "2027-03-27", 1, "2027-03-30"),
        ("the Sunday the clocks go forward", "2027-03-28", 2, "2027-03-31"),
        ("Easter Monday 2027", "2027-03-29", 1, "2027-03-30"),
        ("the Saturday before the clocks go back", "2026-10-24", 1, "2026-10-26"),
        ("the Sunday the clocks go back", "2026-10-25", 1, "2026-10-26"),
        ("the Monday after the clocks went back", "2026-10-26", 5, "2026-11-02"),
        ("Christmas 2020, Boxing Day on a Saturday", "2020-12-24", 1, "2020-12-29"),
        ("Christmas 2021, both on the weekend", "2021-12-24", 1, "2021-12-29"),
        ("over the New Year of 2022, a Saturday", "2021-12-31", 1, "2022-01-04"),
        ("Christmas 2022, a Sunday", "2022-12-23", 1, "2022-12-28"),
        ("over the New Year of 2023, a Sunday", "2022-12-30", 1, "2023-01-03"),
        ("Christmas 2026, Boxing Day on a Saturday", "2026-12-24", 1, "2026-12-29"),
        ("from Christmas Eve 2026 over the New Year", "2026-12-24", 5, "2027-01-05"),
        ("Christmas 2027, both on the weekend", "2027-12-24", 1, "2027-12-29"),
        ("VE Day 2020 in place of the first Monday in May", "2020-05-07", 1, "2020-05-11"),
        ("the first Monday in May 2020 was a working day", "2020-05-01", 1, "2020-05-04"),
        ("the Platinum Jubilee", "2022-06-01", 1, "2022-06-06"),
        ("the last Monday in May 2022 was a working day", "2022-05-27", 1, "2022-05-30"),
        ("the State Funeral", "2022-09-16", 1, "2022-09-20"),
        ("the Coronation", "2023-05-05", 1, "2023-05-09"),
        ("28 to 29 February", "2028-02-28", 1, "2028-02-29"),
        ("29 February", "2028-02-29", 1, "2028-03-01"),
    ],
)
def test_the_nth_working_day_after_the_start_counted_by_hand(story: str, start: str, count: int, end: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end), story


def test_no_working_days_is_the_start_itself_even_on_a_weekend() -> None:
    assert CALENDAR.add_working_days(date(2026, 6, 6), 0) == date(2026, 6, 6)


@given(days, counts)
def test_adding_agrees_with_counting_one_day_at_a_time(start: date, count: int) -> None:
    assert CALENDAR.add_working_days(start, count) == counted_one_by_one(start, count)


@given(days, counts, counts)
def test_adding_in_two_steps_is_adding_once(start: date, a: int, b: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, a), b) == CALENDAR.add_working_days(start, a + b)


@given(days, days, counts)
def test_a_later_start_never_gives_an_earlier_end(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    assert CALENDAR.add_working_days(earlier, count) <= CALENDAR.add_working_days(later, count)


@given(days, counts)
def test_one_more_working_day_is_always_later(start: date, count: int) -> None:
    assert CALENDAR.add_working_days(start, count) < CALENDAR.add_working_days(start, count + 1)


@given(days, st.integers(1, 60))
def test_the_count_never_ends_on_a_day_that_does_not_count(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.skipped_reason(end) is None


@given(days, counts)
def test_counting_back_gives_the_number_that_was_added(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.working_days_between(end, start) == -count


@given(days, days)
def test_every_day_after_the_start_is_either_counted_or_skipped(one: date, other: date) -> None:
    start, end = sorted((one, other))
    skipped = CALENDAR.skipped_days(start, end)
    assert CALENDAR.working_days_between(start, end) + len(skipped) == (end - start).days
    assert all(start < day <= end and CALENDAR.skipped_reason(day) == reason for day, reason in skipped)
    assert list(skipped) == sorted(set(skipped))


def test_overdue_by_three_working_days_over_a_weekend() -> None:
    assert CALENDAR.working_days_between(date(2026, 6, 4), date(2026, 6, 9)) == 3


def test_each_skipped_day_gives_its_reason() -> None:
    assert CALENDAR.skipped_days(date(2026, 5, 22), date(2026, 5, 26)) == (
        SkippedDay(date(2026, 5, 23), "Saturday"),
        SkippedDay(date(2026, 5, 24), "Sunday"),
        SkippedDay(date(2026, 5, 25), "Spring bank holiday"),
    )


def test_the_start_is_not_among_the_skipped_days_but_the_end_is() -> None:
    saturday, sunday = date(2026, 6, 6), date(2026, 6, 7)
    assert [skipped.day for skipped in CALENDAR.skipped_days(saturday, sunday)] == [sunday]


def test_nothing_is_skipped_backwards() -> None:
    assert CALENDAR.skipped_days(date(2026, 5, 26), date(2026, 5, 22)) == ()


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of King Charles III"),
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        (date(2020, 5, 8), "Early May bank holiday, moved to VE Day"),
        (date(2021, 12, 27), "Christmas Day (substitute day)"),
        (date(2021, 12, 28), "Boxing Day (substitute day)"),
        (date(2027, 3, 27), "Saturday"),
        (date(2027, 3, 28), "Sunday"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2026, 11, 30), None),  # St Andrew's Day is Scotland's
        (date(2026, 7, 13), None),  # the Battle of the Boyne is Northern Ireland's
    ],
)
def test_why_a_day_does_not_count_in_england_and_wales(day: date, reason: str | None) -> None:
    assert CALENDAR.skipped_reason(day) == reason


def test_a_holiday_proclaimed_later_moves_the_deadline() -> None:
    funeral = date(2022, 9, 19)
    before = {day: title for day, title in CALENDAR.holidays.items() if day != funeral}
    as_known_before = WorkingCalendar(holidays=before, known_until=CALENDAR.known_until, version="before")
    assert as_known_before.add_working_days(date(2022, 9, 16), 1) == funeral
    assert CALENDAR.add_working_days(date(2022, 9, 16), 1) == date(2022, 9, 20)


def test_a_day_is_provisional_after_the_last_proclaimed_one() -> None:
    assert not CALENDAR.is_provisional(CALENDAR.known_until)
    assert CALENDAR.is_provisional(CALENDAR.known_until + timedelta(days=1))


def test_the_calendar_cannot_be_changed_once_built() -> None:
    holidays = {date(2026, 5, 25): "Spring bank holiday"}
    calendar = WorkingCalendar(holidays=holidays, known_until=date(2026, 12, 31), version="test")
    holidays.clear()
    assert not calendar.is_working_day(date(2026, 5, 25))
    with pytest.raises(TypeError):
        calendar.holidays[date(2026, 5, 26)] = "none"  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        calendar.version = "other"  # type: ignore[misc]


def test_two_calendars_of_one_list_are_equal() -> None:
    assert load_calendar() == CALENDAR
    assert hash(load_calendar()) == hash(CALENDAR)


def test_a_day_before_or_after_the_calendar_is_refused_with_a_sentence() -> None:
    for day in (FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)):
        for ask in (
            lambda day=day: CALENDAR.is_working_day(day),
            lambda day=day: CALENDAR.skipped_reason(day),
            lambda day=day: CALENDAR.add_working_days(day, 1),
            lambda day=day: CALENDAR.add_working_days(day, 0),
            lambda day=day: CALENDAR.working_days_between(date(2026, 1, 1), day),
            lambda day=day: CALENDAR.skipped_days(date(2026, 1, 1), day),
        ):
            with pytest.raises(DayOutsideCalendar, match="outside the calendar") as refusal:
                ask()
            assert refusal.value.day == day


def test_a_count_that_leaves_the_calendar_is_refused_with_a_sentence() -> None:
    with pytest.raises(DayOutsideCalendar) as refusal:
        CALENDAR.add_working_days(date(2099, 12, 30), 5)
    assert str(refusal.value) == (
        "The day 5 working days after 30 December 2099 is outside the calendar, "
        "which runs from 1 January 2012 to 31 December 2099."
    )


def test_the_very_first_days_count_right() -> None:
    assert CALENDAR.add_working_days(FIRST_DAY, 1) == date(2012, 1, 3)
    assert CALENDAR.working_days_between(FIRST_DAY, date(2012, 1, 3)) == 1


def test_a_holiday_outside_the_calendar_is_refused_rather_than_ignored() -> None:
    with pytest.raises(DayOutsideCalendar):
        WorkingCalendar(holidays={date(2011, 4, 29): "Wedding"}, known_until=date(2028, 12, 31), version="x")


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="counted forwards"):
        CALENDAR.add_working_days(date(2026, 6, 1), -1)


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="london_date"):
        CALENDAR.add_working_days(datetime(2026, 6, 1, 23, 30, tzinfo=UTC), 1)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2027-03-27", 1, "2027-03-28"),  # a day of 23 hours
        ("2026-10-24", 2, "2026-10-26"),  # over a day of 25 hours
        ("2028-02-28", 1, "2028-02-29"),
        ("2026-12-20", 14, "2027-01-03"),
        ("2026-03-01", -1, "2026-02-28"),
    ],
)
def test_calendar_days_count_every_day(start: str, count: int, end: str) -> None:
    assert add_calendar_days(date.fromisoformat(start), count) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-11-22", 3, "2027-02-22"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2008-02-29", 18 * 12, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("1950-06-01", 18 * 12, "1968-06-01"),
    ],
)
def test_calendar_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: str, count: int, end: str) -> None:
    assert add_calendar_months(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-500, 500))
def test_calendar_months_land_in_the_month_they_say(start: date, count: int) -> None:
    end = add_calendar_months(start, count)
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("add", [add_calendar_days, add_calendar_months])
def test_a_count_beyond_the_last_date_there_is_is_refused_with_a_sentence(add) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DayOutsideCalendar, match=r"after 1 December 9999 is outside"):
        add(date(9999, 12, 1), 100)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-07-01T22:59:59Z", "2026-07-01"),
        ("2026-07-01T23:00:00Z", "2026-07-02"),
        ("2026-07-01T23:30:00Z", "2026-07-02"),
        ("2026-12-01T23:30:00Z", "2026-12-01"),
        ("2027-03-28T00:59:59Z", "2027-03-28"),
        ("2027-03-28T22:59:59Z", "2027-03-28"),
        ("2027-03-28T23:00:00Z", "2027-03-29"),
        ("2027-03-27T23:59:59Z", "2027-03-27"),
        ("2026-10-24T22:59:59Z", "2026-10-24"),
        ("2026-10-24T23:00:00Z", "2026-10-25"),
        ("2026-10-25T00:30:00Z", "2026-10-25"),
        ("2026-10-25T23:59:59Z", "2026-10-25"),
        ("2026-10-26T00:00:00Z", "2026-10-26"),
        ("2026-05-22T15:00:00+01:00", "2026-05-22"),
        ("2026-05-22T01:00:00+09:00", "2026-05-21"),
    ],
)
def test_an_instant_falls_on_its_day_in_london(instant: str, day: str) -> None:
    assert london_date(datetime.fromisoformat(instant)) == date.fromisoformat(day)


instants = st.integers(
    int(datetime(2012, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def last_sunday_at_one(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


@given(instants)
def test_london_is_an_hour_ahead_from_the_last_sunday_in_march_to_the_last_in_october(
    instant: datetime,
) -> None:
    summer = last_sunday_at_one(instant.year, 3) <= instant < last_sunday_at_one(instant.year, 10)
    assert london_date(instant) == (instant + timedelta(hours=1 if summer else 0)).date()


@given(instants, st.integers(-14 * 60, 14 * 60))
def test_the_london_date_is_the_same_however_the_instant_is_written(instant: datetime, offset: int) -> None:
    assert london_date(instant.astimezone(timezone(timedelta(minutes=offset)))) == london_date(instant)


def test_a_time_without_an_offset_names_no_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        london_date(datetime.fromisoformat("2026-07-01T23:30"))


def test_an_instant_before_the_first_date_there_is_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="no date in London"):
        london_date(datetime.fromisoformat("0001-01-01T00:00:00Z"))

"""Which published lists of bank holidays are believed, and what is kept of the one before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.holiday_list import MOST_WITHDRAWN, BadHolidayList, HolidayList, successor
from victimcare.editions.bank_holidays import load_calendar

IN_FORCE = HolidayList.of(load_calendar())
FUNERAL = date(2022, 9, 19)
KNOWN = sorted(IN_FORCE.holidays)
WEEKDAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31)).filter(lambda day: day.weekday() < 5)


def published(*, since: int = 2020, without: tuple[date, ...] = (), **more: str) -> HolidayList:
    days = {day: name for day, name in IN_FORCE.holidays.items() if day.year >= since and day not in without}
    return HolidayList(days | {date.fromisoformat(day): name for day, name in more.items()}, IN_FORCE.known_until)


def of_a_year(year: int, days: int = 8) -> dict[date, str]:
    weekdays = [date(year, 1, 1) + timedelta(days=n) for n in range(300)]
    return dict.fromkeys([day for day in weekdays if day.weekday() < 5][:days], "A day")


def test_a_list_that_begins_later_keeps_the_years_before_it() -> None:
    assert successor(published(since=2020), IN_FORCE).says_the_same_as(IN_FORCE)


@given(st.sets(WEEKDAYS, max_size=2), st.sets(st.sampled_from(KNOWN), max_size=2))
def test_what_was_proclaimed_and_withdrawn_is_all_that_differs_and_the_same_backwards(
    added: set[date], gone: set[date]
) -> None:
    added -= set(KNOWN)
    gone = {day for day in gone if day.year >= 2021}
    changed = {**{d: n for d, n in IN_FORCE.holidays.items() if d not in gone}, **dict.fromkeys(added, "New")}
    there = HolidayList(changed, IN_FORCE.known_until)
    try:
        whole = successor(there, IN_FORCE)
    except BadHolidayList:
        return  # a year with too few
    assert set(whole.proclaimed_since(IN_FORCE)) == added
    assert set(whole.withdrawn_since(IN_FORCE)) == gone
    assert successor(IN_FORCE, whole).says_the_same_as(IN_FORCE)


def test_a_day_keeps_the_name_by_which_it_was_known() -> None:
    renamed = published(**{"2022-09-19": "The funeral"})
    assert successor(renamed, IN_FORCE).holidays[FUNERAL] == IN_FORCE.holidays[FUNERAL]


def test_a_further_year_is_known_until_its_end() -> None:
    longer = HolidayList({**IN_FORCE.holidays, **of_a_year(2029)}, date(2029, 12, 31))
    whole = successor(longer, IN_FORCE)
    assert (whole.known_until, len(whole.proclaimed_since(IN_FORCE))) == (date(2029, 12, 31), 8)


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        (HolidayList({}, date(2028, 12, 31)), "the list has no days"),
        (published(**{"2022-09-18": "A Sunday"}), "2022-09-18: it is a Sunday: the substitute day must be listed"),
        (published(since=2100, **{"2100-01-01": "Too far"}), "2100-01-01: it is not between"),
        (HolidayList(of_a_year(2028, 7), date(2028, 12, 31)), "2028: it has 7 days, and a year has at least 8"),
        (HolidayList(of_a_year(2028, 13), date(2028, 12, 31)), "2028: it has 13 days, and a year has at most 12"),
        (HolidayList(of_a_year(2027), date(2027, 12, 31)), "2027: the list ends with this year"),
        (HolidayList(of_a_year(2030), date(2030, 12, 31)), "2030: the list begins with this year"),
        (
            HolidayList({**published().holidays, **of_a_year(2026)}, date(2028, 12, 31)),
            "2026: it has 15 days",
        ),
        (HolidayList(of_a_year(2028), date(2028, 12, 31)), "2028-04-14: this day and 6 others are gone"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused_naming_the_entry(listed: HolidayList, sentence: str) -> None:
    with pytest.raises(BadHolidayList) as refused:
        successor(listed, IN_FORCE)
    assert str(refused.value).startswith(sentence), str(refused.value)


def test_so_many_days_may_be_taken_back_and_one_more_is_an_accident() -> None:
    days = [date(2021, 7, 5), date(2022, 7, 5), date(2023, 7, 5)]
    assert len(days) == MOST_WITHDRAWN
    longer = HolidayList({**IN_FORCE.holidays, **dict.fromkeys(days, "Extra")}, IN_FORCE.known_until)
    assert successor(IN_FORCE, longer).says_the_same_as(IN_FORCE)
    longer = HolidayList({**longer.holidays, date(2024, 7, 5): "Extra"}, IN_FORCE.known_until)
    with pytest.raises(BadHolidayList, match="2021-07-05: this day and 3 others are gone"):
        successor(IN_FORCE, longer)

"""The list of bank holidays, checked against the published one and against the pattern that statute sets."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from victimcare.editions.bank_holidays import PUBLISHED_LIST, BadBankHolidays, load_calendar

PUBLISHED = PUBLISHED_LIST.read_text(encoding="utf-8")
LISTED = load_calendar()
YEARS = range(2012, 2029)

# Days moved or added by proclamation, year by year: (taken away, added).
PROCLAIMED = {
    2012: ({date(2012, 5, 28)}, {date(2012, 6, 4), date(2012, 6, 5)}),
    2020: ({date(2020, 5, 4)}, {date(2020, 5, 8)}),
    2022: ({date(2022, 5, 30)}, {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),
    2023: (set[date](), {date(2023, 5, 8)}),
}


def easter_sunday(year: int) -> date:
    """By the ecclesiastical full moon: golden number, epact, then the Sunday after."""
    golden = year % 19
    century = year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - 29 // (epact + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday)


def monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def by_statute(year: int) -> set[date]:
    fixed: set[date] = set()
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        if day.weekday() < 5:
            fixed.add(day)
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        substitute = day
        while substitute.weekday() > 4 or (substitute != day and substitute in fixed):
            substitute += timedelta(days=1)
        fixed.add(substitute)
    easter = easter_sunday(year)
    mondays = {monday_on_or_after(date(year, 5, 1)), monday_on_or_after(date(year, 5, 25))}
    return (
        fixed
        | mondays
        | {
            monday_on_or_after(date(year, 8, 25)),
            easter - timedelta(days=2),
            easter + timedelta(days=1),
        }
    )


def test_the_list_has_the_days_that_were_published() -> None:
    published = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    assert set(LISTED.holidays) == {holiday["date"] for holiday in published}
    assert {day.year for day in LISTED.holidays} == set(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_the_list_has_the_days_that_statute_and_proclamations_set(year: int) -> None:
    moved, added = PROCLAIMED.get(year, (set(), set()))
    assert {day for day in LISTED.holidays if day.year == year} == by_statute(year) - moved | added


def test_every_name_agrees_with_the_published_one() -> None:
    published = {
        holiday["date"]: holiday["title"].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for holiday in BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    }
    renamed = {
        date(2020, 5, 8): "Early May bank holiday (VE day)",
        date(2022, 9, 19): "Bank Holiday for the State Funeral of Queen Elizabeth II",
        date(2023, 5, 8): "Bank holiday for the coronation of King Charles III",
    }
    ours = {day: renamed.get(day, name.removesuffix(" (substitute day)")) for day, name in LISTED.holidays.items()}
    assert ours == published


def test_a_day_is_called_substitute_exactly_when_its_holiday_fell_on_a_weekend() -> None:
    own_days = {"New Year's Day": (1, 1), "Christmas Day": (12, 25), "Boxing Day": (12, 26)}
    for day, name in LISTED.holidays.items():
        holiday = name.removesuffix(" (substitute day)")
        moved = holiday in own_days and (day.month, day.day) != own_days[holiday]
        assert name.endswith(" (substitute day)") == moved, day


def test_the_list_is_known_to_the_end_of_its_last_year() -> None:
    assert LISTED.known_until == date(2028, 12, 31)


def test_the_version_names_the_day_of_the_check_and_changes_with_the_list(tmp_path: Path) -> None:
    assert LISTED.version.startswith("2026-11-22-")
    assert load_calendar(edited(tmp_path, "\n", "\n# a remark\n")).version == LISTED.version
    added = load_calendar(edited(tmp_path, "2028-12-26", '2028-11-30 = "A new holiday"\n2028-12-26'))
    assert added.version != LISTED.version
    assert added.skipped_reason(date(2028, 11, 30)) == "A new holiday"


def edited(folder: Path, old: str, new: str) -> Path:
    assert old in PUBLISHED
    path = folder / "holidays.toml"
    path.write_text(PUBLISHED.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "entry", "problem"),
    [
        ("known_until = 2028-12-31", "", "known_until", "must be a date"),
        ("known_until = 2028-12-31", 'known_until = "soon"', "known_until", "must be a date"),
        ("known_until = 2028-12-31", "known_until = 2028-12-31T00:00:00Z", "known_until", "must be a date"),
        ("known_until = 2028-12-31", "known_until = 2128-12-31", "known_until", "not between"),
        ("known_until = 2028-12-31", "known_until = 2027-12-31", "2028-01-03", "the list runs"),
        ("known_until = 2028-12-31", "known_until = 2029-12-31", "2029", "0 days listed"),
        ("checked_on = 2026-11-22", "", "checked_on", "must be a date"),
        ("source = ", "origin = ", "source", "published"),
        ("[england_and_wales]", "[scotland]", "england_and_wales", "missing"),
        ("2026-04-03", "2026-04-31", "2026-04-31", "not a day that exists"),
        ("2026-04-03", "20260403", "20260403", "write the day as 2026-04-03"),
        ("2026-04-03", "2026-04-04", "2026-04-04", "it is a Saturday"),
        ('2026-04-03 = "Good Friday"', '2026-04-03 = ""', "2026-04-03", "no name"),
        ('2026-04-03 = "Good Friday"', "2026-04-03 = true", "2026-04-03", "no name"),
        ('2026-04-03 = "Good Friday"\n', "", "2026", "7 days listed"),
        ("2012-01-02", "2011-01-03", "2011-01-03", "the list runs"),
    ],
)
def test_a_bad_list_is_refused_naming_file_and_entry(
    tmp_path: Path, old: str, new: str, entry: str, problem: str
) -> None:
    with pytest.raises(BadBankHolidays, match=problem) as refusal:
        load_calendar(edited(tmp_path, old, new))
    assert refusal.value.entry == entry
    assert str(refusal.value).startswith(f"holidays.toml: {entry}: ")


def test_a_day_listed_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBankHolidays, match=r"holidays\.toml: it is not valid TOML"):
        load_calendar(edited(tmp_path, "2026-04-06", "2026-04-03"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBankHolidays, match=r"absent\.toml: it cannot be read"):
        load_calendar(tmp_path / "absent.toml")

"""The list of bank holidays, read from its file into the calendar that counts with it."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from victimcare.domain.calendar import FIRST_DAY, LAST_DAY, WorkingCalendar
from victimcare.domain.holiday_list import FEWEST_IN_A_YEAR

PUBLISHED_LIST = Path(__file__).with_name("bank_holidays.toml")


class BadBankHolidays(ValueError):
    """A list of bank holidays that cannot be trusted: which file, which entry of it, and what is wrong."""

    def __init__(self, path: Path, entry: str, problem: str) -> None:
        self.path = path
        self.entry = entry
        self.problem = problem
        super().__init__(f"{path.name}: {entry}: {problem}." if entry else f"{path.name}: {problem}.")


def load_calendar(path: Path | None = None) -> WorkingCalendar:
    """The calendar of England and Wales by the list at `path`, or by the one shipped with the program.

    Its version names the day the list was last checked, and differs as soon as a day, a name or known_until
    does. Raises BadBankHolidays.
    """
    path = path or PUBLISHED_LIST
    document = _read(path)
    known_until = _date_of(path, document, "known_until")
    checked_on = _date_of(path, document, "checked_on")
    if not FIRST_DAY <= known_until <= LAST_DAY:
        raise BadBankHolidays(path, "known_until", f"{known_until} is not between {FIRST_DAY} and {LAST_DAY}")
    source = document.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadBankHolidays(path, "source", "it must say where the list was published")
    days = document.get("england_and_wales")
    if not isinstance(days, dict):
        raise BadBankHolidays(path, "england_and_wales", "the table of days is missing")
    holidays = dict(_holiday(path, entry, title, known_until) for entry, title in days.items())
    _check_no_year_is_short(path, holidays, known_until)
    version = f"{checked_on}-{_fingerprint(holidays, known_until)}"
    return WorkingCalendar(holidays=holidays, known_until=known_until, version=version)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBankHolidays(path, "", f"it cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadBankHolidays(path, "", f"it is not valid TOML ({error})") from error


def _date_of(path: Path, document: Mapping[str, Any], entry: str) -> date:
    value = document.get(entry)
    if type(value) is not date:
        raise BadBankHolidays(path, entry, "it must be a date such as 2028-12-31")
    return value


def _holiday(path: Path, entry: str, title: object, known_until: date) -> tuple[date, str]:
    try:
        day = date.fromisoformat(entry)
    except ValueError:
        raise BadBankHolidays(path, entry, "it is not a day that exists, written like 2028-12-25") from None
    if entry != day.isoformat():
        raise BadBankHolidays(path, entry, f"write the day as {day.isoformat()}")
    if not FIRST_DAY <= day <= known_until:
        raise BadBankHolidays(path, entry, f"the list runs from {FIRST_DAY} to known_until, {known_until}")
    if day.weekday() >= 5:
        raise BadBankHolidays(path, entry, f"it is a {day:%A}: list the substitute day instead")
    if not isinstance(title, str) or not title.strip():
        raise BadBankHolidays(path, entry, "the holiday has no name")
    return day, title


def _check_no_year_is_short(path: Path, holidays: Mapping[date, str], known_until: date) -> None:
    listed = Counter(day.year for day in holidays)
    for year in range(FIRST_DAY.year, known_until.year + 1):
        if listed[year] < FEWEST_IN_A_YEAR:
            problem = f"{listed[year]} days listed, fewer than {FEWEST_IN_A_YEAR}"
            raise BadBankHolidays(path, str(year), problem)


def _fingerprint(holidays: Mapping[date, str], known_until: date) -> str:
    lines = [str(known_until), *(f"{day} {title}" for day, title in sorted(holidays.items()))]
    return sha256("\n".join(lines).encode()).hexdigest()[:8]

"""Many cases at once, for lists to page through, and what a read costs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import count

from sqlalchemy import event as engine_event

from tests.builders import event, journey
from tests.force import VAULT, Force
from victimcare.domain.case import Case
from victimcare.domain.journey import JourneyEvent
from victimcare.store import bulk, staff
from victimcare.store.bulk import CrimeWithCases, VictimCase
from victimcare.store.cases import Recording, StoredCase
from victimcare.store.database import Database
from victimcare.store.victim_names import make_findable

_numbers = count(1)
TEAMS = {"ash": "luton", "birch": "luton", "elm": "luton", "cedar": "bedford", "fir": "bedford"}


def open_cases(
    force: Force,
    names: Sequence[str | None],
    *,
    officer: str = "ash",
    reported: date = date(2026, 5, 18),
    held: bool = False,
    more: Callable[[str], Sequence[JourneyEvent]] = lambda name: (),
    ref: str = "CASE",
) -> list[StoredCase]:
    """One case for each name, reported on that day; `more` gives further events from what its keys begin with."""
    crimes = []
    for name in names:
        number = next(_numbers)
        key = f"case{number}"
        events = (
            event("crime_reported", reported, key=f"{key}-reported"),
            event("crime_recorded", reported, key=f"{key}-recorded"),
            event("officer_assigned", reported, key=f"{key}-officer", officer=officer, team=TEAMS[officer]),
            *more(key),
        )
        case = Case(f"{ref}-{number:05}", journey(*events, case_ref=f"{ref}-{number:05}"), 1, "Luton", "Burglary")
        crimes.append(
            CrimeWithCases("test", f"40/{number}/26", "Burglary", "Luton", [VictimCase(case, name, held=held)])
        )
    last = max(e.recorded_at for crime in crimes for e in crime.cases[0].case.journey.events)
    recording = Recording(by=staff.SYSTEM, at=last, what="record crime", operation="collection")
    with force.database.writing() as connection:
        stored = bulk.open_cases(connection, crimes, recording=recording, law=force.law)
    make_findable(force.database, VAULT)
    return stored


def noon(day: str) -> datetime:
    """The instant of noon UTC on this day."""
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The reads that are sent to the database within the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine_event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        engine_event.remove(database.engine, "before_cursor_execute", note)

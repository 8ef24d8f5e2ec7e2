"""Small worlds: cases with random journeys in a database, and what a person would count by reading each of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from tests.builders import event
from tests.domain.random_journeys import CALENDAR, CODE, Writer
from victimcare.domain.case import Case
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.law import Law
from victimcare.store import bulk, cases, staff
from victimcare.store.database import Database

LAW = Law(CODE, CALENDAR)
AFTERWARDS = date(2035, 1, 1)
RECORDING = cases.Recording(by=staff.SYSTEM, at=datetime(2035, 1, 1, 12, tzinfo=UTC), what="import")


def store(database: Database, journeys: Iterable[Journey], *, law: Law = LAW) -> None:
    """Open a case with each of these journeys."""
    crimes = [
        bulk.CrimeWithCases("test", each.case_ref, "Burglary", "Luton", [bulk.VictimCase(_case(each))])
        for each in journeys
    ]
    with database.writing() as connection:
        staff.ensure_system(connection)
        bulk.open_cases(connection, crimes, recording=RECORDING, law=law)


def random_journeys(seed: int, count: int) -> list[Journey]:
    """So many journeys, the same for the same seed."""
    chance = Random(seed)
    return [_of_case(f"W{seed}-{number:03}", Writer(chance.randbytes(220)).write()) for number in range(count)]


def duties(journeys: Iterable[Journey]) -> list[Entitlement]:
    """Everything owed in these journeys."""
    return [entitlement for journey in journeys for entitlement in assess(journey, CODE, CALENDAR)]


def _case(journey: Journey) -> Case:
    return Case(journey.case_ref, journey, 1, "Luton", "Burglary")


def _of_case(ref: str, events: list[JourneyEvent]) -> Journey:
    """The events with keys of their own case, and with a case officer."""
    first = min(found.happened.on for found in events)
    assigned = event("officer_assigned", first, key=f"{ref}-officer", officer="ash", team="luton")
    return Journey.of(ref, [assigned, *(renamed(found, ref) for found in events)])


def renamed(found: JourneyEvent, ref: str) -> JourneyEvent:
    """The event with a key of the case `ref`, and so whatever it names."""
    details = dict(found.details)
    if "contact" in details:
        details["contact"] = f"{ref}-{details['contact']}"
    return replace(
        found,
        key=f"{ref}-{found.key}",
        corrects=found.corrects and f"{ref}-{found.corrects}",
        duties=tuple(replace(named, start=f"{ref}-{named.start}") for named in found.duties),
        details=details,
    )

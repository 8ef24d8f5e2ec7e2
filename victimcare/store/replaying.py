"""Reckoning a quarter once more from the journeys: as it was known on a past day, or by another edition of the Code.

Nothing is changed: every case that was open by the end of the quarter is read, in pages, and what it owes derived.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.agencies import OTHER_AGENCY, OWN_AGENCY
from victimcare.domain.calendar import LONDON
from victimcare.domain.compliance import Outcome
from victimcare.domain.counted import CountedDuty
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Tally
from victimcare.store import dues
from victimcare.store.cases import CASES, stored_case
from victimcare.store.database import Database
from victimcare.store.journeys import journeys_of
from victimcare.store.rebuilding import CHUNK, Progress, chunks


@dataclass(slots=True)
class Replay:
    """What was reckoned: the duties of the quarter, and which officers held those that are our own."""

    tally: Tally = field(default_factory=Tally)
    officers: set[str] = field(default_factory=set)


def replay(
    database: Database, quarter: Quarter, *, law: Law, known_on: date | None = None, progress: Progress | None = None
) -> Replay:
    """The duties of the quarter by `law`, from what was recorded by the end of `known_on` (London date), or by now."""
    found, done = Replay(), 0
    agencies = {agency for edition in law.code.editions for agency in edition.agencies}
    with database.reading() as connection:
        opened = select(CASES.c.id).where(CASES.c.opened_on < quarter.until_on).order_by(CASES.c.id)
        ids = connection.execute(opened).scalars().all()
    for some in chunks(ids, CHUNK):
        with database.reading() as connection:
            rows = list(_derived(connection, some, law, known_on))
        for row in rows:
            if row["reported_month"] in quarter.months and not row["policy"]:
                _add(found, row, row["owed_by"] if row["owed_by"] in agencies else OTHER_AGENCY)
        done += len(some)
        if progress:
            progress(done, len(ids))
    return found


def _derived(
    connection: Connection, case_ids: Sequence[int], law: Law, known_on: date | None
) -> Iterator[dict[str, Any]]:
    rows = connection.execute(select(CASES).where(CASES.c.id.in_(case_ids))).all()
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    for row in rows:
        journey = _as_known(journeys[row.id], known_on) if known_on else journeys[row.id]
        if any(event.kind is EventKind.OFFICER_ASSIGNED for event in journey.events):
            yield from dues.derive(row.id, stored_case(row, journey).case, law)[1]


def _as_known(journey: Journey, known_on: date) -> Journey:
    """What of it had been recorded by the end of the day: no correction without what it corrects."""
    until = datetime.combine(known_on + timedelta(days=1), time(), LONDON)
    known = [event for event in journey.events if event.recorded_at < until]
    while True:
        keys = {event.key for event in known}
        standing = [event for event in known if event.corrects is None or event.corrects in keys]
        if len(standing) == len(known):
            return replace(journey, events=tuple(standing))
        known = standing


def _add(found: Replay, row: dict[str, Any], agency: str) -> None:
    of = (row["right_number"], row["rule"], row["reported_month"], row["area"], row["crime_type"], row["tier"])
    found.tally.add(CountedDuty(agency, *of, row["team_id"], Outcome(row["outcome"]), None))
    found.tally.editions.add(row["edition"])
    if agency == OWN_AGENCY:
        found.officers.add(row["officer_id"])

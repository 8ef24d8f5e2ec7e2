"""Reckoning a quarter once more from the journeys: as it was known on a past day, or by another edition of the Code.

Nothing is changed: every case of which anything belongs to the quarter is read, in pages, and counted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select, union

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.calendar import LONDON
from victimcare.domain.case import Case, status_of
from victimcare.domain.counted import CONTINUITY, GAPS, QUALITY, SILENCE, STAGES_REACHED, STEPS, VICTIMS, CountedVictim
from victimcare.domain.counted_journeys import closing, days_of, gaps, silence, steps_and_stages
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Journey
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import DUTIES
from victimcare.domain.support_reached import support_reached
from victimcare.domain.tally import Counted, Tally
from victimcare.store import dues
from victimcare.store.breach_causes import KnownBreach, KnownBreaches, breaches_known
from victimcare.store.breaches import cause_when_found
from victimcare.store.cases import CASES, stored_case
from victimcare.store.database import Database
from victimcare.store.duty_counts import counted_duty
from victimcare.store.journeys import EVENTS, journeys_of
from victimcare.store.rebuilding import CHUNK, Progress, chunks
from victimcare.store.victim_counts import add_checks

_NONE = KnownBreach(overturned=False, cause=None)


@dataclass(slots=True)
class Replay:
    """What was reckoned: what belongs to the quarter, and which officers held those duties that are our own."""

    tally: Tally = field(default_factory=Tally)
    officers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Known:
    """By which law, and by when what counts had been recorded: until `until` (UTC instant), None for now."""

    quarter: Quarter
    law: Law
    known_on: date | None
    agencies: frozenset[str]

    @property
    def until(self) -> datetime | None:
        return datetime.combine(self.known_on + timedelta(days=1), time(), LONDON) if self.known_on else None

    @property
    def last_on(self) -> date:
        """The last day of the quarter that had come."""
        last_on = self.quarter.until_on - timedelta(days=1)
        return min(last_on, self.known_on) if self.known_on else last_on


@dataclass(frozen=True, slots=True)
class _KnownCase:
    """A case as it was known."""

    id: int
    case: Case
    opened_on: date
    chains: Collection[EventChain]


def replay(
    database: Database,
    quarter: Quarter,
    *,
    law: Law,
    of: Collection[str] = (DUTIES,),
    known_on: date | None = None,
    progress: Progress | None = None,
) -> Replay:
    """The quarter by `law`, from what was recorded by the end of `known_on` (London date), or by now.

    `of` says what of it is counted: `DUTIES`, and of `NO_DUTIES` any but the characteristics of victims. An answer that
    a victim gives anew takes the place of the one before, so that nobody can tell what was known of them.

    On a day before the quarter was over, those duties belong to it whose day had come.
    """
    found, done = Replay(), 0
    agencies = frozenset(agency for edition in law.code.editions for agency in edition.agencies)
    known = _Known(quarter, law, known_on, agencies)
    with database.reading() as connection:
        ids = _ids(connection, quarter)
        if QUALITY in of:
            add_checks(connection, found.tally, quarter, until=known.until)
    counting = dict.fromkeys(count for counted, count in _COUNTS.items() if counted in of)
    for some in chunks(ids, CHUNK):
        with database.reading() as connection:
            cases = list(_cases(connection, some, known))
            breaches = breaches_known(connection, some, until=known.until) if DUTIES in of else {}
        for case in cases:
            if DUTIES in of:
                _add_duties(found, case, known, breaches)
            for one in (one for count in counting for one in count(case, known)):
                found.tally.add(one)
        done += len(some)
        if progress:
            progress(done, len(ids))
    return found


def _ids(connection: Connection, quarter: Quarter) -> list[int]:
    """Every case that was opened by the end of the quarter, or in which something happened by then."""
    opened = select(CASES.c.id).where(CASES.c.opened_on < quarter.until_on)
    began_later = select(CASES.c.id).where(CASES.c.opened_on >= quarter.until_on)
    told_of = select(EVENTS.c.case_id).where(EVENTS.c.case_id.in_(began_later), EVENTS.c.happened_on < quarter.until_on)
    return sorted(connection.execute(union(opened, told_of)).scalars())


def _cases(connection: Connection, case_ids: Collection[int], known: _Known) -> Iterator[_KnownCase]:
    """Those of them that somebody had opened."""
    rows = connection.execute(select(CASES).where(CASES.c.id.in_(case_ids)).order_by(CASES.c.id)).all()
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    for row in rows:
        journey = _as_known(journeys[row.id], known.until) if known.until else journeys[row.id]
        if any(event.kind is EventKind.OFFICER_ASSIGNED for event in journey.events):
            yield _KnownCase(row.id, stored_case(row, journey).case, row.opened_on, journey.chains().values())


def _as_known(journey: Journey, until: datetime) -> Journey:
    """What of it had been recorded: no correction without what it corrects."""
    known = [event for event in journey.events if event.recorded_at < until]
    while True:
        keys = {event.key for event in known}
        standing = [event for event in known if event.corrects is None or event.corrects in keys]
        if len(standing) == len(known):
            return replace(journey, events=tuple(standing))
        known = standing


def _add_duties(found: Replay, case: _KnownCase, known: _Known, breaches: Mapping[int, KnownBreaches]) -> None:
    rows = dues.derive(case.id, case.case, known.law)[1]
    told = [row for row in rows if _belongs(row, known)]
    if not told:
        return
    recorded_at = {event.key: event.recorded_at for event in case.case.journey.events}
    attempts = [day.on for day in days_of(case.chains) if day.kind is EventKind.CONTACT_ATTEMPTED]
    for row in told:
        breach = breaches.get(case.id, {}).get((row["rule"], row["start_key"]), _NONE)
        found.tally.add(
            counted_duty(
                row,
                agencies=known.agencies,
                cause=cause_when_found(row) if breach.said_later else breach.cause,
                was_overturned=breach.overturned,
                recorded_at=recorded_at.get(row["ended_by"]),
                attempts=attempts,
                working_days=known.law.calendar.working_days_between,
            )
        )
        found.tally.editions.add(row["edition"])
        if row["owed_by"] == OWN_AGENCY:
            found.officers.add(row["officer_id"])


def _belongs(row: Mapping[str, Any], known: _Known) -> bool:
    """Whether it is a duty of the Code, of the quarter, and its day had come."""
    in_quarter = row["reported_month"] in known.quarter.months and not row["policy"]
    return in_quarter and bool(row["reported_on"] <= known.last_on)


def _is_void(case: _KnownCase) -> bool:
    return status_of(case.chains) == "void"


def _victim(case: _KnownCase, known: _Known) -> Iterator[Counted]:
    if known.quarter.has(case.opened_on) and not _is_void(case):
        of, team = case.case, case.case.holder.team_id
        yield CountedVictim(f"{case.opened_on:%Y-%m}", of.area, of.crime_type, team, support_reached(of.journey))


def _gaps(case: _KnownCase, known: _Known) -> Iterator[Counted]:
    if not _is_void(case):
        yield from gaps(case.chains, area=case.case.area, quarter=known.quarter)


def _steps_and_stages(case: _KnownCase, known: _Known) -> Iterator[Counted]:
    if not _is_void(case):
        yield from steps_and_stages(days_of(case.chains), known.quarter)


def _closing(case: _KnownCase, known: _Known) -> Iterator[Counted]:
    if not _is_void(case):
        officers = len({period.officer_id for period in case.case.custody()})
        yield from closing(case.chains, officers=officers, quarter=known.quarter)


def _silence(case: _KnownCase, known: _Known) -> Iterator[Counted]:
    if case.opened_on < known.quarter.until_on:
        yield from silence(case.chains, opened_on=case.opened_on, last_on=known.last_on)


_COUNTS: Mapping[str, Callable[[_KnownCase, _Known], Iterator[Counted]]] = {
    VICTIMS: _victim,
    GAPS: _gaps,
    STEPS: _steps_and_stages,
    STAGES_REACHED: _steps_and_stages,
    CONTINUITY: _closing,
    SILENCE: _silence,
}

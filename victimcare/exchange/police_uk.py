"""Importing what data.police.uk publishes: crimes with a victim become cases, outcomes become events of their journeys.

Every chunk is one transaction, and what is made depends only on what was published: importing again, in another
order, or after an interruption ends in the same state. docs/police-uk.md says what becomes of each row.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.editions.workload import published_weights
from victimcare.exchange.police_uk_cases import Allocator, case_of, event_of_outcome, key_of, reference_of
from victimcare.exchange.police_uk_files import (
    FileRefused,
    OutcomeRow,
    Place,
    PublishedFile,
    StreetRow,
    find_files,
    read_file,
)
from victimcare.exchange.police_uk_mapping import AREAS, ELSEWHERE, SOURCE
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.rejects import Rejects
from victimcare.store import bulk, crimes, staff
from victimcare.store.bulk import ChangedCase, CrimeWithCases, VictimCase
from victimcare.store.cases import Recording, load_many
from victimcare.store.database import Database

_KEPT_EARLIER = Place("kept from an earlier import", None)
_Item = TypeVar("_Item")
_Outcomes = dict[tuple[date, str], OutcomeRow]


@dataclass(slots=True)
class ImportReport:
    """What became of each row read.

    `crimes` had a victim; `cases` and `events` were newly made; `excluded` counts crimes of the types without a
    victim. `left_out` outcomes are those of excluded crimes, `refused` the files of which nothing was stored.
    """

    files: int = 0
    rows: int = 0
    crimes: int = 0
    cases: int = 0
    events: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    duplicate: int = 0
    unmatched: int = 0
    rejected: int = 0
    left_out: int = 0
    refused: list[FileRefused] = field(default_factory=list)
    rejects_path: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """The figures that `--json` prints."""
        names = ("files", "rows", "crimes", "cases", "events")
        more = ("unchanged", "duplicate", "unmatched", "rejected")
        excluded = dict(sorted(self.excluded.items()))
        return {n: getattr(self, n) for n in names} | {"excluded": excluded} | {n: getattr(self, n) for n in more}


def import_police_uk(
    database: Database,
    paths: Sequence[Path],
    *,
    law: Law,
    now: datetime,
    progress: Tick = no_progress,
    rejects_path: Path | None = None,
    chunk: int = bulk.CHUNK,
) -> ImportReport:
    """Import these files and folders; refused rows go to `rejects_path`, refused files into the report.

    `progress` is told rows done and rows in all after each transaction. Raises `NothingToImport`, and `NobodyOnDuty`
    where there are teams but none that could hold a case.
    """
    files, refused = _read(find_files(paths), latest_month=london_date(now).replace(day=1))
    gc.freeze()  # what was read stays until the end: no need to look for garbage in it again and again
    try:
        with Rejects(rejects_path) as rejects:
            importing = _Import(database, law, now, rejects, progress, chunk)
            importing.report.refused = refused
            importing.run(files)
    finally:
        gc.unfreeze()
    return importing.report


def _read(paths: Iterable[Path], *, latest_month: date) -> tuple[list[PublishedFile], list[FileRefused]]:
    files, refused = [], []
    for path in paths:
        try:
            files.append(read_file(path, latest_month=latest_month))
        except FileRefused as refusal:
            refused.append(refusal)
    return files, refused


class _Import:
    """One run: what was read so far of each crime, and the report."""

    def __init__(
        self, database: Database, law: Law, now: datetime, rejects: Rejects, progress: Tick, chunk: int
    ) -> None:
        self.report = ImportReport()
        self._database = database
        self._law = law
        self._rejects = rejects
        self._progress = progress
        self._chunk = chunk
        self._done = 0
        self._kept: dict[str, str | None] = {}
        self._outcomes: dict[str, _Outcomes] = {}
        self._recording = Recording(
            by=staff.SYSTEM, at=now, what=f"import {SOURCE}", operation="collection", source=SOURCE
        )

    def run(self, files: Sequence[PublishedFile]) -> None:
        self.report.files = len(files)
        self.report.rows = sum(file.rows for file in files)
        for bad in (bad for file in files for bad in file.bad):
            self._reject(bad.place, bad.why)
        if self.report.rows > self._rejects.count:
            self._allocator = self._prepare_allocation()
            self._collect_outcomes(row for file in files for row in file.outcomes)
            self._import_crimes(row for file in files for row in file.streets)
            self._import_outcomes()
        self._tick(self.report.rows - self._done)
        self.report.rejected = self._rejects.count
        self.report.rejects_path = self._rejects.path if self._rejects.count else None

    def _prepare_allocation(self) -> Allocator:
        with self._database.writing() as connection:
            staff.ensure_system(connection)
            crimes.ensure_holding_teams(connection, [*AREAS.values(), ELSEWHERE])
        with self._database.reading() as connection:
            return Allocator(
                staff.candidates(connection, today=self._recording.on, weights=published_weights()),
                staff.teams_on_duty(connection),
                already_held=crimes.cases_by_officer(connection, source=SOURCE),
            )

    def _collect_outcomes(self, rows: Iterable[OutcomeRow]) -> None:
        for row in rows:
            of_crime = self._outcomes.setdefault(row.crime_ref, {})
            if of_crime.setdefault((row.month, row.words), row) is not row:
                self.report.duplicate += 1

    def _import_crimes(self, rows: Iterable[StreetRow]) -> None:
        for some in _batched(rows, self._chunk):
            with self._database.writing() as connection:
                crimes.lock_imports(connection)
                refs = [row.crime_ref for row in some if row.crime_ref]
                stored = crimes.fingerprints(connection, source=SOURCE, refs=refs)
                self._open(connection, [row for row in some if self._is_new(row, stored)])
            self._tick(len(some))

    def _is_new(self, row: StreetRow, stored: Mapping[str, str | None]) -> bool:
        """Whether to store the crime; what becomes of the row if not is counted here."""
        ref = row.crime_ref
        if ref in self._kept:
            if self._kept[ref] == row.fingerprint:
                self.report.duplicate += 1
            else:
                self._reject(row.place, "it differs from the first row of its Crime ID, which is kept")
            return False
        if ref:
            self._kept[ref] = stored.get(ref, row.fingerprint)
            if self._kept[ref] != row.fingerprint:
                self._reject(row.place, "it differs from the row stored for its Crime ID, which is kept")
                return False
        if row.has_victim:
            self.report.crimes += 1
            self.report.unchanged += ref in stored
        else:
            self.report.excluded[row.crime_type] += 1
        return bool(ref) and ref not in stored

    def _open(self, connection: Connection, rows: Sequence[StreetRow]) -> None:
        if not rows:
            return
        waiting = crimes.take_unmatched(connection, source=SOURCE, refs=[row.crime_ref for row in rows])
        references = _free_references(connection, [row.crime_ref for row in rows if row.has_victim])
        opened = []
        for row in rows:
            outcomes = self._outcomes.pop(row.crime_ref, {})
            if not row.has_victim:
                self.report.left_out += len(outcomes)
                opened.append(_crime(row))
                continue
            for kept in waiting.get(row.crime_ref, ()):
                earlier = OutcomeRow(_KEPT_EARLIER, row.crime_ref, kept.happened_on, kept.outcome)
                outcomes.setdefault((earlier.month, earlier.words), earlier)
            opened.append(self._crime_with_case(row, references[row.crime_ref], outcomes))
        bulk.open_cases(connection, opened, recording=self._recording, law=self._law)

    def _crime_with_case(self, row: StreetRow, ref: str, outcomes: _Outcomes) -> CrimeWithCases:
        allocation = self._allocator.allocate(row.area)
        usable = [outcome for outcome in outcomes.values() if not self._too_early(outcome, row.month)]
        case = case_of(row, ref=ref, outcomes=usable, allocation=allocation, now=self._recording.at)
        self.report.cases += 1
        self.report.events += len(case.journey.events)
        return _crime(row, VictimCase(case, held=allocation.held))

    def _import_outcomes(self) -> None:
        for some in _batched(list(self._outcomes.items()), self._chunk):
            with self._database.writing() as connection:
                crimes.lock_imports(connection)
                self._store_outcomes(connection, dict(some))
            self._tick(sum(len(outcomes) for _, outcomes in some))

    def _store_outcomes(self, connection: Connection, by_crime: Mapping[str, _Outcomes]) -> None:
        known = crimes.cases_of(connection, source=SOURCE, refs=list(by_crime))
        unmatched = [row for ref, outcomes in by_crime.items() if ref not in known for row in outcomes.values()]
        self.report.unmatched += len(unmatched)
        crimes.keep_unmatched(connection, [_waiting(row) for row in unmatched], source=SOURCE)
        self.report.left_out += sum(len(by_crime[ref]) for ref, cases in known.items() if not cases)
        published = {
            key_of(case.ref, row.month, row.words): (case, row)
            for ref, cases in known.items()
            for case in cases
            for row in by_crime[ref].values()
        }
        stored = crimes.event_keys_in_use(connection, list(published))
        self.report.unchanged += len(stored)
        new: dict[int, list[OutcomeRow]] = {}
        for key, (case, row) in published.items():
            if key not in stored and not self._too_early(row, case.opened_on.replace(day=1)):
                new.setdefault(case.id, []).append(row)
        self._append(connection, new)

    def _append(self, connection: Connection, new: Mapping[int, Sequence[OutcomeRow]]) -> None:
        changes = []
        for before in load_many(connection, list(new)):
            ref, now = before.case.ref, self._recording.at
            events = [event_of_outcome(row, case_ref=ref, now=now) for row in new[before.id]]
            changes.append(ChangedCase(before, before.case.record(*events)))
            self.report.events += len(events)
        bulk.append_events(connection, changes, recording=self._recording, law=self._law)

    def _too_early(self, row: OutcomeRow, crime_month: date) -> bool:
        if row.month < crime_month:
            self._reject(row.place, f"an outcome of {row.month:%Y-%m} for a crime of {crime_month:%Y-%m}")
        return row.month < crime_month

    def _reject(self, place: Place, why: str) -> None:
        self._rejects.add(place.file, place.line, why)

    def _tick(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self.report.rows)


def _crime(row: StreetRow, *cases: VictimCase) -> CrimeWithCases:
    return CrimeWithCases(SOURCE, row.crime_ref, row.crime_type, row.area, cases, row.fingerprint)


def _waiting(row: OutcomeRow) -> crimes.WaitingOutcome:
    return crimes.WaitingOutcome(key_of(row.crime_ref, row.month, row.words), row.crime_ref, row.month, row.words)


def _free_references(connection: Connection, crime_refs: Sequence[str]) -> dict[str, str]:
    """A case reference for each crime: by its id, and by another of its references where that one is taken."""
    references: dict[str, str] = {}
    wanting, attempt = list(crime_refs), 0
    while wanting:
        wanted = {crime_ref: reference_of(crime_ref, attempt) for crime_ref in wanting}
        taken = crimes.references_in_use(connection, list(wanted.values())).union(references.values())
        for crime_ref, reference in wanted.items():
            if reference not in taken:
                references[crime_ref] = reference
                taken.add(reference)
        wanting = [crime_ref for crime_ref in wanting if crime_ref not in references]
        attempt += 1
    return references


def _batched(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some

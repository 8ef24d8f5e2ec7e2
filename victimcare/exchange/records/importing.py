"""Importing records of a force's own systems: read file by file, taken some at a time, and reconciled at the end.

Every chunk is one transaction, and what becomes of a record depends on what was said and not on the run that reads it:
again, in another order, or after an interruption it ends the same (docs/integration.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from victimcare.domain.law import Law
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.records.decisions import Fate, Taking
from victimcare.exchange.records.files import readable_files, records_in
from victimcare.exchange.records.lines import FileRefused, Place
from victimcare.exchange.records.profiles import Profile
from victimcare.exchange.records.reading import Bad, Read
from victimcare.exchange.records.reconciling import Reconciliation, reconcile
from victimcare.exchange.records.schema import KINDS
from victimcare.exchange.records.seen import Seen, SeenRecord
from victimcare.exchange.records.taking import Taken, take, take_again
from victimcare.exchange.rejects import Rejects
from victimcare.store import crimes, source_records, staff
from victimcare.store.database import Database
from victimcare.store.faults import Fault, fault_of
from victimcare.store.source_records import NEXT_IMPORT
from victimcare.store.vault import Vault

CHUNK = 40
"""Records that one transaction takes: under a quarter of a second, so that nobody waits long."""
KEPT_EARLIER = Place("kept from an earlier import", None)
_WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds after which a record is tried again that others are writing to."""
T = TypeVar("T")
_ORDER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(slots=True)
class RecordsReport:
    """What became of what was read: records by kind and fate, and how the two sides compare.

    `joined` had waited since an earlier import. `kept_here` changed at the source and here, and stay as they are here.
    """

    files: int = 0
    lines: int = 0
    fates: dict[str, Counter[str]] = field(default_factory=dict)
    duplicate: int = 0
    joined: int = 0
    kept_here: int = 0
    rejected: int = 0
    refused: list[FileRefused] = field(default_factory=list)
    rejects_path: Path | None = None
    reconciliation: Reconciliation = field(default_factory=Reconciliation)

    @property
    def is_whole(self) -> bool:
        """Whether all that was read is here as it was said, or waits; what was kept as it is here is not."""
        return not (self.refused or self.rejected or self.kept_here) and self.reconciliation.agrees

    def as_json(self) -> dict[str, Any]:
        """The figures that `--json` prints."""
        names = ("files", "lines", "duplicate", "joined", "kept_here", "rejected")
        fates = {kind: dict(sorted(self.fates[kind].items())) for kind in KINDS if kind in self.fates}
        refused = [{"file": str(each.path), "reason": each.why} for each in self.refused]
        return (
            {name: getattr(self, name) for name in names}
            | {"records": fates, "refused": refused}
            | {"reconciliation": self.reconciliation.as_json()}
        )


def import_records(
    database: Database,
    paths: Sequence[Path],
    *,
    law: Law,
    vault: Vault,
    now: datetime,
    profile: Profile | None = None,
    progress: Tick = no_progress,
    rejects_path: Path | None = None,
    chunk: int = CHUNK,
) -> RecordsReport:
    """Import these files and folders; refused records go to `rejects_path`, refused files into the report.

    `progress` is told lines done and lines in all. Raises `NothingToRead`.
    """
    files, refused, lines = readable_files(paths, profile)
    with database.writing() as connection:
        staff.ensure_system(connection)
    with Rejects(rejects_path, fields=True) as rejects, Seen() as seen:
        run = _Run(database, law, vault, now, rejects, seen)
        run.report.files, run.report.lines, run.report.refused = len(files), lines, refused
        done = 0
        for path in files:
            read = records_in(path, profile)
            for some in batched(read, chunk):
                run.take(some)
                progress(done + (some[-1].place.line or 0), lines)
            done += _lines_of(path, files, lines, done)
        run.finish()
        progress(lines, lines)
    return run.report


def _lines_of(path: Path, files: Sequence[Path], lines: int, done: int) -> int:
    """Roughly how far the next file begins: where all are alike, an equal share."""
    return (lines - done) // max(1, len(files) - files.index(path))


class _Run:
    """One run: its report, and what it has seen."""

    def __init__(self, database: Database, law: Law, vault: Vault, now: datetime, rejects: Rejects, seen: Seen) -> None:
        self.report = RecordsReport()
        self._database, self._law, self._vault, self._now = database, law, vault, now
        self._rejects, self._seen = rejects, seen
        self._tried: set[tuple[str, str, str]] = set()

    def take(self, some: Sequence[Read | Bad]) -> None:
        """Take these, each after what it can hang on; then say what was refused."""
        read = sorted((one for one in some if isinstance(one, Read)), key=lambda one: _ORDER[one.record.kind])
        taken = self._written(read, lambda taking, one: take(taking, one.record))
        for bad in (one for one in some if isinstance(one, Bad)):
            self._rejects.add(bad.place.file, bad.place.line, bad.why, field=bad.field)
        for one, outcomes in zip(read, taken, strict=True):
            self._see(one, disposed=any(each.fate is Fate.DISPOSED for each in outcomes))
            for outcome in outcomes:
                self._count(outcome, KEPT_EARLIER if outcome.had_waited else one.place)

    def _written(self, items: Sequence[T], how: Callable[[Taking, T], list[Taken]]) -> list[list[Taken]]:
        """What became of each: in one transaction, or in one of its own where others write the same at that moment."""
        try:
            return self._in_one(items, how)
        except DBAPIError as error:
            if fault_of(error) is not Fault.BUSY:
                raise
        return [self._patiently(item, how) for item in items]

    def _patiently(self, item: T, how: Callable[[Taking, T], list[Taken]]) -> list[Taken]:
        for wait in _WAITS:
            try:
                return self._in_one([item], how)[0]
            except DBAPIError as error:
                if fault_of(error) is not Fault.BUSY:
                    raise
            sleep(wait)
        return self._in_one([item], how)[0]

    def _in_one(self, items: Sequence[T], how: Callable[[Taking, T], list[Taken]]) -> list[list[Taken]]:
        with self._database.writing() as connection:
            crimes.lock_imports(connection)
            taking = Taking(connection, self._law, self._vault, self._now)
            return [how(taking, item) for item in items]

    def _see(self, one: Read, *, disposed: bool) -> None:
        record = one.record
        key = (record.source, record.kind, record.id)
        content_hash = self._vault.hash(record.content())
        if self._seen.see(SeenRecord(*key, record.version, content_hash, one.place, disposed=disposed)):
            self.report.duplicate += 1

    def _count(self, outcome: Taken, place: Place) -> None:
        for refused in outcome.refusals:
            self._rejects.add(place.file, place.line, refused.why, field=refused.field)
            self._tried.add(outcome.name)
        for name in outcome.kept_here:
            why = "it changed at the source and here: what was recorded here stays"
            self._rejects.add(place.file, place.line, why, field=name)
            self.report.kept_here += 1
        if outcome.fate is None:
            return
        if outcome.had_waited:
            self.report.joined += outcome.fate is Fate.NEW
        else:
            of_kind = self.report.fates.setdefault(outcome.name[1], Counter())
            of_kind[str(outcome.fate)] += 1

    def _take_again(self) -> None:
        """Take what earlier imports refused when it was joined, of the systems that were read."""
        with self._database.reading() as connection:
            waiting = [
                kept
                for source in sorted({source for source, _ in self._seen.kinds()})
                for kept in source_records.waiting_for(connection, source=source, what=NEXT_IMPORT, vault=self._vault)
                if (kept.source, kept.kind, kept.source_id) not in self._tried
            ]
        remaining = iter(waiting)
        while some := list(islice(remaining, CHUNK)):
            for outcomes in self._written(some, take_again):
                for outcome in outcomes:
                    self._count(outcome, KEPT_EARLIER)

    def finish(self) -> None:
        """Take again what was refused before, and compare what was read with what is here."""
        self._take_again()
        self.report.rejected = self._rejects.count - self.report.kept_here
        self.report.rejects_path = self._rejects.path if self._rejects.count else None
        with self._database.reading() as connection:
            taking = Taking(connection, self._law, self._vault, self._now)
            self.report.reconciliation = reconcile(taking, self._seen)


def batched(items: Iterable[Read | Bad], size: int) -> Iterator[list[Read | Bad]]:
    """Some at a time."""
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some

"""Importing records of a force's own systems: read file by file, taken some at a time, and reconciled at the end.

Every chunk is one transaction, and what becomes of a record depends on what was said and not on the run that reads it:
again, in another order, or after an interruption it ends the same (docs/integration.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from victimcare.domain.law import Law
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.records.decisions import Fate, Taking
from victimcare.exchange.records.files import readable_files, records_in
from victimcare.exchange.records.lines import FileRefused
from victimcare.exchange.records.profiles import Profile
from victimcare.exchange.records.reading import Bad, Read
from victimcare.exchange.records.reconciling import Reconciliation, reconcile
from victimcare.exchange.records.schema import KINDS
from victimcare.exchange.records.seen import Seen, SeenRecord
from victimcare.exchange.records.taking import Taken, take
from victimcare.exchange.rejects import Rejects
from victimcare.store import crimes, staff
from victimcare.store.database import Database
from victimcare.store.vault import Vault

CHUNK = 40
"""Records that one transaction takes: under a quarter of a second, so that nobody waits long."""
KEPT_EARLIER = "kept from an earlier import"
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
        """Whether all that was read is here as it was said, or waits."""
        return not self.refused and not self.rejected and self.reconciliation.agrees

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

    def take(self, some: Sequence[Read | Bad]) -> None:
        """Take these in one transaction, each after what it can hang on; then say what was refused."""
        read = sorted((one for one in some if isinstance(one, Read)), key=lambda one: _ORDER[one.record.kind])
        taken: list[tuple[Read, list[Taken]]] = []
        with self._database.writing() as connection:
            crimes.lock_imports(connection)
            taking = Taking(connection, self._law, self._vault, self._now)
            for one in read:
                taken.append((one, take(taking, one.record)))
        for bad in (one for one in some if isinstance(one, Bad)):
            self._rejects.add(bad.place.file, bad.place.line, bad.why, field=bad.field)
        for one, outcomes in taken:
            self._count(one, outcomes)

    def _count(self, one: Read, outcomes: Sequence[Taken]) -> None:
        record = one.record
        content_hash = self._vault.hash(record.content())
        disposed = any(each.fate is Fate.DISPOSED for each in outcomes)
        key = (record.source, record.kind, record.id)
        seen = SeenRecord(*key, record.version, content_hash, one.place, disposed=disposed)
        if self._seen.see(seen):
            self.report.duplicate += 1
        for outcome in outcomes:
            place = (KEPT_EARLIER, None) if outcome.had_waited else (one.place.file, one.place.line)
            if outcome.refused is not None:
                self._rejects.add(*place, outcome.refused.why, field=outcome.refused.field)
                continue
            for name in outcome.kept_here:
                why = "it changed at the source and here: what was recorded here stays"
                self._rejects.add(*place, why, field=name)
                self.report.kept_here += 1
            if outcome.had_waited:
                self.report.joined += outcome.fate is Fate.NEW
            else:
                of_kind = self.report.fates.setdefault(record.kind, Counter())
                of_kind[str(outcome.fate)] += 1

    def finish(self) -> None:
        """Compare what was read with what is here."""
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

"""Importing records of a force's own systems: all are read, then taken some at a time, and reconciled at the end.

What is new with all that hangs on it is taken in one piece (`whole_crimes.py`), everything else record by record.
Every chunk is one transaction, and what becomes of a record depends on what was said and not on the run that reads it:
again, in another order, or after an interruption it ends the same (docs/integration.md).
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from victimcare.commands.allocate_many import Allocator
from victimcare.domain.law import Law
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.records.decisions import Fate, Taking
from victimcare.exchange.records.files import readable_files, records_in
from victimcare.exchange.records.lines import FileRefused, Place
from victimcare.exchange.records.profiles import Profile
from victimcare.exchange.records.reading import Bad, PassedOver, Read
from victimcare.exchange.records.reconciling import Reconciliation, reconcile
from victimcare.exchange.records.schema import KINDS
from victimcare.exchange.records.seen import Seen, SeenRecord
from victimcare.exchange.records.staging import StagedRecord, Staging
from victimcare.exchange.records.taking import Taken, take, take_again
from victimcare.exchange.records.whole_crimes import take_whole
from victimcare.exchange.rejects import Rejects
from victimcare.store import crimes, source_records, staff
from victimcare.store.database import Database
from victimcare.store.faults import Fault, fault_of
from victimcare.store.source_records import NEXT_IMPORT, STORED, Kept, content_of
from victimcare.store.vault import Vault

CHUNK = 500
"""Records that one transaction takes, of crimes that are taken in one piece: see `store/bulk.py`."""
ONE_BY_ONE = 20
"""Records that one transaction takes of the others: nobody waits for either longer than for a page."""
KEPT_EARLIER = Place("kept from an earlier import", None)
_WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds after which a record is tried again that others are writing to."""
_OBJECTS = 50_000
"""New objects after which garbage is looked for."""
T = TypeVar("T")


@dataclass(slots=True)
class RecordsReport:
    """What became of what was read: records by kind and fate, and how the two sides compare.

    `joined` had waited since an earlier import. `kept_here` changed at the source and here, and stay as they are here.
    `in_one_piece` are the records that were taken with all of their crime, `passed_over` the rows of which the profile
    makes none.
    """

    files: int = 0
    lines: int = 0
    fates: dict[str, Counter[str]] = field(default_factory=dict)
    duplicate: int = 0
    joined: int = 0
    kept_here: int = 0
    in_one_piece: int = 0
    passed_over: int = 0
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
        names = ("files", "lines", "duplicate", "joined", "kept_here", "passed_over", "rejected")
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
    in_one_piece: bool = True,
) -> RecordsReport:
    """Import these files and folders; refused records go to `rejects_path`, refused files into the report.

    `progress` is told how much is done, and of how much: each record is read first, and then taken. Without
    `in_one_piece` every record is taken by itself, which is slow and ends the same. Raises `NothingToRead`.
    """
    files, refused, lines = readable_files(paths, profile)
    with database.writing() as connection:
        staff.ensure_system(connection)
    with _little_garbage(), Rejects(rejects_path, fields=True) as rejects, Seen() as seen, Staging(vault) as staging:
        run = _Run(database, law, vault, now, rejects, seen)
        run.report.files, run.report.lines, run.report.refused = len(files), lines, refused
        read = 0
        for path in files:
            for some in batched(records_in(path, profile), CHUNK):
                run.stage(some, staging)
                read += len(some)
                progress(read, 2 * max(lines, read))
        taken = 0
        for groups in _enough(staging.groups(), chunk):
            taken += run.take(groups, in_one_piece=in_one_piece)
            progress(read + taken, 2 * max(lines, read))
        run.finish()
        progress(2 * lines, 2 * lines)
    return run.report


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Look for garbage seldom, and not in what was there before: a fifth of the time, for some megabytes."""
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


def _enough(groups: Iterable[list[StagedRecord]], chunk: int) -> Iterator[list[list[StagedRecord]]]:
    """Groups of records that together have as many as a transaction takes, or a few more; officers by themselves.

    They are here before any case is allocated.
    """
    some: list[list[StagedRecord]] = []
    count = 0
    for group in groups:
        if some and _are_officers(some[-1]) and not _are_officers(group):
            yield some
            some, count = [], 0
        some.append(group)
        count += len(group)
        if count >= chunk:
            yield some
            some, count = [], 0
    if some:
        yield some


def _are_officers(group: Sequence[StagedRecord]) -> bool:
    return group[0].key[1] == "officer"


class _Run:
    """One run: its report, and what it has seen."""

    def __init__(self, database: Database, law: Law, vault: Vault, now: datetime, rejects: Rejects, seen: Seen) -> None:
        self.report = RecordsReport()
        self._database, self._law, self._vault, self._now = database, law, vault, now
        self._rejects, self._seen = rejects, seen
        self._tried: set[tuple[str, str, str]] = set()
        self._allocator = Allocator()

    def stage(self, some: Sequence[Read | Bad | PassedOver], staging: Staging) -> None:
        """Keep what was read until it is taken; say what cannot be read."""
        for one in some:
            if isinstance(one, PassedOver):
                self.report.passed_over += 1
                continue
            if isinstance(one, Bad):
                self._rejects.add(one.place.file, one.place.line, one.why, field=one.field)
                continue
            record, said = one.record, one.record.as_said()
            content_hash = self._vault.hash(content_of(said))
            seen = SeenRecord(record.source, record.kind, record.id, record.version, content_hash, one.place)
            self.report.duplicate += self._seen.see(seen)
            staging.add(record, said, content_hash, one.place)

    def take(self, groups: Sequence[Sequence[StagedRecord]], *, in_one_piece: bool) -> int:
        """Take these, in one piece what can be, and the others one by one; how many records they were."""
        done = self._at_once(groups) if in_one_piece else set()
        read = [one for group in groups for one in group]
        left = iter([one for one in read if one.number not in done])
        while some := list(islice(left, ONE_BY_ONE)):
            self._allocator.forget()
            taken = self._written(some, lambda taking, one: take(taking, one.record(taking.vault)))
            for one, outcomes in zip(some, taken, strict=True):
                if any(each.fate is Fate.DISPOSED for each in outcomes):
                    self._seen.dispose(*one.key)
                for outcome in outcomes:
                    self._count(outcome, KEPT_EARLIER if outcome.had_waited else one.place)
        return len(read)

    def _at_once(self, groups: Sequence[Sequence[StagedRecord]]) -> set[int]:
        """Take what is new in one piece, and pass over what is here as it is said; the numbers of both.

        Where the database refuses any of it nothing was taken, and it is known one by one what is wrong with which.
        """
        try:
            with self._database.writing() as connection:
                crimes.lock_imports(connection)
                taking = Taking(connection, self._law, self._vault, self._now)
                times = Counter(one.key for group in groups for one in group)
                kept = source_records.find_many(connection, times, self._vault)
                same = [o for g in groups for o in g if times[o.key] == 1 and _is_here(o, kept.get(o.key))]
                new = take_whole(taking, groups, kept, self._allocator)
        except DBAPIError as error:
            self._allocator.forget()
            if fault_of(error) is not Fault.BUSY and not isinstance(error, (IntegrityError, DataError)):
                raise
            return set()
        for fate, numbers in ((Fate.UNCHANGED, {one.number for one in same}), (Fate.NEW, new)):
            for one in (one for group in groups for one in group if one.number in numbers):
                self._add_fate(one.key[1], fate)
        self.report.in_one_piece += len(new)
        return new | {one.number for one in same}

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
            self._add_fate(outcome.name[1], outcome.fate)

    def _add_fate(self, kind: str, fate: Fate) -> None:
        of_kind = self.report.fates.setdefault(kind, Counter())
        of_kind[str(fate)] += 1

    def _take_again(self) -> None:
        """Take what earlier imports refused when it was joined, of the systems that were read."""
        with self._database.reading() as connection:
            waiting = [
                kept
                for source in sorted({source for source, _ in self._seen.kinds()})
                for kept in source_records.waiting_for(connection, source=source, what=NEXT_IMPORT, vault=self._vault)
                if kept.key not in self._tried
            ]
        remaining = iter(waiting)
        while some := list(islice(remaining, ONE_BY_ONE)):
            for outcomes in self._written(some, take_again):
                for outcome in outcomes:
                    self._count(outcome, KEPT_EARLIER)

    def _take_in_turn(self) -> None:
        """Join what waited for a record that came, and was more than is joined to it at once."""
        while some := self._whose_turn_it_is():
            for outcomes in self._written(some, take_again):
                for outcome in outcomes:
                    self._count(outcome, KEPT_EARLIER)

    def _whose_turn_it_is(self) -> list[Kept]:
        with self._database.reading() as connection:
            return source_records.whose_turn_it_is(connection, limit=ONE_BY_ONE, vault=self._vault)

    def finish(self) -> None:
        """Take those whose turn it is and what was refused before, and compare what was read with what is here."""
        self._take_in_turn()
        self._take_again()
        self.report.rejected = self._rejects.count - self.report.kept_here
        self.report.rejects_path = self._rejects.path if self._rejects.count else None
        with self._database.reading() as connection:
            taking = Taking(connection, self._law, self._vault, self._now)
            self.report.reconciliation = reconcile(taking, self._seen)


def _is_here(one: StagedRecord, kept: Kept | None) -> bool:
    """Whether it is here as it is said, under the same version."""
    if kept is None or kept.state != STORED:
        return False
    return (kept.version, kept.content_hash) == (one.version, one.content_hash)


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Some at a time."""
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some

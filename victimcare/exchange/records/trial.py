"""Trying a profile on the first rows of an export: what each would be, and what is wrong. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from victimcare.exchange.records.cells import LIST_SEPARATOR
from victimcare.exchange.records.csv_files import Row, rows_in
from victimcare.exchange.records.decisions import SAID_OTHERWISE
from victimcare.exchange.records.lines import Place, lines_of
from victimcare.exchange.records.profiles import Export, Profile
from victimcare.exchange.records.reading import Bad, PassedOver, Read

MOST_READ = 2_000
"""Lines of a sample that are read: a profile is tried while somebody waits for the page."""
MOST_SHOWN, MOST_WRONG = 5, 50
"""Rows whose records are shown whole, and faults that are named; all that are read are counted."""
_HEAD = ("kind", "event", "source", "id", "version")


@dataclass(frozen=True, slots=True)
class TriedRecord:
    """One record of a row: what it is called here, its version, and its other fields by path, as they were read."""

    kind: str
    id: str
    version: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TriedRow:
    """What becomes of one row: its records, or why it is none. Neither: the profile makes nothing of it."""

    line: int
    records: tuple[TriedRecord, ...]
    wrong: tuple[Bad, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a profile makes of a sample: how many `records` of each kind, one that several rows say counted once; and
    `unread`, the columns that it makes nothing of."""

    profile: str
    source: str
    rows: int
    records: tuple[tuple[str, int], ...]
    passed_over: int
    wrong: int
    first_wrong: tuple[Bad, ...]
    first: tuple[TriedRow, ...]
    unread: tuple[str, ...]
    more: bool
    """Whether the sample goes on after the lines that are read."""


def try_profile(profile: Profile, name: str, content: bytes) -> Trial:
    """What the profile makes of an export of this name. Raises `FileRefused`, as the import of such a file would."""
    path = Path(name)
    export = profile.export_of(path)
    lines = lines_of(path, content)
    tried = list(_rows(_told_apart(profile.records_in(path, islice(lines, MOST_READ)))))
    wrong = [bad for row in tried for bad in row.wrong]
    made = Counter(kind for kind, _id in {(record.kind, record.id) for row in tried for record in row.records})
    return Trial(
        profile=profile.name,
        source=profile.source,
        rows=len(tried),
        records=tuple(sorted(made.items())),
        passed_over=sum(1 for row in tried if not row.records and not row.wrong),
        wrong=len(wrong),
        first_wrong=tuple(wrong[:MOST_WRONG]),
        first=tuple(row for row in tried if row.records)[:MOST_SHOWN],
        unread=_unread(export, path, content) if export else (),
        more=next(lines, None) is not None,
    )


def _unread(export: Export, path: Path, content: bytes) -> tuple[str, ...]:
    rows = rows_in(path, lines_of(path, content), export.layout)
    first = next((row for row in rows if isinstance(row, Row)), None)
    return tuple(column for column in first.cells if column not in export.columns) if first else ()


def _rows(found: Iterable[Read | Bad | PassedOver]) -> Iterator[TriedRow]:
    for line, of_row in groupby(found, key=lambda each: each.place.line or 0):
        each = list(of_row)
        records = tuple(_record(one) for one in each if isinstance(one, Read))
        yield TriedRow(line, records, tuple(one for one in each if isinstance(one, Bad)))


def _told_apart(found: Iterable[Read | Bad | PassedOver]) -> Iterator[Read | Bad | PassedOver]:
    """The same; but where two records of one id and version say two things, the second is refused, as it would be."""
    said: dict[tuple[str, str, int], str] = {}
    for one in found:
        if isinstance(one, Read):
            record = one.record
            first = said.setdefault((record.kind, record.id, record.version), record.content())
            yield one if first == record.content() else _twice(one.place)
        else:
            yield one


def _twice(place: Place) -> Bad:
    return Bad(place, "version", SAID_OTHERWISE)


def _record(read: Read) -> TriedRecord:
    said = read.record.model_dump(mode="json", exclude_defaults=True)
    kind = f"{read.record.kind}: {said['event']}" if "event" in said else read.record.kind
    fields = tuple((path, text) for path, text in _flat(said) if path not in _HEAD)
    return TriedRecord(kind, read.record.id, read.record.version, fields)


def _flat(said: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        elif isinstance(value, list):
            yield f"{within}{name}", f"{LIST_SEPARATOR} ".join(map(str, value))
        elif isinstance(value, bool):
            yield f"{within}{name}", "yes" if value else "no"
        else:
            yield f"{within}{name}", str(value)

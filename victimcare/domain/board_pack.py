"""A board pack: one document in one spelling, from which every file of the pack is made, and what changed between two.

The figures of a document are codes and published numbers, and can be derived again from the publications that it names.
Its words are what those codes were called, and what the figures meant, when it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias

from victimcare.domain.tally import By

FORM = 2
"""Which form documents have. The second holds silences, what victims were asked, what was overturned, and the board's
actions; figures of the first are derived again without them."""

Cell: TypeAlias = int | float | str
"""A number, a code, or one of the marks that stand where there is no number."""

Document: TypeAlias = Mapping[str, Any]

LINE = ("agency", "right", "line")
"""The columns that say of what a line is; a table need not have all of them."""

COMPARED = ("counted", "met", "met_late", "open", "not_counted", "total")
"""The columns of which a later pack says what they were and what they are."""


SHORT_NAME = 12
"""So much of a pack's name tells it from every other."""

_BY = "-by-"
"""In the id of a breakdown, before what it is by: `duties-by-right`."""

_COMPARED_KINDS = ("duties", "not-counted")
"""Tables of duties: how the ids of those begin whose lines are compared."""


class PackFormat(StrEnum):
    """A file of a pack."""

    HTML = "html"
    PDF = "pdf"
    ODS = "ods"
    CSV = "csv"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """How the name of the file ends: the CSV files are in one ZIP file."""
        return "zip" if self is PackFormat.CSV else self.value


class Why(StrEnum):
    """Why a line has other numbers than in the pack before, as far as the published numbers can tell."""

    RECORDED_LATE = "recorded-late"
    CORRECTED = "corrected"
    LATE_OR_CORRECTED = "recorded-late-or-corrected"
    ANSWERED_SINCE = "answered-since"
    NOT_TOLD = "not-told"


@dataclass(frozen=True, slots=True)
class PackTable:
    """A table of figures. `columns` are codes; each row has a cell for each of them."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> PackTable:
        """The table as a document holds it."""
        return cls(table["id"], tuple(table["columns"]), tuple(tuple(row) for row in table["rows"]))

    @property
    def spelled(self) -> dict[str, Any]:
        """The table as a document holds it."""
        return {"id": self.id, "columns": list(self.columns), "rows": [list(row) for row in self.rows]}

    def by_column(self) -> Iterator[dict[str, Cell]]:
        """Its rows, each cell by its column."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


def canonical(document: Document) -> bytes:
    """The document in the one spelling that is hashed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def name_of(content: bytes) -> str:
    """What a pack is called: the SHA-256 of its document, in hex."""
    return sha256(content).hexdigest()


def file_id(period_id: str, name: str, file_format: PackFormat) -> str:
    """How a file of a pack is called where it is chosen and where it is kept that it was taken."""
    return f"{period_id}-{name[:SHORT_NAME]}-{file_format.value}"


def tables_of(document: Document) -> tuple[PackTable, ...]:
    """The tables of its figures."""
    return tuple(map(PackTable.read, document["figures"]["tables"]))


def says_the_same(one: Document, other: Document) -> bool:
    """Whether both hold the same figures in the same words, whatever packs came before them."""
    return all(canonical(one[part]) == canonical(other[part]) for part in ("form", "figures", "words"))


def changed_lines(before: Document, now: Document) -> PackTable:
    """The lines of breakdowns whose numbers are others than in the pack before, what they were, and why.

    A line that one of the two does not have counts 0 there. The sum of an agency is told once, with its rights.
    """
    columns = ("by", *LINE, *(f"{when}_{column}" for column in COMPARED for when in ("was", "is")), "why")
    was, are = _lines(before), _lines(now)
    rows = []
    for key in dict.fromkeys((*are, *was)):
        old, new = was.get(key, _NOTHING), are.get(key, _NOTHING)
        if any(old[column] != new[column] for column in COMPARED):
            numbers = (number for column in COMPARED for number in (old[column], new[column]))
            rows.append((*key, *numbers, why_changed(old, new).value))
    return PackTable("changed-since-the-last-pack", columns, tuple(rows))


def changed_counts(before: Document, now: Document, table_id: str) -> PackTable:
    """What each line of a table of one number was, where it is another now; the sums of agencies are left out."""
    was, are = ({row[:-1]: row[-1] for row in _rows_of(document, table_id)} for document in (before, now))
    lines = [line for line in dict.fromkeys((*are, *was)) if line[-1] and was.get(line, 0) != are.get(line, 0)]
    rows = tuple((*line, was.get(line, 0), are.get(line, 0)) for line in lines)
    return PackTable(f"{table_id}-since-the-last-pack", ("agency", "line", "was_met_duties", "is_met_duties"), rows)


def _rows_of(document: Document, table_id: str) -> tuple[tuple[Cell, ...], ...]:
    return next((table.rows for table in tables_of(document) if table.id == table_id), ())


_NOTHING: Mapping[str, Cell] = dict.fromkeys((*COMPARED, "recorded_in_error"), 0)


def _lines(document: Document) -> dict[tuple[str, ...], dict[str, Cell]]:
    """The numbers of each line, from the tables that tell of it: those counted, and those beside them."""
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for table in tables_of(document):
        kind, _, by = table.id.partition(_BY)
        for row in table.by_column() if kind in _COMPARED_KINDS else ():
            if not row["line"] and by != By.RIGHT.value:
                continue
            key = (by, *(str(row.get(column, "")) for column in LINE))
            found.setdefault(key, {**_NOTHING}).update(row)
    return found


def why_changed(was: Mapping[str, Cell], now: Mapping[str, Cell]) -> Why:
    """Why a line changed, read from what became more and what fewer; `NOT_TOLD` where a number is hidden.

    Duties of a period that is over become more when what started them is recorded late, and fewer when it is
    corrected. A duty met by its day that was not known to be met was recorded late, or its day was corrected. One that
    was overdue and is met late was answered since.
    """
    more: dict[str, int] = {}
    for column in (*COMPARED, "recorded_in_error"):
        before, after = was[column], now[column]
        if not isinstance(before, int) or not isinstance(after, int):
            return Why.NOT_TOLD
        more[column] = after - before
    if more["recorded_in_error"] > 0 or more["total"] < 0:
        return Why.CORRECTED
    if more["total"] > 0:
        return Why.RECORDED_LATE
    if more["met"] > 0:
        return Why.LATE_OR_CORRECTED
    if more["met_late"] > 0 and more["open"] < 0:
        return Why.ANSWERED_SINCE
    return Why.NOT_TOLD


def pack_document(figures: Mapping[str, Any], changes: Mapping[str, Any] | None, words: Mapping[str, Any]) -> Document:
    """The document of these parts; without `changes` there is no pack before it."""
    return {"form": FORM, "figures": figures, "changes": changes, "words": words}


def spelled(tables: Sequence[PackTable]) -> list[dict[str, Any]]:
    """Tables as a document holds them."""
    return [table.spelled for table in tables]

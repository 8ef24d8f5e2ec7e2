"""Records in CSV: a header with the names of the schema, or with any others and CSVW metadata beside the file.

One record is one line. A quotation mark that is never closed spoils its line, and not the rest of the file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from victimcare.domain.event_kinds import EventKind
from victimcare.exchange.records.cells import LIST, LIST_SEPARATOR, NUMBER, YES_NO, said_of, shapes_of
from victimcare.exchange.records.lines import FileRefused, Line, Place
from victimcare.exchange.records.reading import Bad, Read, Unreadable, read_said, text_of
from victimcare.exchange.records.schema import EVENTS, KINDS

_MOST_COLUMNS = 400
_LARGEST_METADATA = 2**20
_DATATYPES = {YES_NO: "boolean", NUMBER: "integer"}


@dataclass(frozen=True, slots=True)
class Layout:
    """What is in a file of CSV: names by column, what holds of every row, and how its text is written."""

    names: Mapping[str, str] = field(default_factory=dict)
    everywhere: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells by column."""

    place: Place
    cells: Mapping[str, str]


def records_in(path: Path, lines: Iterator[Line]) -> Iterator[Read | Bad]:
    """The records of a file of CSV. Raises `FileRefused` for a header, or metadata, that say something else."""
    layout = layout_of(path)
    names: list[str] = []
    for row in rows_in(path, lines, layout):
        if isinstance(row, Bad):
            yield row
            continue
        names = names or _names(path, list(row.cells), layout)
        said = dict(layout.everywhere) | dict(zip(names, row.cells.values(), strict=True))
        yield read_said(row.place, said_of(said))


def rows_in(path: Path, lines: Iterator[Line], layout: Layout) -> Iterator[Row | Bad]:
    """The rows below the header, each with as many cells as that. Raises `FileRefused` without a header."""
    header = _header(path, lines, layout)
    for line in lines:
        place = Place(str(path), line.number)
        try:
            cells = _cells(line, layout)
        except Unreadable as wrong:
            yield Bad(place, "", str(wrong))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield Bad(place, "", f"it has {len(cells)} columns where the header has {len(header)}")
            continue
        yield Row(place, dict(zip(header, cells, strict=True)))


def _header(path: Path, lines: Iterator[Line], layout: Layout) -> list[str]:
    first = next(lines, None)
    try:
        header = [cell.strip() for cell in _cells(first, layout)] if first else []
    except Unreadable as wrong:
        raise FileRefused(path, f"its header cannot be read: {wrong}") from None
    if not any(header):
        raise FileRefused(path, "it has no header")
    if len(header) > _MOST_COLUMNS:
        raise FileRefused(path, f"it has more than {_MOST_COLUMNS} columns")
    if len(set(header)) < len(header) or not all(header):
        raise FileRefused(path, "two of its columns are called the same, or one has no name")
    return header


def _cells(line: Line, layout: Layout) -> list[str]:
    if layout.encoding == "utf-8":
        text = text_of(line)
    else:
        if line.raw is None:
            raise Unreadable("it is longer than a record can be")
        try:
            text = line.raw.decode(layout.encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            raise Unreadable(f"it is not {layout.encoding} text") from None
    if "\x00" in text:
        raise Unreadable("it has a character in it that no text has")
    try:
        return next(csv.reader([text], strict=True, delimiter=layout.delimiter), [])
    except csv.Error:
        raise Unreadable("it is not a line of CSV") from None


def _names(path: Path, header: Sequence[str], layout: Layout) -> list[str]:
    """What the schema calls each column. A name that it does not know is not repeated: it may be the first record."""
    known = set(all_paths())
    names = [layout.names.get(column, column) for column in header]
    for place, name in enumerate(names, 1):
        if name not in known:
            raise FileRefused(path, f"the schema knows no field of the name of its column {place}")
    if "kind" not in {*names, *layout.everywhere}:
        raise FileRefused(path, "it says nowhere which kind of record it holds (a column kind, or its metadata)")
    return names


def all_paths() -> dict[str, str]:
    """Every field that any kind of record has, by path, with what it holds."""
    paths: dict[str, str] = {}
    for kind in KINDS:
        for event in EVENTS if kind == "event" else (EventKind.CONTACT_MADE,):
            paths |= shapes_of(kind, event.value if kind == "event" else "")
    return paths


def metadata_beside(path: Path) -> Path | None:
    """The CSVW metadata of a file, where it has any: `NAME-metadata.json`, or `csv-metadata.json` of its folder."""
    plain = path.name.removesuffix(".gz")
    beside = (path.with_name(f"{plain}-metadata.json"), path.with_name("csv-metadata.json"))
    return next((each for each in beside if each.is_file()), None)


def layout_of(path: Path) -> Layout:
    """What the metadata beside a file says of it. Raises `FileRefused` where it cannot be understood."""
    beside = metadata_beside(path)
    if beside is None:
        return Layout()
    try:
        if beside.stat().st_size > _LARGEST_METADATA:
            raise FileRefused(path, f"its metadata {beside.name} is too large")
        document = json.loads(beside.read_text("utf-8"))
        return _layout(path, document)
    except (OSError, ValueError, RecursionError, TypeError, KeyError, AttributeError, LookupError) as wrong:
        if isinstance(wrong, FileRefused):
            raise
        raise FileRefused(path, f"its metadata {beside.name} is not CSVW of one table for it") from None


def _layout(path: Path, document: Mapping[str, Any]) -> Layout:
    plain = path.name.removesuffix(".gz")
    table = next((each for each in document.get("tables", [document]) if each["url"] in (plain, path.name)), None)
    if table is None:
        return Layout()
    dialect = {**document.get("dialect", {}), **table.get("dialect", {})}
    names, everywhere = {}, {}
    for column in table["tableSchema"]["columns"]:
        if column.get("virtual"):
            everywhere[str(column["name"])] = str(column["default"])
            continue
        titles = column.get("titles", column["name"])
        for title in [titles] if isinstance(titles, str) else titles:
            names[str(title)] = str(column["name"])
    delimiter, encoding = str(dialect.get("delimiter", ",")), str(dialect.get("encoding", "utf-8")).lower()
    if len(delimiter) != 1 or encoding not in ENCODINGS:
        raise FileRefused(path, f"its metadata must say one delimiter and an encoding of {', '.join(ENCODINGS)}")
    return Layout(names, everywhere, delimiter, encoding)


ENCODINGS = ("utf-8", "iso-8859-1", "windows-1252")


def csvw() -> dict[str, Any]:
    """CSVW metadata of the schema: one table a kind, with every column that it can have."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "Records of a force's own systems, as victimcare takes them in",
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "doubleQuote": True},
        "tables": [_table(kind) for kind in KINDS],
    }


def csvw_text() -> str:
    """The same as a file."""
    return json.dumps(csvw(), indent=1, ensure_ascii=False) + "\n"


def _table(kind: str) -> dict[str, Any]:
    events = [event.value for event in EVENTS] if kind == "event" else [""]
    shapes: dict[str, str] = {}
    for event in events:
        shapes |= shapes_of(kind, event)
    columns = [_column(path, shape) for path, shape in shapes.items() if path != "kind"]
    columns.append({"name": "kind", "virtual": True, "default": kind, "datatype": "string"})
    return {"url": f"{kind}.csv", "tableSchema": {"columns": columns, "primaryKey": ["source", "id", "version"]}}


def _column(path: str, shape: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": path, "titles": path, "datatype": _DATATYPES.get(shape, "string")}
    return column | ({"separator": LIST_SEPARATOR} if shape == LIST else {})

"""A force's own column names and codes as a data file: which columns of an export are which fields of which records.

A profile is TOML (docs/integration.md, "Profiles"). It is read strictly: what it says wrongly names file and key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from zoneinfo import ZoneInfo

from victimcare.editions.reading import BadEdition, Table, document_of, read_document
from victimcare.exchange.records.cells import said_of, shapes_of
from victimcare.exchange.records.csv_files import ENCODINGS, Layout, Row, rows_in
from victimcare.exchange.records.lines import FileRefused, Line
from victimcare.exchange.records.reading import Bad, PassedOver, Read, read_said
from victimcare.exchange.records.schema import EVENTS, KINDS

PUBLISHED = Path(__file__).with_name("profiles")
"""The profiles that come with the program, as examples."""
_LONDON = ZoneInfo("Europe/London")
_AS = ("text", "day", "instant", "moment", "version")
_HEAD = ("kind", "id", "version")


@dataclass(frozen=True, slots=True)
class Value:
    """Where a field comes from: columns joined with `between`, or the same `always`; then its codes.

    `read_as`: text as it stands, a day, an instant of London, either of them, or a version made of an instant.
    """

    columns: tuple[str, ...] = ()
    always: str = ""
    between: str = "/"
    read_as: str = "text"
    codes: Mapping[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record that a row is: its fields by path, and when there is one (`only_if`: these columns hold this)."""

    fields: Mapping[str, Value]
    only_if: Mapping[str, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Export:
    """One file of an export, by what its name is like, and the records of each of its rows."""

    name: str
    like: str
    layout: Layout
    days: str
    instants: str
    records: tuple[Mapped, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it looks at."""
        made_of = {name for mapped in self.records for value in mapped.fields.values() for name in value.columns}
        return frozenset(made_of | {name for mapped in self.records for name in mapped.only_if})


@dataclass(frozen=True, slots=True)
class Profile:
    """The exports of one system. `source` is what its records are known by here."""

    name: str
    source: str
    exports: tuple[Export, ...]

    def reads(self, path: Path) -> bool:
        """Whether the profile speaks of a file of this name."""
        return self.export_of(path) is not None

    def records_in(self, path: Path, lines: Iterator[Line]) -> Iterator[Read | Bad | PassedOver]:
        """The records of a file. Raises `FileRefused` where a column is missing that the profile asks for."""
        export = self.export_of(path)
        if export is None:
            raise FileRefused(path, f"the profile {self.name} does not speak of a file of this name")
        checked = False
        for row in rows_in(path, lines, export.layout):
            if isinstance(row, Bad):
                yield row
                continue
            checked = checked or _check_columns(path, export, row)
            there = [mapped for mapped in export.records if _is_there(mapped, row)]
            yield from (self._record(export, mapped, row) for mapped in there)
            if not there:
                yield PassedOver(row.place)

    def _record(self, export: Export, mapped: Mapped, row: Row) -> Read | Bad:
        cells = {"source": self.source}
        for path, value in mapped.fields.items():
            try:
                cells[path] = _cell(export, value, row)
            except _NotSaid as wrong:
                return Bad(row.place, path, str(wrong))
        return read_said(row.place, said_of(cells))

    def export_of(self, path: Path) -> Export | None:
        """What the profile says of a file of this name, by the first that its name is like."""
        plain = path.name.removesuffix(".gz")
        return next((export for export in self.exports if fnmatchcase(plain, export.like)), None)


def _check_columns(path: Path, export: Export, row: Row) -> bool:
    missing = sorted(export.columns - set(row.cells))
    if missing:
        raise FileRefused(path, f"it has no column {missing[0]!r}, which the profile's {export.name} asks for")
    return True


def _is_there(mapped: Mapped, row: Row) -> bool:
    for column, wanted in mapped.only_if.items():
        cell = row.cells[column].strip()
        if not cell or (wanted is not None and cell not in wanted):
            return False
    return True


def _cell(export: Export, value: Value, row: Row) -> str:
    if not value.columns:
        return value.always
    cells = [row.cells[column].strip() for column in value.columns]
    if not any(cells):
        return ""
    if len(cells) > 1 and value.read_as == "text" and value.codes is None:
        return value.between.join(cell for cell in cells if cell)
    text = value.between.join(cells)
    if value.codes is not None:
        found = value.codes.get(text, value.otherwise)
        if found is None:
            raise _NotSaid("the profile has no code for what stands there")
        return found
    return text if value.read_as == "text" else _moment(export, value.read_as, text)


def _moment(export: Export, read_as: str, text: str) -> str:
    if read_as in ("instant", "moment", "version"):
        try:
            said = datetime.strptime(text, export.instants)  # noqa: DTZ007 - of the zone it says, or of London
            at = _instant(said, as_version=read_as == "version")
        except _NotSaid:
            raise
        except (ValueError, OverflowError):
            if read_as != "moment":
                raise _NotSaid("it is no time as the profile has them") from None
        else:
            if read_as == "version":
                return str(int(at.timestamp()))
            return at.isoformat().replace("+00:00", "Z")
    try:
        return datetime.strptime(text, export.days).date().isoformat()  # noqa: DTZ007 - a day, of no zone
    except ValueError:
        raise _NotSaid("it is no day as the profile has them") from None


def _instant(said: datetime, *, as_version: bool) -> datetime:
    """The UTC instant of a time with its zone, or of London. Of the hour that comes twice in October it is the first.

    A version goes never back, so it is not made of that hour. Raises `_NotSaid`, also for one that the clocks skipped.
    """
    if said.tzinfo is not None:
        return said.astimezone(UTC)
    first, second = said.replace(tzinfo=_LONDON), said.replace(tzinfo=_LONDON, fold=1)
    offsets = first.utcoffset(), second.utcoffset()
    if first.astimezone(UTC).astimezone(_LONDON).replace(tzinfo=None) != said:
        raise _NotSaid("there was no such time: the clocks went forward that night")
    if as_version and offsets[0] != offsets[1]:
        raise _NotSaid("the clocks have that hour twice: a version needs a time with its zone, or a number")
    return first.astimezone(UTC)


class _NotSaid(ValueError):
    pass


def find_profile(named: str) -> Path:
    """The file of a profile: a path, or the name of one that comes with the program. Raises `NoSuchProfile`."""
    path = Path(named)
    if path.is_file():
        return path
    published = PUBLISHED / f"{named}.toml"
    if re.fullmatch(r"[a-z0-9-]+", named) and published.is_file():
        return published
    raise NoSuchProfile(named)


def read_profile(path: Path) -> Profile:
    """The profile in this file. Raises `BadProfile` with file, key and what is wrong."""
    return _profile(lambda: read_document(path))


def profile_of(text: str) -> Profile:
    """The profile that this text is. Raises `BadProfile`, which calls it "the profile"."""
    return _profile(lambda: document_of(Path("the profile"), text))


def _profile(read: Callable[[], Table]) -> Profile:
    try:
        document = read()
        head = document.table("profile")
        name, source = head.text("name"), head.text("source")
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", source):
            raise head.bad("source", "it must be small letters, digits and dashes")
        head.finish()
        exports = tuple(_export(entry) for entry in document.entries("export"))
        if not exports:
            raise document.bad("export", "it must say at least one file of the export")
        document.finish()
    except BadEdition as wrong:
        raise BadProfile(str(wrong).replace("an edition has", "a profile has")) from None
    return Profile(name, source, exports)


def _export(entry: Table) -> Export:
    like = entry.text("like")
    delimiter, encoding = entry.text("delimiter", otherwise=","), entry.text("encoding", otherwise="utf-8")
    if len(delimiter) != 1:
        raise entry.bad("delimiter", "it must be one character")
    if encoding not in ENCODINGS:
        raise entry.bad("encoding", f"it must be one of {', '.join(ENCODINGS)}")
    name = entry.text("id")
    days = _pattern(entry, "days", "%Y-%m-%d")
    instants = _pattern(entry, "instants", "%Y-%m-%d %H:%M")
    records = tuple(_mapped(record) for record in entry.tables("record"))
    if not records:
        raise entry.bad("record", "it must say at least one record of a row")
    entry.finish()
    return Export(name, like, Layout(delimiter=delimiter, encoding=encoding), days, instants, records)


def _pattern(entry: Table, field: str, otherwise: str) -> str:
    pattern = entry.text(field, otherwise=otherwise)
    try:
        datetime.strptime(datetime(2026, 5, 18, 9, 30, tzinfo=UTC).strftime(pattern), pattern)  # noqa: DTZ007
    except ValueError:
        raise entry.bad(field, "it must be a pattern of a date such as %d/%m/%Y") from None
    return pattern


def _mapped(table: Table) -> Mapped:
    kind = table.one_of("kind", KINDS, "kind of record")
    event = table.one_of("event", [each.value for each in EVENTS], "kind of event") if kind == "event" else ""
    known = shapes_of(kind, event)
    said = table.table("fields")
    fields = {"kind": Value(always=kind)} | ({"event": Value(always=event)} if event else {})
    for path in said.names():
        if path not in known or path in ("kind", "event", "source"):
            said.known(path, path, [each for each in known if each not in ("kind", "event", "source")], "field")
            raise said.bad(path, "it is not for a profile to say")
        fields[path] = _value(said, path)
    missing = [name for name in _HEAD if name not in fields]
    if missing:
        raise said.bad(missing[0], "it is missing")
    only_if: dict[str, frozenset[str] | None] = {}
    if table.has("only_if"):
        conditions = table.table("only_if")
        for column in conditions.names():
            only_if[column] = _condition(conditions, column)
    table.finish()
    return Mapped(fields, only_if)


def _condition(table: Table, column: str) -> frozenset[str] | None:
    value = table.value(column)
    if value is True:
        return None
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise table.bad(column, "it must be true (it holds something), a word, or a list of words")
    return frozenset(words)


def _value(table: Table, path: str) -> Value:
    said = table.value(path)
    if isinstance(said, str):
        return Value((said,))
    inner = table.table(path)
    columns = _columns(inner)
    always = inner.text("always", otherwise="")
    if bool(columns) == bool(always):
        raise inner.bad("", "it must say a column, columns, or what it always is")
    read_as = inner.text("as", otherwise="text")
    if read_as not in _AS:
        raise inner.bad("as", f"it must be one of {', '.join(_AS)}")
    codes = None
    if inner.has("codes"):
        table_of_codes = inner.table("codes")
        codes = {code: table_of_codes.text(code) for code in table_of_codes.names()}
    otherwise = inner.text("otherwise", otherwise="") or None
    between = str(inner.value("between")) if inner.has("between") else (" " if read_as != "text" else "/")
    inner.finish()
    return Value(columns, always, between, read_as, codes, otherwise)


def _columns(inner: Table) -> tuple[str, ...]:
    if inner.has("column"):
        return (inner.text("column"),)
    if not inner.has("columns"):
        return ()
    columns = inner.value("columns")
    if not isinstance(columns, list) or not columns or not all(isinstance(name, str) for name in columns):
        raise inner.bad("columns", "it must be a list of names of columns")
    return tuple(columns)


class BadProfile(ValueError):
    """A profile that cannot be trusted: which file, which key of it, and what is wrong."""


class NoSuchProfile(LookupError):
    """Neither a file nor a profile that comes with the program."""

    def __init__(self, named: str) -> None:
        super().__init__(f"there is no profile {named!r}: give a file, or one of {', '.join(published_names())}")


def published_names() -> Sequence[str]:
    """The names of the profiles that come with the program."""
    return sorted(path.stem for path in PUBLISHED.glob("*.toml"))


def published_text(name: str) -> str:
    """The file of one of them; empty where none comes with the program that is called so."""
    return (PUBLISHED / f"{name}.toml").read_text("utf-8") if name in published_names() else ""

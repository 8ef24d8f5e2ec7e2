"""Reading the CSV files of data.police.uk: finding them, telling them apart by their header, checking each row."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import Path

from victimcare.exchange.files_at import files_at
from victimcare.exchange.police_uk_mapping import OUTCOMES, WITH_A_VICTIM, WITHOUT_A_VICTIM, area_of

_PLACE = ("Longitude", "Latitude", "Location", "LSOA code", "LSOA name")
_BEGINNING = ("Crime ID", "Month", "Reported by", "Falls within", *_PLACE)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_LONGEST_ID = 100
_NOT_OURS = "stop-and-search"  # published in the same folders


class FileKind(Enum):
    """What a file holds, with the columns by which it is known."""

    STREET = (*_BEGINNING, "Crime type", "Last outcome category", "Context")
    OUTCOMES = (*_BEGINNING, "Outcome type")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row was read."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A published crime, or anti-social behaviour, which has no id. `month` is the first day of its month."""

    place: Place
    crime_ref: str
    month: date
    crime_type: str
    area: str
    fingerprint: str

    @property
    def has_victim(self) -> bool:
        """Whether crimes of its type become cases."""
        return self.crime_type in WITH_A_VICTIM


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A published outcome of a crime; `month` is the first day of its month."""

    place: Place
    crime_ref: str
    month: date
    words: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, and why."""

    place: Place
    why: str


@dataclass(slots=True)
class PublishedFile:
    """A file read whole; `rows` counts every row of data, good or bad."""

    path: Path
    kind: FileKind
    streets: list[StreetRow] = field(default_factory=list)
    outcomes: list[OutcomeRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of data it has."""
        return len(self.streets) + len(self.outcomes) + len(self.bad)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The CSV files (plain or .gz) at these paths and in these folders, each once, in the order of their names.

    Raises `NothingToImport` for a path that does not exist or a folder without such files.
    """
    return files_at(paths, in_folder=_in_folder, nothing=NothingToImport)


def _in_folder(folder: Path) -> list[Path]:
    files = (file for pattern in ("*.csv", "*.csv.gz") for file in folder.rglob(pattern))
    return [file for file in files if file.is_file() and _NOT_OURS not in file.name]


def read_file(path: Path, *, latest_month: date) -> PublishedFile:
    """The whole file, each row checked; months after `latest_month` have not come yet. Raises `FileRefused`."""
    with _reading(path) as lines:
        file = PublishedFile(path, _kind(path, next(lines, b"")))
        months: dict[str, date | None] = {}
        for number, line in enumerate(lines, start=2):
            if not line.strip():
                continue
            place = Place(str(path), number)
            try:
                cells = _cells(line)
                month = _month(cells, file.kind, latest_month, months)
                if file.kind is FileKind.STREET:
                    file.streets.append(_street_row(place, cells, month))
                else:
                    file.outcomes.append(_outcome_row(place, cells, month))
            except _Unusable as unusable:
                file.bad.append(BadRow(place, str(unusable)))
    return file


@contextmanager
def _reading(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a plain or gzip-compressed file, whatever its name says; a damaged file is refused whole."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as lines:
            yield iter(lines)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused(path, f"it cannot be read to its end ({error})") from error


def _cells(line: bytes) -> list[str]:
    """The cells of one line. A quotation mark that is never closed must not swallow the rest of the file."""
    try:
        return next(csv.reader([line.decode().rstrip("\r\n")], strict=True))
    except UnicodeDecodeError:
        raise _Unusable("it is not UTF-8 text") from None
    except csv.Error as error:
        raise _Unusable(f"it is not a line of CSV ({error})") from None


def _kind(path: Path, first_line: bytes) -> FileKind:
    try:
        header = _cells(first_line.removeprefix(BOM_UTF8)) if first_line.strip() else []
    except _Unusable as unusable:
        raise FileRefused(path, f"its first line cannot be read: {unusable}") from unusable
    for kind in FileKind:
        if tuple(header) == kind.value:
            return kind
    raise FileRefused(
        path,
        "its columns are not those of a street or an outcomes file of data.police.uk; it begins with "
        + (", ".join(repr(name) for name in header[:12]) or "an empty line"),
    )


def _month(cells: Sequence[str], kind: FileKind, latest_month: date, known: dict[str, date | None]) -> date:
    if len(cells) != len(kind.value):
        raise _Unusable(f"it has {len(cells)} columns where {len(kind.value)} are needed")
    words = cells[1]
    if words not in known:
        known[words] = date.fromisoformat(f"{words}-01") if _MONTH.fullmatch(words) and words >= "0001" else None
    month = known[words]
    if month is None:
        raise _Unusable(f"{words!r} is not a month (YYYY-MM)")
    if month > latest_month:
        raise _Unusable(f"the month {words} has not come yet")
    return month


def _street_row(place: Place, cells: Sequence[str], month: date) -> StreetRow:
    crime_ref, crime_type = cells[0].strip(), cells[9]
    if crime_type not in WITH_A_VICTIM and crime_type not in WITHOUT_A_VICTIM:
        raise _Unusable(f"{crime_type!r} is not a crime type that we know")
    if crime_type in WITH_A_VICTIM or crime_ref:
        _check_id(crime_ref)
    fingerprint = sha256("\x1f".join(cells).encode()).hexdigest()[:32]
    return StreetRow(place, crime_ref, month, crime_type, area_of(cells[8]), fingerprint)


def _outcome_row(place: Place, cells: Sequence[str], month: date) -> OutcomeRow:
    crime_ref, words = cells[0].strip(), cells[9]
    _check_id(crime_ref)
    if words not in OUTCOMES:
        raise _Unusable(f"{words!r} is not an outcome that we know")
    return OutcomeRow(place, crime_ref, month, words)


def _check_id(crime_ref: str) -> None:
    if not crime_ref:
        raise _Unusable("it has no Crime ID")
    if len(crime_ref) > _LONGEST_ID:
        raise _Unusable(f"its Crime ID has more than {_LONGEST_ID} characters")
    if not crime_ref.isprintable():
        raise _Unusable("its Crime ID has characters in it that cannot be printed")


class _Unusable(ValueError):
    """Why a row cannot be used."""


class FileRefused(ValueError):
    """A file of which nothing is stored."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} is refused, and nothing of it is stored: {why}")


class NothingToImport(LookupError):
    """No file there, or a folder without CSV files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        nothing = "it is neither a file nor a folder" if path.exists() else "there is no such file or folder"
        what = "the folder has no .csv or .csv.gz file in it" if path.is_dir() else nothing
        super().__init__(f"{path}: {what}")

"""Reading files line by line, plain or gzip-compressed: none is held in memory, and none is read without end."""

from __future__ import annotations

import gzip
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from victimcare.exchange.files_at import files_at

LONGEST_LINE = 65_536
"""Bytes of a line that is read. A longer one is a fault of that line."""
ENDLESS_LINE = 2**20
"""Bytes after which a line is no line: the file is refused."""
MOST_UNFOLDED, FOLDED_SMALL = 200, 8 * 2**20
"""How many times its own size a compressed file may unfold to, once that is more than this."""
_FORMS = (".jsonl", ".csv", ".jsonl.gz", ".csv.gz")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was read; no line where it was kept from an earlier import."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number; `raw` is None where it is too long to be read."""

    number: int
    raw: bytes | None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The JSON Lines and CSV files at these paths and in these folders, each once, in the order of their names.

    Raises `NothingToRead` for a path that does not exist or a folder without such files.
    """
    return files_at(paths, in_folder=_in_folder, nothing=NothingToRead)


def is_csv(path: Path) -> bool:
    """Whether a file is of CSV, by its name; else of JSON Lines."""
    return path.name.lower().endswith((".csv", ".csv.gz"))


def _in_folder(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and file.name.lower().endswith(_FORMS)]


def check_readable(path: Path) -> int:
    """Read the file to its end and return how many lines it has. Raises `FileRefused`, before anything is stored."""
    count = 0
    with reading(path) as lines:
        for _line in lines:
            count += 1
    return count


@contextmanager
def reading(path: Path) -> Iterator[Iterator[Line]]:
    """The lines of a file. Raises `FileRefused` where it cannot be read, there and then."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as unfolded:
            yield _lines(path, cast(BinaryIO, unfolded), path.stat().st_size if packed else None)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused(path, f"it cannot be read to its end ({type(error).__name__})") from error


def lines_of(path: Path, content: bytes) -> Iterator[Line]:
    """The lines of a plain file that is in memory already; `path` is what it is called in a refusal."""
    return _lines(path, BytesIO(content), None)


def _lines(path: Path, file: BinaryIO, folded: int | None) -> Iterator[Line]:
    read = number = 0
    while line := file.readline(ENDLESS_LINE):
        number += 1
        read += len(line)
        if len(line) >= ENDLESS_LINE and not line.endswith(b"\n"):
            raise FileRefused(path, f"line {number} has no end: is it a file of records?")
        if folded is not None and read > FOLDED_SMALL and read > folded * MOST_UNFOLDED:
            raise FileRefused(
                path, f"it unfolds to more than {MOST_UNFOLDED} times its size, as no file of records does"
            )
        if number == 1:
            line = line.removeprefix(BOM_UTF8)
        yield Line(number, line if len(line) <= LONGEST_LINE else None)


class FileRefused(ValueError):
    """A file of which nothing is stored."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} is refused, and nothing of it is stored: {why}")


class NothingToRead(LookupError):
    """No file there, or a folder without files of records."""

    def __init__(self, path: Path, why: str = "") -> None:
        self.path = path
        nothing = "it is neither a file nor a folder" if path.exists() else "there is no such file or folder"
        what = why or (f"the folder has no file in it ({', '.join(_FORMS)})" if path.is_dir() else nothing)
        super().__init__(f"{path}: {what}")

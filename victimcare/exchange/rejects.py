"""The rows that were refused, in a CSV file that a spreadsheet can open without running anything."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """A reject file (columns file, line, reason), made when the first row is refused; `count` rows so far.

    With `fields` it says too which field of the row it was. One of an earlier run is left with its header alone where
    this run ends and refused nothing: whoever opens it is not told of what was put right since.
    """

    def __init__(self, path: Path | None, *, fields: bool = False) -> None:
        self.path = path
        self._fields = fields
        self.count = 0
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, file: str, line: int | None, reason: str, *, field: str = "") -> None:
        """Report one row. It is on disk at once, so that an interrupted run keeps it."""
        self.count += 1
        if self.path is None:
            return
        if self._file is None:
            self._begin(self.path)
        assert self._file is not None  # noqa: S101 - it was begun
        named = [safe_cell(field)] if self._fields else []
        self._writer.writerow([safe_cell(file), line, *named, safe_cell(reason)])
        self._file.flush()

    def _begin(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["file", "line", *(["field"] if self._fields else []), "reason"])

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._file is None and self.path is not None and self.path.is_file():
            self._begin(self.path)
        if self._file is not None:
            self._file.close()


def safe_cell(words: str) -> str:
    """The words such that no spreadsheet takes them for a formula."""
    return f"'{words}" if words.startswith(_STARTS_A_FORMULA) else words

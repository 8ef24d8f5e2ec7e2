"""CSV for people who open it in a spreadsheet: RFC 4180, UTF-8, one header row, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"

_STARTS_A_FORMULA = tuple("=+-@＝＋－＠")
_STARTS_WITH_CONTROL = tuple("\t\r\n\0")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as a CSV file; every cell in quotation marks. Raises `RaggedRow`."""
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise RaggedRow(number, len(row), len(header))
        writer.writerow([guarded(cell) for cell in row])
    return written.getvalue().encode()


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would take it for a formula.

    A plain number is left alone: "-5" is no formula.
    """
    bare = cell.lstrip(" \t\r\n\v\f\0\u00a0\u3000\ufeff")
    if cell.startswith(_STARTS_WITH_CONTROL) or (
        bare.startswith(_STARTS_A_FORMULA) and not _PLAIN_NUMBER.fullmatch(bare)
    ):
        return f"'{cell}"
    return cell


class RaggedRow(ValueError):
    """A row with another number of cells than the header has."""

    def __init__(self, number: int, cells: int, wanted: int) -> None:
        super().__init__(f"row {number} has {cells} cells where the header has {wanted}")

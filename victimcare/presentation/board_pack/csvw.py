"""A board pack as CSV files, one a table, with what every column is beside them (CSV on the Web), in one ZIP file."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from victimcare.presentation.board_pack.columns import Column, Kind
from victimcare.presentation.board_pack.pack import Pack, Table
from victimcare.presentation.board_pack.sections import sections_of, tables_in
from victimcare.presentation.csv import csv_bytes
from victimcare.presentation.figures import HIDDEN, NOT_APPLICABLE, TOO_FEW

MEDIA_TYPE = "application/zip"
METADATA = "csv-metadata.json"
"""Where those who read CSV on the Web look for it."""
MARKS = [HIDDEN, TOO_FEW, NOT_APPLICABLE]
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_DATATYPES: dict[Kind, Any] = {
    Kind.COUNT: {"base": "nonNegativeInteger"},
    Kind.DAYS: {"base": "nonNegativeInteger"},
    Kind.PERCENT: {"base": "decimal", "minimum": 0, "maximum": 100},
    Kind.POINTS: {"base": "decimal", "minimum": -100, "maximum": 100},
    Kind.MONTH: {"base": "gYearMonth"},
    Kind.DAY: {"base": "date"},
}


def csv_zip_bytes(pack: Pack) -> bytes:
    """The ZIP file. The same document makes the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in csv_files(pack).items():
            _add(archive, name, content)
    return packed.getvalue()


def csv_files(pack: Pack) -> dict[str, bytes]:
    """The files by their names: one a table, and what they hold."""
    tables = tables_in(sections_of(pack))
    files = {f"{table.id}.csv": table_bytes(table) for table in tables}
    return files | {METADATA: json.dumps(metadata(pack, tables), ensure_ascii=False, indent=1).encode()}


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    archive.writestr(ZipInfo(name, _NO_DATE), content, ZIP_DEFLATED)


def table_bytes(table: Table) -> bytes:
    """One table as CSV, codes and names side by side."""
    return csv_bytes([column.title for column in _columns(table)], ([str(cell) for cell in row] for row in table.rows))


def metadata(pack: Pack, tables: tuple[Table, ...]) -> dict[str, Any]:
    """What the files hold, as CSV on the Web says it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": pack.title,
        "dc:publisher": pack.words["force"],
        "dc:identifier": f"sha256:{pack.name}",
        "dc:description": f"Figures as known on {pack.known_on}. {_MARKS_MEAN}",
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "doubleQuote": True},
        "tables": [_table(table) for table in tables],
    }


_MARKS_MEAN = (
    "[c] stands for a number hidden to protect victims, [x] where a figure would rest on too few, [z] where there can "
    "be no number."
)


def _table(table: Table) -> dict[str, Any]:
    columns = _columns(table)
    return {
        "url": f"{table.id}.csv",
        "dc:title": table.title,
        "tableSchema": {"columns": [_column(column) for column in columns]},
    }


def _columns(table: Table) -> tuple[Column, ...]:
    """Each column under a title of its own: the code of something is called so."""
    return tuple(
        Column(each.id, f"{each.title}, code", each.meaning, each.kind) if each.kind is Kind.CODE else each
        for each in table.columns
    )


def _column(column: Column) -> dict[str, Any]:
    marks = {"null": MARKS} if column.kind.is_number else {}
    datatype = _DATATYPES.get(column.kind, "string")
    return {
        "name": column.id,
        "titles": column.title,
        "dc:description": column.meaning,
        "datatype": datatype,
        **marks,
    }

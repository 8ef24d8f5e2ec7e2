"""A board pack as a spreadsheet (OpenDocument 1.3), written cell by cell from its tables.

A writer of our own: nothing is in the file but what is written here, so that there is nothing to hide in it. No hidden
sheet, row or column, no formula, no comment, no name of an author, no settings. The same tables make the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from victimcare.domain.board_pack import Cell
from victimcare.presentation.board_pack.columns import Kind
from victimcare.presentation.board_pack.pack import Pack, Table, said
from victimcare.presentation.board_pack.sections import sections_of, tables_in

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
COVER = "Cover"
LONGEST_SHEET_NAME = 31
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
_START = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STYLES = """<office:automatic-styles>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="7cm"/></style:style>
<style:style style:name="narrow" style:family="table-column"><style:table-column-properties style:column-width="3cm"/></style:style>
<style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<style:style style:name="head" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" fo:border-bottom="1pt solid #0b0c0c"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="words" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/></style:style>
<style:style style:name="mark" style:family="table-cell"><style:paragraph-properties fo:text-align="end"/></style:style>
</office:automatic-styles>
"""  # noqa: E501 - as the file has it


def ods_bytes(pack: Pack) -> bytes:
    """The spreadsheet: a cover that says what is in it, then one table a sheet."""
    sections = sections_of(pack)
    tables = [table.for_people() for table in tables_in(sections)]
    sheets = "".join((_cover(pack, tables), *map(_sheet, tables)))
    content = (
        f'{_START}<office:document-content {_DECLARED} office:version="1.3">\n{_STYLES}'
        f"<office:body><office:spreadsheet>\n{sheets}</office:spreadsheet></office:body></office:document-content>\n"
    )
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(ZipInfo("mimetype", _NO_DATE), MEDIA_TYPE, ZIP_STORED)
        archive.writestr(ZipInfo("content.xml", _NO_DATE), content, ZIP_DEFLATED)
        archive.writestr(ZipInfo("META-INF/manifest.xml", _NO_DATE), _MANIFEST, ZIP_DEFLATED)
    return packed.getvalue()


_MANIFEST = f"""{_START}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""  # noqa: E501 - as the file has it


def _cover(pack: Pack, tables: list[Table]) -> str:
    """What the spreadsheet holds, and what its figures mean."""
    rows = [
        _row(_text(pack.title, "title")),
        _row(_text(f"{pack.words['force']}. Pack for the Local Criminal Justice Board. OFFICIAL", "words")),
        _row(_text(f"Figures as known on {pack.known_on}. Pack {pack.name}", "words")),
        _row(""),
        _row(_text("Sheet", "head"), _text("What it holds", "head")),
        *(_row(_text(_sheet_name(table), "words"), _text(table.title, "words")) for table in tables),
        _row(""),
        _row(_text("Term", "head"), _text("What it means", "head")),
        *(_row(_text(term, "words"), _text(meaning, "words")) for term, meaning in pack.words["definitions"]),
    ]
    return _table(COVER, ["wide", "wide"], rows)


def _sheet(table: Table) -> str:
    heads = [_text(column.title, "head") for column in table.columns]
    kinds = [column.kind for column in table.columns]
    rows = [
        _row(_text(table.title, "title")),
        f"<table:table-header-rows>{_row(*heads)}</table:table-header-rows>\n",
        *(_row(*(_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True))) for row in table.rows),
    ]
    return _table(_sheet_name(table), ["narrow" if kind.is_number else "wide" for kind in kinds], rows)


def _sheet_name(table: Table) -> str:
    return table.sheet[:LONGEST_SHEET_NAME]


def _table(name: str, widths: list[str], rows: list[str]) -> str:
    columns = "".join(f'<table:table-column table:style-name="{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(name)}>{columns}\n{''.join(rows)}</table:table>\n"


def _row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells) or '<table:table-cell/>'}</table:table-row>\n"


def _cell(cell: Cell, kind: Kind) -> str:
    """A number as a number; anything else as text, which no spreadsheet takes for a formula."""
    if isinstance(cell, str):
        return _text(said(cell, kind), "mark" if kind.is_number else "words")
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    )


def _text(words: str, style: str) -> str:
    shown = escape("".join(_printable(words)))
    return _filled(f'table:style-name="{style}" office:value-type="string"', shown)


def _filled(attributes: str, shown: str) -> str:
    return f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"


def _printable(words: str) -> Iterator[str]:
    """What may stand in XML: no control characters."""
    return (letter for letter in words if letter.isprintable())

"""The files of a board pack: the same numbers in all of them, nothing hidden, and read by readers that are not ours."""

from __future__ import annotations

import builtins
import csv
import json
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdf
import pytest
import python_calamine

from tests.force import Force, a_force
from tests.packs import PUBLISHED_AT, SPRING, WINTER, add_duties, published, random_lines
from tests.queries.test_feedback_figures import hear
from tests.web.page import Page
from victimcare.domain.board_actions import Measure, Way
from victimcare.domain.board_pack import PackFormat, pack_document
from victimcare.editions.feedback import published_survey
from victimcare.presentation.board_pack import csvw, html, ods, pdf
from victimcare.presentation.board_pack.figures import changes_of, figures_of
from victimcare.presentation.board_pack.pack import Pack
from victimcare.presentation.board_pack.sections import sections_of, tables_in
from victimcare.presentation.board_pack.words import words_of
from victimcare.presentation.definitions import definitions, small_numbers
from victimcare.queries.board_pack import pack_source
from victimcare.queries.periods import Period
from victimcare.store import board_actions, process_changes
from victimcare.store.board_actions import NewAction
from victimcare.store.process_changes import NewChange

A_FORMULA = '=HYPERLINK("x")'
A_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SURVEY = published_survey()
HEARD_ON = SURVEY.shown_from(SPRING)
MARKS = {"[c]", "[x]", "[z]"}


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    yield force
    force.database.close()


def pack_with(force: Force, *, baseline: bool = True, changed: bool = False, survey_on: date = HEARD_ON) -> Pack:
    """The pack of spring, as it would be made now."""
    with force.database.reading() as connection:
        what: dict[str, Any] = {"period": Period.quarter(SPRING), "threshold": 5, "survey": SURVEY, "today": survey_on}
        against = Period.quarter(WINTER) if baseline else None
        source = pack_source(connection, person=force.board, baseline=against, **what)
    figures = figures_of(source)
    words = words_of(source, law=force.law, teams={"luton": A_FORMULA}, force="An Invented Force")
    before = pack_document(json.loads(json.dumps(figures).replace(": 40", ": 30").replace(": 70", ": 60")), None, words)
    changes = changes_of(before, figures, sha256="0" * 64, law=force.law) if changed else None
    return Pack(json.loads(json.dumps(pack_document(figures, changes, words))))


@pytest.fixture
def pack(force: Force) -> Pack:
    add_duties(force, WINTER)
    add_duties(force, SPRING)
    published(force, WINTER, SPRING)
    hear(force, 70, answered=40, seed=1)
    hear(force, 60, answered=30, area="Bedford Borough", seed=2)
    decided = date(2026, 2, 1)
    with force.database.writing() as connection:
        action = NewAction(A_FORMULA, Measure("police", 6), Way.UP, WINTER.id, "police", decided, decided)
        board_actions.add(connection, action, by=force.board.id, at=PUBLISHED_AT)
        change = NewChange("police", date(2026, 5, 1), A_FORMULA, "board", decided)
        process_changes.declare(connection, change, by=force.board.id, at=PUBLISHED_AT)
    return pack_with(force)


def in_zip(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def printed(page: bytes) -> pypdf.PdfReader:
    """It takes seconds: the same page is printed once."""
    return pypdf.PdfReader(BytesIO(pdf.pdf_bytes(page)))


def number_of(words: str) -> str:
    """A number as people read it, as a machine does."""
    return words.replace(",", "").replace("\N{MINUS SIGN}", "-").removesuffix("%").removeprefix("+")


def plain(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, (int, float)) else str(cell)


def numbers(words: str) -> list[str]:
    """Every number and mark in a printed cell."""
    found = re.findall(r"\[[cxz]\]|[+\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?%?", words)
    return [one if one in MARKS else plain(float(number_of(one))) for one in found]


def of_figures(table: Any) -> list[list[str]]:
    """The numbers of a table of the document, row by row."""
    kept = [place for place, column in enumerate(table.columns) if column.kind.is_number]
    return [[plain(row[place]) for place in kept] for row in table.rows]


def of_csv(files: dict[str, bytes], table: Any) -> list[list[str]]:
    rows = list(csv.reader(StringIO(files[f"{table.id}.csv"].decode(), newline="")))
    kept = [place for place, column in enumerate(table.columns) if column.kind.is_number]
    return [
        [cell if cell in MARKS else plain(float(cell)) for cell in (row[place] for place in kept)] for row in rows[1:]
    ]


def of_ods(sheets: dict[str, list[list[Any]]], table: Any) -> list[list[str]]:
    shown = table.for_people()
    kept = [place for place, column in enumerate(shown.columns) if column.kind.is_number]
    return [[plain(row[place]) for place in kept] for row in sheets[table.sheet[:31]][2:]]


def of_html(page: str, table: Any) -> list[list[str]]:
    (found,) = re.findall(rf'<table[^>]*>\s*<caption id="table-{table.id}">.*?</table>', page, flags=re.DOTALL)
    rows = [[element.text for element in row.elements if element.tag == "td"] for row in Page(found).rows()]
    return [[number for cell in row for number in numbers(cell)] for row in rows if row]


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """What a reader of spreadsheets that is not ours finds."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def once_where_marks_repeat(row: list[str]) -> list[str]:
    """A page joins cells that have the same mark: of marks it counts which there are, of numbers each."""
    return sorted({one for one in row if one in MARKS}) + [one for one in row if one not in MARKS]


def check_agreement(pack: Pack) -> int:
    page, files = html.html_bytes(pack).decode(), in_zip(csvw.csv_zip_bytes(pack))
    sheets = sheets_of(ods.ods_bytes(pack))
    compared = 0
    for table in tables_in(sections_of(pack)):
        figures = of_figures(table)
        assert of_csv(files, table) == figures, table.id
        assert of_ods(sheets, table) == figures, table.id
        if any(column.kind.is_number for column in table.columns):
            ours, theirs = (list(map(once_where_marks_repeat, each)) for each in (figures, of_html(page, table)))
            assert theirs == ours, table.id
        compared += sum(map(len, figures))
    return compared


@pytest.mark.parametrize("seed", range(6))
def test_every_number_is_the_same_in_every_file(force: Force, seed: int) -> None:
    add_duties(force, WINTER, random_lines(seed + 100))
    add_duties(force, SPRING, random_lines(seed))
    published(force, WINTER, SPRING)
    for place, area in enumerate(("Luton", "Bedford Borough", "Nearby")):
        hear(force, 70 - 30 * place, answered=(9 * seed + 41 * (3 - place)) % 40, area=area, seed=10 * seed + place)
    assert check_agreement(pack_with(force, baseline=bool(seed % 2), changed=True)) > 200


def test_every_table_of_the_document_is_in_every_file_under_one_name(pack: Pack) -> None:
    ids = {table.id for table in tables_in(sections_of(pack))}
    assert ids == {each["id"] for each in pack.figures["tables"]} | {"duties-of-the-code"}
    assert {f"{each}.csv" for each in ids} | {csvw.METADATA} == set(in_zip(csvw.csv_zip_bytes(pack)))
    assert len(sheets_of(ods.ods_bytes(pack))) == len(ids) + 1


def test_the_same_document_makes_the_same_bytes(pack: Pack) -> None:
    again = Pack(json.loads(json.dumps(pack.document)))
    for make in (html.html_bytes, ods.ods_bytes, csvw.csv_zip_bytes):
        assert make(pack) == make(again)


def test_the_spreadsheet_holds_its_sheets_and_nothing_besides(pack: Pack) -> None:
    content = ods.ods_bytes(pack)
    with ZipFile(BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", 0)
    parts = in_zip(content)
    assert list(parts) == ["mimetype", "content.xml", "META-INF/manifest.xml"], "no settings, no names of authors"
    tree = ElementTree.fromstring(parts["content.xml"])  # noqa: S314 - our own
    attributes = Counter(name.rpartition("}")[2] for element in tree.iter() for name in element.attrib)
    assert not {"visibility", "display", "formula", "protected", "protection-key"} & set(attributes)
    elements = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert elements <= {
        *("document-content", "automatic-styles", "style", "body", "spreadsheet", "table", "table-column", "table-row"),
        *("table-header-rows", "table-cell", "p", "text-properties", "paragraph-properties"),
        *("table-column-properties", "table-cell-properties"),
    }, "no comment, no named range, no database, no pivot table"


def test_a_cell_of_the_spreadsheet_is_a_number_or_words_and_never_a_formula(pack: Pack) -> None:
    sheets = sheets_of(ods.ods_bytes(pack))
    (of_team,) = [row for row in sheets["By team"] if row[1] == A_FORMULA]
    assert isinstance(of_team[3], float)
    assert {str(cell) for row in sheets["By right"] for cell in row if str(cell).startswith("[")} <= MARKS
    cover = [cell for row in sheets["Cover"] for cell in row]
    assert pack.title in cover
    assert all(name in cover for name in sheets if name != "Cover"), "the cover names every sheet"
    assert "[c]" in cover, "and says what stands for a hidden number"


def test_in_the_csv_files_such_words_are_held_back_from_running(pack: Pack) -> None:
    files = in_zip(csvw.csv_zip_bytes(pack))
    assert f"'{A_FORMULA}".replace('"', '""') in files["duties-by-team.csv"].decode()


def test_each_csv_file_is_as_its_metadata_says(pack: Pack) -> None:
    files = in_zip(csvw.csv_zip_bytes(pack))
    metadata = json.loads(files[csvw.METADATA])
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert {table["url"] for table in metadata["tables"]} == set(files) - {csvw.METADATA}
    for table in metadata["tables"]:
        columns = table["tableSchema"]["columns"]
        header, *rows = csv.reader(StringIO(files[table["url"]].decode(), newline=""))
        assert header == [column["titles"] for column in columns]
        assert len({column["name"] for column in columns}) == len(set(header)) == len(columns)
        assert all(column["dc:description"] for column in columns)
        for row in rows:
            for cell, column in zip(row, columns, strict=True):
                assert cell in column.get("null", []) or fits(cell, column["datatype"]), (table["url"], column, cell)


def fits(cell: str, datatype: Any) -> bool:
    """Whether the cell is of the datatype, as CSV on the Web has it."""
    if datatype == "string":
        return True
    match datatype["base"]:
        case "nonNegativeInteger":
            return cell.isdecimal()
        case "decimal":
            known = re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
            return known and datatype["minimum"] <= float(cell) <= datatype["maximum"]
        case "date":
            return bool(date.fromisoformat(cell))
        case "gYearMonth":
            return re.fullmatch(r"\d{4}-\d{2}", cell) is not None
    return False


def test_the_page_is_one_file_in_which_nothing_runs(pack: Pack) -> None:
    page = html.html_bytes(pack).decode()
    assert '<html lang="en-GB">' in page
    assert not re.findall(r"<script|\son[a-z]+=|javascript:|<link|<img|<iframe|url\(|@import", page)
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    headings = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(headings))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids
    assert page.count("<caption") == page.count("<table"), "every table says what it is of"


def test_it_begins_with_what_happened(pack: Pack) -> None:
    first = sections_of(pack)[0]
    assert (
        first.title == "Police met 73.5% of 124 duties in time (95% interval 65.1% to 80.5%)."
        or first.title.startswith("Police met ")
    )
    assert "no change since January to March 2026 that the figures could tell" in first.points[0]
    assert all(section.title for section in sections_of(pack))


def test_what_is_hidden_stands_in_no_sentence_of_it(pack: Pack) -> None:
    (witness_care,) = [point for point in sections_of(pack)[0].points if point.startswith("Witness Care Unit")]
    assert witness_care == "Witness Care Unit: the share of duties met in time is hidden to protect victims."


def test_what_victims_answered_stands_in_it_as_on_the_page(force: Force) -> None:
    add_duties(force, WINTER)
    add_duties(force, SPRING)
    published(force, WINTER, SPRING)
    hear(force, 70, answered=40, seed=1)
    hear(force, 60, answered=30, area="Bedford Borough", seed=2)
    hear(force, 9, answered=3, area="Nearby", seed=3)
    read = pack_with(force)
    (section,) = (one for one in sections_of(read) if one.id == "feedback")
    assert section.title == "52.5% of 139 victims who were asked answered"
    how_many = next(table for table in section.tables if table.id == "feedback-answered")
    assert [row[1:4] for row in how_many.rows] == [
        ("Luton", 70, 40),
        ("Other areas", 69, 33),
        ("All", 139, 73),
    ]
    of_all = [row for row in read.rows("feedback-by-question") if not row["line"]]
    assert [row["asked_question"] for row in of_all] == [question.code for question in SURVEY.questions]
    assert not any(one.id == "feedback" for one in sections_of(pack_with(force, survey_on=WINTER.from_on)))


def test_it_says_what_the_figures_do_not_tell(pack: Pack) -> None:
    missing = next(section for section in sections_of(pack) if section.id == "missing")
    hidden = sum(cell == "[c]" for table in pack.figures["tables"] for row in table["rows"] for cell in row)
    assert f"{hidden:,} numbers are hidden to protect victims." in missing.points
    assert any("not verified" in point for point in missing.points)
    assert any("no time limit" in point for point in missing.points)


def test_the_pdf_is_tagged_for_those_who_hear_it(pack: Pack) -> None:
    page = html.html_bytes(pack)
    read = printed(page)
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    assert read.metadata is not None
    assert read.metadata.title == f"{pack.title}: board pack"
    tags, figures = Counter[str](), list[Any]()
    for element in structure(root["/StructTreeRoot"]["/K"]):
        tags[element["/S"]] += 1
        figures += [element] if element["/S"] == "/Figure" else []
    assert tags["/H1"] == 1
    assert tags["/H2"] == page.count(b"<h2")
    assert tags["/Caption"] == page.count(b"<caption")
    assert tags["/TH"] > tags["/Table"] > 0
    assert tags["/TD"] > 100
    assert all(figure["/Alt"] for figure in figures)
    words = " ".join(one.extract_text() for one in read.pages)
    assert "Police met" in words
    assert f"1 of {len(read.pages)}" in words
    for sheet in read.pages:
        assert f"Pack {pack.short_name} for the Local Criminal Justice Board. OFFICIAL" in sheet.extract_text()


def test_what_is_in_it_is_found_on_paper_by_the_number_of_the_page(pack: Pack) -> None:
    sheets = [" ".join(sheet.extract_text().split()) for sheet in printed(html.html_bytes(pack)).pages]
    sections = sections_of(pack)[1:]
    for section in sections:
        listed = re.search(rf"{re.escape(section.title)}, page (\d+)", sheets[0])
        assert listed, f"{section.title} stands on the first sheet with its page"
        assert section.title in sheets[int(listed[1]) - 1].replace(listed[0], "")
    assert len(sections) > 5


def test_no_interval_of_a_printed_table_is_broken_over_two_lines(pack: Pack) -> None:
    words = "".join(one.extract_text() for one in printed(html.html_bytes(pack)).pages)
    tables = [html.printed_table(table) for table in tables_in(sections_of(pack))]
    cells = Counter(cell for table in tables for _, rows in table.groups for row in rows for cell in row[1:])
    intervals = {cell: number for cell, number in cells.items() if "% to " in cell}
    assert sum(intervals.values()) > 20
    assert all(words.count(interval) >= number for interval, number in intervals.items())


def test_what_its_figures_mean_is_what_the_page_says(pack: Pack) -> None:
    told = [tuple(one) for one in pack.words["definitions"]]
    assert set(definitions(Period.quarter(SPRING), Period.quarter(WINTER))) <= set(told)
    assert small_numbers(5) in dict(told)["[c]"]


def structure(element: Any) -> Iterator[Any]:
    """Every element of the structure of a PDF."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for each in element:
            yield from structure(each)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from structure(element["/K"])


def test_a_pdf_fetches_nothing_from_anywhere(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(A_PICTURE)
    for address in (picture.as_uri(), f"data:image/png;base64,{b64encode(A_PICTURE).decode()}"):
        page = f'<html lang="en"><title>A page</title><img src="{address}" alt="A dot"><p>Words</p>'
        made = pypdf.PdfReader(BytesIO(pdf.pdf_bytes(page.encode())))
        assert [list(one.images) for one in made.pages] == [[]], address


def test_where_pango_is_missing_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(pdf.NoPango, match=r"libpango-1\.0-0"):
        pdf.pdf_bytes(b"<p>Words</p>")


def test_every_format_has_its_ending() -> None:
    assert [each.suffix for each in PackFormat] == ["html", "pdf", "ods", "zip", "json"]

"""Files of records in every form, and files that are none: a sentence, and nothing stored of what cannot be read."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.records.said import Records, Said, contact, crime, lines, small_force, suspect, victim, vps
from victimcare.exchange.records.csv_files import csvw, csvw_text
from victimcare.exchange.records.lines import LONGEST_LINE, FileRefused, NothingToRead, check_readable
from victimcare.exchange.records.schema import EVENTS, KINDS, MODELS, RECORD, json_schema, json_schema_text

DOCS = Path(__file__).parents[3] / "docs"
HEADER = "kind,source,id,version,crime,name,phone"


@pytest.fixture
def records(sqlite_url: str, tmp_path: Path) -> Any:
    made = small_force(sqlite_url, tmp_path)
    yield made
    made.database.close()


def nothing_is_stored(records: Records) -> bool:
    return records.rows("SELECT count(*) FROM source_record") == [(0,)]


def test_the_published_schema_is_what_is_read() -> None:
    assert (DOCS / "records/records-v1.json").read_text("utf-8") == json_schema_text()
    assert (DOCS / "records/csv-metadata.json").read_text("utf-8") == csvw_text()
    assert set(MODELS) == set(KINDS)
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_kind_of_record_and_of_event_is_mapped_to_the_pole_standard_or_says_that_there_is_none() -> None:
    table = (DOCS / "records/pole.md").read_text("utf-8")
    rows = {row.split("|")[1].strip(): row for row in table.splitlines() if row.startswith("| `")}
    fields = {f"`{kind}.{name}`" for kind, model in MODELS.items() for name in model.model_fields}
    assert fields <= set(rows), fields - set(rows)
    assert all(len([cell for cell in row.split("|") if cell.strip()]) == 4 for row in rows.values())


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "csv", "csv.gz"])
def test_the_same_records_come_in_by_every_form(records: Records, form: str) -> None:
    said = [crime(), victim(), victim("V2", phone="07700 900123"), contact()]
    plain = as_csv(*said) if "csv" in form else lines(records.folder / "x", *said).read_text("utf-8")
    file = records.folder / f"records.{form}"
    file.write_bytes(gzip.compress(plain.encode()) if form.endswith("gz") else plain.encode())
    assert records.read(file).is_whole
    assert records.rows("SELECT name FROM victim") == [("Wren Sample",)] * 2
    again = lines(records.folder / "again.jsonl", *said)
    assert {fate for fates in records.read(again).fates.values() for fate in fates} == {"unchanged"}


def as_csv(*said: Said) -> str:
    names = list(dict.fromkeys(name for one in said for name in one))
    rows = [",".join(str(one.get(name, "")).replace("True", "yes") for name in names) for one in said]
    return "\n".join([",".join(names), *rows]) + "\n"


def test_metadata_beside_a_file_says_what_its_columns_are(records: Records) -> None:
    table: dict[str, Any] = {"url": "people.csv", "dialect": {"delimiter": ";", "encoding": "windows-1252"}}
    named = [("Nr", "id"), ("Stand", "version"), ("Tat", "crime"), ("Wer", "name")]
    columns: list[dict[str, Any]] = [{"titles": title, "name": name} for title, name in named]
    columns += [
        {"name": name, "virtual": True, "default": said} for name, said in (("kind", "victim"), ("source", "rms"))
    ]
    table["tableSchema"] = {"columns": columns}
    (records.folder / "people.csv-metadata.json").write_text(json.dumps(table), "utf-8")
    (records.folder / "people.csv").write_bytes("Nr;Stand;Tat;Wer\nV1;1;C1;Zoë Sample\n".encode("cp1252"))
    records.take(crime())
    assert records.read(records.folder / "people.csv").is_whole
    assert records.rows("SELECT name FROM victim") == [("Zoë Sample",)]


def test_a_byte_that_no_letter_is_in_its_encoding_spoils_its_line_alone(records: Records) -> None:
    dialect = {"url": "x.csv", "dialect": {"encoding": "windows-1252"}, "tableSchema": {"columns": []}}
    (records.folder / "x.csv-metadata.json").write_text(json.dumps(dialect), "utf-8")
    rows = [HEADER.encode(), b"victim,rms,V1,1,C1,W\x81ren,", b"victim,rms,V2,1,C1,Lark,"]
    (records.folder / "x.csv").write_bytes(b"\n".join(rows))
    records.take(crime())
    records.read(records.folder / "x.csv")
    assert records.rejects() == [["2", "", "it is not windows-1252 text"]]
    assert records.rows("SELECT name FROM victim") == [("Lark",)]


def test_the_metadata_that_is_published_reads_the_form_that_it_describes(records: Records) -> None:
    (records.folder / "csv-metadata.json").write_text(csvw_text(), "utf-8")
    row = "source,id,version,crime_type,area,reported_at,recorded_at\nrms,C1,1,Burglary,Luton,2026-05-18,2026-05-18\n"
    (records.folder / "crime.csv").write_text(row, "utf-8")
    assert records.read(records.folder / "crime.csv").is_whole
    assert {table["url"] for table in csvw()["tables"]} == {f"{kind}.csv" for kind in KINDS}


GOOD = json.dumps(crime())
LINES_THAT_ARE_NONE = [
    (b"{", "it is no JSON"),
    (b"[1]", "it is no JSON object"),
    (b"[" * 20_000, "it is nested too deeply"),
    (GOOD.replace('"id"', '"source": "rms", "id"').encode(), "a field in it comes twice"),
    (GOOD.encode("utf-16"), "it is not UTF-8 text"),
    (b'{"name": "' + b"x" * LONGEST_LINE + b'"}', "it is longer than a record can be"),
    (GOOD.replace('"version": 1', '"version": NaN').encode(), "it is no JSON"),
    (GOOD.replace('"version": 1', '"version": "1"').encode(), "Input should be a valid integer"),
    (GOOD.replace('"version": 1', '"version": 99999999999999999999').encode(), "Input should be"),
]


@pytest.mark.parametrize(("line", "why"), LINES_THAT_ARE_NONE)
def test_a_line_that_is_no_record_is_refused_and_the_rest_goes_in(records: Records, line: bytes, why: str) -> None:
    file = records.folder / "records.jsonl"
    file.write_bytes(line.replace(b"\n", b" ") + b"\n" + GOOD.encode() + b"\n\n")
    report = records.read(file)
    [[number, _, reason]] = records.rejects()
    assert (number, reason.strip('"').startswith(why)) == ("1", True)
    assert records.rows("SELECT source_ref FROM crime") == [("C1",)]
    assert report.rejected == 1


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def bomb(_whole: bytes) -> bytes:
    return gzip.compress(b"\n" * (40 * 2**20))


def endless(_whole: bytes) -> bytes:
    return gzip.compress(bytes(40 * 2**20))


def damaged(whole: bytes) -> bytes:
    return whole[:30] + b"\x00\x00\x00" + whole[33:]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut, "it cannot be read to its end"),
        (damaged, "it cannot be read to its end"),
        (bomb, "it unfolds to more than 200 times its size"),
        (endless, "line 1 has no end"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_refused_whole(
    records: Records, spoil: Callable[[bytes], bytes], why: str
) -> None:
    said = [crime(f"C{n}") for n in range(200)]
    whole = gzip.compress(lines(records.folder / "x", *said).read_bytes())
    (records.folder / "records.jsonl.gz").write_bytes(spoil(whole))
    report = records.read(records.folder / "records.jsonl.gz")
    assert [why in each.why for each in report.refused] == [True]
    assert nothing_is_stored(records)
    assert not report.is_whole


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", None),
        (b"\n", "it has no header"),
        (b"a,a\n1,2\n", "two of its columns are called the same"),
        (b"kind,source,id,version,canary\n", None),
        (b"Wren Canary,07700900123\nvictim,rms\n", "the schema knows no field of the name of its column 1"),
        (b"source,id,version\nrms,1,1\n", "it says nowhere which kind of record it holds"),
        ("kind,source\ncrime,rms\n".encode("utf-16"), "its header cannot be read: it is not UTF-8 text"),
        (b'"kind,source\ncrime,rms\n', "its header cannot be read: it is not a line of CSV"),
        (b"kind," + b"x," * 500 + b"y\n", "it has more than 400 columns"),
    ],
)
def test_a_table_without_a_header_that_can_be_understood_is_refused_whole(
    records: Records, content: bytes, why: str | None
) -> None:
    (records.folder / "x.csv").write_bytes(content)
    report = records.read(records.folder / "x.csv")
    assert all("anary" not in each.why for each in report.refused)
    if why is not None:
        assert [why in each.why for each in report.refused] == [True]
    assert nothing_is_stored(records)


def test_a_quotation_mark_that_is_never_closed_spoils_its_line_alone(records: Records) -> None:
    rows = [HEADER, 'victim,rms,V1,1,C1,"Wren', "victim,rms,V2,1,C1,Lark Sample,", "victim,rms,V3,1,C1"]
    (records.folder / "x.csv").write_text("\n".join(rows), "utf-8")
    records.take(crime())
    records.read(records.folder / "x.csv")
    assert [(line, why) for line, _, why in records.rejects()] == [
        ("2", "it is not a line of CSV"),
        ("4", "it has 5 columns where the header has 7"),
    ]
    assert records.rows("SELECT name FROM victim") == [("Lark Sample",)]


def test_what_is_not_there_is_said(records: Records) -> None:
    with pytest.raises(NothingToRead):
        records.read(records.folder / "nowhere")
    (records.folder / "empty").mkdir()
    with pytest.raises(NothingToRead):
        records.read(records.folder / "empty")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    with file.open("w") as out:
        for number in range(20_000):
            out.write(json.dumps(vps(f"E{number}")) + "\n")
    assert check_readable(file) == 20_000
    with pytest.raises(FileRefused):
        check_readable(tmp_path)


def test_every_kind_of_event_is_read_as_its_schema_says() -> None:
    for kind in EVENTS:
        with pytest.raises(ValueError, match=r"Field required|validation error"):
            RECORD.validate_json(json.dumps({"kind": "event", "event": kind.value}), strict=True)
    assert suspect()["kind"] in MODELS

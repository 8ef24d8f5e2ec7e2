"""Importing what data.police.uk publishes: what becomes of each row, whenever and in whichever order it comes."""

import csv
import gzip
import json
import os
import random
import signal
import subprocess
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.contents import contents, contents_hash
from tests.exchange.published import STREET_HEADER, crime_id, outcome, outcomes_file, street, street_file
from tests.force import a_force
from victimcare.domain.allocation import Candidate, NobodyOnDuty, TeamOnDuty
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.law import published_law
from victimcare.exchange import police_uk
from victimcare.exchange.police_uk import ImportReport, import_police_uk
from victimcare.exchange.police_uk_cases import Allocator, reference_of
from victimcare.exchange.police_uk_files import NothingToImport
from victimcare.exchange.police_uk_mapping import OUTCOMES, WITH_A_VICTIM, WITHOUT_A_VICTIM
from victimcare.store.database import Database

pytestmark = pytest.mark.both_engines  # rows go in many at once, which each engine does in its own way

NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)
REAL = Path(__file__).parents[3] / "shared" / "data" / "police-uk"
CHARGED, CLOSED = "Suspect charged", "Investigation complete; no suspect identified"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def staffed(database_url: str) -> Iterator[Database]:
    """A database with two officers in Luton and one in Bedford, so that it matters who holds how much."""
    database = a_force(database_url).database
    yield database
    database.close()


def run(database: Database, *paths: Path, **options: Any) -> ImportReport:
    return import_police_uk(database, paths, law=published_law(), now=NOW, **options)


def rows_of(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def two_months(folder: Path) -> Path:
    """Eight crimes with all that can become of their outcomes."""
    street_file(
        folder,
        "2021-05",
        *[street(f"a{n}", "2021-05") for n in range(4)],
        street("a1", "2021-05"),
        street("a2", "2021-05", district="Bedford"),
        street("", "2021-05", crime_type="Anti-social behaviour"),
        street("b1", "2021-05", crime_type="Drugs"),
    )
    street_file(folder, "2021-06", *[street(f"c{n}", "2021-06", district="Bedford") for n in range(4)], packed=True)
    outcomes_file(
        folder,
        "2021-05",
        outcome("a1", "2021-05"),
        outcome("a1", "2021-05"),
        outcome("b1", "2021-05"),
        outcome("c1", "2021-05"),
        outcome("unknown", "2021-05"),
        packed=True,
    )
    outcomes_file(folder, "2021-06", outcome("a1", "2021-06", "Local resolution"), outcome("c2", "2021-06", CLOSED))
    return folder


def test_every_row_has_one_fate(database: Database, tmp_path: Path) -> None:
    report = run(database, two_months(tmp_path))
    assert report.as_json() == {
        "files": 4,
        "rows": 19,
        "crimes": 8,
        "cases": 8,
        "events": 8 * 3 + 3,
        "excluded": {"Anti-social behaviour": 1, "Drugs": 1},
        "unchanged": 0,
        "duplicate": 2,
        "unmatched": 1,
        "rejected": 2,
    }
    outcomes_stored = 3
    fates = (report.cases, outcomes_stored, report.excluded.total(), report.duplicate, report.unmatched)
    assert sum(fates) + report.rejected + report.left_out == report.rows


def test_a_crime_with_a_victim_becomes_a_case_with_a_case_officer(database: Database, tmp_path: Path) -> None:
    run(database, street_file(tmp_path, "2021-05", street("a1", "2021-05", crime_type="Robbery", district="Bedford")))
    query = "SELECT ref, area, crime_type, officer_id, held, opened_on, status FROM victim_case"
    [(ref, area, crime_type, officer, held, opened_on, status)] = rows_of(database, query)
    assert (area, crime_type, officer) == ("Bedford Borough", "Robbery", "duty-supervisor-bedford-borough")
    assert (bool(held), str(opened_on), status) == (True, "2021-05-01", "open")
    assert ref == reference_of(crime_id("a1"), 0)
    assert rows_of(database, "SELECT name, basis FROM victim") == [(None, "direct")]
    assert rows_of(database, "SELECT name FROM person WHERE id = 'duty-supervisor-luton'") == [
        ("Duty supervisor, Luton",)
    ]
    events = rows_of(database, "SELECT kind, precision, contacts_recorded, source FROM journey_event ORDER BY id")
    assert [(kind, precision, bool(contacts), source) for kind, precision, contacts, source in events] == [
        ("crime_reported", "month", False, "police-uk"),
        ("crime_recorded", "month", False, "police-uk"),
        ("officer_assigned", "month", False, "police-uk"),
    ]


def test_the_duties_of_published_crimes_stand_no_evidence(database: Database, tmp_path: Path) -> None:
    run(database, two_months(tmp_path))
    assert {row[0] for row in rows_of(database, "SELECT DISTINCT counting FROM due")} == {"no_evidence"}
    assert "R6-CHG" in {row[0] for row in rows_of(database, "SELECT rule FROM due")}
    assert rows_of(database, "SELECT * FROM breach") == []


def test_each_outcome_becomes_its_event(database: Database, tmp_path: Path) -> None:
    published = [outcome("a1", "2021-06", words) for words in OUTCOMES]
    run(
        database,
        street_file(tmp_path, "2021-05", street("a1", "2021-05")),
        outcomes_file(tmp_path, "2021-06", *published),
    )
    query = "SELECT details, kind, precision FROM journey_event WHERE happened_on = '2021-06-01'"
    stored = {
        json.loads(details)["outcome"]: (kind, precision) for details, kind, precision in rows_of(database, query)
    }
    assert stored == {words: (kind.value, "month") for words, kind in OUTCOMES.items()}


def test_words_that_do_not_fix_a_duty_start_no_clock() -> None:
    edition = published_law().code.latest
    history = [words for words, kind in OUTCOMES.items() if kind is EventKind.OUTCOME_PUBLISHED]
    assert "Unable to prosecute suspect" in history
    assert edition.rules_started_by(EventKind.OUTCOME_PUBLISHED) == ()


def test_the_tables_in_the_guide_are_those_of_the_program() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "police-uk.md").read_text(encoding="utf-8")
    for words, kind in OUTCOMES.items():
        assert f"| {words} | `{kind.value}` |" in guide
    for crime_type in WITH_A_VICTIM:
        assert f"| {crime_type} | a case |" in guide
    for crime_type in WITHOUT_A_VICTIM:
        assert f"| {crime_type} | left out, counted |" in guide


def test_the_same_files_again_change_nothing(database: Database, tmp_path: Path) -> None:
    first = run(database, two_months(tmp_path))
    before = contents_hash(database)
    again = run(database, tmp_path)
    assert contents_hash(database) == before
    assert (again.cases, again.events, again.crimes) == (0, 0, first.crimes)
    assert again.unchanged == 8 + 3
    assert (again.duplicate, again.unmatched, again.rejected) == (first.duplicate, first.unmatched, first.rejected)


def test_a_later_month_adds_its_outcomes(database: Database, tmp_path: Path) -> None:
    run(database, street_file(tmp_path, "2021-05", street("a1", "2021-05")))
    report = run(database, outcomes_file(tmp_path, "2021-07", outcome("a1", "2021-07", CLOSED)))
    assert (report.cases, report.events, report.unmatched) == (0, 1, 0)
    assert rows_of(database, "SELECT version FROM victim_case") == [(2,)]


def test_month_by_month_ends_as_all_at_once(database: Database, tmp_path: Path) -> None:
    folder = two_months(tmp_path)
    for month in ("2021-05", "2021-06"):
        run(database, *sorted(folder.glob(f"{month}-*-street*")))
        run(database, *sorted(folder.glob(f"{month}-*-outcomes*")))
    by_month = contents_hash(database)
    empty(database)
    run(database, folder)
    assert contents_hash(database) == by_month


def test_the_order_of_the_files_does_not_matter(staffed: Database, tmp_path: Path) -> None:
    database = staffed
    files = sorted(two_months(tmp_path).iterdir())
    hashes = set()
    for seed in range(4):
        random.Random(seed).shuffle(files)
        run(database, *files)
        hashes.add(contents_hash(database))
        empty(database)
    assert len(hashes) == 1


def test_outcomes_imported_before_their_crimes_wait_for_them(database: Database, tmp_path: Path) -> None:
    folder = two_months(tmp_path)
    early = run(database, *folder.glob("*-outcomes*"))
    assert (early.unmatched, early.events) == (6, 0)
    joined = run(database, *folder.glob("*-street*"))
    assert joined.events == 8 * 3 + 3
    backwards = contents_hash(database)
    assert rows_of(database, "SELECT outcome FROM unmatched_outcome") == [(CHARGED,)]
    empty(database)
    run(database, folder)
    assert contents_hash(database) == backwards


def test_an_outcome_before_its_crime_is_rejected_even_when_it_waited(database: Database, tmp_path: Path) -> None:
    run(database, outcomes_file(tmp_path, "2021-05", outcome("a1", "2021-05")))
    report = run(database, street_file(tmp_path, "2021-06", street("a1", "2021-06")), rejects_path=tmp_path / "bad.csv")
    assert (report.rejected, report.events) == (1, 3)
    assert reasons(report) == [("kept from an earlier import", "", "an outcome of 2021-05 for a crime of 2021-06")]


def test_outcomes_of_crimes_without_a_victim_are_left_out(database: Database, tmp_path: Path) -> None:
    drugs = street_file(tmp_path, "2021-05", street("d1", "2021-05", crime_type="Drugs"))
    outcomes = outcomes_file(tmp_path, "2021-05", outcome("d1", "2021-05"))
    report = run(database, drugs, outcomes)
    assert (report.left_out, report.unmatched, report.cases) == (1, 0, 0)
    assert run(database, outcomes).left_out == 1
    assert rows_of(database, "SELECT * FROM unmatched_outcome") == []


def test_a_street_row_that_differs_is_reported_and_the_first_kept(database: Database, tmp_path: Path) -> None:
    first = street_file(tmp_path, "2021-05", street("a1", "2021-05", district="Luton"))
    other = street_file(tmp_path, "2021-06", street("a1", "2021-05", district="Bedford"))
    report = run(database, other, first, rejects_path=tmp_path / "bad.csv")
    assert (report.cases, report.rejected) == (1, 1)
    assert reasons(report) == [
        (str(other), "2", "it differs from the first row of its Crime ID, which is kept"),
    ]
    again = run(database, other, rejects_path=tmp_path / "bad.csv")
    assert [why for _, _, why in reasons(again)] == ["it differs from the row stored for its Crime ID, which is kept"]
    assert rows_of(database, "SELECT area FROM crime") == [("Luton",)]


def test_bad_rows_are_reported_with_their_line_and_do_not_stop_the_rest(database: Database, tmp_path: Path) -> None:
    file = street_file(
        tmp_path,
        "2021-05",
        street("a1", "2021-05"),
        street("a2", "May 2021"),
        street("a3", "2021-13"),
        street("a4", "2023-07"),
        street("", "2021-05"),
        street("a5", "2021-05", crime_type="=Witchcraft"),
        "too,short",
        "",
        street("a6", "2021-05"),
    )
    outcomes = outcomes_file(tmp_path, "2021-05", outcome("a1", "2021-05", "Told off"), outcome("", "2021-05"))
    report = run(database, file, outcomes, rejects_path=tmp_path / "rejects" / "bad.csv")
    assert (report.rows, report.cases, report.rejected) == (10, 2, 7 + 0)
    assert [(line, why) for path, line, why in reasons(report) if path == str(file)] == [
        ("3", "'May 2021' is not a month (YYYY-MM)"),
        ("4", "'2021-13' is not a month (YYYY-MM)"),
        ("5", "the month 2023-07 has not come yet"),
        ("6", "it has no Crime ID"),
        ("7", "'=Witchcraft' is not a crime type that we know"),
        ("8", "it has 2 columns where 12 are needed"),
    ]
    assert ("2", "'Told off' is not an outcome that we know") in [(line, why) for _, line, why in reasons(report)]


def test_a_line_that_cannot_be_read_does_not_swallow_the_others(database: Database, tmp_path: Path) -> None:
    file = street_file(tmp_path, "2021-05", street("a1", "2021-05"))
    bad = [b'"never closed,2021-05', b"\xff\xfe,2021-05", street("a\x00", "2021-05").encode(), street("", "").encode()]
    file.write_bytes(file.read_bytes() + b"\r\n".join([*bad, street("a2", "2021-05").encode()]))
    report = run(database, file, rejects_path=tmp_path / "bad.csv")
    assert (report.cases, report.rejected) == (2, 4)
    assert [line for _, line, _ in reasons(report)] == ["3", "4", "5", "6"]


def test_a_byte_order_mark_is_no_column(database: Database, tmp_path: Path) -> None:
    file = street_file(tmp_path, "2021-05", street("a1", "2021-05"))
    file.write_bytes(BOM_UTF8 + file.read_bytes())
    assert run(database, file).cases == 1


def test_no_cell_of_the_reject_file_is_a_formula(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    file = street_file(Path(), "2021-05", street("a1", "nonsense"))
    formula = file.rename("=HYPERLINK(1).csv")
    report = run(database, formula, rejects_path=tmp_path / "bad.csv")
    assert [path for path, _, _ in reasons(report)] == ["'=HYPERLINK(1).csv"]


def test_without_bad_rows_there_is_no_reject_file(database: Database, tmp_path: Path) -> None:
    file = street_file(tmp_path, "2021-05", street("a1", "2021-05"))
    report = run(database, file, rejects_path=tmp_path / "bad.csv")
    assert report.rejects_path is None
    assert not (tmp_path / "bad.csv").exists()


def damaged(folder: Path) -> dict[str, Path]:
    """Files that are not what they should be, each with a good first row."""
    good = f"{STREET_HEADER}\n{street('a1', '2021-05')}\n".encode()
    files = {
        "columns": STREET_HEADER.replace(",Context", "").encode() + good[len(STREET_HEADER) :],
        "empty": b"",
        "nothing but zeros": bytes(1000),
        "cut short": gzip.compress(good * 50, mtime=0)[:-20],
    }
    for name, data in files.items():
        (folder / f"{name}.csv").write_bytes(data)
    return {name: folder / f"{name}.csv" for name in files}


@pytest.mark.parametrize("what", ["columns", "empty", "nothing but zeros", "cut short"])
def test_a_damaged_file_is_refused_and_nothing_of_it_stored(sqlite_url: str, tmp_path: Path, what: str) -> None:
    database = Database(sqlite_url)
    good = street_file(tmp_path / "good", "2021-05", street("a9", "2021-05"))
    bad = damaged(tmp_path)[what]
    report = run(database, bad, good)
    assert rows_of(database, "SELECT source_ref FROM crime") == [(crime_id("a9"),)]
    database.close()
    assert (report.files, report.rows) == (1, 1)
    assert [refusal.path for refusal in report.refused] == [bad]
    assert str(report.refused[0]).startswith(f"{bad} is refused, and nothing of it is stored: it")


def test_where_every_file_is_refused_not_even_a_team_is_made(database: Database, tmp_path: Path) -> None:
    run(database, damaged(tmp_path)["columns"])
    assert rows_of(database, "SELECT * FROM team") == []


def test_the_wrong_columns_are_named(database: Database, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Name,Age\nSomebody,4\n")
    assert "it begins with 'Name', 'Age'" in str(run(database, other).refused[0])


def test_a_path_without_files_is_said(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match="there is no such file or folder"):
        run(database, tmp_path / "missing")
    with pytest.raises(NothingToImport, match="the folder has no"):
        run(database, tmp_path)
    with pytest.raises(NothingToImport, match="it is neither a file nor a folder"):
        run(database, Path(os.devnull))


def test_a_file_given_twice_is_read_once(database: Database, tmp_path: Path) -> None:
    file = street_file(tmp_path, "2021-05", street("a1", "2021-05"))
    assert run(database, tmp_path, file, file).files == 1


def test_stop_and_search_files_in_a_folder_are_passed_over(database: Database, tmp_path: Path) -> None:
    street_file(tmp_path, "2021-05", street("a1", "2021-05"))
    (tmp_path / "2021-05-bedfordshire-stop-and-search.csv").write_text("Type,Date\n")
    report = run(database, tmp_path)
    assert (report.files, report.refused) == (1, [])


def test_cases_go_to_the_officers_there_are(database_url: str, tmp_path: Path) -> None:
    force = a_force(database_url)
    file = street_file(tmp_path, "2021-05", *[street(f"a{n}", "2021-05") for n in range(10)])
    run(force.database, file)
    query = "SELECT officer_id, count(*) FROM victim_case GROUP BY officer_id ORDER BY officer_id"
    assert rows_of(force.database, query) == [("ash", 5), ("birch", 5)]
    assert len(rows_of(force.database, "SELECT id FROM team")) == 2
    force.database.close()


def test_teams_without_anybody_on_duty_are_refused_before_anything_is_stored(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO team (id, name, area) VALUES ('luton', 'Luton A', 'Luton')"))
    with pytest.raises(NobodyOnDuty):
        run(database, street_file(tmp_path, "2021-05", street("a1", "2021-05")))
    assert rows_of(database, "SELECT * FROM crime") == []


def test_allocation_goes_on_as_if_it_had_not_been_interrupted() -> None:
    candidates = [Candidate(name, "luton", "Luton", frozenset(), True, 3.0, 100.0) for name in "abc"]
    teams = [TeamOnDuty("luton", "Luton", "s")]
    whole = Allocator(candidates, teams, already_held={})
    in_one_go = [whole.allocate("Luton") for _ in range(10)]
    resumed = Allocator(candidates, teams, already_held={"a": 2, "b": 2, "c": 1})
    assert [resumed.allocate("Luton") for _ in range(5)] == in_one_go[5:]


def test_two_crimes_never_share_a_case_reference(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    def narrow(crime_ref: str, attempt: int) -> str:
        return f"AAAAA-0000{attempt}"

    monkeypatch.setattr(police_uk, "reference_of", narrow)
    file = street_file(tmp_path, "2021-05", *[street(f"a{n}", "2021-05") for n in range(3)])
    run(database, file, chunk=2)
    assert sorted(ref for (ref,) in rows_of(database, "SELECT ref FROM victim_case")) == [
        "AAAAA-00000",
        "AAAAA-00001",
        "AAAAA-00002",
    ]


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def after(ticks: int) -> Callable[[int, int], None]:
    """A progress that interrupts after so many transactions."""
    seen = iter(range(ticks))

    def tick(done: int, total: int) -> None:
        if next(seen, None) is None:
            raise Interrupted

    return tick


def test_interrupted_after_any_transaction_and_run_again_ends_the_same(staffed: Database, tmp_path: Path) -> None:
    database, folder = staffed, two_months(tmp_path)
    run(database, *folder.glob("2021-05*outcomes*"))
    transactions: list[int] = []
    run(database, folder, chunk=3, progress=lambda done, total: transactions.append(done))
    whole = contents_hash(database)
    assert len(transactions) >= 6
    for ticks in range(len(transactions)):
        empty(database)
        run(database, *folder.glob("2021-05*outcomes*"))
        with pytest.raises(Interrupted):
            run(database, folder, chunk=3, progress=after(ticks))
        run(database, folder, chunk=3)
        assert contents_hash(database) == whole, f"interrupted after {ticks} transactions"


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from victimcare.editions.law import published_law
from victimcare.exchange.police_uk import import_police_uk
from victimcare.store import bulk
from victimcare.store.database import Database

inserts = 0
insert_rows = bulk.insert_rows

def counted(connection, table, rows):
    global inserts
    inserts += 1
    if inserts == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    insert_rows(connection, table, rows)

bulk.insert_rows = counted
now = datetime(2023, 6, 1, 12, tzinfo=UTC)
import_police_uk(Database(sys.argv[1]), [Path(sys.argv[2])], law=published_law(), now=now, chunk=2)
"""


@pytest.mark.parametrize("at_insert", [4, 11])
@pytest.mark.in_turn
def test_killed_in_the_middle_of_a_transaction_and_run_again_ends_the_same(
    staffed: Database, tmp_path: Path, at_insert: int
) -> None:
    database, folder = staffed, two_months(tmp_path)
    run(database, folder, chunk=2)
    whole = contents_hash(database)
    empty(database)
    arguments = [database.engine.url.render_as_string(hide_password=False), str(folder), str(at_insert)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    run(database, folder, chunk=2)
    assert contents_hash(database) == whole


def test_two_real_months_where_they_are_at_hand(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    real = [path for month in ("2021-05", "2021-06") for path in REAL.glob(f"{month}-*")]
    files = real or list(two_months(tmp_path).iterdir())
    report = run(database, *files)
    if real:
        assert report.as_json() == {
            "files": 4,
            "rows": 16911,
            "crimes": 7470,
            "cases": 7470,
            "events": 27886,
            "excluded": {"Anti-social behaviour": 2907, "Drugs": 251, "Other crime": 161, "Possession of weapons": 56},
            "unchanged": 0,
            "duplicate": 39,
            "unmatched": 292,
            "rejected": 1,
        }
    again = run(database, *files)
    assert (again.cases, again.events) == (0, 0)
    assert again.unchanged == report.crimes + report.events - 3 * report.crimes
    database.close()


def reasons(report: ImportReport) -> list[tuple[str, str, str]]:
    """The rows of the reject file."""
    assert report.rejects_path is not None
    with report.rejects_path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["file", "line", "reason"]
    assert len(rows) == report.rejected
    return [(path, line, why) for path, line, why in rows]


def empty(database: Database) -> None:
    """Take out all that an import wrote."""
    tables = "due, breach, audit_subject, assignment, journey_event, victim_case, victim, crime, unmatched_outcome"
    with database.writing() as connection:
        if database.engine.dialect.name == "sqlite":
            for trigger in rows_of(database, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                connection.execute(text(f"DROP TRIGGER {trigger[0]}"))
            for table in tables.split(", "):
                connection.execute(text(f"DELETE FROM {table}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    with database.reading() as connection:
        assert contents(connection)["journey_event"] == []

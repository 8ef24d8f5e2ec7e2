"""The commands that check the audit: what they print, and that they exit 1 naming the row."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.cli.conftest import Command
from victimcare.cli import program
from victimcare.domain.audit_chain import FIRST, as_hashed, hash_of
from victimcare.domain.people import Person, Role
from victimcare.store import audit
from victimcare.store.append_only import released
from victimcare.store.audit import AUDIT
from victimcare.store.database import Database

ROWS = 5


@pytest.fixture
def installation(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database whose audit has five rows; commands run there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "database").write_text(sqlite_url.removeprefix("sqlite:///"))
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", sqlite_url)
    database = Database(sqlite_url)
    person = Person("o1", "Example Officer", Role.OFFICER)
    for _ in range(ROWS):
        with database.writing() as connection:
            audit.write(connection, at=datetime.now(UTC), operation="consultation", what="case", person=person)
    database.close()
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["victimcare", *arguments])
    with pytest.raises(SystemExit) as ended:
        program.main()
    return int(ended.value.code or 0)


def tamper(installation: Path, *statements: str) -> None:
    with sqlite3.connect((installation / "database").read_text()) as connection:
        for statement in ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", *statements):
            connection.execute(statement)
    connection.close()


@pytest.mark.usefixtures("installation")
def test_an_audit_that_nobody_changed_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "audit", "verify") == 0
    assert "There are no anchors" in capsys.readouterr().out
    assert run(monkeypatch, "audit", "anchor") == 0
    assert "the last rows of the chains are 5" in capsys.readouterr().out
    assert run(monkeypatch, "audit", "verify") == 0
    assert capsys.readouterr().out.startswith("5 rows checked, none of them changed.\n1 anchors fit, the last of ")


def test_the_first_bad_row_is_named(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(installation, "UPDATE audit SET person_id = 'o2' WHERE seq = 3")
    assert run(monkeypatch, "audit", "verify") == 1
    assert capsys.readouterr().err == (
        "The audit is not as it was written: row 3 was changed: it does not give its own hash.\n"
    )
    assert run(monkeypatch, "audit", "verify", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"rows": 3, "anchors": 0, "first_bad_row": 3}


@pytest.mark.usefixtures("installation")
def test_after_another_key_the_audit_is_checked_with_old_and_new_anchors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "audit", "anchor")
    run(monkeypatch, "audit", "public-key")
    old = capsys.readouterr().out.splitlines()[-1]
    assert run(monkeypatch, "audit", "rotate-key") == 0
    new = capsys.readouterr().out.splitlines()[-1]
    assert old != new
    run(monkeypatch, "audit", "anchor")
    for key in ([], ["--public-key", old], ["--public-key", new]):
        capsys.readouterr()
        assert run(monkeypatch, "audit", "verify", *key) == 0
        assert capsys.readouterr().out.startswith("6 rows checked, none of them changed.\n4 anchors fit, the last of ")


def test_rows_cut_off_the_end_are_missed_by_a_copy_of_the_anchors(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "audit", "anchor")
    run(monkeypatch, "audit", "public-key")
    key = capsys.readouterr().out.splitlines()[-1]
    (installation / "data/audit-anchors.jsonl").rename(installation / "kept elsewhere")
    (installation / "data/audit.key").unlink()
    tamper(installation, "DELETE FROM audit WHERE seq = 5")
    assert run(monkeypatch, "audit", "verify") == 0
    assert run(monkeypatch, "audit", "verify", "--anchors", "kept elsewhere", "--public-key", key) == 1
    assert "row 5, anchored at " in capsys.readouterr().err


def test_old_months_are_closed_into_files_that_can_be_read(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a database whose rows are two years old when that is done."""
    move_back(installed / "data/victimcare.db")
    command("audit", "anchor")
    closing = ("audit", "close", "--before", "2025-01", "--to", "closed", "--key-file", "closed.key")
    capsys.readouterr()
    assert command(*closing) == 0
    said = capsys.readouterr().out
    assert said.startswith("closed/audit-2024-05.sealed: 2024-05, ")
    assert said.endswith(" rows, read again, and whole.\n1 month closed.\n")
    assert command(*closing) == 0
    assert capsys.readouterr().out == "Nothing of before that month is open.\n"
    assert command("audit", "verify") == 0
    capsys.readouterr()
    assert command("audit", "read", "closed/audit-2024-05.sealed", "--key-file", "closed.key") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["at"][:7] for row in rows} == {"2024-05"}


@pytest.mark.parametrize("month", ["2025", "2025-13", "soon", "2025-01-01"])
def test_what_is_no_month_is_said(command: Command, capsys: pytest.CaptureFixture[str], month: str) -> None:
    assert command("audit", "close", "--before", month, "--to", "closed") == 2
    assert "a month as 2025-01" in capsys.readouterr().err


def move_back(file: Path) -> None:
    """Every row of the audit to May 2024, chained anew."""
    with closing(Database(f"sqlite:///{file}")) as database:
        with database.reading() as connection:
            links = list(audit.links(connection))
        with database.writing() as connection, released(connection, "audit"):
            follows = FIRST
            for link in links:
                at = datetime(2024, 5, 22, 12, tzinfo=UTC)
                own = hash_of(follows, link.entry._replace(at=as_hashed(at)))
                moved = update(AUDIT).where(AUDIT.c.seq == link.entry.seq)
                connection.execute(moved.values(at=at, follows=follows, hash=own))
                follows = own

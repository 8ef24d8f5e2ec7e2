"""The commands that let everything out and in, as the guide says them, and what they say where something is wrong."""

from __future__ import annotations

import re
import shlex
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from victimcare.exchange.everything.parts import parts_in
from victimcare.store.key_file import key_in

DOCS = Path(__file__).parents[2] / "docs"
PASSPHRASE = "seven otters quietly knitting"


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VICTIMCARE_EXPORT_PASSPHRASE", PASSPHRASE)


def move_to_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new installation is, with keys of its own."""
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", "sqlite:///new/victimcare.db")
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY_FILE", "new/vault.key")


@pytest.mark.usefixtures("installed", "passphrase")
def test_what_the_guide_says_works_as_it_stands_there(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = (DOCS / "operations.md").read_text("utf-8").split("## Leaving, and moving to another database")[1]
    blocks = re.findall(r"```sh\n(.*?)```", section.split("\n## ")[0], re.DOTALL)
    out, into = ([shlex.split(line)[1:] for line in block.splitlines()] for block in blocks)
    assert [words[:2] for words in out] == [["export", "all"], ["import", "all"]]
    assert [words[0] for words in into] == ["import", "rebuild", "audit", "accounts"]
    assert all(command(*words) == 0 for words in out)
    move_to_a_new_one(monkeypatch)
    for words in into[:-1]:
        assert command(*words) == 0, words
    printed = capsys.readouterr()
    assert printed.err == ""
    contents = re.findall("Contents ([0-9a-f]{64})", printed.out)
    assert len(contents) == 3
    assert len(set(contents)) == 1
    assert "Imported, read again from the database, and the same." in printed.out
    assert "Every deadline and every case is as derived." in printed.out
    assert "none of them changed." in printed.out


@pytest.mark.usefixtures("installed")
def test_the_page_of_the_format_reads_a_file_without_this_program(command: Command, tmp_path: Path) -> None:
    assert command("export", "all", "all.export", "--key-file", "export.key") == 0
    (script,) = re.findall(r"```python\n(.*?)```", (DOCS / "export.md").read_text("utf-8"), re.DOTALL)
    Path("read_export.py").write_text(script)
    subprocess.run(
        [sys.executable, "-I", "read_export.py", "all.export", "all.tar", "export.key"], check=True, cwd=tmp_path
    )
    with tarfile.open("all.tar") as tar, Path("all.export").open("rb") as file:
        parts = {each.name: tar.extractfile(each).read() for each in tar}  # type: ignore[union-attr]
        assert parts == dict(parts_in(file, key_in(Path("export.key"))))
    assert parts["schema.json"] == (DOCS / "export/everything-v1.json").read_bytes(), "print it anew with --schema"
    assert b"Wren Sample" in parts["tables/victim-000001.jsonl"]


@pytest.mark.usefixtures("passphrase")
def test_where_something_is_wrong_it_says_so_and_nothing_is_there(
    installed: Path, command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str, code: int = 1) -> str:
        assert command(*arguments) == code
        return capsys.readouterr().err

    assert "say which file to write" in said("export", "all", code=2)
    assert command("export", "all", "all.export") == 0
    capsys.readouterr()
    assert "is there already" in said("export", "all", "all.export")
    assert "the database is not empty" in said("import", "all", "all.export")
    move_to_a_new_one(monkeypatch)
    monkeypatch.setenv("VICTIMCARE_EXPORT_PASSPHRASE", "seven otters quietly sitting")
    assert "does not open with this passphrase" in said("import", "all", "all.export")
    assert "there is no key at" in said("import", "all", "all.export", "--key-file", "none.key")
    monkeypatch.setenv("VICTIMCARE_EXPORT_PASSPHRASE", "short")
    assert "at least 15 characters" in said("export", "all", "another.export")
    assert not (installed / "another.export").exists()
    assert not (installed / "new").exists(), "not even an empty database was made"


@pytest.mark.usefixtures("installed", "passphrase")
def test_an_audit_that_is_not_as_it_was_written_leaves_and_the_command_says_so(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect("data/victimcare.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET person_id = 'elm' WHERE seq = 2")
    connection.close()
    for words in (("export", "all", "all.export"), ("import", "all", "--check", "all.export")):
        assert command(*words) == 1, words
        printed = capsys.readouterr()
        assert "whole." in printed.out
        assert "The audit in it is not as it was written: row 2 was changed" in printed.err
    assert Path("all.export").exists()


def test_the_schema_that_the_program_prints_is_the_one_published(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("export", "all", "--schema") == 0
    assert capsys.readouterr().out == (DOCS / "export/everything-v1.json").read_text("utf-8")

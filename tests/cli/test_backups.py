"""The commands of docs/operations.md for backup and restore, run one after another as they stand there."""

from __future__ import annotations

import re
import shlex
import sqlite3
from glob import glob
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.schema import migrate_to, revisions
from victimcare.store.key_file import KEY_BYTES, encoded
from victimcare.store.opening import opened

GUIDE = Path(__file__).parents[2] / "docs/operations.md"
SECTION = "## Keys, backup and restore"


def documented() -> list[str]:
    """The commands of the guide's section, line by line."""
    section = GUIDE.read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    return [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


@pytest.mark.usefixtures("installed")
def test_what_the_guide_says_works_as_it_stands_there(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [shlex.split(line) for line in documented()]
    assert [words[1] for words in commands] == ["keys", "keys", "backup", "restore", "restore", "audit", "rebuild"]
    for _, *arguments in commands:
        expanded = [found for word in arguments for found in (glob(word) if "*" in word else [word])]
        assert command(*expanded) == 0, arguments
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "read again, and whole." in printed.out
    assert "was restored at" not in printed.out, "no row was anchored after the backup"
    assert "Every deadline and every case is as derived." in printed.out


def test_while_the_service_runs_restoring_is_refused_in_a_sentence(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("backup") == 0
    (made,) = (installed / "data/backups").glob("*.backup")
    with opened("sqlite:///data/victimcare.db"):
        assert command("restore", str(made)) == 1
    assert "victimcare: something still works on this database: stop the service" in capsys.readouterr().err


def test_a_backup_key_that_others_can_read_is_refused(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    key = installed / "data/backup.key"
    key.write_text(encoded(bytes(KEY_BYTES)))
    key.chmod(0o644)
    assert command("backup") == 1
    assert "others than its owner can reach the key" in capsys.readouterr().err


def test_what_restoring_held_back_leaves_only_when_somebody_says_so(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command("backup")
    (made,) = (installed / "data/backups").glob("*.backup")
    command("restore", str(made))
    held_back = re.search(r"(\d+) notices, messages and referrals are held back", capsys.readouterr().out)
    assert held_back is not None
    assert command("release-held-back") == 0
    assert capsys.readouterr().out == f"{held_back.group(1)} wait to be sent again.\n"


def test_without_the_vault_s_key_it_says_so_and_changes_nothing(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command("backup")
    (made,) = (installed / "data/backups").glob("*.backup")
    (installed / "data/vault.key").unlink()
    before = (installed / "data/victimcare.db").read_bytes()
    assert command("restore", str(made)) == 1
    assert "the key of the vault is not there" in capsys.readouterr().err
    assert (installed / "data/victimcare.db").read_bytes() == before
    assert command("restore", str(made), "--without-vault-key") == 0


def backups_in(folder: Path) -> list[Path]:
    return sorted((folder / "data/backups").glob("victimcare-*.backup"))


def brought_back_to(installed: Path, revision: str) -> Path:
    """An installation whose database has the tables of an earlier version, and something in one of them."""
    file = installed / "data/victimcare.db"
    file.unlink()
    migrate_to(f"sqlite:///{file}", revision)
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO setting (name, value) VALUES ('old', 'kept')")
    connection.close()
    return file


@pytest.mark.parametrize("revision", ["0012", revisions()[-2]])
def test_a_database_is_backed_up_before_its_tables_are_changed(
    installed: Path, command: Command, revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    brought_back_to(installed, revision)
    assert command("migrate") == 0
    [made] = backups_in(installed)
    assert f"{made.name}: the database as it was, read again, and whole." in capsys.readouterr().out
    assert command("restore", "--check", str(made)) == 0
    assert command("migrate") == 0
    assert backups_in(installed) == [made], "nothing was changed the second time"


def test_where_the_backup_cannot_be_made_no_table_is_changed(installed: Path, command: Command) -> None:
    file = brought_back_to(installed, revisions()[-2])
    (installed / "data/backups").write_text("not a folder")
    assert command("migrate") == 1
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(revisions()[-2],)]
    connection.close()
    assert command("migrate", "--without-backup") == 0


def test_a_copy_that_another_program_put_back_is_settled(
    installed: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    database = installed / "data/victimcare.db"
    copy = database.read_bytes()
    assert command("backup") == 0
    assert command("audit", "anchor") == 0
    database.write_bytes(copy)
    assert command("audit", "verify") == 1
    assert command("audit", "anchor") == 1
    assert "run `victimcare settle-restored`: until then nothing is sent" in capsys.readouterr().err
    assert command("settle-restored") == 0
    said = capsys.readouterr().out
    assert said.startswith("Settled: the database as it was at ")
    assert "notices, messages and referrals are held back: they may have left since." in said
    assert command("audit", "verify") == 0
    assert "are lost since the backup" in capsys.readouterr().out

"""The commands of docs/operations.md for backup and restore, run one after another as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from glob import glob
from pathlib import Path

import pytest

from tests.backups import furnish
from victimcare.cli import program
from victimcare.store.key_file import KEY_BYTES, encoded
from victimcare.store.opening import opened

GUIDE = Path(__file__).parents[2] / "docs/operations.md"
SECTION = "## Keys, backup and restore"


@pytest.fixture
def installation(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database and the vault's key where commands look for them."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "victimcare.db")
    furnish(f"sqlite:///{data / 'victimcare.db'}").database.close()
    key = data / "vault.key"
    key.write_text(encoded(bytes(KEY_BYTES)))
    key.chmod(0o600)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def documented() -> list[str]:
    """The commands of the guide's section, line by line."""
    section = GUIDE.read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    return [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["victimcare", *arguments])
    with pytest.raises(SystemExit) as ended:
        program.main()
    return int(ended.value.code or 0)


@pytest.mark.usefixtures("installation")
def test_what_the_guide_says_works_as_it_stands_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [shlex.split(line) for line in documented()]
    assert [command[1] for command in commands] == ["backup", "restore", "restore", "audit", "rebuild"]
    for _, *arguments in commands:
        expanded = [found for word in arguments for found in (glob(word) if "*" in word else [word])]
        assert run(monkeypatch, *expanded) == 0, arguments
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "read again, and whole." in printed.out
    assert "was restored at" not in printed.out, "no row was anchored after the backup"
    assert "Every deadline and every case is as derived." in printed.out


def test_while_the_service_runs_restoring_is_refused_in_a_sentence(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "backup") == 0
    (made,) = (installation / "data/backups").glob("*.backup")
    with opened("sqlite:///data/victimcare.db"):
        assert run(monkeypatch, "restore", str(made)) == 1
    assert "victimcare: something still works on this database: stop the service" in capsys.readouterr().err


def test_a_backup_key_that_others_can_read_is_refused(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = installation / "data/backup.key"
    key.write_text(encoded(bytes(KEY_BYTES)))
    key.chmod(0o644)
    assert run(monkeypatch, "backup") == 1
    assert "everybody on this machine can reach the key" in capsys.readouterr().err


def test_what_restoring_held_back_leaves_only_when_somebody_says_so(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "backup")
    (made,) = (installation / "data/backups").glob("*.backup")
    run(monkeypatch, "restore", str(made))
    held_back = re.search(r"(\d+) notices, messages and referrals are held back", capsys.readouterr().out)
    assert held_back is not None
    assert run(monkeypatch, "release-held-back") == 0
    assert capsys.readouterr().out == f"{held_back.group(1)} wait to be sent again.\n"


def test_without_the_vault_s_key_it_says_so_and_changes_nothing(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "backup")
    (made,) = (installation / "data/backups").glob("*.backup")
    (installation / "data/vault.key").unlink()
    before = (installation / "data/victimcare.db").read_bytes()
    assert run(monkeypatch, "restore", str(made)) == 1
    assert "the key of the vault is not there" in capsys.readouterr().err
    assert (installation / "data/victimcare.db").read_bytes() == before
    assert run(monkeypatch, "restore", str(made), "--without-vault-key") == 0

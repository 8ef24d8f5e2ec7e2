"""An installation of a small force where commands look for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backups import furnish
from victimcare.cli import program
from victimcare.store.key_file import KEY_BYTES, encoded

Command = Callable[..., int]


@pytest.fixture
def installed(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, which is the current one, with a database and the vault's key in `data`."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "victimcare.db")
    furnish(f"sqlite:///{data / 'victimcare.db'}").database.close()
    key = data / "vault.key"
    key.write_text(encoded(bytes(KEY_BYTES)))
    key.chmod(0o600)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process; returns its exit code."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["victimcare", *arguments])
        with pytest.raises(SystemExit) as ended:
            program.main()
        return int(ended.value.code or 0)

    return run

"""The commands about accounts: the one-time secret of the first administrator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.test_program import in_process
from victimcare.store.accounts import invitation
from victimcare.store.database import Database

SECRET = re.compile(r"^ {4}((?:[A-Z2-7]{4}-){5}[A-Z2-7]{4})$", re.MULTILINE)


def test_the_first_administrators_secret_is_printed_once_and_kept_as_a_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY_FILE", str(tmp_path / "vault.key"))
    secrets = []
    for _ in range(2):
        assert in_process(monkeypatch, "accounts", "first-administrator") == 0
        secrets += SECRET.findall(capsys.readouterr().out)
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.reading() as connection:
        assert [invitation(connection, secret) is not None for secret in secrets] == [False, True]
    database.close()
    assert in_process(monkeypatch, "demo", "--victims", "1") == 1, "it never becomes a demonstration"

"""The commands about accounts: the one-time secret of the first administrator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.test_program import in_process
from tests.web.site import add_people
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


def test_an_operator_lets_an_administrator_in_again_and_stops_somebody(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(sqlite_url)
    add_people(database)
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY_FILE", str(tmp_path / "vault.key"))
    assert in_process(monkeypatch, "accounts", "secret", "administrator") == 0
    [secret] = SECRET.findall(capsys.readouterr().out)
    assert in_process(monkeypatch, "accounts", "stop", "officer") == 0
    assert in_process(monkeypatch, "accounts", "list") == 0
    listed = capsys.readouterr().out
    assert re.search(r"^administrator +Administrator +Secret given$", listed, re.MULTILINE)
    assert re.search(r"^officer +Case officer +Stopped$", listed, re.MULTILINE)
    assert in_process(monkeypatch, "accounts", "secret", "nobody") == 1
    assert "nobody has the user name 'nobody'" in capsys.readouterr().err
    with database.reading() as connection:
        assert invitation(connection, secret)
    database.close()

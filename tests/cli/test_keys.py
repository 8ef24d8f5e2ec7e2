"""The commands for the vault's key: checking it, changing it, and what they say when one is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.cli.conftest import Command
from victimcare.domain.people import Person, Role
from victimcare.domain.safe_contact import Point, PointKind
from victimcare.store import contact_points
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.database import Database
from victimcare.store.key_file import encoded, keys_in, write_keys
from victimcare.store.opening import opened
from victimcare.store.tables import RecoveryCode
from victimcare.store.vault import Vault

NUMBER = "07700 900123"
OFFICER = Person("ash", "Ash Example", Role.OFFICER, "luton")


@pytest.fixture
def vault_file(installed: Path) -> Path:
    """The file of the vault's key, with which a number is sealed."""
    database = Database(f"sqlite:///{installed / 'data/victimcare.db'}")
    with database.writing() as connection:
        point = NewContactPoint("p1", 1, NUMBER, Point(PointKind.PHONE))
        contact_points.add(connection, [point], Vault(bytes(32)))
        connection.execute(insert(RecoveryCode).values(person_id="ash", code_hash="a" * 64))
    database.close()
    return installed / "data/vault.key"


def number(vault: Vault) -> str:
    database = Database("sqlite:///data/victimcare.db")
    with database.reading() as connection:
        found = contact_points.value_of(connection, case_id=1, point_id="p1", vault=vault)
    database.close()
    return found


def test_a_new_key_seals_everything_and_the_old_one_is_put_aside_for_the_backups(
    vault_file: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("backup") == 0
    (made,) = Path("data/backups").glob("*.backup")
    assert command("keys", "rotate") == 0
    printed = capsys.readouterr().out
    (new,) = keys_in(vault_file)
    (aside,) = vault_file.parent.glob("vault.key.*")
    assert f"values sealed anew with the key {Vault(new).fingerprint}." in printed
    assert "1 recovery codes are worthless now" in printed
    assert f"it is in {aside.relative_to(Path.cwd())}." in printed
    assert (keys_in(aside), aside.stat().st_mode & 0o777) == ([bytes(32)], 0o600)
    assert number(Vault(new)) == NUMBER
    assert command("keys", "check") == 0
    assert command("restore", str(made)) == 1, "that backup is of the old key"
    write_keys(vault_file, [new, bytes(32)])
    assert command("restore", str(made)) == 0
    assert command("keys", "rotate") == 0
    assert keys_in(vault_file) == [new]
    assert number(Vault(new)) == NUMBER


def test_a_key_that_is_lost_says_what_is_lost(
    vault_file: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    vault_file.write_text(encoded(b"n" * 32))
    assert command("keys", "check") == 1
    assert "Sealed with a key that is not here, and lost unless somebody finds it: 1 ways to reach victims." in (
        capsys.readouterr().err
    )
    assert command("keys", "rotate") == 1
    assert "nothing that is sealed in this database opens" in capsys.readouterr().err
    assert Vault(*keys_in(vault_file)).fingerprints == (Vault(b"n" * 32).fingerprint,)


def test_it_is_refused_while_the_service_runs(
    vault_file: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened("sqlite:///data/victimcare.db"):
        assert command("keys", "rotate") == 1
    assert "stop the service" in capsys.readouterr().err
    assert keys_in(vault_file) == [bytes(32)]


def test_of_a_key_in_the_environment_it_says_how(
    vault_file: Path, command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY", encoded(bytes(32)))
    assert command("keys", "rotate") == 1
    assert "put a new one before it, with a comma between" in capsys.readouterr().err
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY", f"{encoded(b'n' * 32)},{encoded(bytes(32))}")
    assert command("keys", "rotate") == 0
    assert "take them out of VICTIMCARE_VAULT_KEY" in capsys.readouterr().out
    assert number(Vault(b"n" * 32)) == NUMBER

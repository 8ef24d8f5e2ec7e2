"""Codes of authenticator apps and recovery codes: what proves the second factor, and how often."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.force import Force, a_force
from victimcare.commands import second_factor
from victimcare.store import accounts
from victimcare.store.accounts import StoredAccount
from victimcare.store.vault import DoesNotOpen, Vault

NOW = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
RFC_KEY = b32encode(b"12345678901234567890").decode()
VAULT = Vault(bytes(32))
KEY = second_factor.new_key()


def code_at(at: datetime, key: str = KEY) -> str:
    return second_factor._code(key, int(at.timestamp()) // 30).decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    assert second_factor.step_of(RFC_KEY, code, now=at) == second // 30


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_the_clock_of_a_telephone_may_be_half_a_minute_wrong(drift: int) -> None:
    assert second_factor.step_of(KEY, code_at(NOW + timedelta(seconds=drift)), now=NOW) == STEP + drift // 30


@pytest.mark.parametrize("drift", [-90, -60, 60, 90])
def test_it_may_not_be_a_minute_wrong(drift: int) -> None:
    at = NOW + timedelta(seconds=drift)
    assert second_factor.step_of(RFC_KEY, code_at(at, RFC_KEY), now=NOW) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²", "-12345"])
def test_what_is_no_code_is_the_code_of_no_time(code: str) -> None:
    assert second_factor.step_of(KEY, code, now=NOW) is None


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def account(force: Force) -> str:
    """Ash's account, with a second factor; gives the first of ten recovery codes."""
    with force.database.writing() as connection:
        accounts.add_account(connection, person_id="ash", username="ash", password_hash="x")
        accounts.set_factors(
            connection, person_id="ash", password_hash="x", otp_key=KEY, otp_step=STEP - 9, vault=VAULT
        )
        codes = second_factor.give_recovery_codes(connection, person_id="ash", vault=VAULT)
    assert len(set(codes)) == 10
    return codes[0]


def tried(force: Force, typed: str, *, now: datetime = NOW, vault: Vault = VAULT) -> bool:
    with force.database.writing() as connection:
        stored = accounts.account(connection, "ash")
        assert stored
        return second_factor.accepts(connection, account=stored, typed=typed, now=now, vault=vault)


def test_a_code_is_used_once_and_none_before_it_after_it(force: Force, account: str) -> None:
    assert tried(force, code_at(NOW))
    assert not tried(force, code_at(NOW))
    assert not tried(force, code_at(NOW - timedelta(seconds=30)))
    assert tried(force, code_at(NOW + timedelta(seconds=30)))
    assert not tried(force, "")


def test_a_code_may_be_typed_with_spaces(force: Force, account: str) -> None:
    code = code_at(NOW)
    assert tried(force, f" {code[:3]} {code[3:]} ")


def test_a_recovery_code_is_used_once_however_it_is_typed(force: Force, account: str) -> None:
    assert tried(force, account.lower().replace("-", " "))
    assert not tried(force, account)


def test_a_recovery_code_is_somebodys_own(force: Force, account: str) -> None:
    with force.database.writing() as connection:
        accounts.add_account(connection, person_id="birch", username="birch", password_hash="x")
        stored = accounts.account(connection, "ash")
        assert stored
        other = StoredAccount(force.birch, "x", None, None, password_alone=False)
        assert not second_factor.accepts(connection, account=other, typed=account, now=NOW, vault=VAULT)


def test_neither_keys_nor_recovery_codes_are_stored_as_they_are(force: Force, account: str) -> None:
    with force.database.reading() as connection:
        stored = repr(connection.execute(accounts.ACCOUNTS.select()).all())
        stored += repr(connection.execute(accounts._CODES.select()).all())
    assert KEY not in stored
    assert accounts.bare(account) not in stored


def test_a_key_copied_to_another_row_does_not_open_there(force: Force, account: str) -> None:
    with force.database.writing() as connection:
        accounts.add_account(connection, person_id="birch", username="birch", password_hash="x")
        sealed = connection.execute(accounts.ACCOUNTS.select().where(accounts.ACCOUNTS.c.person_id == "ash")).one()
        copied = {"sealed_otp_key": sealed.sealed_otp_key}
        connection.execute(accounts.ACCOUNTS.update().where(accounts.ACCOUNTS.c.person_id == "birch").values(copied))
        stored = accounts.account(connection, "birch")
        assert stored
        with pytest.raises(DoesNotOpen):
            stored.otp_key(VAULT)


def test_an_account_without_a_second_factor_signs_nobody_in(force: Force) -> None:
    with force.database.writing() as connection:
        accounts.add_account(connection, person_id="ash", username="ash", password_hash="x")
    assert not tried(force, "")
    assert not tried(force, "000000")

"""The second factor of local accounts: codes of an authenticator app (RFC 6238), and recovery codes in their place."""

from __future__ import annotations

import secrets
from base64 import b32decode, b32encode
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection

from victimcare.store import accounts
from victimcare.store.accounts import StoredAccount, bare
from victimcare.store.vault import Vault

_KEY_BYTES = 20
_DIGITS = 6
_STEP_SECONDS = 30
_DRIFT = (0, -1, 1)
"""Steps by which the clock of a telephone may be wrong."""
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


def new_key() -> str:
    """A key for an authenticator app, in base 32."""
    return b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def app_address(key: str, *, account: str, issuer: str) -> str:
    """What the QR code holds that an authenticator app reads."""
    return _totp(key).get_provisioning_uri(account, issuer)


def step_of(key: str, code: str, *, now: datetime) -> int | None:
    """The half minute of which this is the code, if it is that of now or of its neighbours."""
    if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return None
    at = int(now.timestamp()) // _STEP_SECONDS
    right = [step for step in (at + drift for drift in _DRIFT) if compare_digest(_code(key, step), code.encode())]
    return right[0] if right else None


def accepts(connection: Connection, *, account: StoredAccount, typed: str, now: datetime, vault: Vault) -> bool:
    """Whether what was typed proves the second factor. A code is used by that and proves nothing again.

    Raises `DoesNotOpen`.
    """
    if account.password_alone:
        return True
    if account.sealed_otp_key is None:
        return False
    code = bare(typed)
    step = step_of(account.otp_key(vault), code, now=now)
    if step is not None:
        return accounts.note_otp_step(connection, account.person.id, step)
    return accounts.use_recovery_code(connection, account.person.id, _kept(account.person.id, code, vault))


def give_recovery_codes(connection: Connection, *, person_id: str, vault: Vault) -> tuple[str, ...]:
    """New recovery codes in place of those before: shown once, and kept as keyed hashes."""
    codes = tuple(one_time_secret(_RECOVERY_BYTES) for _ in range(_RECOVERY_CODES))
    accounts.set_recovery_codes(connection, person_id, _all_kept(person_id, codes, vault))
    return codes


def one_time_secret(length: int) -> str:
    """So many random bytes as letters and digits that nobody confuses, in groups of four."""
    letters = b32encode(secrets.token_bytes(length)).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _all_kept(person_id: str, codes: Iterable[str], vault: Vault) -> list[str]:
    return [_kept(person_id, bare(code), vault) for code in codes]


def _kept(person_id: str, code: str, vault: Vault) -> str:
    return vault.hash(f"recovery code of {person_id}: {code}")


def _code(key: str, step: int) -> bytes:
    return _totp(key).generate(step * _STEP_SECONDS)


def _totp(key: str) -> TOTP:
    # SHA-1 is what authenticator apps know; a collision of it is no way to find a code.
    return TOTP(b32decode(key), _DIGITS, SHA1(), _STEP_SECONDS)  # noqa: S303

"""Changing the vault's key for another: all that is sealed is sealed anew, all that is hashed is hashed anew.

Some rows in each short transaction, and any number of times: what is under the new key already is left alone, and
until all of it is, both keys open. Nobody else works on the database meanwhile. The hashes are of one key at any
moment, and which one that is stands in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, tuple_

from victimcare.store import audit, contact_points, identities, installation, source_records, victim_names
from victimcare.store.accounts import forget_all_recovery_codes
from victimcare.store.append_only import released
from victimcare.store.database import Database
from victimcare.store.sealed_rows import SealedColumn, every, in_batches, lost, reseal, sealed_columns
from victimcare.store.staff import SYSTEM
from victimcare.store.vault import Vault

BATCH = 200
HASHED_WITH = "vault_hashes"
"""The setting that names the key with which everything is hashed."""
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Rotated:
    """How many values were sealed anew, and what could not be, by table, for no key here opens it."""

    resealed: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    recovery_codes: int = 0


def vault_for(database: Database, vault: Vault) -> Vault:
    """The vault as this database needs it: hashing with the key that its hashes were made with."""
    with database.reading() as connection:
        name = installation.values(connection).get(HASHED_WITH, "")
    return vault.hashing_with(name)


def rotate(database: Database, vault: Vault, *, now: datetime, progress: Progress) -> Rotated:
    """Bring everything under the vault's first key. Interrupted, it is finished by running it again.

    `check_opens` was called before there was a new key.
    """
    rotated, of = Rotated(), _to_seal(database, vault)
    for sealed in sealed_columns():
        with database.reading() as connection:
            batches = list(in_batches(connection, sealed, vault.label, BATCH))
        for keys in batches:
            with database.writing() as connection, released(connection, sealed.table.name):
                rotated.resealed += reseal(connection, sealed, _rows(connection, sealed, keys), vault)
            progress(rotated.resealed, of)
    with database.writing() as connection:
        rotated.recovery_codes = _hash_anew(connection, vault, now)
    with database.reading() as connection:
        rotated.lost = lost(connection, vault)
    return rotated


def check_opens(database: Database, vault: Vault) -> None:
    """Raise `NothingOpens` where no key of the vault opens anything that is sealed: then it is another database's."""
    with database.reading() as connection:
        if any(True for _ in every(connection, vault)) and not any(opens for _, opens in every(connection, vault)):
            raise NothingOpens


def _to_seal(database: Database, vault: Vault) -> int:
    with database.reading() as connection:
        unfinished = (select(func.count()).where(each.not_under(vault.label)) for each in sealed_columns())
        return sum(connection.execute(count).scalar_one() for count in unfinished)


def _rows(connection: Connection, sealed: SealedColumn, keys: Sequence[Any]) -> list[Any]:
    these = tuple_(*sealed.table.primary_key).in_([tuple(key) for key in keys])
    return list(connection.execute(select(sealed.table).where(these)))


def _hash_anew(connection: Connection, vault: Vault, now: datetime) -> int:
    """In one transaction, with the name of the key; how many recovery codes end, for nobody knows them to hash them."""
    if installation.values(connection).get(HASHED_WITH) == vault.fingerprint:
        return 0
    hash_all(connection, vault)
    ended = forget_all_recovery_codes(connection)
    audit.write(connection, at=now, operation="alteration", what="rotate vault key", person=SYSTEM)
    return ended


def hash_all(connection: Connection, vault: Vault) -> None:
    """Hash all that is found without being opened with the vault's first key, and say so among the settings."""
    hashing = vault.hashing_with(vault.fingerprint)
    connection.execute(delete(contact_points.HASHES))
    contact_points.hash_all(connection, hashing)
    connection.execute(delete(victim_names.KEYS))
    former = identities.former_names(connection, hashing)
    victim_names.keep_all(connection, former, hashing)
    source_records.hash_all(connection, hashing)
    installation.set_value(connection, HASHED_WITH, vault.fingerprint)


class NothingOpens(ValueError):
    """The keys at hand open nothing of what is sealed in this database."""

    def __init__(self) -> None:
        super().__init__(
            "nothing that is sealed in this database opens with the vault key that is here: put the right one in its "
            "place first; nothing was changed"
        )

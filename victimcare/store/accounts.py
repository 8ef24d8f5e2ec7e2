"""Local accounts: the password's hash, the second factor, recovery codes, and one-time secrets to set them up with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from victimcare.domain.people import Person, Role
from victimcare.domain.sign_in_life import is_within
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.staff import PEOPLE, areas_of
from victimcare.store.tables import Account, Invitation, RecoveryCode
from victimcare.store.vault import Vault

ACCOUNTS = Account.__table__  # type: ignore[attr-defined]
INVITATIONS = Invitation.__table__  # type: ignore[attr-defined]
_CODES = RecoveryCode.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account that can be signed in to: not disabled, of somebody who still works here."""

    person: Person
    password_hash: str = field(repr=False)
    sealed_otp_key: bytes | None = field(repr=False)
    otp_step: int | None
    password_alone: bool

    def otp_key(self, vault: Vault) -> str:
        """The key of the second factor; empty where there is none. Raises `DoesNotOpen`."""
        return opened_from(ACCOUNTS.c.sealed_otp_key, self.person.id, self.sealed_otp_key, vault)


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """A one-time secret that was not used yet. `person_id` and `username` are None where there is neither yet."""

    id: str
    person_id: str | None
    name: str | None
    username: str | None
    made_at: datetime
    expires_at: datetime
    sealed_otp_key: bytes = field(repr=False)

    def is_good(self, at: datetime) -> bool:
        """Whether it is neither too old nor, by a clock that was set back, made later than now."""
        return is_within(self.made_at, self.expires_at - self.made_at, now=at)

    def otp_key(self, vault: Vault) -> str:
        """The key of the second factor that is set up with it. Raises `DoesNotOpen`."""
        return opened_from(INVITATIONS.c.sealed_otp_key, self.id, self.sealed_otp_key, vault)


@dataclass(frozen=True, slots=True)
class FederatedAccount:
    """Whose account an identity provider vouches for, and whether it is stopped, or they left."""

    person_id: str
    stopped: bool


def add_account(
    connection: Connection,
    *,
    person_id: str,
    username: str,
    password_hash: str,
    password_alone: bool = False,
    federated: tuple[str | None, str | None] = (None, None),
) -> None:
    """Give a person an account; user names are kept in lower case. `federated`: issuer and subject of a provider."""
    row = {"person_id": person_id, "username": username.lower(), "password_hash": password_hash}
    issuer, subject = federated
    values = {**row, "password_alone": password_alone, "issuer": issuer, "subject": subject}
    connection.execute(insert(ACCOUNTS).values(values))


def federated(connection: Connection, *, issuer: str, subject: str) -> FederatedAccount | None:
    """The account of somebody as this provider names them."""
    joined = ACCOUNTS.join(PEOPLE, PEOPLE.c.id == ACCOUNTS.c.person_id)
    columns = (ACCOUNTS.c.person_id, ACCOUNTS.c.disabled, PEOPLE.c.active)
    named = (ACCOUNTS.c.issuer == issuer) & (ACCOUNTS.c.subject == subject)
    row = connection.execute(select(*columns).select_from(joined).where(named)).first()
    return FederatedAccount(row.person_id, row.disabled or not row.active) if row else None


def account(connection: Connection, username: str) -> StoredAccount | None:
    """The account of this user name, where it can be used."""
    row = connection.execute(
        select(
            PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.role, PEOPLE.c.team_id, PEOPLE.c.service_id, PEOPLE.c.areas, ACCOUNTS
        )
        .join(ACCOUNTS, ACCOUNTS.c.person_id == PEOPLE.c.id)
        .where(ACCOUNTS.c.username == username.lower(), ~ACCOUNTS.c.disabled, PEOPLE.c.active)
    ).first()
    if row is None:
        return None
    person = Person(row.id, row.name, Role(row.role), row.team_id, row.service_id, areas_of(row.areas))
    return StoredAccount(person, row.password_hash, row.sealed_otp_key, row.otp_step, row.password_alone)


def person_id_of(connection: Connection, username: str) -> str:
    """Whose user name this is. Raises `NoSuchAccount`."""
    found = select(ACCOUNTS.c.person_id).where(ACCOUNTS.c.username == username.lower())
    person_id = connection.execute(found).scalar()
    if person_id is None:
        raise NoSuchAccount(username)
    return str(person_id)


def username_is_taken(connection: Connection, username: str) -> bool:
    """Whether somebody has this user name, or had it."""
    return (
        connection.execute(select(ACCOUNTS.c.person_id).where(ACCOUNTS.c.username == username.lower())).scalar()
        is not None
    )


def set_factors(
    connection: Connection, *, person_id: str, password_hash: str, otp_key: str, otp_step: int, vault: Vault
) -> None:
    """Write how the person signs in from now on; what was so before does so no more."""
    sealed = sealed_in(ACCOUNTS.c.sealed_otp_key, person_id, otp_key, vault)
    values = {"password_hash": password_hash, "sealed_otp_key": sealed, "otp_step": otp_step, "password_alone": False}
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id).values(values))


def username_with_password(connection: Connection, person_id: str) -> str | None:
    """The user name of somebody who has a password of their own and a second factor; None for anybody else."""
    own = (ACCOUNTS.c.person_id == person_id) & ACCOUNTS.c.sealed_otp_key.is_not(None)
    return connection.execute(select(ACCOUNTS.c.username).where(own)).scalar()


def set_password(connection: Connection, person_id: str, password_hash: str) -> None:
    """Write another password; the second factor stays."""
    changed = update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id).values(password_hash=password_hash)
    connection.execute(changed)


def had_account(connection: Connection, person_id: str) -> bool:
    """Whether they ever set up how they sign in, or were given it."""
    return connection.execute(select(ACCOUNTS.c.person_id).where(ACCOUNTS.c.person_id == person_id)).first() is not None


def forget_factors(connection: Connection, person_id: str) -> None:
    """Nothing signs the person in any more, until they set it up again."""
    values = {"password_hash": "", "sealed_otp_key": None, "otp_step": None, "password_alone": False}
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id).values(values))
    connection.execute(delete(_CODES).where(_CODES.c.person_id == person_id))


def set_disabled(connection: Connection, person_id: str, *, disabled: bool) -> None:
    """Whether the account, where they have one, can be used."""
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id).values(disabled=disabled))


def note_otp_step(connection: Connection, person_id: str, step: int) -> bool:
    """Note that the code of this half minute was used; False where it, or a later one, was used before."""
    unused = ACCOUNTS.c.otp_step.is_(None) | (ACCOUNTS.c.otp_step < step)
    noted = update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id, unused).values(otp_step=step)
    return connection.execute(noted).rowcount == 1


def set_recovery_codes(connection: Connection, person_id: str, code_hashes: Iterable[str]) -> None:
    """These, and none of before."""
    connection.execute(delete(_CODES).where(_CODES.c.person_id == person_id))
    connection.execute(insert(_CODES), [{"person_id": person_id, "code_hash": each} for each in code_hashes])


def use_recovery_code(connection: Connection, person_id: str, code_hash: str) -> bool:
    """Whether the person has this code; from now on they have it no more."""
    used = delete(_CODES).where(_CODES.c.person_id == person_id, _CODES.c.code_hash == code_hash)
    return connection.execute(used).rowcount > 0


def administrators(connection: Connection) -> list[str]:
    """The ids of the administrators who can sign in."""
    rows = connection.execute(
        select(PEOPLE.c.id)
        .join(ACCOUNTS, ACCOUNTS.c.person_id == PEOPLE.c.id)
        .where(PEOPLE.c.role == Role.ADMINISTRATOR.value, PEOPLE.c.active, ~ACCOUNTS.c.disabled)
        .order_by(PEOPLE.c.id)
    )
    return list(rows.scalars())


def lock_administrators(connection: Connection) -> None:
    """Let nobody else count administrators until the transaction ends, so that two cannot be the last at once."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('victimcare administrators'))")


def add_invitation(
    connection: Connection,
    *,
    secret: str,
    otp_key: str,
    person_id: str | None,
    by: Person,
    at: datetime,
    expires_at: datetime,
    vault: Vault,
) -> None:
    """Keep a one-time secret in place of those that the person had. Only its hash is stored, which is its id."""
    forget_invitations(connection, person_id)
    row_id = invitation_id_of(secret)
    row = {
        "id": row_id,
        "person_id": person_id,
        "sealed_otp_key": sealed_in(INVITATIONS.c.sealed_otp_key, row_id, otp_key, vault),
        "made_by": by.id,
        "made_at": at,
        "expires_at": expires_at,
    }
    connection.execute(insert(INVITATIONS).values(row))


def invitation(connection: Connection, secret: str) -> StoredInvitation | None:
    """The one-time secret, whatever its age. None too where its person works here no more."""
    joined = INVITATIONS.outerjoin(PEOPLE, PEOPLE.c.id == INVITATIONS.c.person_id).outerjoin(
        ACCOUNTS, ACCOUNTS.c.person_id == INVITATIONS.c.person_id
    )
    works_here = INVITATIONS.c.person_id.is_(None) | PEOPLE.c.active
    columns = (INVITATIONS, PEOPLE.c.name, ACCOUNTS.c.username)
    wanted = select(*columns).select_from(joined).where(INVITATIONS.c.id == invitation_id_of(secret), works_here)
    row: Any = connection.execute(wanted).first()
    if row is None:
        return None
    return StoredInvitation(
        row.id, row.person_id, row.name, row.username, row.made_at, row.expires_at, row.sealed_otp_key
    )


def forget_invitations(connection: Connection, person_id: str | None) -> None:
    """Take back what the person was given, or (None) what the first administrator was."""
    connection.execute(delete(INVITATIONS).where(INVITATIONS.c.person_id.is_not_distinct_from(person_id)))


def forget_all_recovery_codes(connection: Connection) -> int:
    """Make every recovery code worthless; how many there were."""
    return connection.execute(delete(_CODES)).rowcount


def forget_all_invitations(connection: Connection) -> None:
    """Make every one-time secret worthless."""
    connection.execute(delete(INVITATIONS))


def invitation_id_of(secret: str) -> str:
    """What a secret is stored as, however it was typed: a copy of the database sets nobody up."""
    return sha256(f"invitation:{bare(secret)}".encode()).hexdigest()


def bare(typed: str) -> str:
    """A secret or a code as it is compared: its letters and digits."""
    return "".join(char for char in typed.upper() if char.isalnum())


class NoSuchAccount(LookupError):
    """Nobody has this user name."""

    def __init__(self, username: str) -> None:
        super().__init__(f"nobody has the user name {username!r}")

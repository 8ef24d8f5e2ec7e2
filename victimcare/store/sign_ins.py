"""Sign-ins kept on the server, and the failures that are counted to slow guessing down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from victimcare.domain.people import Person, Role
from victimcare.domain.sign_in_life import CLOCKS_DIFFER
from victimcare.store.accounts import ACCOUNTS
from victimcare.store.staff import PEOPLE, areas_of
from victimcare.store.tables import CaseRow, EmergencyAccess, SavedSearch, SignInAttempt, SignInSession

SESSIONS = SignInSession.__table__  # type: ignore[attr-defined]
_SEARCHES = SavedSearch.__table__  # type: ignore[attr-defined]
_ACCESSES = EmergencyAccess.__table__  # type: ignore[attr-defined]
_CASES = CaseRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS = SignInAttempt.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class OpenEmergency:
    """The case that was opened in a sign-in in an emergency, from when until when; its number names it in addresses."""

    number: int
    case_id: int
    ref: str
    opened_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A sign-in, and whose it is: since when, when last used, and when its person last proved who they are."""

    id: str
    person: Person
    csrf_token: str
    created_at: datetime
    last_seen_at: datetime
    proved_at: datetime
    browser: str
    emergency: OpenEmergency | None = None

    def emergency_at(self, at: datetime) -> OpenEmergency | None:
        """What is open in an emergency at this instant."""
        if self.emergency is None:
            return None
        # Where the clock was set back, an hour would become a day.
        begun = self.emergency.opened_at - CLOCKS_DIFFER
        return self.emergency if begun <= at < self.emergency.until_at else None


def add_session(
    connection: Connection,
    *,
    token: str,
    csrf_token: str,
    person_id: str,
    browser: str,
    at: datetime,
    proved_at: datetime,
) -> str:
    """Keep a new sign-in. Only the hash of its token is stored, which is its id."""
    session_id = session_id_of(token)
    values = {"id": session_id, "person_id": person_id, "csrf_token": csrf_token, "browser": browser}
    connection.execute(insert(SESSIONS).values(**values, created_at=at, last_seen_at=at, proved_at=proved_at))
    return session_id


_ANY_SESSION = (
    select(SESSIONS, PEOPLE.c.name, PEOPLE.c.role, PEOPLE.c.team_id, PEOPLE.c.service_id, PEOPLE.c.areas)
    .join(PEOPLE, PEOPLE.c.id == SESSIONS.c.person_id)
    .join(ACCOUNTS, ACCOUNTS.c.person_id == SESSIONS.c.person_id)
    .where(~ACCOUNTS.c.disabled, PEOPLE.c.active)
)
_SESSION = (
    _ANY_SESSION.add_columns(_ACCESSES.c.id.label("number"), _ACCESSES.c.case_id, _CASES.c.ref)
    .add_columns(_ACCESSES.c.opened_at, _ACCESSES.c.until_at)
    .outerjoin(_ACCESSES, (_ACCESSES.c.session_id == SESSIONS.c.id) & _ACCESSES.c.ended_at.is_(None))
    .outerjoin(_CASES, _CASES.c.id == _ACCESSES.c.case_id)
    .where(SESSIONS.c.id == bindparam("session_id"))
)


def session(connection: Connection, token: str) -> StoredSession | None:
    """The sign-in of this token, whatever its age. None too once the account is disabled or the person has left."""
    row = connection.execute(_SESSION, {"session_id": session_id_of(token)}).first()
    if row is None:
        return None
    emergency = OpenEmergency(row.number, row.case_id, row.ref, row.opened_at, row.until_at) if row.number else None
    return replace(_stored(row), emergency=emergency)


def sessions_of(connection: Connection, person_id: str, *, created: datetime, seen: datetime) -> list[StoredSession]:
    """The sign-ins of a person that were made after `created` and used since `seen`; the last used first."""
    lasting = (SESSIONS.c.created_at > created) & (SESSIONS.c.last_seen_at > seen)
    theirs = _ANY_SESSION.where(SESSIONS.c.person_id == person_id, lasting).order_by(SESSIONS.c.last_seen_at.desc())
    return [_stored(row) for row in connection.execute(theirs)]


def note_proof(connection: Connection, session_id: str, *, at: datetime) -> None:
    """Note that whoever uses the sign-in proved again who they are."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(proved_at=at, last_seen_at=at))


def touch_session(connection: Connection, session_id: str, *, at: datetime) -> None:
    """Note that the sign-in was used."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(last_seen_at=at))


def end_session(connection: Connection, session_id: str) -> None:
    """Forget a sign-in and what was searched for in it."""
    connection.execute(delete(_SEARCHES).where(_SEARCHES.c.session_id == session_id))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.id == session_id))


def end_session_of(connection: Connection, session_id: str, person_id: str) -> bool:
    """Forget a sign-in if it is this person's; whether it was."""
    theirs = (SESSIONS.c.id == session_id) & (SESSIONS.c.person_id == person_id)
    if connection.execute(select(SESSIONS.c.id).where(theirs)).first() is None:
        return False
    end_session(connection, session_id)
    return True


def end_sessions_of(connection: Connection, person_id: str, *, but: str = "") -> None:
    """Forget every sign-in of a person, `but` perhaps one, and what was searched for in it."""
    theirs = (SESSIONS.c.person_id == person_id) & (SESSIONS.c.id != but)
    connection.execute(delete(_SEARCHES).where(_SEARCHES.c.session_id.in_(select(SESSIONS.c.id).where(theirs))))
    connection.execute(delete(SESSIONS).where(theirs))


def end_sessions_before(connection: Connection, *, created: datetime, seen: datetime) -> None:
    """Forget every sign-in made before `created` or not used since `seen`."""
    old = select(SESSIONS.c.id).where((SESSIONS.c.created_at < created) | (SESSIONS.c.last_seen_at < seen))
    connection.execute(delete(_SEARCHES).where(_SEARCHES.c.session_id.in_(old)))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.id.in_(old)))


def end_all_sessions(connection: Connection) -> None:
    """Forget every sign-in."""
    connection.execute(delete(_SEARCHES))
    connection.execute(delete(SESSIONS))


def note_attempts(connection: Connection, who_hashes: Iterable[str], *, at: datetime) -> None:
    """Count one attempt against each of these."""
    connection.execute(insert(_ATTEMPTS), [{"who_hash": who, "at": at} for who in who_hashes])


def attempts_since(connection: Connection, who_hash: str, since: datetime) -> int:
    """How many attempts count against it."""
    counted = select(func.count()).where(_ATTEMPTS.c.who_hash == who_hash, _ATTEMPTS.c.at > since)
    return connection.execute(counted).scalar_one()


def forget_attempts(connection: Connection, who_hash: str, *, at: datetime | None = None) -> None:
    """Count nothing more against it: all of it, or what was noted at one instant."""
    statement = delete(_ATTEMPTS).where(_ATTEMPTS.c.who_hash == who_hash)
    connection.execute(statement if at is None else statement.where(_ATTEMPTS.c.at == at))


def forget_attempts_before(connection: Connection, before: datetime) -> None:
    """Forget what no longer counts."""
    connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.at <= before))


def lock_attempts(connection: Connection) -> None:
    """Let nobody else count attempts until the transaction ends, so that two at once are counted one by one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('victimcare sign-in attempts'))")


def form_token(token: str) -> str:
    """What forms carry in a browser in which nobody is signed in."""
    return session_id_of(f"form:{token}")


def session_id_of(token: str) -> str:
    """What a token is stored as: a copy of the database signs nobody in."""
    return sha256(token.encode()).hexdigest()


def _stored(row: Any) -> StoredSession:
    person = Person(row.person_id, row.name, Role(row.role), row.team_id, row.service_id, areas_of(row.areas))
    proved_at = row.proved_at or row.created_at
    return StoredSession(row.id, person, row.csrf_token, row.created_at, row.last_seen_at, proved_at, row.browser)

"""Emergency access as it is stored: who opened which case, until when, why, and how it was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from victimcare.domain.people import Person
from victimcare.store.case_lists import is_excluded
from victimcare.store.cases import CASES
from victimcare.store.sealed_words import add_sealed, sealed_in
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import EmergencyAccess
from victimcare.store.vault import Vault

ACCESSES = EmergencyAccess.__table__  # type: ignore[attr-defined]


def open_case(
    connection: Connection,
    *,
    case_id: int,
    by: Person,
    session_id: str,
    reason: str,
    words: str,
    at: datetime,
    until_at: datetime,
    vault: Vault,
) -> int:
    """Store it and return its number. Whatever they had open before ends: one case at a time."""
    end_all_of(connection, by, at=at)
    values = {"case_id": case_id, "person_id": by.id, "session_id": session_id, "reason": reason}
    times = {"opened_at": at, "until_at": until_at}
    column = ACCESSES.c.sealed_words
    return add_sealed(connection, ACCESSES, {**values, **times}, column=column, words=words, vault=vault)


def end_all_of(connection: Connection, person: Person, *, at: datetime) -> None:
    """End what they have open in any of their sign-ins: a browser that crashed keeps nobody from the next case."""
    # Their row is locked: what they open in two sign-ins at once is opened one after the other.
    connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.id == person.id).with_for_update())
    theirs = (ACCESSES.c.person_id == person.id) & ACCESSES.c.ended_at.is_(None)
    connection.execute(update(ACCESSES).where(theirs).values(ended_at=at))


def end(connection: Connection, session_id: str, *, at: datetime) -> bool:
    """End what this sign-in has open; False where that is nothing."""
    theirs = (ACCESSES.c.session_id == session_id) & ACCESSES.c.ended_at.is_(None)
    return connection.execute(update(ACCESSES).where(theirs).values(ended_at=at)).rowcount > 0


def find(connection: Connection, number: int) -> Any:
    """The row of this number with the reference of its case; None where there is none."""
    joined = ACCESSES.join(CASES, CASES.c.id == ACCESSES.c.case_id)
    wanted = select(ACCESSES, CASES.c.ref, CASES.c.team_id).select_from(joined).where(ACCESSES.c.id == number)
    return connection.execute(wanted).first()


def opened_since(connection: Connection, person: Person, ref: str, since: datetime) -> bool:
    """Whether the person opened the case of this reference since then, and is not excluded from it now."""
    theirs = (ACCESSES.c.person_id == person.id) & (ACCESSES.c.opened_at > since) & (CASES.c.ref == ref)
    joined = ACCESSES.join(CASES, CASES.c.id == ACCESSES.c.case_id)
    wanted = select(ACCESSES.c.id).select_from(joined).where(theirs, ~is_excluded(CASES.c.id, person.id))
    return connection.execute(wanted).first() is not None


def review(
    connection: Connection, number: int, *, outcome: str, words: str, by: Person, at: datetime, vault: Vault
) -> bool:
    """Keep what the review found; False where there was one before."""
    sealed = sealed_in(ACCESSES.c.sealed_review, number, words, vault)
    found = {"outcome": outcome, "reviewed_by": by.id, "reviewed_at": at, "sealed_review": sealed}
    waiting = (ACCESSES.c.id == number) & ACCESSES.c.outcome.is_(None)
    return connection.execute(update(ACCESSES).where(waiting).values(found)).rowcount == 1


def unreviewed(connection: Connection) -> Sequence[Any]:
    """What nobody has reviewed, and nobody was told of again."""
    waiting = ACCESSES.c.outcome.is_(None) & ACCESSES.c.escalated_at.is_(None)
    return connection.execute(select(ACCESSES).where(waiting).order_by(ACCESSES.c.opened_at)).all()


def note_escalated(connection: Connection, numbers: Sequence[int], *, at: datetime) -> None:
    """Note that others were told that these wait for a review."""
    connection.execute(update(ACCESSES).where(ACCESSES.c.id.in_(numbers)).values(escalated_at=at))

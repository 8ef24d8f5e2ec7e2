"""Somebody's own sign-ins that last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.domain.sign_in_life import IDLE, LONGEST
from victimcare.store import sign_ins


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One of them: with which browser, since when, when last used, and whether it is the one that asks."""

    id: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def own_sign_ins(connection: Connection, *, person: Person, session_id: str, now: datetime) -> tuple[OwnSignIn, ...]:
    """The person's own, the last used first; nobody else's."""
    found = sign_ins.sessions_of(connection, person.id, created=now - LONGEST, seen=now - IDLE)
    return tuple(
        OwnSignIn(each.id, each.browser, each.created_at, each.last_seen_at, each.id == session_id) for each in found
    )

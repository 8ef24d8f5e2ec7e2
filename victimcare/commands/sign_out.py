"""Signing out: here, or of one or all of one's sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, sign_ins


def sign_out(connection: Connection, *, session_id: str, by: Person, now: datetime) -> None:
    """End the sign-in at once, on every tab."""
    sign_ins.end_session(connection, session_id)
    audit.write(connection, at=now, operation="access", what="sign out", person=by)


def end_own_sign_in(connection: Connection, *, session_id: str, by: Person, now: datetime) -> None:
    """End one of one's own sign-ins, wherever it is; that of somebody else stays."""
    if sign_ins.end_session_of(connection, session_id, by.id):
        audit.write(connection, at=now, operation="access", what="end own sign-in", person=by)


def sign_out_everywhere(connection: Connection, *, by: Person, now: datetime) -> None:
    """End all of one's sign-ins, this one too."""
    sign_ins.end_sessions_of(connection, by.id)
    audit.write(connection, at=now, operation="access", what="sign out everywhere", person=by)

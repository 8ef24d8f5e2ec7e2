"""Signing out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, sign_ins


def sign_out(connection: Connection, *, session_id: str, by: Person, now: datetime) -> None:
    """End the sign-in at once, on every tab."""
    sign_ins.end_session(connection, session_id)
    audit.write(connection, at=now, operation="access", what="sign out", person=by)

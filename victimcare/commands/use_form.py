"""Doing once what a form asks for, however often it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import used_forms


def use_form(connection: Connection, *, form_key: str, by: Person, now: datetime) -> None:
    """Call it first, in the same transaction as the work. Raises `FormAlreadySent`."""
    used_forms.use(connection, form_key, person_id=by.id, at=now)

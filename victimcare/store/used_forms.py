"""Forms that were already sent in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from victimcare.store.tables import UsedForm

_USED = UsedForm.__table__  # type: ignore[attr-defined]


def use(connection: Connection, key: str, *, person_id: str, at: datetime) -> None:
    """Note that the form was sent in, in the transaction of what it asks for. Raises `FormAlreadySent`."""
    try:
        with connection.begin_nested():
            connection.execute(insert(_USED).values(key=key, person_id=person_id, at=at))
    except IntegrityError:
        raise FormAlreadySent from None


class FormAlreadySent(RuntimeError):
    """The same form came twice: a double click, or a page sent again after going back."""

    def __init__(self) -> None:
        super().__init__("this form was already sent in, and what it asked for was done once")

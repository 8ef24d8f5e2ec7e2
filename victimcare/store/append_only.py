"""Tables whose rows nobody changes or takes out: triggers hold them, and here is the one way past these.

On PostgreSQL it is open to the owner of the tables alone, which the service need not be (`database_roles.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from victimcare.store.database import is_sqlite


def check_owner(connection: Connection, table: str) -> None:
    """Raise `NotTheOwner` for a role that could not release the rows of this table, before anything else is done."""
    if is_sqlite(connection):
        return
    owned = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = CAST(:table AS regclass)")
    if not connection.execute(owned, {"table": table}).scalar_one():
        raise NotTheOwner(table)


@contextmanager
def released(connection: Connection, table: str) -> Iterator[None]:
    """The rows of this table may be changed and taken out, in this transaction and no other. Raises `NotTheOwner`."""
    if not is_sqlite(connection):
        try:
            connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
        except ProgrammingError:
            raise NotTheOwner(table) from None
        yield
        connection.execute(text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'))
        return
    named = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = connection.execute(named, {"table": table}).all()
    for trigger in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{trigger.name}"')
    yield
    for trigger in triggers:
        connection.exec_driver_sql(trigger.sql)


class NotTheOwner(PermissionError):
    """The role that is connected as must not change what is only added to."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"the table {table} is only added to, and only the role that owns it can do more: set "
            "VICTIMCARE_DATABASE_URL to that role for this command. Nothing was changed"
        )

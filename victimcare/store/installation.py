"""What holds for the whole installation, and who works in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import OperationalError

from victimcare.store.cases import CASES
from victimcare.store.database import is_sqlite
from victimcare.store.holiday_lists import HOLIDAYS, LISTS
from victimcare.store.row_counts import row_counts
from victimcare.store.staff import PEOPLE, SYSTEM, TEAMS
from victimcare.store.tables import Setting

SETTINGS = Setting.__table__  # type: ignore[attr-defined]

IN_EARNEST = "in_earnest"
"""Set once the installation was begun for real: it never becomes a demonstration."""


def set_value(connection: Connection, name: str, value: str) -> None:
    """Set what holds for the whole installation."""
    connection.execute(delete(SETTINGS).where(SETTINGS.c.name == name))
    connection.execute(insert(SETTINGS).values(name=name, value=value))


def values(connection: Connection) -> dict[str, str]:
    """All that was set."""
    return {row.name: row.value for row in connection.execute(select(SETTINGS))}


def value(connection: Connection, name: str) -> str | None:
    """What was set under this name."""
    return connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name)).scalar_one_or_none()


def forget_how_it_began(connection: Connection) -> None:
    """Take away what making the database wrote, where there is nothing else: what the program does by itself has
    somebody to be recorded under, and the bank holidays that came with it are kept.
    """
    written = {name for name, rows in row_counts(connection).items() if rows}
    if written <= {PEOPLE.name, HOLIDAYS.name, LISTS.name} and len(connection.execute(select(LISTS.c.id)).all()) < 2:
        connection.execute(delete(HOLIDAYS))
        connection.execute(delete(LISTS))
        connection.execute(delete(PEOPLE).where(PEOPLE.c.id == SYSTEM.id))


def keep_others_out(connection: Connection) -> None:
    """Let nobody else write to any table until this transaction ends; on SQLite nobody does. Raises `Busy`."""
    if is_sqlite(connection):
        return
    tables = ", ".join(f'"{table.name}"' for table in Setting.metadata.sorted_tables)
    try:
        connection.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    except OperationalError:
        raise Busy from None


def is_demonstration(connection: Connection) -> bool:
    """Whether everything here is invented, as every page must then say."""
    return value(connection, "demonstration") == "true"


def holds_cases(connection: Connection) -> bool:
    """Whether there is any case here."""
    return connection.execute(select(CASES.c.id).limit(1)).first() is not None


def add_staff(
    connection: Connection, *, teams: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]]
) -> None:
    """Store teams and those who work in them: columns of `team` and `person` by name."""
    for table, rows in ((TEAMS, teams), (PEOPLE, people)):
        if rows:
            connection.execute(insert(table), list(rows))


class Busy(RuntimeError):
    """Somebody else works on the database."""

    def __init__(self) -> None:
        super().__init__(
            "something else works on this database: stop the service and every other command on it, then try again; "
            "nothing was changed"
        )

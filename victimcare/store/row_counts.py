"""How many rows every table has, whatever tables there are."""

from __future__ import annotations

from sqlalchemy import Connection, func, inspect, select, table


def row_counts(connection: Connection) -> dict[str, int]:
    """By table, sorted; without the one that says which migration the database is at."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}

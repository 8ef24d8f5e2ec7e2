"""How the database goes about a statement: which index it looks along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from victimcare.store.database import Database


@contextmanager
def planned(database: Database) -> Iterator[Callable[[Connection, Callable[[Connection], object]], list[str]]]:
    """A function that runs reads on a connection and gives the plan of each of their statements."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    def plans(connection: Connection, work: Callable[[Connection], object]) -> list[str]:
        seen.clear()
        work(connection)
        statements = [pair for pair in seen if pair[0].startswith(("SELECT", "WITH"))]
        return [_plan(connection, statement, parameters) for statement, parameters in statements]

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _plan(connection: Connection, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(
        " ".join(map(str, row)) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)
    )

"""Who works on a database: many at once, or one who puts another in its place.

On SQLite a file beside the database is locked, which ends with the process that locked it, however it ends. On
PostgreSQL whoever is connected is at work.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import psycopg
from sqlalchemy.engine import make_url

_LOOKS, _MOMENT = 10, 0.2
"""Two seconds in all."""


@contextmanager
def at_work(url: str) -> Iterator[None]:
    """Work on the database beside others. Raises `BeingRestored`."""
    file = _lock_file(url)
    if file is None:
        yield
        return
    with _held(file, fcntl.LOCK_SH, BeingRestored()):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Have it alone, so that another can take its place. Raises `InUse` where anybody works on it."""
    file = _lock_file(url)
    if file is None:
        _refuse_connections(url)
        try:
            yield
        except psycopg.errors.ObjectInUse:
            raise InUse from None
        return
    with _held(file, fcntl.LOCK_EX, InUse()):
        yield


@contextmanager
def _held(file: Path, how: int, refusal: Exception) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_CREAT | os.O_RDWR, 0o660)
    try:
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
    finally:
        os.close(opened)


def _lock_file(url: str) -> Path | None:
    """Beside a database that is a file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(f"{parsed.database}.in-use")


def _refuse_connections(url: str) -> None:
    """Who has just ended, even killed, is given a moment to be noticed; what the server does by itself is nobody."""
    parsed = make_url(url).set(drivername="postgresql")
    address = parsed.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        for _ in range(_LOOKS):
            (count,) = connection.execute(asked, [parsed.database]).fetchone() or (0,)
            if not count:
                return
            sleep(_MOMENT)
    raise InUse


class InUse(RuntimeError):
    """Something works on the database that is to be replaced."""

    def __init__(self) -> None:
        super().__init__(
            "something still works on this database: stop the service and its jobs, and whoever else is connected, "
            "then do this again; nothing was changed"
        )


class BeingRestored(RuntimeError):
    """Somebody has the database alone at this moment."""

    def __init__(self) -> None:
        super().__init__("a backup is being restored over this database, or its key changed: start when that is done")

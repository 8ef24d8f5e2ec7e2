"""The address of the database: whether it is one, and how to speak of it without who signs in there, and how."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
_SETTING = "VICTIMCARE_DATABASE_URL"


def check_address(url: str) -> None:
    """Raise `BadAddress` for what is no address of a database that this program works on."""
    _parsed(url)


def is_absent(url: str) -> bool:
    """Whether it names a file that is not there. What is on a server is not known before it is asked."""
    parsed = _parsed(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return is_file and not Path(str(parsed.database)).exists()


def place(url: str) -> str:
    """Where the database is: its file, or server and name. Never a user, a password or an option."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return str(parsed.database or ":memory:")
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.host or 'this machine'}{port}/{parsed.database or ''}"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadAddress from None
    if parsed.drivername not in _DRIVERS:
        raise BadAddress
    return parsed


class BadAddress(ValueError):
    """The setting is no address; what it holds is not repeated, for a password can stand in it."""

    def __init__(self) -> None:
        super().__init__(
            f"{_SETTING} is no address of a database: write sqlite:////folder/file.db for a file, "
            "or postgresql+psycopg://user@server:5432/name"
        )


class NoDatabase(RuntimeError):
    """There is none, and what was asked for does not make one."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"there is no database of this program at {place(url)}: check {_SETTING}, "
            "or make a new one there with `victimcare migrate`"
        )


class CannotOpen(RuntimeError):
    """The database did not let itself be opened, for a reason in the words of SQLite or PostgreSQL."""

    def __init__(self, url: str, refused: DBAPIError) -> None:
        why = str(refused.orig).strip().partition("\n")[0].removeprefix("connection failed: ")
        password = _parsed(url).password
        if password:
            why = why.replace(str(password), "***")
        super().__init__(
            f"the database at {place(url)} cannot be opened ({why}): check {_SETTING}, that the file or the server is "
            "there, and that this program is let in"
        )

"""A file of one run alone, gone with it: where there is no room for it, that is said in a sentence."""

from __future__ import annotations

import sqlite3
from typing import Any

_MOST_IN_MEMORY = "PRAGMA cache_size = -4000"


class PrivateFile(sqlite3.Connection):
    """Tables of one run, on disk where they are more than 4 MB, and nowhere by a name. Raises `NoRoom`."""

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        """As of any connection."""
        try:
            return super().execute(*statement)
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
                raise NoRoom from None
            raise


def private_file() -> PrivateFile:
    """A new one, which holds nothing."""
    file = sqlite3.connect("", isolation_level=None, factory=PrivateFile)
    file.execute(_MOST_IN_MEMORY)
    return file


class NoRoom(RuntimeError):
    """The disk on which temporary files lie is full."""

    def __init__(self) -> None:
        super().__init__(
            "there is no room for what was read: all files of a run are laid down, sealed, before anything is taken, "
            "where temporary files lie (SQLITE_TMPDIR, else /var/tmp). Make room there, or bring in fewer files at a "
            "time, and run it again; what was taken before stays, and nothing is half stored"
        )

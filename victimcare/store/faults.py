"""What is wrong with the database, from what it answers: full, read-only, damaged, not there, or only busy."""

from __future__ import annotations

from enum import Enum

from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError


class Fault(Enum):
    """Why the database did not do what was asked."""

    FULL = "full"
    READ_ONLY = "read only"
    DAMAGED = "damaged"
    AWAY = "away"
    BUSY = "busy"


IN_WORDS = {
    Fault.FULL: "its disk is full",
    Fault.READ_ONLY: "it cannot be written to",
    Fault.DAMAGED: "it is damaged",
    Fault.AWAY: "it does not answer",
    Fault.BUSY: "somebody else writes to it",
}
"""What is wrong with the database, for whoever runs the service."""

_SQLITE = {
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_READONLY": Fault.READ_ONLY,
    "SQLITE_CANTOPEN": Fault.AWAY,
    "SQLITE_CORRUPT": Fault.DAMAGED,
    "SQLITE_NOTADB": Fault.DAMAGED,
    "SQLITE_IOERR": Fault.DAMAGED,
    "SQLITE_BUSY": Fault.BUSY,
    "SQLITE_LOCKED": Fault.BUSY,
}
_POSTGRESQL: tuple[tuple[type[Exception], Fault], ...] = (
    (errors.DiskFull, Fault.FULL),
    (errors.ReadOnlySqlTransaction, Fault.READ_ONLY),
    (errors.DataCorrupted, Fault.DAMAGED),
    (errors.IndexCorrupted, Fault.DAMAGED),
    (errors.LockNotAvailable, Fault.BUSY),
    (errors.TooManyConnections, Fault.BUSY),
    (errors.QueryCanceled, Fault.BUSY),
    (errors.SerializationFailure, Fault.BUSY),
    (errors.DeadlockDetected, Fault.BUSY),
    (errors.OperationalError, Fault.AWAY),
)


def fault_of(error: DBAPIError) -> Fault | None:
    """What is wrong; None where the fault is ours: a statement or a row that it refuses."""
    otherwise = Fault.BUSY if isinstance(error, OperationalError) else None
    if name := getattr(error.orig, "sqlite_errorname", None):
        return next((fault for known, fault in _SQLITE.items() if name.startswith(known)), otherwise)
    return next((fault for kind, fault in _POSTGRESQL if isinstance(error.orig, kind)), otherwise)

"""What every page must tell those who work here: that all is invented, a job that has not run, mail that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.queries.installation import is_demonstration

Notices = Callable[[Connection, datetime], Iterable[str]]

_KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells at its top."""

    demonstration: bool
    notices: tuple[str, ...]


class NoticeBoard:
    """Asks once a minute, not once a page: it is the same for everybody."""

    def __init__(self, ask: Notices) -> None:
        self._ask = ask
        self._asked_at: datetime | None = None
        self._told = Told(demonstration=False, notices=())

    def read(self, connection: Connection, now: datetime) -> Told:
        """What there is to tell, as it was within the last minute."""
        if self._asked_at is None or not timedelta() <= now - self._asked_at < _KEPT_FOR:
            self._told = Told(is_demonstration(connection), tuple(self._ask(connection, now)))
            self._asked_at = now
        return self._told

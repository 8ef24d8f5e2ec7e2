"""What every page must tell those who work here: a job that has not run, mail that does not leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

Notices = Callable[[Connection, datetime], Iterable[str]]

_KEPT_FOR = timedelta(minutes=1)


class NoticeBoard:
    """Asks for the notices once a minute, not once a page: they are the same for everybody."""

    def __init__(self, ask: Notices) -> None:
        self._ask = ask
        self._asked_at: datetime | None = None
        self._notices: tuple[str, ...] = ()

    def read(self, connection: Connection, now: datetime) -> tuple[str, ...]:
        """The notices, as they were within the last minute."""
        if self._asked_at is None or not timedelta() <= now - self._asked_at < _KEPT_FOR:
            self._notices, self._asked_at = tuple(self._ask(connection, now)), now
        return self._notices

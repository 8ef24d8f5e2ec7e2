"""How often a system may ask: so many times in each minute, counted in this process."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from threading import Lock

_MINUTE = timedelta(minutes=1)
_MOST_KNOWN = 10_000


class Rate:
    """Counts what each asks within a minute from its first question. The limit holds for each process by itself."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._asked: dict[str, tuple[datetime, int]] = {}
        self._lock = Lock()

    def seconds_to_wait(self, who: str, at: datetime) -> int:
        """Count this one. 0 where it may be answered; else after how many seconds the next one may."""
        with self._lock:
            if len(self._asked) > _MOST_KNOWN:
                self._asked = {one: since for one, since in self._asked.items() if at - since[0] < _MINUTE}
            began, count = self._asked.get(who, (at, 0))
            if not timedelta() <= at - began < _MINUTE:
                began, count = at, 0
            if count >= self.a_minute:
                return max(1, ceil((began + _MINUTE - at).total_seconds()))
            self._asked[who] = began, count + 1
            return 0

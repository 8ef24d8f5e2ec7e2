"""Writers of one process, one after another in the order in which they came.

SQLite gives its lock to whoever asks at the right moment: with many at once somebody asks in vain until they give up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import TimeoutError as NoTurn

LONGEST_WAIT = 5.0
"""Seconds: as long as SQLite itself waits for a writer of another process."""


class Turns:
    """A queue: one has its turn, the others wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it. Raises `sqlalchemy.exc.TimeoutError` where it does not come."""
        self._wait()
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if not mine.acquire(timeout=LONGEST_WAIT):
            with self._lock:
                if mine in self._waiting:  # else it came at the last moment
                    self._waiting.remove(mine)
                    raise NoTurn("too many are writing at once")

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

"""What each kind of database can do for a backup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from victimcare.exchange.progress import Tick

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Taken(Generic[What]):
    """A copy: what was said of it, about how many bytes it has, and these."""

    described: What
    size: int
    blocks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Laid:
    """A restored database that nobody uses yet.

    `take_its_place` puts it where the service looks, at once or not at all, and says where the one before it is kept.
    """

    url: str
    take_its_place: Callable[[datetime], str | None]


class Kind(Protocol):
    """SQLite or PostgreSQL."""

    name: str

    def taken(self, describe: Callable[[Connection], What], *, progress: Tick) -> AbstractContextManager[Taken[What]]:
        """A copy of the database as of one moment, and what `describe` says of that moment."""

    def tried(self, blocks: Iterator[bytes]) -> None:
        """Read a copy again as far as it can be without making a database of it. Raises `Unsound`."""

    def laid(self, blocks: Iterator[bytes]) -> AbstractContextManager[Laid]:
        """A second database of these blocks, gone again at the end unless it took the place. Raises `Unsound`."""


class Unsound(ValueError):
    """What should be a database is not whole."""

    def __init__(self, how: str) -> None:
        super().__init__(f"the database is not sound: {how}")

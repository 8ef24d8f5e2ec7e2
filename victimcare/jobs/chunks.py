"""Writing many things, a chunk a transaction, and saying how many they were."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from victimcare.jobs.work import Work

LOG = logging.getLogger("victimcare.jobs")
CHUNK = 200
MOST_FAILURES = 20

Item = TypeVar("Item")


def in_chunks(work: Work, items: Sequence[Item], write: Callable[[Any, Sequence[Item]], int]) -> tuple[int, int]:
    """Write the items, a chunk a transaction; one that fails does not stop the others. How many written, failed."""
    written = failures = 0
    for start in range(0, len(items), CHUNK):
        work.stop_if_asked()
        chunk = items[start : start + CHUNK]
        try:
            written += _written(work, chunk, write)
        except Exception:
            for item in chunk:
                try:
                    written += _written(work, [item], write)
                except Exception as failed:
                    failures += 1
                    LOG.error("one item failed: %s", type(failed).__name__)
                    if failures > MOST_FAILURES:
                        raise
    return written, failures


def _written(work: Work, items: Sequence[Item], write: Callable[[Any, Sequence[Item]], int]) -> int:
    with work.database.writing() as connection:
        return write(connection, items)


def and_failed(failures: int) -> str:
    """What a summary adds where some failed."""
    return f"; {failures} failed and will be tried again" if failures else ""

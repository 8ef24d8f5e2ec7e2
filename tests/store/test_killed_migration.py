"""A migration that is killed at any moment leaves the database as it was or up to date, with every row."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.conftest import NewDatabase
from tests.forked import FORKED
from tests.schema import bring_up, columns_of, fill_every_table, in_database, lost_or_changed, migrate_to, revisions
from tests.store.test_migrate import revision_of
from tests.test_migrations import SEALED

FIRST, HEAD = "0004", revisions()[-1]


def counted(act: Callable[[], None]) -> None:
    """Have it done before each statement that is sent to a database."""
    event.listen(Engine, "before_cursor_execute", lambda *_: act())


def bring_up_until(url: str, last: int) -> None:
    """Migrate, and be killed before this statement, or after all of them where there are fewer."""
    left = count(last - 1, -1)
    counted(lambda: os.kill(os.getpid(), signal.SIGKILL) if next(left) == 0 else None)
    bring_up(url)
    os.kill(os.getpid(), signal.SIGKILL)


def bring_up_counting(url: str, told: Any) -> None:
    """Migrate, and tell how many statements that took."""
    sent = count()
    counted(lambda: next(sent) and None)
    bring_up(url)
    told.put(next(sent))


def statements(url: str) -> int:
    """How many statements it takes to migrate this database."""
    told = FORKED.Queue()
    migrating = FORKED.Process(target=bring_up_counting, args=(url, told))
    migrating.start()
    found: int = told.get(timeout=120)
    migrating.join()
    return found


def survives(new_database: NewDatabase, parts: list[float]) -> list[str]:
    """Kill it after each of these parts of its statements; the migrations that the database is then at."""
    found, begun = [], new_database()
    migrate_to(begun, FIRST)
    in_database(begun, fill_every_table)
    before = in_database(begun, columns_of)
    of = statements(new_database(copy_of=begun))
    for part in parts:
        url = new_database(copy_of=begun)
        migrating = FORKED.Process(target=bring_up_until, args=(url, int(part * of)))
        migrating.start()
        migrating.join()
        assert migrating.exitcode == -signal.SIGKILL
        found.append(str(in_database(url, revision_of)))
        assert found[-1] == (FIRST if part <= 1 else HEAD), "nothing in between"
        if found[-1] == FIRST:
            assert in_database(url, columns_of) == before
        bring_up(url)
        assert in_database(url, revision_of) == HEAD
        changed = lost_or_changed(before, in_database(url, columns_of))
        assert changed <= set().union(*SEALED.values())
    return found


@pytest.mark.in_turn
def test_killed_half_way_or_at_its_last_statement_it_is_as_it_was(new_database: NewDatabase) -> None:
    survives(new_database, [0.5, 1])


@pytest.mark.slow
def test_killed_at_ten_moments_it_is_as_it_was_or_up_to_date(new_database: NewDatabase) -> None:
    found = survives(new_database, [0.01, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 1, 1.01])
    print(f"\nkilled 10 times: {found.count(FIRST)} as it was, {found.count(HEAD)} up to date, none between")

"""A migration that is killed at any moment leaves the database as it was or up to date, with every row."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from tests.conftest import NewDatabase
from tests.forked import FORKED
from tests.schema import bring_up, columns_of, fill_every_table, in_database, lost_or_changed, migrate_to, revisions
from tests.store.test_migrate import revision_of
from tests.test_migrations import SEALED

FIRST, HEAD = "0004", revisions()[-1]


def kill_at(url: str, moment: float) -> str:
    """Begin to migrate, kill after so many seconds; the migration that the database is then at."""
    migrating = FORKED.Process(target=bring_up, args=(url,))
    migrating.start()
    time.sleep(moment)
    if migrating.is_alive():
        os.kill(migrating.pid or 0, signal.SIGKILL)
    migrating.join()
    return str(in_database(url, revision_of))


def survives(new_database: NewDatabase, moments: list[float]) -> list[str]:
    found = []
    for moment in moments:
        url = new_database()
        migrate_to(url, FIRST)
        in_database(url, fill_every_table)
        before = in_database(url, columns_of)
        found.append(kill_at(url, moment))
        assert found[-1] in {FIRST, HEAD}, "nothing in between"
        after = in_database(url, columns_of)
        if found[-1] == FIRST:
            assert after == before
        bring_up(url)
        assert in_database(url, revision_of) == HEAD
        changed = lost_or_changed(before, in_database(url, columns_of))
        assert changed <= set().union(*SEALED.values())
    return found


@pytest.mark.in_turn
def test_killed_once_it_is_as_it_was_or_up_to_date(new_database: NewDatabase) -> None:
    survives(new_database, [0.4])


@pytest.mark.slow
def test_killed_at_ten_moments_it_is_as_it_was_or_up_to_date(new_database: NewDatabase) -> None:
    chosen = random.Random(3)
    found = survives(new_database, [chosen.uniform(0.05, 3) for _ in range(10)])
    print(f"\nkilled 10 times: {found.count(FIRST)} as it was, {found.count(HEAD)} up to date, none between")

"""What waited for a record that is here since, and was more than is joined at once: taken some at a time, by a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.law import Law
from victimcare.exchange.records.decisions import Fate, Taking
from victimcare.exchange.records.taking import Taken, take_again
from victimcare.store import crimes, source_records, staff
from victimcare.store.database import Database
from victimcare.store.vault import Vault

AT_ONCE = 20
"""Records that one transaction takes: nobody waits for it longer than for a page."""


def turns_waiting(connection: Connection) -> int:
    """How many wait for their turn, beside what waits for those."""
    return source_records.turns_waiting(connection)


def join_in_turn(
    database: Database, *, law: Law, vault: Vault, now: datetime, stop_if_asked: Callable[[], None]
) -> tuple[int, int]:
    """Take all whose turn it is, and what waited for those: how many were joined, and how many were refused.

    What is refused is kept, and tried again with the next import of its system.
    """
    joined = refused = 0
    while taken := _some(database, law, vault, now, stop_if_asked):
        joined += sum(one.fate in (Fate.NEW, Fate.CHANGED) for one in taken)
        refused += sum(one.fate is None for one in taken)
    return joined, refused


def _some(database: Database, law: Law, vault: Vault, now: datetime, stop_if_asked: Callable[[], None]) -> list[Taken]:
    stop_if_asked()
    with database.writing() as connection:
        crimes.lock_imports(connection)
        staff.ensure_system(connection)
        taking = Taking(connection, law, vault, now)
        waiting = source_records.whose_turn_it_is(connection, limit=AT_ONCE, vault=vault)
        return [one for kept in waiting for one in take_again(taking, kept)]

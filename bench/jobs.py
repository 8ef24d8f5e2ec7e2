"""Finding breaches and reminding, in one force and in a database ten times as large with the same that is newly late.

Everything is done in a transaction that is rolled back, so the databases stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from bench.measuring import Measured, in_words, once
from bench.worlds import AT, ten_worlds, world
from victimcare.commands.find_breaches import cases_to_search, find_breaches
from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.domain.calendar import london_date
from victimcare.editions.escalation import published_ladder
from victimcare.editions.law import published_law
from victimcare.store.breach_causes import CAUSES
from victimcare.store.breaches import BREACHES
from victimcare.store.database import Database
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED

_LAST = AT + timedelta(minutes=10)
"""The run before: what was written just before it might be looked at again, and everything was written at `AT`."""
_A_WEEK_ON = AT + timedelta(days=7)
_MUCH_LATER = AT + timedelta(days=1000)
FIRST_COPY = 100_000_000
_FLAT = 1.5
_ROUNDS = 40

Job = Callable[[Connection], int]


def measure() -> list[Measured]:
    """Each job at ten times the table against the same job at once the table."""
    once_the_table, ten_times = world(), ten_worlds()
    return [
        _compare("find breaches: a week of newly late duties", _find, once_the_table, ten_times),
        _compare("find breaches: nothing newly late", _find_nothing, once_the_table, ten_times),
        _compare("remind: a week's steps", _remind, once_the_table, ten_times),
    ]


def _compare(what: str, job: Job, once_the_table: Path, ten_times: Path) -> Measured:
    found, small = _run(once_the_table, job)
    found_in_ten, large = _run(ten_times, job)
    if found != found_in_ten:
        raise ValueError(f"{what}: {found} rows written at once the table and {found_in_ten} at ten times")
    words = f"{what} ({found:,} rows)"
    return Measured(words, f"{in_words(large)} at 10x", f"{in_words(small)} at 1x", large / small, _FLAT)


def _run(file: Path, job: Job) -> tuple[int, float]:
    """How many rows it writes, and the seconds of its quickest run."""
    database = Database(f"sqlite:///{file}")
    written: list[int] = []
    with database.engine.connect() as connection, connection.begin() as transaction:
        only_one_force_is_behind(connection)
        seconds = []
        for _ in range(_ROUNDS):
            savepoint = connection.begin_nested()
            seconds.append(once(lambda: written.append(job(connection))))
            savepoint.rollback()
        transaction.rollback()
    database.close()
    return written[-1], min(seconds)


def only_one_force_is_behind(connection: Connection) -> None:
    """The other nine kept up: what is newly late is then the same in both databases."""
    near = DUES.c.due_on >= london_date(AT) - timedelta(days=60)
    copies = (DUES.c.case_id >= FIRST_COPY) & near & text(OPEN_AND_COUNTED)
    connection.execute(update(DUES).where(copies).values(ended_on=DUES.c.due_on, ending="met"))
    behind = select(DUES.c.case_id).where(text(OPEN_AND_COUNTED), near)
    connection.exec_driver_sql("DROP TRIGGER breach_no_delete")
    found_there = (BREACHES.c.case_id >= FIRST_COPY) & (BREACHES.c.found_at >= AT - timedelta(days=60))
    forgotten = BREACHES.c.case_id.in_(behind) | found_there
    given = CAUSES.c.breach_id.in_(select(BREACHES.c.id).where(forgotten))
    connection.execute(delete(CAUSES).where(given))
    connection.execute(delete(BREACHES).where(forgotten))


def _find(connection: Connection) -> int:
    case_ids = cases_to_search(connection, reached_at=AT, now=_A_WEEK_ON)
    return find_breaches(connection, case_ids=case_ids, now=_A_WEEK_ON)


def _find_nothing(connection: Connection) -> int:
    case_ids = cases_to_search(connection, reached_at=_MUCH_LATER, now=_MUCH_LATER)
    return find_breaches(connection, case_ids=case_ids, now=_MUCH_LATER) if case_ids else 0


def _remind(connection: Connection) -> int:
    calendar = published_law().calendar
    how: dict[str, Any] = {"now": _A_WEEK_ON, "calendar": calendar, "ladder": published_ladder()}
    found = duties_at_a_step(connection, reached_at=_LAST, own_agency="police", **how)
    return remind(connection, duties=found, **how)

"""The record of jobs: which there are, and one row for each slot of each, whose unique key is the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.store.database import is_sqlite
from victimcare.store.tables import JobRow, JobRun

JOBS = JobRow.__table__  # type: ignore[attr-defined]
RUNS = JobRun.__table__  # type: ignore[attr-defined]
TRY_AGAIN_AFTER = timedelta(minutes=15)
_NEVER_FINISHED = "Stopped before it had finished"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job for a slot, until the job has taken longer than it may."""

    id: int
    started_at: datetime


def declare(connection: Connection, jobs: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Make the rows of `job` say which jobs there are. A job keeps the instant at which it was first declared."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    known = set(connection.execute(select(JOBS.c.name)).scalars())
    wanted = {job["name"] for job in jobs}
    connection.execute(delete(JOBS).where(JOBS.c.name.not_in(wanted)))
    for job in jobs:
        if job["name"] in known:
            connection.execute(update(JOBS).where(JOBS.c.name == job["name"]).values(**job))
        else:
            # Another scheduler that starts at this moment may declare it first.
            new = dialect.insert(JOBS).values(**job, declared_at=now)
            connection.execute(new.on_conflict_do_nothing(index_elements=["name"]))


def is_settled(connection: Connection, job: str, slot: datetime, *, now: datetime, may_take: timedelta) -> bool:
    """Whether there is nothing to claim: the slot is done, or somebody is at it, or it failed a moment ago."""
    found = connection.execute(select(RUNS.c.id).where(_is_slot(job, slot), ~_can_be_taken_over(now, may_take)))
    return found.first() is not None


def claim(
    connection: Connection, job: str, slot: datetime, *, now: datetime, may_take: timedelta, again: bool = False
) -> Claim | None:
    """Claim the slot, or None where another scheduler has it or did it.

    A claim that has lasted longer than `may_take` is taken over (its holder crashed), and a failed slot is tried again
    after a pause. `again` claims a slot that is done, too.
    """
    row = {"job": job, "slot_at": slot, "started_at": now, "status": "running", "summary": ""}
    dialect = sqlite if is_sqlite(connection) else postgresql
    first = dialect.insert(RUNS).values(**row).on_conflict_do_nothing(index_elements=["job", "slot_at"])
    claimed = connection.execute(first.returning(RUNS.c.id)).scalar_one_or_none()
    if claimed is None:
        free = or_(RUNS.c.status != "running", _is_dead(now, may_take)) if again else _can_be_taken_over(now, may_take)
        values = {"started_at": now, "finished_at": None, "status": "running", "summary": ""}
        taken = update(RUNS).where(_is_slot(job, slot), free).values(**values)
        claimed = connection.execute(taken.returning(RUNS.c.id)).scalar_one_or_none()
    return Claim(int(claimed), now) if claimed is not None else None


def finish(connection: Connection, claim: Claim, *, now: datetime, succeeded: bool, summary: str) -> None:
    """Record how the run ended, unless it took so long that somebody else took it over."""
    mine = and_(RUNS.c.id == claim.id, RUNS.c.started_at == claim.started_at, RUNS.c.status == "running")
    status = "done" if succeeded else "failed"
    connection.execute(update(RUNS).where(mine).values(status=status, finished_at=now, summary=summary))


def fail_abandoned(connection: Connection, job: str, *, before: datetime, now: datetime, may_take: timedelta) -> None:
    """Mark as failed the runs of earlier slots whose holder never finished."""
    abandoned = and_(RUNS.c.job == job, RUNS.c.slot_at < before, _is_dead(now, may_take))
    connection.execute(update(RUNS).where(abandoned).values(status="failed", finished_at=now, summary=_NEVER_FINISHED))


def last_done(connection: Connection, job: str, *, until: datetime) -> datetime | None:
    """The slot of the last run that succeeded, at or before `until`."""
    done = select(func.max(RUNS.c.slot_at)).where(RUNS.c.job == job, RUNS.c.status == "done", RUNS.c.slot_at <= until)
    found: datetime | None = connection.execute(done).scalar_one_or_none()
    return found


def title_of(connection: Connection, job: str) -> str | None:
    """What a declared job is called; None where there is none of that name any more."""
    found: str | None = connection.execute(select(JOBS.c.title).where(JOBS.c.name == job)).scalar_one_or_none()
    return found


def forget_before(connection: Connection, job: str, before: datetime) -> None:
    """Delete the successful runs from before that instant: a job a minute leaves half a million rows a year."""
    old = and_(RUNS.c.slot_at < before, RUNS.c.started_at < before)
    connection.execute(delete(RUNS).where(RUNS.c.job == job, RUNS.c.status == "done", old))


def _is_slot(job: str, slot: datetime) -> ColumnElement[bool]:
    return and_(RUNS.c.job == job, RUNS.c.slot_at == slot)


def _is_dead(now: datetime, may_take: timedelta) -> ColumnElement[bool]:
    return and_(RUNS.c.status == "running", RUNS.c.started_at <= now - may_take)


def _can_be_taken_over(now: datetime, may_take: timedelta) -> ColumnElement[bool]:
    pause_over = and_(RUNS.c.status == "failed", RUNS.c.finished_at <= now - TRY_AGAIN_AFTER)
    return or_(_is_dead(now, may_take), pause_over)

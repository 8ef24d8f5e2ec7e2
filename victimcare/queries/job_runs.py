"""How the jobs ran: for the page about them, and for the banner that says when one has not run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select, text

from victimcare.domain.calendar import LONDON, london_date
from victimcare.domain.explanation import in_words
from victimcare.domain.law import Law
from victimcare.domain.slots import DailyAt, Every, Trigger
from victimcare.queries.bank_holidays import ending_soon
from victimcare.store.holiday_checks import last_check
from victimcare.store.job_runs import JOBS, RUNS
from victimcare.store.outbox import OUTBOX
from victimcare.store.tables import UNCONFIRMED, UNSETTLED

NO_SCHEDULER = "No scheduled job has run here yet: deadlines that pass are not found, and nobody is reminded."
OUTBOX_LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `slot_at` is the instant for which it was scheduled."""

    slot_at: datetime
    started_at: datetime
    finished_at: datetime | None
    status: str
    summary: str


@dataclass(frozen=True, slots=True)
class JobView:
    """One job: what it does, how it last went, when it is next due, and whether it has not run in time."""

    name: str
    title: str
    does: str
    when: str
    last_success: Run | None
    last_failure: Run | None
    running: Run | None
    next_slot_at: datetime
    has_not_run: bool
    recent: tuple[Run, ...] = ()

    @property
    def failing(self) -> bool:
        """Whether its last word is a failure."""
        if self.last_failure is None:
            return False
        return self.last_success is None or self.last_failure.started_at > self.last_success.started_at


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What has not left. `failed` were given up, of the `unknown` nobody can say whether they left.

    Of the `unconfirmed` a provider took each, and has not told whether it arrived.
    """

    waiting: int
    failed: int
    unknown: int
    oldest_unsent_at: datetime | None
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Everything that the page about jobs shows; when a published list of bank holidays was last read and believed."""

    jobs: tuple[JobView, ...]
    outbox: OutboxState
    bank_holidays: str | None
    holidays_checked_at: datetime | None = None


def jobs_page(connection: Connection, *, now: datetime, law: Law, recent: int = 10) -> JobsPage:
    """Every declared job with its last runs, what has not left, and a warning when the bank holidays end soon."""
    jobs = tuple(
        replace(_job(connection, row, now), recent=_recent(connection, row.name, recent))
        for row in _declared(connection)
    )
    warning = ending_soon(law.calendar, today=london_date(now))
    return JobsPage(jobs, outbox_state(connection), warning, last_check(connection))


def jobs_not_run(connection: Connection, now: datetime) -> list[JobView]:
    """The declared jobs of which a slot passed without success for longer than they may be late."""
    return [job for row in _declared(connection) if (job := _job(connection, row, now)).has_not_run]


def job_notices(connection: Connection, now: datetime, law: Law | None = None) -> tuple[str, ...]:
    """What every page must tell: a job that has not run, mail that does not leave, bank holidays that end."""
    declared = [_job(connection, row, now) for row in _declared(connection)]
    said = [_not_run_sentence(job) for job in declared if job.has_not_run] if declared else [NO_SCHEDULER]
    oldest = outbox_state(connection).oldest_unsent_at
    if oldest is not None and now - oldest > OUTBOX_LATE_AFTER:
        said.append(f"Notices have been waiting to be sent since {_instant_in_words(oldest)}.")
    warning = ending_soon(law.calendar, today=london_date(now)) if law else None
    return (*said, f"{warning}.") if warning else tuple(said)


def outbox_state(connection: Connection) -> OutboxState:
    """How much has not left, by the index over what is not settled."""
    # What was never tried waits for a time at which the victim may hear: since when it could go is what counts.
    since = func.min(case((OUTBOX.c.attempts == 0, OUTBOX.c.next_try_at), else_=OUTBOX.c.created_at))
    statement = (
        select(OUTBOX.c.status, func.count().label("items"), since.label("oldest"))
        .where(text(UNSETTLED), OUTBOX.c.digest_id.is_(None))
        .group_by(OUTBOX.c.status)
    )
    found = {row.status: row for row in connection.execute(statement)}
    unsent = [found[status].oldest for status in ("waiting", "leased") if status in found]
    counts = {status: row.items for status, row in found.items()}
    return OutboxState(
        waiting=counts.get("waiting", 0) + counts.get("leased", 0),
        failed=counts.get("failed", 0),
        unknown=counts.get("outcome_unknown", 0),
        oldest_unsent_at=min(unsent, default=None),
        unconfirmed=connection.execute(select(func.count()).where(text(UNCONFIRMED)).select_from(OUTBOX)).scalar_one(),
    )


def _declared(connection: Connection) -> list[Any]:
    return list(connection.execute(select(JOBS).order_by(JOBS.c.position)))


def _job(connection: Connection, row: Any, now: datetime) -> JobView:
    trigger = _trigger(row)
    success = _last(connection, row.name, "done")
    late_after = timedelta(minutes=row.late_after_minutes)
    expected = trigger.latest(now - late_after)
    missed = success is None or success.slot_at < expected
    return JobView(
        name=row.name,
        title=row.title,
        does=row.does,
        when=str(trigger),
        last_success=success,
        last_failure=_last(connection, row.name, "failed"),
        running=_last(connection, row.name, "running"),
        next_slot_at=trigger.following(now),
        has_not_run=missed and row.declared_at + late_after < now,
    )


def _trigger(row: Any) -> Trigger:
    return Every(row.every_minutes) if row.every_minutes else DailyAt(time.fromisoformat(row.daily_at))


def _last(connection: Connection, job: str, status: str) -> Run | None:
    of_job = select(RUNS).where(RUNS.c.job == job, RUNS.c.status == status)
    row = connection.execute(of_job.order_by(RUNS.c.slot_at.desc()).limit(1)).first()
    return _run(row) if row else None


def _recent(connection: Connection, job: str, count: int) -> tuple[Run, ...]:
    statement = select(RUNS).where(RUNS.c.job == job).order_by(RUNS.c.slot_at.desc()).limit(count)
    return tuple(_run(row) for row in connection.execute(statement))


def _run(row: Any) -> Run:
    return Run(row.slot_at, row.started_at, row.finished_at, row.status, row.summary)


def _not_run_sentence(job: JobView) -> str:
    since = f"since {_instant_in_words(job.last_success.slot_at)}" if job.last_success else "yet"
    return f"A scheduled job has not run {since}: {job.title.lower()}."


def _instant_in_words(at: datetime) -> str:
    return f"{in_words(london_date(at))} at {at.astimezone(LONDON):%H:%M}"

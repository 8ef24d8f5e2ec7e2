"""What a Prometheus server is told: how jobs and notices stand, as the database knows, and how this process answers.

Labels are names of jobs, states and the forms of addresses (`/cases/{ref}`): no reference, no person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from victimcare.domain.calendar import LONDON
from victimcare.domain.law import Law
from victimcare.queries.job_runs import JobsPage, jobs_page

ANSWERS = CollectorRegistry()
_SECONDS = Histogram(
    "victimcare_answer_seconds",
    "From the first byte of a request to the last of its answer.",
    ("method", "route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
    registry=ANSWERS,
)
_NOWHERE = "none"


class Measured:
    """Count each answer of this process, with how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), "500"

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            route = getattr(scope.get("route"), "path", _NOWHERE)
            _SECONDS.labels(scope["method"], route, status).observe(perf_counter() - began)


def metrics(connection: Connection, *, now: datetime, law: Law) -> bytes:
    """Everything, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(_Standing(jobs_page(connection, now=now, law=law, recent=0), now, law))
    return generate_latest(registry) + generate_latest(ANSWERS)


class _Standing(Collector):
    def __init__(self, page: JobsPage, now: datetime, law: Law) -> None:
        self._page, self._now, self._law = page, now, law

    def collect(self) -> Iterator[Metric]:
        yield self._notices()
        oldest = self._page.outbox.oldest_unsent_at
        yield GaugeMetricFamily(
            "victimcare_oldest_unsent_seconds",
            "For how long the oldest notice that could leave has been waiting.",
            value=(self._now - oldest).total_seconds() if oldest else 0,
        )
        yield from self._jobs()
        known_until = datetime.combine(self._law.calendar.known_until, time(), LONDON).astimezone(UTC)
        yield GaugeMetricFamily(
            "victimcare_bank_holidays_known_until_timestamp_seconds",
            "The last day of which the bank holidays are known.",
            value=known_until.timestamp(),
        )

        checked_at = self._page.holidays_checked_at
        if checked_at:
            yield GaugeMetricFamily(
                "victimcare_bank_holidays_last_refresh_timestamp_seconds",
                "When a published list of bank holidays was last read that could be trusted.",
                value=checked_at.timestamp(),
            )

    def _notices(self) -> Metric:
        outbox = self._page.outbox
        found = GaugeMetricFamily("victimcare_notices", "Notices that have not settled.", labels=("state",))
        for state in ("waiting", "failed", "unknown", "unconfirmed"):
            found.add_metric((state,), getattr(outbox, state))
        return found

    def _jobs(self) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "victimcare_job_last_success_timestamp_seconds", "The slot that last succeeded.", labels=("job",)
        )
        late = GaugeMetricFamily("victimcare_job_late", "1 where a job has not run in time.", labels=("job",))
        for job in self._page.jobs:
            late.add_metric((job.name,), job.has_not_run)
            if job.last_success:
                success.add_metric((job.name,), job.last_success.slot_at.timestamp())
        yield success
        yield late

"""For whatever watches the service: is it up, and does its database answer?"""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from victimcare.queries.installation import is_demonstration
from victimcare.queries.job_runs import job_notices
from victimcare.web.deps import Now, TheDatabase, TheLaw
from victimcare.web.metrics import metrics
from victimcare.web.policies import machine, public

router = APIRouter()
OF_METRICS = "text/plain; version=0.0.4"


@router.get("/health/live", dependencies=[public()])
def live() -> Response:
    """`live` while this process answers at all, whatever its database does."""
    return PlainTextResponse("live")


@router.get("/health", dependencies=[public()])
def health(database: TheDatabase) -> Response:
    """`ok` when the database answers; else the error table's 503."""
    with database.reading() as connection:
        is_demonstration(connection)
    return PlainTextResponse("ok")


@router.get("/health/ready", dependencies=[public()])
def ready(database: TheDatabase, now: Now) -> Response:
    """`ready` when the database can be written to, jobs have run in time and nothing waits too long to be sent.

    Else 503. Why stands on the page of jobs and in the log: whoever asks here is not signed in.
    """
    with database.writing() as connection:
        late = job_notices(connection, now)
    return PlainTextResponse("not ready" if late else "ready", status_code=503 if late else 200)


@router.get("/metrics", dependencies=[machine(lambda settings: settings.metrics_token)])
def told_to_prometheus(database: TheDatabase, now: Now, law: TheLaw) -> Response:
    """How jobs and notices stand, and how this process answers."""
    with database.reading() as connection:
        return Response(metrics(connection, now=now, law=law), media_type=OF_METRICS)

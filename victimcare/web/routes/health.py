"""For whatever watches the service: is it up, and does its database answer?"""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from victimcare.queries.installation import is_demonstration
from victimcare.queries.job_runs import job_notices
from victimcare.web.deps import Now, TheDatabase
from victimcare.web.policies import public

router = APIRouter(dependencies=[public()])


@router.get("/health")
def health(database: TheDatabase) -> Response:
    """`ok` when the database answers; else the error table's 503."""
    with database.reading() as connection:
        is_demonstration(connection)
    return PlainTextResponse("ok")


@router.get("/health/ready")
def ready(database: TheDatabase, now: Now) -> Response:
    """`ready` when the database can be written to, jobs have run in time and nothing waits too long to be sent.

    Else 503. Why stands on the page of jobs and in the log: whoever asks here is not signed in.
    """
    with database.writing() as connection:
        late = job_notices(connection, now)
    return PlainTextResponse("not ready" if late else "ready", status_code=503 if late else 200)

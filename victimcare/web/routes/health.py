"""For whatever watches the service: is it up, and does its database answer?"""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from victimcare.queries.installation import is_demonstration
from victimcare.web.deps import TheDatabase
from victimcare.web.policies import public

router = APIRouter(dependencies=[public()])


@router.get("/health")
def health(database: TheDatabase) -> Response:
    """`ok` when the database answers; else the error table's 503."""
    with database.reading() as connection:
        is_demonstration(connection)
    return PlainTextResponse("ok")

"""The contract of the API, for anybody; and every other address of the API, so that it is told as a problem too."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.routing import Match

from victimcare.web.api.callers import open_to_systems
from victimcare.web.api.contract import contract_of
from victimcare.web.routes import api_cases, api_records, api_referrals, api_tokens

SERVED = (api_tokens.router, api_cases.router, api_referrals.router, api_records.router)

router = APIRouter(prefix="/api/v1", dependencies=[open_to_systems()])
nowhere = APIRouter(dependencies=[open_to_systems()])


@router.get("/openapi.json")
async def openapi() -> Response:
    """What can be asked here, and how it is answered: it names nobody and no case."""
    return JSONResponse(contract())


@cache
def contract() -> dict[str, Any]:
    """Made once: it is the same for everybody."""
    return contract_of(SERVED)


@nowhere.api_route("/api/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def no_such_address(request: Request, path: str) -> Response:
    """Of an address that is answered, but not so: 405, with how it is. Must come after the other routers of the API."""
    answered = {
        method
        for served in (*SERVED, router)
        for route in served.routes
        if route.matches(request.scope)[0] is Match.PARTIAL
        for method in getattr(route, "methods", None) or ()
    }
    if answered:
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(answered))})
    raise HTTPException(404)

"""What will end is said with every answer of it, a year before, and in the contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi import APIRouter, Depends, HTTPException
from httpx2 import Client

from tests.web.in_process import InProcess
from tests.web.site import ADDRESS
from victimcare.web.api.contract import contract_of
from victimcare.web.api.deprecation import TooSoon, ends
from victimcare.web.app import WebApp
from victimcare.web.routes import api_tokens

AFTER = {"since": date(2027, 1, 4), "until": date(2028, 2, 4), "instead": "/api/v2/cases"}
SAID = {
    "deprecation": "@1799020800",
    "sunset": "Fri, 04 Feb 2028 00:00:00 GMT",
    "link": '</api/v2/cases>; rel="successor-version"',
}


def answer() -> dict[str, str]:
    return {}


def refuse() -> None:
    raise HTTPException(403)


def routes() -> APIRouter:
    router = APIRouter()
    router.get("/api/v1/old", dependencies=[ends(**AFTER)])(answer)
    router.get("/api/v1/refused", dependencies=[ends(**AFTER), Depends(refuse)])(answer)
    router.get("/api/v1/stays")(answer)
    return router


def headers(path: str) -> tuple[int, dict[str, Any]]:
    app = WebApp(openapi_url=None)
    app.include_router(routes())
    answer = Client(transport=InProcess(app), base_url=ADDRESS, trust_env=False).get(path)
    return answer.status_code, {name: answer.headers[name] for name in SAID if name in answer.headers}


def test_every_answer_of_what_will_end_says_so_its_refusals_too() -> None:
    assert headers("/api/v1/old") == (200, SAID)
    assert headers("/api/v1/refused") == (403, SAID)


def test_what_stays_says_nothing() -> None:
    assert headers("/api/v1/stays") == (200, {})


def test_the_contract_says_so_too() -> None:
    paths = contract_of([routes(), api_tokens.router])["paths"]
    told = {"deprecated": True, "x-ends-on": "2028-02-04", "x-instead": "/api/v2/cases"}
    assert told.items() <= paths["/api/v1/old"]["get"].items()
    assert "deprecated" not in paths["/api/v1/stays"]["get"]


def test_nothing_ends_before_whoever_asks_was_told_for_a_year() -> None:
    with pytest.raises(TooSoon, match="364 days are too few"):
        ends(since=date(2027, 1, 1), until=date(2027, 12, 31), instead="/api/v2/cases")

"""The contract is published, served, and kept: what would break a system that was written for it fails here."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.web.api.contract_changes import breaking
from tests.web.site import Site
from victimcare.domain.agencies import OWN_AGENCY, RECORDED_BY
from victimcare.domain.api_scopes import SCOPES_OF, ApiScope
from victimcare.domain.code import DutyBearer
from victimcare.editions.law import published_law
from victimcare.web.api.events import EVENT
from victimcare.web.routes.api_contract import contract

PUBLISHED = Path(__file__).parents[3] / "docs/api/v1.json"


def published() -> Any:
    return json.loads(PUBLISHED.read_text("utf-8"))


def test_no_system_that_was_written_for_the_published_contract_breaks() -> None:
    """Where that is meant, it is another version, at another address: /api/v2."""
    assert breaking(published(), contract()) == []


def test_the_published_contract_is_that_which_is_served() -> None:
    """After an addition, publish it: save what /api/v1/openapi.json answers, indented by two, as docs/api/v1.json."""
    assert json.loads(json.dumps(contract())) == published()


def test_it_is_served_to_anybody_and_names_nobody(sqlite_site: Site) -> None:
    answer = sqlite_site.browser().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.json() == published()


EVENTS = ("components", "schemas")
CASES = ("paths", "/api/v1/cases", "get")


def at(document: Any, *path: str) -> Any:
    for name in path:
        document = document[name]
    return document


def _without(*path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        del at(document, *path[:-1])[path[-1]]

    return change


def _with(value: Any, *path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        at(document, *path[:-1])[path[-1]] = value

    return change


BREAKS: dict[str, Callable[[Any], None]] = {
    "an address goes": _without("paths", "/api/v1/duties"),
    "a scope changes": _with([{"token": ["referrals:read"]}], *CASES, "security"),
    "an answer loses a field": _without(*EVENTS, "CaseAnswer", "properties", "version"),
    "an answer has a field only sometimes": _with(["case"], *EVENTS, "CaseAnswer", "required"),
    "a field has another type": _with("string", *EVENTS, "CaseAnswer", "properties", "version", "type"),
    "a status goes": _without(*CASES, "responses", "200"),
    "a kind goes": _without(*EVENTS, "EventBody", "discriminator", "mapping", "sentence_received"),
    "a field is wanted": _with(
        ["kind", "happened_at", "subject", "details"], *EVENTS, "SentenceReceivedEvent", "required"
    ),
    "a field is not taken": _without(*EVENTS, "SentenceReceivedDetails", "properties", "custody_months"),
    "less is taken": _with(["trial"], *EVENTS, "HearingListedDetails", "properties", "hearing_type", "enum"),
    "a label is another": _with("^x$", *EVENTS, "SentenceReceivedEvent", "properties", "subject", "pattern"),
    "a standing more is said": lambda document: at(
        document, *EVENTS, "DutyAnswer", "properties", "standing", "enum"
    ).append("lost"),
    "a parameter is wanted": lambda document: at(document, *CASES, "parameters").append(
        {"in": "query", "name": "area", "required": True, "schema": {}}
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_breaks_is_found(what: str) -> None:
    changed = deepcopy(published())
    BREAKS[what](changed)
    assert breaking(published(), changed), what


ADDS: dict[str, Callable[[Any], None]] = {
    "an address more": _with({}, "paths", "/api/v1/more"),
    "a status more": _with({"description": "More"}, *CASES, "responses", "418"),
    "a field more": _with({"type": "string"}, *EVENTS, "CaseAnswer", "properties", "more"),
    "a kind more": _with("#/x", *EVENTS, "EventBody", "discriminator", "mapping", "more"),
    "a field more to send": _with({"type": "string"}, *EVENTS, "SentenceReceivedDetails", "properties", "more"),
    "other words": _with("Other words", *CASES, "summary"),
}


@pytest.mark.parametrize("what", ADDS)
def test_what_is_only_added_breaks_nothing(what: str) -> None:
    changed = deepcopy(published())
    ADDS[what](changed)
    assert breaking(published(), changed) == [], what


# That it says what is true


def test_every_operation_says_its_scope_and_that_everything_else_is_a_problem() -> None:
    for path, methods in contract()["paths"].items():
        for method, operation in methods.items():
            assert ("security" in operation) is (path != "/api/v1/token"), path
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)
    scopes = contract()["components"]["securitySchemes"]["token"]["flows"]["clientCredentials"]["scopes"]
    assert set(scopes) == {scope.value for scope in ApiScope}


def test_every_example_is_as_the_contract_has_it() -> None:
    bodies = [
        example["value"]
        for operation in contract()["paths"]["/api/v1/cases/{ref}/events"].values()
        for example in operation["requestBody"]["content"]["application/json"]["examples"].values()
    ]
    assert len(bodies) > 2
    for body in bodies:
        EVENT.validate_json(json.dumps(body), strict=True)


def test_what_meets_what_an_agency_owes_is_for_it_to_record() -> None:
    """By every edition: the table in `domain/agencies.py` forgets nothing that the Code has the agency do."""
    for edition in published_law().code.editions:
        for rule in edition.rules:
            for agency in agencies_of(rule.owed_by) - {OWN_AGENCY}:
                assert agency in SCOPES_OF, agency
                assert rule.met_by | rule.confirmed_by <= RECORDED_BY[agency], (rule.id, agency)


def agencies_of(bearer: DutyBearer) -> set[str]:
    cases = getattr(bearer, "cases", ())
    return {bearer.otherwise, *(agency for _, agency in cases)} - {None}

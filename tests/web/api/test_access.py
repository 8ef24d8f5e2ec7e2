"""Who may ask what at the API: every address (access.txt), for the system of every agency and for everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from tests.stored import Stored, recorded
from tests.web.casework import Casework, add_strangers
from tests.web.site import PEOPLE, Site
from tests.web.systems import ask, listed_hearing, register, token_of
from victimcare.domain.agencies import OWN_AGENCY, RECORDED_BY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import SCOPES_OF
from victimcare.domain.people import ROLES, Action, Person, Role, Scope, scope_of
from victimcare.web.api.callers import Rates
from victimcare.web.api.rate import Rate
from victimcare.web.policies import API, ForSystems

LETTERS = {"hmcts": "c", "witness_care_unit": "w", "cps": "p", "probation": "b", "yot": "y"}
LETTERS |= {"supreme_court_registry": "u", SUPPORT_SERVICE: "r", OWN_AGENCY: "f"}


@dataclass(frozen=True)
class Line:
    """A line of access.txt."""

    agencies: str
    method: str
    path: str

    def allows(self, agency: str) -> bool:
        return self.agencies == "anybody" or LETTERS[agency] in self.agencies


TABLE = [
    Line(*line.split())
    for line in Path(__file__).with_name("access.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
WITH_TOKEN = [line for line in TABLE if line.agencies != "anybody"]


@dataclass
class World:
    casework: Casework
    ref: str
    tokens: dict[str, str]

    def address(self, path: str) -> str:
        return path.replace("{ref}", self.ref).replace("{referral}", "0" * 16).replace("{path:path}", "v1/nothing")


@pytest.fixture(scope="module")
def world(module_site: Site) -> World:
    add_strangers(module_site)
    casework = Casework(module_site)
    service = casework.service()
    tokens = {}
    for agency in SCOPES_OF:
        its = service if agency == SUPPORT_SERVICE else None
        tokens[agency] = token_of(casework, register(casework, agency, service=its))
    module_site.app.state.rates = Rates(10**9)
    module_site.app.state.rates.of_strangers = Rate(10**9)
    return World(casework, listed_hearing(casework), tokens)


def of_systems(site: Site) -> list[Any]:
    return [route for route in iter_route_contexts(site.app.routes) if (route.path or "").startswith(API)]


def test_every_address_of_the_api_is_in_the_table(world: World) -> None:
    there = {(method, route.path) for route in of_systems(world.casework.site) for method in route.methods or ()}
    assert there == {(line.method, line.path) for line in TABLE}


@pytest.mark.parametrize("line", WITH_TOKEN, ids=lambda line: f"{line.method} {line.path}")
@pytest.mark.parametrize("agency", SCOPES_OF)
def test_a_system_is_answered_what_its_agency_may_ask_and_else_refused(world: World, line: Line, agency: str) -> None:
    stored = Stored(world.casework.site.database)
    answer = ask(world.casework, world.tokens[agency], line.method, world.address(line.path), {})
    if line.allows(agency):
        assert answer.status_code in (200, 404, 422), answer.text
    else:
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "not-in-scope")
        assert world.casework.site.audit()[-1][3] == "refused"
    assert not recorded(stored.changed())
    stored.close()


@pytest.mark.parametrize("line", WITH_TOKEN, ids=lambda line: f"{line.method} {line.path}")
def test_nobody_else_is_answered_whatever_they_are_among_people(world: World, line: Line) -> None:
    site = world.casework.site
    for who in ("", *PEOPLE):
        browser = site.sign_in(who) if who else site.browser()
        if line.method == "GET":
            answer = browser.get(world.address(line.path))
        else:
            answer = browser.client.post(world.address(line.path), json={}, headers=browser.headers)
        assert answer.status_code == 401, who
        assert answer.headers["content-type"] == "application/problem+json"


def test_no_cookie_is_set_and_none_is_read(world: World) -> None:
    browser = world.casework.site.browser()
    answer = browser.get("/api/v1/cases")
    assert "set-cookie" not in answer.headers
    assert not browser.client.cookies


def test_every_route_of_the_api_has_a_policy_for_systems_and_no_other(world: World) -> None:
    for route in of_systems(world.casework.site):
        calls = [dependency.call for dependency in route.dependant.dependencies]
        assert any(isinstance(call, ForSystems) for call in calls), route.path


def test_no_person_has_what_systems_have_and_no_system_what_people_have() -> None:
    system = Person("me", "A system", Role.API_CLIENT)
    theirs = {action for action in Action if scope_of(system, action) is not None}
    assert theirs == {
        Action.SEE_FOR_AGENCY,
        Action.RECORD_FOR_AGENCY,
        Action.SEE_REFERRAL,
        Action.ANSWER_REFERRAL,
        Action.BRING_RECORDS,
    }
    for role in ROLES:
        somebody = Person("me", "Somebody", role)
        assert scope_of(somebody, Action.SEE_FOR_AGENCY) is None
        assert all(scope_of(somebody, action) is not Scope.CONCERNED for action in Action)


def test_every_agency_that_records_something_can_be_given_every_scope_of_cases() -> None:
    assert set(LETTERS) == set(SCOPES_OF) == {*RECORDED_BY, SUPPORT_SERVICE, OWN_AGENCY}

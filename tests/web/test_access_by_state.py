"""Who reaches a case in every state that decides it. The table is read by people: change it only on purpose."""

from __future__ import annotations

import pytest

from tests.web.casework import Casework, add_strangers
from tests.web.relations import STATES, WHO, Relations, make
from tests.web.site import Site

REACH = {
    "open": {"officer", "supervisor"},
    "closed": {"officer", "supervisor"},
    "void": {"officer", "supervisor"},
    "protected": {"officer", "supervisor"},
    "covered": {"colleague", "supervisor"},
    "cover ended": {"supervisor"},
    "handed over": {"colleague", "supervisor"},
    "linked": {"officer", "supervisor"},
    "linked with": {"stranger", "chief"},
}
"""Nobody else does: the officer who handed over at once, who stood in as soon as it ended, the other side of a link."""
NO_CASES = {"": 303, "board": 403, "administrator": 403, "editor": 403}
PAGES = ("", "/notes", "/victim", "/hand-over", "/print/summary", "/contact-details/{point}")


@pytest.fixture(scope="module")
def relations(module_site: Site) -> Relations:
    add_strangers(module_site)
    return make(Casework(module_site))


@pytest.mark.parametrize("state", STATES)
def test_a_case_is_reached_by_those_whose_it_is_now(relations: Relations, state: str) -> None:
    case = relations.cases[state]
    for who in WHO:
        found = [relations.browsers[who].get(case.address(f"/cases/{{ref}}{page}")).status_code for page in PAGES]
        expected = [200] * len(PAGES) if who in REACH[state] else [NO_CASES.get(who, 404)] * len(PAGES)
        if state == "protected" and who == "officer":
            expected[-1] = 403  # the custodian alone: the supervisor
        assert found == expected, f"{state} to {who or 'nobody'}"

"""No address counts up: what is stored under a number is called there by a name that nobody guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from tests.web.casework import Casework
from tests.web.furnished import Furnished, furnish
from tests.web.site import NAMES, Site

OF_ROWS = {
    "/board/actions/{action_id}": ("board", "board_action"),
    "/board/actions/{action_id}/due": ("board", "board_action"),
    "/board/actions/{action_id}/end": ("board", "board_action"),
    "/board/months/changes/{change_id}": ("board", "process_change"),
    "/board/months/changes/{change_id}/withdraw": ("board", "process_change"),
    "/code/bank-holidays/{number}/approve": ("lead", "holiday_list"),
    "/code/bank-holidays/{number}/refuse": ("lead", "holiday_list"),
    "/code/editions/{number}/approve": ("lead", "code_edition"),
    "/code/editions/{number}/put-back": ("lead", "code_edition"),
    "/code/editions/{number}/refuse": ("lead", "code_edition"),
    "/emergency-access/{number}/end": ("officer", "emergency_access"),
    "/emergency-reviews/{number}": ("reviewer", "emergency_access"),
    "/jobs/notices/{notice_id}": ("administrator", "outbox"),
    "/jobs/notices/{notice_id}/give-up": ("administrator", "outbox"),
    "/jobs/notices/{notice_id}/retry": ("administrator", "outbox"),
    "/retention/disposals/{disposal_id}/undo": ("supervisor", "disposal"),
    "/retention/runs/{run_id}/agree": ("supervisor", "retention_run"),
    "/team/feedback/{request_id}": ("supervisor", "feedback_request"),
}
"""Every address of something stored under a number: who it is for, and the table."""
TABLES = sorted({table for _, table in OF_ROWS.values()} | {"cover", "victim_case"})


@pytest.fixture(scope="module")
def case(module_site: Site) -> Furnished:
    casework = Casework(module_site)
    return furnish(casework, casework.case("Wren Sample"))


def asked_for(dependant: Dependant) -> Iterator[Dependant]:
    """Itself, and all that it asks for."""
    yield dependant
    for each in dependant.dependencies:
        yield from asked_for(each)


def routes(site: Site) -> Iterator[tuple[str, list[Dependant]]]:
    for found in iter_route_contexts(site.app.routes):
        if isinstance(route := found.original_route, APIRoute):
            yield route.path, list(asked_for(route.dependant))


def test_no_part_of_an_address_is_a_number(module_site: Site) -> None:
    for path, asked in routes(module_site):
        assert {part.field_info.annotation for each in asked for part in each.path_params} & {int, float} == set(), path


def test_every_address_of_a_row_is_tried_here(module_site: Site) -> None:
    calls = {path: {getattr(each.call, "__qualname__", "") for each in asked} for path, asked in routes(module_site)}
    assert {path for path, names in calls.items() if "row_of.<locals>.named" in names} == set(OF_ROWS)


@pytest.mark.parametrize("path", OF_ROWS)
def test_the_number_of_a_row_and_what_rows_of_other_tables_are_called_are_no_address(
    module_site: Site, case: Furnished, path: str
) -> None:
    who, table = OF_ROWS[path]
    browser, part = module_site.sign_in(who), re.findall(r"\{(\w+)\}", path)[0]
    others = [NAMES.name(other, number) for other in TABLES if other != table for number in (1, 2)]
    for name in ("1", "2", "0" * 32, *others):
        address = case.address(path, **{part: name})
        answer = browser.post(address, {"form_key": name})
        assert answer.status_code in (404, 405), name
        assert answer.status_code == 405 or "Page not found" in answer.text
        assert browser.get(address).status_code in (404, 405), name


def test_whoever_tries_numbers_is_written_down(module_site: Site, case: Furnished) -> None:
    board = module_site.sign_in("board")
    assert board.get(case.address("/board/actions/{action_id}")).status_code == 200
    assert board.get("/board/actions/1").status_code == 404
    assert ("access", "see the board's summaries: names nothing", "board", "refused") in module_site.audit()


def test_a_cover_that_is_made_up_ends_nothing(module_site: Site, case: Furnished) -> None:
    for name in ("1", NAMES.name("board_action", 1)):
        sent = {"cover_id": name, "form_key": name}
        assert module_site.sign_in().post("/leave/end", sent).status_code == 404

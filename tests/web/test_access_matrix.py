"""Who reaches what: every address (access.txt), for everybody, in every state of a case that decides it (REACH).

And where an address names something else than a case: by whose it is (THEIRS).

Read by people: change the tables only on purpose.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests.jobs.counted import all_have_run
from tests.stored import Restored, recorded
from tests.web.attack import post
from tests.web.casework import Casework, add_strangers
from tests.web.every_form import routes
from tests.web.relations import DISPOSED, SIDES, STATES, WHO, Relations, make
from tests.web.site import NAMES, Site
from victimcare.store.audit import AUDIT

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
    "restricted in": {"officer", "supervisor"},
    "restricted out": {"officer"},
    "excluded": {"officer"},
    "at court": {"officer", "supervisor", "clerk"},
    "at court, excluded": {"officer", "supervisor"},
    "at court, restricted": {"officer", "supervisor"},
    "at court, closed": {"officer", "supervisor"},
    "at court elsewhere": {"stranger", "chief"},
    **{state: set() for state in DISPOSED},
}
"""Nobody else does: the officer who handed over at once, who stood in as soon as it ended, the other side of a link."""
LETTERS = {"board": "b", "administrator": "a", "editor": "e", "reviewer": "p", "supervisor": "s", "chief": "s"}
LETTERS |= {"lead": "l", "helper": "r", "clerk": "w", "member": "m"}
"""The role of each of `WHO`; the others are case officers."""
OF_ALL = ("administrator", "reviewer")
"""They see the incidents of every team."""
OF_CASES = ("officer", "colleague", "stranger", "supervisor", "chief", "clerk")
NOT_NOW = {
    ("GET", "/cases/{ref}/duties/{duty}/decision"): set(STATES),
    ("POST", "/cases/{ref}/duties/{duty}/decision"): set(STATES),
    ("GET", "/cases/{ref}/duties/{duty}/cause"): set(STATES),
    ("POST", "/cases/{ref}/duties/{duty}/cause"): set(STATES),
    ("POST", "/cases/{ref}/hand-over/taken"): set(STATES),
    ("GET", "/cases/{ref}/duties/{duty}/ending"): {"void"},
    ("GET", "/cases/{ref}/events/{kind}"): {"at court"},
    ("POST", "/cases/{ref}/events/{kind}"): {"at court"},
    ("GET", "/board/compliance/file"): {""},
    ("POST", "/board/compliance/file"): {""},
    ("GET", "/board/actions/new"): {""},
    ("POST", "/board/actions"): {""},
    ("GET", "/board/months/changes/new"): {""},
    ("POST", "/board/months/changes"): {""},
    ("GET", "/board/months/file"): {""},
    ("POST", "/board/months/file"): {""},
    ("GET", "/board/support/file"): {""},
    ("POST", "/board/support/file"): {""},
    ("GET", "/board/packs/file"): {""},
    ("POST", "/board/packs/file"): {""},
}
"""What is not there, in these states, even for those who may use the address: nothing waits for a second person or
was late, only its own officer takes a case over, a void case owes nothing, an arrest is no news of court for whoever
works there, no quarter is over, so that there is no pack of one."""
NO_CASE = "AAAAA-AAAAA"
"""A reference of none."""
FILLED = {
    "/cases/{ref}/messages": {"template": "arrest"},
    "/cases/{ref}/hand-over/taken": {"did": "acknowledged"},
    "/messages/{message_id}/case": {"ref": NO_CASE},
}
"""Without which a form is none of ours, whatever the case is."""
ENDS_IT = {"/sign-out", "/sign-ins/end", "/sign-ins/end-all", "/welcome/account"}
"""What ends the sign-in of those who may, and so is tried by the others alone."""
REFUSED_WITH_AN_ALERT = {"/emergency-access", "/emergency-access/{number}/end"}
"""Where a form that is not whole is an attempt that others are told of (tests/web/routes/test_emergency_access.py)."""
THEIRS: dict[str, tuple[set[str], set[str]]] = {
    "/emergency-access/{number}/end": ({"colleague"}, {"colleague"}),
    "/incidents/{incident_id}": ({"supervisor", *OF_ALL}, {"chief", *OF_ALL}),
    "/kept-forms/{kept_id}": ({"officer"}, {"stranger"}),
    "/messages/{message_id}/case": ({"supervisor"}, {"chief"}),
    "/referrals/{sent_id}": ({"helper"}, set()),
    "/retention/disposals/{disposal_id}/undo": ({"supervisor"}, {"chief"}),
    "/team/feedback/{request_id}": ({"supervisor"}, {"chief"}),
    "/team/samples/{month}/{holder}/{drawn}": ({"supervisor"}, {"chief"}),
}
"""Where an address begins that names what is somebody's: who reaches what is of the first team, and of the other.

To the rest of their role it is not there. Everything else that is named belongs to all of a role: the directory, the
Code, what the board decided, people, systems, notices, alerts."""
NONE_YET = {
    *(f"/code/bank-holidays/{{number}}/{what}" for what in ("approve", "refuse")),
    *(f"/code/editions/{{number}}/{what}" for what in ("approve", "put-back", "refuse")),
}
"""What there is none of here: no list and no edition is proposed."""
OF_A_REQUEST = {"x-request-id", "content-length"}
"""Headers that differ from one request to the next; how long a page is follows from how long its address is."""
OF_A_PAGE = re.compile(r'name="form_key" value="[^"]*"')
"""What each page that is shown has of its own."""
NO_ROW = {"number": "emergency_access", "disposal_id": "disposal", "request_id": "feedback_request"}
NOTHING = {**{part: NAMES.name(table, 999_999) for part, table in NO_ROW.items()}, "drawn": NO_CASE}
"""How an address names what is not there; otherwise by as many noughts."""
CUSTODIANS = {
    *(("GET", f"/contact-details{end}") for end in ("/new", "/suspect", "/{point}", "/{point}/confirm")),
    *(("POST", f"/contact-details{end}") for end in ("", "/suspect")),
    *(("POST", f"/contact-details/{{point}}/{end}") for end in ("confirm", "show", "someone-else", "unsafe")),
    *(("POST", f"/messages/{{message_id}}/{end}") for end in ("posted", "print", "withdraw")),
}
"""Where nobody but the custodian of a protected location, the supervisor, is answered."""


EVERY = 53
"""Of how many cells of an address one is tried; all are with `slow`."""
EVERY_THING = 29
"""Of how many cells of an address that names something else one is tried; all are with `slow`."""
PART = 6
"""Of how many addresses that are about no case one is asked for by a person; all are with `slow`."""


@dataclass(frozen=True)
class Line:
    """A line of access.txt."""

    method: str
    path: str
    roles: str

    def allows(self, who: str) -> bool:
        """Whether this person's role may use the address at all."""
        return self.roles == "everybody" or (bool(who) and LETTERS.get(who, "o") in self.roles)


TABLE = [
    Line(method, path, roles)
    for roles, method, path in (
        line.split()
        for line in Path(__file__).with_name("access.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
]
OF_A_CASE = [line for line in TABLE if "{ref}" in line.path]
ELSEWHERE = [line for line in TABLE if "{" not in line.path]
OF_A_THING = [line for line in TABLE if "{" in line.path and "{ref}" not in line.path and line.path != "/{path:path}"]


@pytest.fixture(scope="module")
def world(each_module_site: Site) -> Relations:
    """Cases in every state, and everybody signed in."""
    add_strangers(each_module_site)
    return make(Casework(each_module_site))


@pytest.fixture(scope="module")
def stored(world: Relations) -> Iterator[Restored]:
    """What is stored; it is had again as it was after each cell."""
    database = world.casework.site.database
    all_have_run(database, world.casework.site.clock.now)
    held = Restored(database)
    yield held
    held.close()


def asked(world: Relations, line: Line, who: str, address: str) -> Any:
    """The answer to a page, or to a form of which nothing is filled in but the token."""
    browser = world.browsers[who]
    if line.method == "GET":
        return browser.get(f"{address}?template=arrest" if line.path.endswith("/messages/new") else address)
    filled = FILLED.get(line.path, {})
    return post(browser, address, {**filled, "form_key": uuid.uuid4().hex, "csrf_token": world.tokens[who]})


def same_as_nothing(world: Relations, line: Line, who: str, answer: Any, there: str, nowhere: str, what: str) -> None:
    """Whoever may not see something is answered as if there were no such thing, to the letter."""
    of_nothing = asked(world, line, who, nowhere)
    assert answer.status_code == of_nothing.status_code, what
    bodies = [_but_for(each.text, address) for each, address in ((answer, there), (of_nothing, nowhere))]
    assert bodies[0] == bodies[1], what
    told = [
        {name: value for name, value in each.headers.items() if name not in OF_A_REQUEST}
        for each in (answer, of_nothing)
    ]
    assert told[0] == told[1], what


def _but_for(body: str, address: str) -> str:
    """Where the page says where it is, as a link back may, that says nothing else than was asked for."""
    return OF_A_PAGE.sub("", body).replace(address, "address").replace(quote(address, safe=""), "address")


def turned_away(line: Line, who: str) -> set[int]:
    """How somebody is answered who may not use the address, or not for this case."""
    if not who:
        return {303}
    return {404} if line.allows(who) else {403}


def check(world: Relations, stored: Restored, line: Line, who: str, state: str) -> None:
    """One cell of the table. Whatever was done is undone, for it changes the next cell."""
    may = line.allows(who) and who in REACH[state]
    answer = asked(world, line, who, world.cases[state].address(line.path))
    what = f"{line.method} {line.path} of a case that is {state}, by {who or 'nobody'}: {answer.status_code}"
    of_the_case = (line.method, line.path.removeprefix("/cases/{ref}"))
    if not may:
        assert answer.status_code in turned_away(line, who), what
        assert who or answer.headers["location"].startswith("/sign-in"), what
        assert not recorded(stored.changed()), what
        assert not who or last_row(world) == (who, "refused"), what
        if who and line.allows(who):
            address, nowhere = (world.cases[state].address(line.path, **other) for other in ({}, {"ref": NO_CASE}))
            same_as_nothing(world, line, who, answer, address, nowhere, what)
    elif state == "protected" and of_the_case in CUSTODIANS and who != "supervisor":
        assert answer.status_code == 403, what
        assert last_row(world) == (who, "refused"), what
    else:
        there(line, answer, what, state)
    stored.restore()


def check_thing(world: Relations, stored: Restored, line: Line, who: str, side: str) -> None:
    """The same of what is of no case: of the first team's, or of the other's."""
    whose = next((reach for begins, reach in THEIRS.items() if line.path.startswith(begins)), None)
    reached = whose is None or who in whose[SIDES.index(side)]
    may = line.allows(who) and reached
    address, nowhere = world.thing(line.path, side), world.thing(line.path, side, NOTHING)
    answer = asked(world, line, who, address)
    what = f"{line.method} {line.path} of the {side}, by {who or 'nobody'}: {answer.status_code}"
    if may:
        assert answer.status_code < 500, what
        assert answer.status_code not in (401, 403), what
        assert answer.status_code in (404, 409) if line.path in NONE_YET else answer.status_code != 404, what
    else:
        assert answer.status_code in (turned_away(line, who) if not line.allows(who) else {403, 404, 409}), what
        told = {"outbox"} if line.path in REFUSED_WITH_AN_ALERT and line.allows(who) else set()
        assert set(recorded(stored.changed())) <= told, what
        assert not who or last_row(world) == (who, "refused"), what
        if line.allows(who):
            same_as_nothing(world, line, who, answer, address, nowhere, what)
    stored.restore()


def some_things(line: Line) -> list[tuple[str, str]]:
    """One in so many of the cells, and each of somebody whose role has the address and whose the thing is not."""
    number, every = OF_A_THING.index(line), list(product(WHO, SIDES))
    whose = next((reach for begins, reach in THEIRS.items() if line.path.startswith(begins)), None)
    others = [(who, side) for who, side in every if whose and line.allows(who) and who not in whose[SIDES.index(side)]]
    may = [cell for cell in every if line.allows(cell[0]) and cell not in others]
    return list(dict.fromkeys([*every[number % EVERY_THING :: EVERY_THING], *others[:3], may[number % len(may)]]))


def last_row(world: Relations) -> tuple[str, str]:
    """Who the last row of the audit is about, and what came of it."""
    last = select(AUDIT.c.person_id, AUDIT.c.outcome).order_by(AUDIT.c.seq.desc()).limit(1)
    with world.casework.site.database.reading() as connection:
        return tuple(connection.execute(last).one())


def there(line: Line, answer: Any, what: str, state: str = "") -> None:
    assert answer.status_code < 500, what
    assert answer.status_code not in (401, 403), what
    assert answer.status_code != 404 or state in NOT_NOW.get((line.method, line.path), ()), what


def cells(line: Line) -> list[tuple[str, str]]:
    """Who, and a case of which state. Whose role has no cases is turned away alike whatever its state."""
    others = [(who, "open") for who in WHO if who not in OF_CASES]
    return [*product(OF_CASES, STATES), *others]


def some_cells(line: Line) -> list[tuple[str, str]]:
    """One cell in so many, and one of somebody who may where there is none among them."""
    number, every = OF_A_CASE.index(line), cells(line)
    some, may = (
        every[number % EVERY :: EVERY],
        [cell for cell in every if line.allows(cell[0]) and cell[0] in REACH[cell[1]]],
    )
    return some if set(some) & set(may) else [*some, *may[number % len(may) :][:1]]


def some_addresses(who: str) -> list[Line]:
    """One in so many of the addresses that are about no case, and those whose turn it is among all who may."""
    may = [[each for each in WHO if line.allows(each)] for line in ELSEWHERE]
    return [
        line
        for number, line in enumerate(ELSEWHERE)
        if number % PART == WHO.index(who) % PART or who == may[number][number % len(may[number])]
    ]


def test_every_address_of_the_service_is_in_the_table(world: Relations) -> None:
    assert sorted((line.method, line.path) for line in TABLE) == sorted(
        (method, path)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for path in routes(world.casework, method)
    )


@pytest.mark.parametrize("line", OF_A_CASE, ids=lambda line: f"{line.method} {line.path}")
def test_a_case_is_reached_by_those_whose_it_is_now(world: Relations, stored: Restored, line: Line) -> None:
    """A part of the table for each address, another for the next: so that each person meets each state."""
    for who, state in some_cells(line):
        check(world, stored, line, who, state)


@pytest.mark.slow
@pytest.mark.parametrize("line", OF_A_CASE, ids=lambda line: f"{line.method} {line.path}")
def test_a_case_is_reached_by_those_whose_it_is_now_in_every_state(
    world: Relations, stored: Restored, line: Line
) -> None:
    for who, state in cells(line):
        check(world, stored, line, who, state)


@pytest.mark.parametrize("who", WHO)
def test_what_is_about_no_case_is_reached_by_those_whose_role_has_it(
    world: Relations, stored: Restored, who: str
) -> None:
    """A part of the addresses for each person, another for the next."""
    elsewhere(world, stored, who, some_addresses(who))


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_all_that_is_about_no_case_is_reached_by_those_whose_role_has_it(
    world: Relations, stored: Restored, who: str
) -> None:
    elsewhere(world, stored, who, ELSEWHERE)


def elsewhere(world: Relations, stored: Restored, who: str, lines: Sequence[Line]) -> None:
    """Each of these addresses is asked for by this person."""
    for line in lines:
        if line.allows(who) and line.path in ENDS_IT:
            continue
        answer = asked(world, line, who, line.path)
        what = f"{line.method} {line.path} by {who or 'nobody'}: {answer.status_code}"
        if line.allows(who) and line.path in REFUSED_WITH_AN_ALERT and line.method == "POST":
            assert answer.status_code == 403, what
        elif line.allows(who):
            there(line, answer, what)
        else:
            assert answer.status_code == (403 if who else 303), what
            assert not who or last_row(world) == (who, "refused"), what
            assert not recorded(stored.changed()), what
        stored.restore()


@pytest.mark.parametrize("line", OF_A_THING, ids=lambda line: f"{line.method} {line.path}")
def test_what_is_named_is_reached_by_those_whose_it_is(world: Relations, stored: Restored, line: Line) -> None:
    """Some of the cells for each address, and in each somebody for whom it is not there."""
    for who, side in some_things(line):
        check_thing(world, stored, line, who, side)


@pytest.mark.slow
@pytest.mark.parametrize("line", OF_A_THING, ids=lambda line: f"{line.method} {line.path}")
def test_what_is_named_is_reached_by_nobody_but_those_whose_it_is(
    world: Relations, stored: Restored, line: Line
) -> None:
    for who, side in product(WHO, SIDES):
        check_thing(world, stored, line, who, side)

"""What is left of a case on every surface for somebody whom a list keeps from it: nothing, or what S9 says, exactly."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Any

import pytest
from sqlalchemy import select

from tests.queries.test_case_lists import STATES, keep_lists, state_of
from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.site import Browser, Site
from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.domain.contact_spelling import compared_form
from victimcare.domain.cover import Cover
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import CaseLists
from victimcare.domain.safe_contact import PointKind
from victimcare.editions.escalation import published_ladder
from victimcare.store import cases, covers
from victimcare.store.contact_points import HASHES
from victimcare.store.outbox import OUTBOX

pytestmark = pytest.mark.both_engines

BORN = date(1985, 3, 4)
LATE = MONDAY - timedelta(days=20)
NAME, OTHER, NUMBER = "Quillon Sample", "Wren Sample", "07700 900123"
RANDOM = re.compile(r'(name="(?:csrf_token|form_key)" value="[^"]*")|search=[0-9a-f]+|value="[0-9a-f]{16}"')
PAIRS = int(os.environ.get("PAIRS", "25"))
LIMIT, ENOUGH = 0.010, 100
"""Seconds, and pairs from which a p95 says something."""


@dataclass
class Surface:
    """Somewhere that a case may show: what is said there, without what is drawn by lot."""

    name: str
    ask: Callable[[], str]


@dataclass
class World:
    """A case of the officer that is late, and one beside it of somebody else."""

    casework: Casework
    ref: str = "22222-22222"

    def surfaces(self, who: str) -> list[Surface]:
        """The twelve, as this person has them."""
        browser = self.casework.site.sign_in(who)
        token = browser.token()

        def get(path: str) -> Callable[[], str]:
            return lambda: plain(browser.get(path))

        def found(words: str) -> Callable[[], str]:
            return lambda: plain(searched(browser, words, token))

        def left(**caller: str) -> Callable[[], str]:
            sent = {"name": "", "case_ref": "", "crime_ref": "", "phone": "", "wants": "news", "safe_to_ring": "no"}
            key = f"left{next(self.casework.numbers)}"
            return lambda: plain(browser.post("/messages", {**sent, **caller, "form_key": key}, token=token))

        return [
            Surface("list", get("/cases")),
            Surface("filtered list", get("/cases?status=any&late=true&tier=standard")),
            Surface("search by name", found(NAME)),
            Surface("search by a name nearly spelled", found("Quilon")),
            Surface("search by reference", found(self.ref)),
            Surface("search by number", found(NUMBER)),
            Surface("counts of the team", get("/team")),
            Surface("duties of the team", get("/team/duties")),
            Surface("cases to hand over", get("/team/reassign")),
            Surface("a caseload to hand over", get("/team/reassign?officer=officer")),
            Surface("day of whoever holds or covers", get("/")),
            Surface("case", get(f"/cases/{self.ref}")),
            Surface("print", get(f"/cases/{self.ref}/print/summary")),
            Surface("message for it", left(case_ref=self.ref)),
            Surface("reminders", lambda: f"reminded: {who in self.reminded()}"),
        ]

    def reminded(self) -> set[str]:
        """Who would get a reminder of the late case now."""
        site = self.casework.site
        with site.database.writing() as connection:
            how: dict[str, Any] = {
                "now": site.clock.now,
                "calendar": self.casework.law.calendar,
                "ladder": published_ladder(),
            }
            duties = duties_at_a_step(connection, reached_at=LATE, own_agency="police", **how)
            asked = connection.begin_nested()
            remind(connection, duties=duties, **how)
            in_case = (OUTBOX.c.case_id == cases.id_of(connection, self.ref)) & OUTBOX.c.told_as.is_not(None)
            told = set(connection.execute(select(OUTBOX.c.recipient_id).where(in_case)).scalars())
            asked.rollback()
        return told

    def keep(self, lists: CaseLists) -> None:
        with self.casework.site.database.writing() as connection:
            keep_lists(connection, cases.load(connection, self.ref).id, lists)

    def seen(self, who: str) -> dict[str, str]:
        """What each says, with the reference by a word of its own."""
        return {each.name: each.ask().replace(self.ref, "REFERENCE") for each in self.surfaces(who)}


def plain(answer: Any) -> str:
    return f"{answer.status_code} {RANDOM.sub('', answer.text)}"


def searched(browser: Browser, words: str, token: str) -> Any:
    answer = browser.post("/cases/search", {"words": words}, token=token)
    return browser.get(answer.headers["location"])


@pytest.fixture
def world(site: Site) -> World:
    return World(Casework(site))


def make_case(world: World) -> None:
    """A case of the officer that is late, with a number confirmed safe."""
    world.ref = world.casework.case(NAME, at=LATE, born_on=BORN)
    world.casework.record(world.ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    world.casework.safe_way(world.ref)
    number = world.casework.vault.hash(compared_form(PointKind.PHONE, NUMBER))
    with world.casework.site.database.writing() as connection:
        connection.execute(HASHES.insert().values(point_id=f"{world.ref}-phone", part="whole", hash=number))


WHOLE, REFERENCE, NOTHING, SAME = "whole", "reference and whom to ask", "nothing", "the same to everybody"
SEEN = {state: WHOLE if state in ("normal", "restricted-in") else NOTHING for state in STATES}
CELLS = {
    "list": {**SEEN, "restricted-out": REFERENCE},
    "filtered list": {**SEEN, "restricted-out": REFERENCE},
    "search by name": SEEN,
    "search by a name nearly spelled": SEEN,
    "search by reference": SEEN,
    "search by number": SEEN,
    "counts of the team": SEEN,
    "duties of the team": SEEN,
    "cases to hand over": SEEN,
    "a caseload to hand over": SEEN,
    "day of whoever holds or covers": SEEN,
    "case": SEEN,
    "print": SEEN,
    "message for it": SEEN,
    "reminders": SEEN,
}
"""Fifteen surfaces and five states: what is there. The supervisor's own day shows no case of others, the team's no
cover's; the board's figures are of all cases, whoever may see them."""
NOT_THEIRS = {
    "supervisor": {"day of whoever holds or covers"},
    "colleague": {"counts of the team", "duties of the team", "cases to hand over", "a caseload to hand over"},
}


@pytest.mark.in_turn
@pytest.mark.parametrize("who", ["supervisor", "colleague"])
def test_every_surface_has_exactly_what_its_cell_says(world: World, who: str) -> None:
    """`nothing` is byte for byte what was answered before there was such a case."""
    work, now = world.casework, world.casework.site.clock.now
    work.case(OTHER, at=LATE)
    with work.site.database.writing() as connection:
        away = Cover("officer", "colleague", now.date() - timedelta(days=1), now.date() + timedelta(days=9))
        covers.add(connection, away, by=PEOPLE["supervisor"], at=now)
    before = world.seen(who)
    make_case(world)
    checked = 0
    for state in STATES:
        world.keep(state_of(state, who, others=frozenset({"officer"})))
        for surface, said in world.seen(who).items():
            cell = SAME if surface in NOT_THEIRS[who] else CELLS[surface][state]
            checked += is_as(cell, said, before[surface], f"{surface}, {state}")
    print(f"{checked} cells of {who} are as they must be")
    assert checked == len(CELLS) * len(STATES) == 75


def is_as(cell: str, said: str, before: str, where: str) -> int:
    if cell == WHOLE:
        assert said != before, where
        assert "Restricted access" not in said, where
    elif cell == REFERENCE:
        section = re.search(r'<section aria-labelledby="restricted">.*?</section>\n', said, re.DOTALL)
        assert section, where
        row = " ".join(re.sub("<[^>]*>", " ", section[0]).split())
        assert "REFERENCE: Restricted access. Ask an administrator" in row, where
        assert said.replace(section[0], "") == before, where
    else:
        assert said == before, where
    return 1


def test_an_exclusion_holds_from_the_next_request_of_a_session_that_is_open(world: World) -> None:
    make_case(world)
    browser, path = world.casework.site.sign_in("officer"), f"/cases/{world.ref}"
    form = world.casework.page(browser, f"{path}/contacts/new").form(f"{path}/contacts")
    supervisor = world.casework.site.sign_in("supervisor")
    excluding = world.casework.page(supervisor, f"{path}/who-may-see/exclusion").form(f"{path}/who-may-see/exclusion")
    sent = excluding.filled(person="officer", officer="colleague", reason="An invented reason", concerns="victim")
    assert supervisor.post(excluding.action, sent).status_code == 303
    events = world.casework.stored_events()
    for answer in (
        browser.get(path),
        browser.get(f"{path}/contacts/new"),
        browser.post(form.action, form.filled(reached="yes", channel="phone")),
        browser.post(f"{path}/notes", {"words": "Anything", "form_key": "k"}),
        browser.get(f"{path}/no-such-page"),
    ):
        assert answer.status_code == 404
    assert world.ref not in browser.get("/").text + browser.get("/cases").text
    assert world.casework.stored_events() == events
    assert world.casework.page(world.casework.site.sign_in("colleague"), path).title == f"Case {world.ref} - victimcare"


def took(browser: Browser, path: str) -> float:
    """Processor time: the machine's other work is none of it."""
    begun = time.process_time()
    assert browser.get(path).status_code == 404
    return time.process_time() - begun


def compared(world: World, pairs: int) -> None:
    """Turn by turn, so that what slows one down slows all."""
    paths = {"no such case": "/cases/22222-22222"}
    for state in ("restricted-out", "excluded", "both"):
        make_case(world)
        world.keep(state_of(state, "supervisor", others=frozenset({"officer"})))
        paths[state] = f"/cases/{world.ref}"
    browser = world.casework.site.sign_in("supervisor")
    for path in paths.values():
        took(browser, path)
    times: dict[str, list[float]] = {state: [] for state in paths}
    for _ in range(pairs):
        for state, path in paths.items():
            times[state].append(took(browser, path))
    p95 = {state: quantiles(measured, n=20)[-1] for state, measured in times.items()}
    print(f"{pairs} pairs:", ", ".join(f"{state} p95 {p95[state] * 1000:.1f} ms" for state in times))
    for state in paths:
        assert abs(median(times[state]) - median(times["no such case"])) < LIMIT, state
        assert abs(p95[state] - p95["no such case"]) < LIMIT or pairs < ENOUGH, state


def test_no_clock_tells_a_case_that_is_kept_from_somebody_from_none(world: World) -> None:
    compared(world, PAIRS)


@pytest.mark.slow
def test_no_clock_tells_it_over_many_pairs(world: World) -> None:
    compared(world, 500)

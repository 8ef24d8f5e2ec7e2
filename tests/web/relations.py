"""Cases in every state that decides who reaches them, and somebody in every relation to them; made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from tests.web.casework import PEOPLE, Casework
from tests.web.every_form import LATE
from tests.web.furnished import Furnished, furnish
from tests.web.site import OTHER_TEAM, PASSWORD_HASH, TEAM, Browser
from victimcare.commands.link_cases import propose_link
from victimcare.commands.protect_location import protect_location
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.domain.calendar import london_date
from victimcare.domain.cover import Cover
from victimcare.domain.event_kinds import EventKind
from victimcare.store import accounts, case_links, case_lists, covers, staff
from victimcare.store import cases as cases_stored
from victimcare.store.tables import PersonRow

NEWCOMERS = {
    "away": ("officer", TEAM),
    "back": ("officer", TEAM),
    "chief": ("supervisor", OTHER_TEAM),
}
"""`away` is on leave and `colleague` stands in; `back` was, and is here again. `chief` leads the other team."""
WHO = ("", "officer", "colleague", "stranger", "supervisor", "chief")
WHO += ("board", "administrator", "editor", "reviewer", "lead", "helper", "clerk")
STATES = {
    "open": "officer",
    "closed": "officer",
    "void": "officer",
    "protected": "officer",
    "covered": "away",
    "cover ended": "back",
    "handed over": "officer",
    "linked": "officer",
    "linked with": "stranger",
    "restricted in": "officer",
    "restricted out": "officer",
    "excluded": "officer",
    "at court": "officer",
    "at court, excluded": "officer",
    "at court, restricted": "officer",
    "at court, closed": "officer",
    "at court elsewhere": "stranger",
}
"""Who holds a case in this state. Of `protected` the supervisor is custodian; `handed over` is the colleague's now.

`restricted in` names the supervisor beside its officer, `restricted out` its officer and the other team's lead; the
supervisor is excluded from `excluded`."""

LISTED = ("restricted in", "restricted out", "excluded", "at court, excluded", "at court, restricted")
"""Of which lists keep somebody out; `clerk` from those at court."""


@dataclass
class Relations:
    """The cases by their state, and everybody's browser, signed in once."""

    casework: Casework
    cases: dict[str, Furnished]
    browsers: dict[str, Browser]
    tokens: dict[str, str] = field(default_factory=dict)


def make(casework: Casework) -> Relations:
    """The world."""
    _add_people(casework)
    cases = {state: furnish(casework, _case(casework, state, holder), by="officer") for state, holder in STATES.items()}
    casework.record(cases["closed"].ref, EventKind.CASE_CLOSED)
    for state in (state for state in STATES if state.startswith("at court")):
        casework.record(cases[state].ref, EventKind.SUSPECT_CHARGED, subject="Suspect 1")
    casework.record(cases["at court, closed"].ref, EventKind.CASE_CLOSED)
    void = {"reason": "duplicate", "second_person": "supervisor"}
    casework.record(cases["void"].ref, EventKind.CASE_VOIDED, **void)
    protect(casework, cases["protected"].ref)
    _cover(casework)
    _hand_over(casework, cases["handed over"].ref)
    _link(casework, cases["linked"].ref, cases["linked with"].ref)
    _lists(casework, {state: cases[state].ref for state in LISTED})
    browsers = {who: casework.site.sign_in(who) if who else casework.site.browser() for who in WHO}
    return Relations(casework, cases, browsers, {who: browser.token() for who, browser in browsers.items()})


def _case(casework: Casework, state: str, holder: str) -> str:
    area = "E02" if holder == "stranger" else "E01"
    return casework.case(f"Wren {state.title()}", officer=holder, at=LATE, area=area)


def _add_people(casework: Casework) -> None:
    with casework.site.database.writing() as connection:
        for name, (role, team) in NEWCOMERS.items():
            row = {"id": name, "name": f"Example {name.title()}", "role": role, "team_id": team}
            connection.execute(insert(PersonRow.__table__), row)
            accounts.add_account(
                connection, person_id=name, username=name, password_hash=PASSWORD_HASH, password_alone=True
            )


def protect(casework: Casework, ref: str) -> None:
    how = {"by": PEOPLE["supervisor"], "now": casework.site.clock.now, "vault": casework.vault}
    with casework.site.database.writing() as connection:
        protect_location(connection, ref=ref, custodian_id="supervisor", reason="An invented reason", **how)


def _cover(casework: Casework) -> None:
    now = casework.site.clock.now
    today, day = london_date(now), timedelta(days=1)
    with casework.site.database.writing() as connection:
        for officer, until_on in (("away", today + 7 * day), ("back", today)):
            cover = Cover(officer, "colleague", today - 7 * day, until_on)
            covers.add(connection, cover, by=PEOPLE["supervisor"], at=now)


def _hand_over(casework: Casework, ref: str) -> None:
    how = {"by": PEOPLE["supervisor"], "now": casework.site.clock.now, "law": casework.law, "vault": casework.vault}
    with casework.site.database.writing() as connection:
        done = reassign_cases(connection, refs=[ref], to_officer_id="colleague", why="leave", **how)
    assert done.reassigned == (ref,)


def _lists(casework: Casework, refs: dict[str, str]) -> None:
    now, vault, by = casework.site.clock.now, casework.vault, PEOPLE["supervisor"]
    why = {"reason": "An invented reason", "by": by, "at": now, "vault": vault}
    named: dict[str, Any] = {
        "restricted in": ["officer", "supervisor"],
        "restricted out": ["officer", "chief"],
        "excluded": None,
    }
    named |= {"at court, restricted": ["officer", "supervisor"], "at court, excluded": None}
    with casework.site.database.writing() as connection:
        for state, names in named.items():
            case_id = cases_stored.load(connection, refs[state]).id
            if names is None:
                kept_out = "clerk" if state.startswith("at court") else "supervisor"
                case_lists.exclude(connection, case_id, kept_out, **why)
            else:
                case_lists.restrict(connection, case_id, **why)
                case_lists.name_on(connection, case_id, names, by=by, at=now)


def _link(casework: Casework, ref: str, other: str) -> None:
    """Nobody but the system sees both: that is how a link must tell nothing of the other case."""
    now, vault = casework.site.clock.now, casework.vault
    with casework.site.database.writing() as connection:
        said = {"reason": "victim_said", "confidence": "certain"}
        link = propose_link(connection, ref=ref, other_ref=other, by=staff.SYSTEM, now=now, vault=vault, **said)
        case_links.confirm(connection, link, by="supervisor", at=now)

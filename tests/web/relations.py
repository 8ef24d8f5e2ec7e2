"""Cases in every state that decides who reaches them, and somebody in every relation to them; made once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from tests.web.casework import PEOPLE, Casework
from tests.web.due_cases import propose
from tests.web.every_form import LATE
from tests.web.furnished import Furnished, furnish
from tests.web.site import OTHER_TEAM, PASSWORD_HASH, TEAM, Browser
from victimcare.commands.keep_form import keep_form
from victimcare.commands.link_cases import propose_link
from victimcare.commands.protect_location import protect_location
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.domain.calendar import london_date
from victimcare.domain.cover import Cover
from victimcare.domain.event_kinds import EventKind
from victimcare.store import accounts, case_links, case_lists, covers, disposals, erasing, left_messages, staff
from victimcare.store import cases as cases_stored
from victimcare.store.left_messages import Caller, NewMessage, Said
from victimcare.store.tables import PersonRow

NEWCOMERS = {
    "away": ("officer", TEAM),
    "back": ("officer", TEAM),
    "chief": ("supervisor", OTHER_TEAM),
}
"""`away` is on leave and `colleague` stands in; `back` was, and is here again. `chief` leads the other team."""
WHO = ("", "officer", "colleague", "stranger", "supervisor", "chief")
WHO += ("board", "administrator", "editor", "reviewer", "lead", "helper", "clerk", "member")
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
    "disposed": "officer",
    "disposed elsewhere": "stranger",
    "erased": "officer",
}
"""Who holds a case in this state. Of `protected` the supervisor is custodian; `handed over` is the colleague's now.

`restricted in` names the supervisor beside its officer, `restricted out` its officer and the other team's lead; the
supervisor is excluded from `excluded`. What is `disposed` can be had back for some days; what is `erased` cannot."""
DISPOSED = {"disposed": "supervisor", "disposed elsewhere": "chief", "erased": "supervisor"}
"""The states in which nobody has the case any more, and who decided so."""

_OF_SIDE = {
    "north": ("open", "disposed", "covered", "officer"),
    "south": ("linked with", "disposed elsewhere", "linked with", "stranger"),
}
SIDES = tuple(_OF_SIDE)
"""The two teams: of each a case, one disposed of, one of an officer with so few that it is drawn, and an officer."""

LISTED = ("restricted in", "restricted out", "excluded", "at court, excluded", "at court, restricted")
"""Of which lists keep somebody out; `clerk` from those at court."""


@dataclass
class Relations:
    """The cases by their state, and everybody's browser, signed in once."""

    casework: Casework
    cases: dict[str, Furnished]
    browsers: dict[str, Browser]
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)

    def thing(self, path: str, side: str, other: Mapping[str, str] | None = None) -> str:
        """The address of what this path names, where it is of no case, of the team on one side.

        With `other`, of nothing: by these names, or by noughts.
        """
        names = dict(self.things[side])
        if other is not None:
            names |= {name: other.get(name, "0" * max(len(value), 8)) for name, value in names.items()}
        names["what"] = "test" if "/events/" in path else "disable" if "/systems/" in path else "end-sign-ins"
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], path)


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
    _dispose(casework, cases)
    browsers = {who: casework.site.sign_in(who) if who else casework.site.browser() for who in WHO}
    tokens = {who: browser.token() for who, browser in browsers.items()}
    return Relations(casework, cases, browsers, tokens, {side: _things(casework, cases, side) for side in SIDES})


def _things(casework: Casework, cases: dict[str, Furnished], side: str) -> dict[str, str]:
    """What is named on this side beside cases: a message for its supervisors, and what its officer had typed, too."""
    case, disposed, drawn, officer = _OF_SIDE[side]
    at, by = casework.site.clock.now, PEOPLE[officer]
    message = NewMessage(Said("Ring me", Caller(name="Nobody")), "news", safe_to_ring=True, reply_by_on=london_date(at))
    with casework.site.database.writing() as connection:
        kept = keep_form(connection, path="/leave", typed={}, person=by, now=at, vault=casework.vault)
        how: dict[str, Any] = {"case_id": None, "team_id": by.team_id, "by": by, "at": at, "vault": casework.vault}
        left = left_messages.add(connection, message, contains_location=False, **how)
    named = {"kept_id": kept, "message_id": left, "disposal_id": cases[disposed].names["disposal_id"]}
    named |= {"holder": STATES[drawn], "drawn": cases[drawn].ref}
    return {**cases[case].names, **named}


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


def _dispose(casework: Casework, cases: dict[str, Furnished]) -> None:
    """Whatever still waits of them: it is the state that is wanted, not what the rules of the force say of it."""
    now, vault, void = casework.site.clock.now, casework.vault, {"reason": "duplicate", "second_person": "supervisor"}
    today = london_date(now)
    for state, by in DISPOSED.items():
        casework.record(cases[state].ref, EventKind.CASE_VOIDED, **void)
        proposed = propose(casework, cases[state].ref)
        with casework.site.database.writing() as connection:
            case_id = cases_stored.load(connection, cases[state].ref).id
            why = {"reason": "An invented reason", "by": by, "at": now, "vault": vault}
            disposals.decide(connection, proposed, state="disposed", erase_from_on=today, **why)
            disposals.hide(connection, case_id, today)
            if state == "erased":
                disposals.move(connection, proposed, "erasing")
                erasing.erase(connection, case_id=case_id, law=casework.law, today=today)
                disposals.move(connection, proposed, state, ended_by=staff.SYSTEM.id, ended_at=now)
        cases[state].names["disposal_id"] = casework.named("disposal", proposed)


def _link(casework: Casework, ref: str, other: str) -> None:
    """Nobody but the system sees both: that is how a link must tell nothing of the other case."""
    now, vault = casework.site.clock.now, casework.vault
    with casework.site.database.writing() as connection:
        said = {"reason": "victim_said", "confidence": "certain"}
        link = propose_link(connection, ref=ref, other_ref=other, by=staff.SYSTEM, now=now, vault=vault, **said)
        case_links.confirm(connection, link, by="supervisor", at=now)

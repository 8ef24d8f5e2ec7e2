"""Which cases a person may see: the one way from a person to cases. No query builds its own.

Role, team and cover say which cases somebody works on; who is kept from a case (`store/case_lists.py`) takes from that,
whatever else holds. All conditions here do so already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, false, or_, select, text, true

from victimcare.domain.people import IN_EMERGENCY, NO_LISTS, Action, CaseHolder, Person, Role, Scope, scope_of
from victimcare.store.case_lists import has_lists, is_excluded, is_open_to, is_outside_restriction
from victimcare.store.cases import AT_COURT_NOW, CASES, NOT_DISPOSED, NoSuchCase
from victimcare.store.concerned import concerning, is_protected
from victimcare.store.dues import DUES
from victimcare.store.outgoing_referrals import lie_with
from victimcare.store.tables import OPEN_AND_COUNTED


def open_to_viewer(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That nobody keeps whoever asks from the case: for statements made once, which have the person as "viewer"."""
    return is_open_to(case_id, bindparam("viewer"))


_IS_OPEN = open_to_viewer(CASES.c.id)
HELD_BY_THEM = CASES.c.officer_id.in_(bindparam("holders", expanding=True)) & _IS_OPEN
"""A condition on `victim_case` for statements that are made once: run them with `as_holder(person)`."""
OF_TEAM = (CASES.c.team_id == bindparam("team_id")) & _IS_OPEN
"""The same by team: run them with `as_of_team(person)`."""
OF_TEAM_OF_OFFICER = OF_TEAM & (CASES.c.officer_id == bindparam("officer_id"))
"""The same of one officer of it alone: with "officer_id" besides."""
OF_TEAM_AT_LAST = (CASES.c.team_id.concat("") == bindparam("team_id")) & _IS_OPEN
"""The same, for statements that begin with the little that waits somewhere and not with thousands of cases of a team.

SQLite, which counts nothing beforehand, would take the index of the team; of an expression there is none.
"""


DUTIES_OF_TEAM = (
    text(OPEN_AND_COUNTED) & (DUES.c.holder_team_id == bindparam("team_id")) & open_to_viewer(DUES.c.case_id)
)
"""A condition on `due`: the open duties in the team's cases; run it with `as_of_team(person)`."""


def holders_of(person: Person) -> list[str]:
    """Whose cases are the person's own work: theirs and those of whom they cover; nobody's if they hold no cases."""
    return sorted(person.acts_as) if scope_of(person, Action.SEE_OWN_WORK) is Scope.OWN else []


def team_of(person: Person, action: Action = Action.SEE_TEAM) -> str | None:
    """The team in whose cases the person may do `action`; None, which no case equals, if they may in no team's."""
    return person.team_id if scope_of(person, action) is Scope.TEAM else None


def as_holder(person: Person) -> dict[str, Any]:
    """What a statement with `HELD_BY_THEM` asks to know of the person."""
    return {"holders": holders_of(person), "viewer": person.id}


def as_of_team(person: Person, action: Action = Action.SEE_TEAM) -> dict[str, Any]:
    """What a statement with `OF_TEAM` asks to know of the person."""
    return {"team_id": team_of(person, action), "viewer": person.id}


def visible_cases(person: Person, action: Action = Action.SEE_CASE) -> ColumnElement[bool]:
    """A condition on `victim_case` that holds for the cases on which the person may do `action`. Default: none.

    None that is disposed of, for anybody.
    """
    return _visible(_who(person), scope_of(person, action))


def visible_in(scope: Scope | None) -> ColumnElement[bool]:
    """The same for statements that are made once for each scope: run them with `as_viewer(person)`."""
    return _visible(_ANYBODY, scope)


def as_viewer(person: Person) -> dict[str, Any]:
    """What a statement with `visible_in` or `restricted_in` asks to know of the person."""
    return {
        "viewer": person.id,
        "holders": sorted(person.acts_as),
        "team_id": person.team_id,
        "service_id": person.service_id,
        "areas": sorted(person.areas),
        "agency": person.agency,
    }


@dataclass(frozen=True, slots=True)
class _Who:
    """Who asks: of one person, or what is said of them only when a statement is run."""

    id: Any
    holders: Any
    team_id: Any
    service_id: Any
    areas: Any
    agency: Any
    is_system: bool = False


def _who(person: Person) -> _Who:
    holders = tuple(sorted(person.acts_as))
    areas, is_system = tuple(sorted(person.areas)), person.role is Role.API_CLIENT
    return _Who(person.id, holders, person.team_id, person.service_id, areas, person.agency, is_system)


_ANYBODY = _Who(
    id=bindparam("viewer"),
    holders=bindparam("holders", expanding=True),
    team_id=bindparam("team_id"),
    service_id=bindparam("service_id"),
    areas=bindparam("areas", expanding=True),
    agency=bindparam("agency"),
)


@lru_cache(maxsize=256)  # putting a condition together takes longer than asking for a case by it
def _visible(who: _Who, scope: Scope | None) -> ColumnElement[bool]:
    if scope is Scope.ALL:
        return NOT_DISPOSED & true()
    theirs = NOT_DISPOSED & _theirs(who, scope) & is_open_to(CASES.c.id, who.id)
    if who.is_system:  # nobody knows who reads what a system was told
        return theirs & ~has_lists(CASES.c.id) & ~is_protected(CASES.c.id)
    return theirs


def reachable_cases(person: Person, action: Action = Action.SEE_CASE) -> ColumnElement[bool]:
    """The same for a case that is asked for by itself: also the one that the person opened in an emergency.

    No list and no search has it.
    """
    visible = visible_cases(person, action)
    if person.emergency_case is None or action not in IN_EMERGENCY:
        return visible
    return visible | (NOT_DISPOSED & (CASES.c.id == person.emergency_case) & ~is_excluded(CASES.c.id, person.id))


def restricted_in(scope: Scope | None) -> ColumnElement[bool]:
    """A condition on `victim_case`: they would be somebody's of this scope to see, and are restricted to others.

    That there is such a case may be told them, with its reference and whom to ask, and nothing else. Whoever is
    excluded from one is told nothing at all. For statements that are run with `as_viewer(person)`.
    """
    kept_out = is_outside_restriction(CASES.c.id, _ANYBODY.id) & ~is_excluded(CASES.c.id, _ANYBODY.id)
    return NOT_DISPOSED & _theirs(_ANYBODY, scope) & kept_out


def not_barred(person: Person) -> ColumnElement[bool]:
    """A condition on `victim_case`: no list keeps the person from it, whoever's it is."""
    return is_open_to(CASES.c.id, person.id)


def _theirs(who: _Who, scope: Scope | None) -> ColumnElement[bool]:
    if scope is Scope.OWN:
        return _held_by(who)
    if scope is Scope.TEAM:
        return or_(_held_by(who), CASES.c.team_id == who.team_id)
    if scope is Scope.REFERRED:
        return CASES.c.id.in_(lie_with(who.service_id))
    if scope is Scope.AT_COURT:
        return AT_COURT_NOW & CASES.c.area.in_(who.areas)
    if scope is Scope.CONCERNED:
        stands = (CASES.c.status != "void") & CASES.c.area.in_(who.areas)
        return stands & CASES.c.id.in_(concerning(who.agency))
    return false()


def let_through(row: Any) -> CaseHolder:
    """Who holds the case of this row, which the person may see: nobody who sees it is kept from it."""
    at_court_in = row.area if row.at_court and row.status == "open" else None
    return CaseHolder(row.officer_id, row.team_id, NO_LISTS, row.id, at_court_in=at_court_in)


def held_by(person: Person) -> ColumnElement[bool]:
    """A condition on `victim_case`: the person's own cases, and those of the officers whom they cover."""
    return _held_by(_who(person))


def _held_by(who: _Who) -> ColumnElement[bool]:
    return CASES.c.officer_id.in_(who.holders)


def case_row(connection: Connection, person: Person, ref: str, action: Action = Action.SEE_CASE) -> Any:
    """The row of `victim_case` of this reference, if the person may see it. Raises `NoSuchCase`."""
    row = connection.execute(select(CASES).where(CASES.c.ref == ref, reachable_cases(person, action))).first()
    if row is None:
        raise NoSuchCase(ref)
    return row


def for_the_board(person: Person, action: Action = Action.SEE_BOARD) -> None:
    """Raise `NotForTheBoard` unless the person may see the board's summaries, or do `action` with them."""
    if scope_of(person, action) is None:
        raise NotForTheBoard(person)


class NotForTheBoard(PermissionError):
    """Somebody whose role does not include the board's summaries asked for one."""

    def __init__(self, person: Person) -> None:
        self.person = person
        super().__init__(f"your role ({person.role.value}) does not include the board's summaries")

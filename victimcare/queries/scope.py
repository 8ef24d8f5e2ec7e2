"""Which cases a person may see: the one way from a person to cases. No query builds its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, false, or_, select, true

from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.store.cases import CASES, NOT_DISPOSED, NoSuchCase

HELD_BY_THEM = CASES.c.officer_id.in_(bindparam("holders", expanding=True))
"""A condition on `victim_case` for statements that are made once: run them with `holders_of(person)` as "holders"."""
OF_TEAM = CASES.c.team_id == bindparam("team_id")
"""The same by team: run them with `team_of(person)` as "team_id"."""
OF_TEAM_AT_LAST = CASES.c.team_id.concat("") == bindparam("team_id")
"""The same, for statements that begin with the little that waits somewhere and not with thousands of cases of a team.

SQLite, which counts nothing beforehand, would take the index of the team; of an expression there is none.
"""


def holders_of(person: Person) -> list[str]:
    """Whose cases are the person's own work: theirs and those of whom they cover; nobody's if they hold no cases."""
    return sorted(person.acts_as) if scope_of(person, Action.SEE_OWN_WORK) is Scope.OWN else []


def team_of(person: Person, action: Action = Action.SEE_TEAM) -> str | None:
    """The team in whose cases the person may do `action`; None, which no case equals, if they may in no team's."""
    return person.team_id if scope_of(person, action) is Scope.TEAM else None


def visible_cases(person: Person, action: Action = Action.SEE_CASE) -> ColumnElement[bool]:
    """A condition on `victim_case` that holds for the cases on which the person may do `action`. Default: none.

    None that is disposed of, for anybody.
    """
    return NOT_DISPOSED & _in_scope(person, action)


def _in_scope(person: Person, action: Action) -> ColumnElement[bool]:
    scope = scope_of(person, action)
    if scope is Scope.ALL:
        return true()
    if scope is Scope.OWN:
        return held_by(person)
    if scope is Scope.TEAM:
        return or_(held_by(person), CASES.c.team_id == person.team_id)
    return false()


def held_by(person: Person) -> ColumnElement[bool]:
    """A condition on `victim_case`: the person's own cases, and those of the officers whom they cover."""
    if not person.covering:
        return CASES.c.officer_id == person.id
    return CASES.c.officer_id.in_(sorted(person.acts_as))


def case_row(connection: Connection, person: Person, ref: str, action: Action = Action.SEE_CASE) -> Any:
    """The row of `victim_case` of this reference, if the person may see it. Raises `NoSuchCase`."""
    row = connection.execute(select(CASES).where(CASES.c.ref == ref, visible_cases(person, action))).first()
    if row is None:
        raise NoSuchCase(ref)
    return row


def for_the_board(person: Person) -> None:
    """Raise `NotForTheBoard` unless the person may see the board's summaries."""
    if scope_of(person, Action.SEE_BOARD) is None:
        raise NotForTheBoard(person)


class NotForTheBoard(PermissionError):
    """Somebody whose role does not include the board's summaries asked for one."""

    def __init__(self, person: Person) -> None:
        self.person = person
        super().__init__(f"your role ({person.role.value}) does not include the board's summaries")

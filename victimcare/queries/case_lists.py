"""Who may see a case: its lists, for those who keep them; and which cases are restricted, for those outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, literal, select

from victimcare.domain.people import Action, Person, Role, Scope, may, scope_of
from victimcare.queries.scope import as_viewer, case_row, let_through, restricted_in
from victimcare.store.case_lists import (
    ListedAs,
    Listing,
    Restriction,
    is_excluded,
    keepers_of,
    listings,
    restriction,
    without_keeper,
)
from victimcare.store.cases import CASES
from victimcare.store.staff import CASE_ROLES, PEOPLE, TEAMS, team_names
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for

MOST = 100
"""Restricted cases that are listed; a team has few."""


@dataclass(frozen=True, slots=True)
class WhoMaySee:
    """The lists of a case. Whoever does not keep them sees that it is restricted, and whom to ask.

    `colleagues` are the people of its team who work cases, `others` those of other teams: id and name.
    `officers` are those who can hold a case.
    """

    restricted: bool
    restriction: Restriction | None
    listings: tuple[Listing, ...]
    keepers: tuple[str, ...]
    officer_id: str
    officers: frozenset[str]
    colleagues: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    may_keep: bool

    @property
    def named(self) -> tuple[Listing, ...]:
        """Who may see it while it is restricted."""
        return tuple(one for one in self.listings if one.listed_as is ListedAs.NAMED)

    @property
    def excluded(self) -> tuple[Listing, ...]:
        """Who may never see it."""
        return tuple(one for one in self.listings if one.listed_as is ListedAs.EXCLUDED)

    def may_be_named(self, person: Person) -> tuple[tuple[str, str], ...]:
        """Whom this person can name: of the team, beside themselves and the case officer, who always are."""
        out = {person.id, self.officer_id, *(one.person_id for one in self.excluded)}
        return tuple(one for one in self.colleagues if one[0] not in out)

    def may_be_excluded(self, person: Person) -> tuple[tuple[str, str], ...]:
        """Whom this person can exclude: everybody else who works cases here, those of the team first."""
        excluded = {person.id, *(one.person_id for one in self.excluded)}
        return tuple(one for one in (*self.colleagues, *self.others) if one[0] not in excluded)

    @property
    def may_take_it(self) -> tuple[tuple[str, str], ...]:
        """The other officers of the team who are not kept from it."""
        out = {self.officer_id, *(one.person_id for one in self.excluded)}
        named = self.officers & {one.person_id for one in self.named} if self.restricted else self.officers
        return tuple(one for one in self.colleagues if one[0] in named - out)


@dataclass(frozen=True, slots=True)
class RestrictedCase:
    """That there is a case which the person would see were it not restricted to others, and whom to ask; no more."""

    case_id: int
    ref: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithoutKeeper:
    """A restricted case that no supervisor can see, and who of its team could be named."""

    case_id: int
    ref: str
    team_name: str
    supervisors: tuple[tuple[str, str], ...]


def who_may_see(connection: Connection, *, person: Person, ref: str, vault: Vault) -> WhoMaySee:
    """The lists of this case. Raises `NoSuchCase`, `DoesNotOpen`."""
    row = case_row(connection, person, ref, Action.SEE_FILE)
    may_keep = may(person, Action.KEEP_LISTS, let_through(row))
    words = words_for(connection, row.id, person, vault)
    why = restriction(connection, row.id, words.read)
    people = _people_who_work_cases(connection) if may_keep else ()
    of_team = {one.id for one in people if one.team_id == row.team_id or one.id == row.officer_id}
    return WhoMaySee(
        restricted=why is not None,
        restriction=why if may_keep else None,
        listings=listings(connection, row.id, words.read) if may_keep else (),
        keepers=_keepers(connection, row.id, row.team_id),
        officer_id=row.officer_id,
        officers=frozenset(one.id for one in people if one.role == Role.OFFICER.value),
        colleagues=tuple((one.id, one.name) for one in people if one.id in of_team),
        others=tuple((one.id, f"{one.name}, {one.team}") for one in people if one.id not in of_team),
        may_keep=may_keep,
    )


def _people_who_work_cases(connection: Connection) -> Sequence[Any]:
    joined = PEOPLE.join(TEAMS, TEAMS.c.id == PEOPLE.c.team_id)
    columns = (PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.team_id, PEOPLE.c.role, TEAMS.c.name.label("team"))
    work_cases = PEOPLE.c.active & PEOPLE.c.role.in_(CASE_ROLES)
    return connection.execute(select(*columns).select_from(joined).where(work_cases).order_by(PEOPLE.c.name)).all()


def restricted_to_others(connection: Connection, *, person: Person) -> tuple[RestrictedCase, ...]:
    """The cases that would be the person's to see, in the order of their references."""
    found = connection.execute(_restricted(scope_of(person, Action.SEE_CASE)), as_viewer(person)).all()
    return tuple(RestrictedCase(row.id, row.ref, _keepers(connection, row.id, row.team_id)) for row in found)


@cache  # made once for each scope: it is asked on every page of cases
def _restricted(scope: Scope | None) -> Select[Any]:
    wanted = select(CASES.c.id, CASES.c.ref, CASES.c.team_id).where(restricted_in(scope))
    return wanted.order_by(CASES.c.ref).limit(MOST)


def need_a_keeper(connection: Connection, *, person: Person) -> tuple[WithoutKeeper, ...]:
    """The restricted cases that no supervisor can see any more, for those who may name one."""
    if scope_of(person, Action.NAME_KEEPER) is None:
        return ()
    names = team_names(connection)
    return tuple(
        WithoutKeeper(case_id, ref, names[team_id], _could_be_named(connection, case_id, team_id))
        for case_id, (ref, team_id) in without_keeper(connection).items()
    )


def _keepers(connection: Connection, case_id: int, team_id: str) -> tuple[str, ...]:
    """Who may be asked about a case that is restricted."""
    return tuple(row.name for row in connection.execute(keepers_of(literal(case_id), literal(team_id))))


def _could_be_named(connection: Connection, case_id: int, team_id: str) -> tuple[tuple[str, str], ...]:
    of_team = (PEOPLE.c.team_id == team_id) & (PEOPLE.c.role == Role.SUPERVISOR.value) & PEOPLE.c.active
    wanted = select(PEOPLE.c.id, PEOPLE.c.name).where(of_team, ~is_excluded(literal(case_id), PEOPLE.c.id))
    return tuple((row.id, row.name) for row in connection.execute(wanted.order_by(PEOPLE.c.name)))

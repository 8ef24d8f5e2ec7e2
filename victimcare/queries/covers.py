"""Who is away, who stands in for whom, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.queries.scope import held_by, not_barred
from victimcare.store.cases import CASES
from victimcare.store.covers import COVERS
from victimcare.store.staff import CASE_ROLES, PEOPLE


@dataclass(frozen=True, slots=True)
class NamedCover:
    """One cover in words: from the first day away until the day on which the officer is back (London dates)."""

    id: int
    officer_id: str
    officer_name: str
    cover_name: str
    from_on: date
    until_on: date
    named_by: str
    has_begun: bool
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class StandingIn:
    """An officer whose cases the person works on today."""

    officer_id: str
    name: str
    until_on: date
    open_cases: int


@dataclass(frozen=True, slots=True)
class CoverPage:
    """Whose leave the person may arrange, who can stand in, and what is arranged."""

    officers: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    covers: tuple[NamedCover, ...]


_AWAY = PEOPLE.alias("away")
_STANDS_IN = PEOPLE.alias("stands_in")
_NAMED_BY = PEOPLE.alias("named_by")
# Made once: every page of a case asks it.
_WITH_NAMES = (
    select(
        COVERS,
        _AWAY.c.name.label("officer_name"),
        _STANDS_IN.c.name.label("cover_name"),
        _NAMED_BY.c.name.label("named_by_name"),
    )
    .select_from(
        COVERS.join(_AWAY, _AWAY.c.id == COVERS.c.officer_id)
        .join(_STANDS_IN, _STANDS_IN.c.id == COVERS.c.cover_id)
        .join(_NAMED_BY, _NAMED_BY.c.id == COVERS.c.named_by)
    )
    .order_by(COVERS.c.from_on, COVERS.c.id)
)


def cover_page(connection: Connection, *, person: Person, today: date) -> CoverPage:
    """The covers that have not ended on `today` (London date): their own, and for a supervisor those of the team."""
    scope = scope_of(person, Action.NAME_COVER)
    of_team = PEOPLE.c.active & PEOPLE.c.role.in_(CASE_ROLES) & (PEOPLE.c.team_id == person.team_id)
    rows = connection.execute(select(PEOPLE.c.id, PEOPLE.c.name).where(of_team).order_by(PEOPLE.c.name)).all()
    team = tuple((row.id, row.name) for row in rows) if scope is not None else ()
    reach = or_(_AWAY.c.team_id == person.team_id, _mine(person)) if scope is Scope.TEAM else _mine(person)
    officers = team if scope is Scope.TEAM else tuple(one for one in team if one[0] == person.id)
    covers = _covers(connection, reach, today) if scope is not None else ()
    theirs = {officer_id for officer_id, _ in officers}
    return CoverPage(officers, team, tuple(replace(cover, may_end=cover.officer_id in theirs) for cover in covers))


def standing_in(connection: Connection, *, person: Person, today: date) -> tuple[StandingIn, ...]:
    """For whom the person stands in today, with how many open cases each of them has."""
    if not person.covering:
        return ()
    cases = (
        select(CASES.c.officer_id, func.count().label("cases"))
        .where(held_by(person), not_barred(person), CASES.c.officer_id != person.id, CASES.c.status == "open")
        .group_by(CASES.c.officer_id)
    )
    counts = {row.officer_id: row.cases for row in connection.execute(cases)}
    reach = (COVERS.c.cover_id == person.id) & (COVERS.c.from_on <= today)
    return tuple(
        StandingIn(cover.officer_id, cover.officer_name, cover.until_on, counts.get(cover.officer_id, 0))
        for cover in _covers(connection, reach, today)
    )


def _mine(person: Person) -> ColumnElement[bool]:
    return or_(COVERS.c.officer_id == person.id, COVERS.c.cover_id == person.id)


def _covers(connection: Connection, reach: ColumnElement[bool], today: date) -> tuple[NamedCover, ...]:
    return tuple(
        NamedCover(
            id=row.id,
            officer_id=row.officer_id,
            officer_name=row.officer_name,
            cover_name=row.cover_name,
            from_on=row.from_on,
            until_on=row.until_on,
            named_by=row.named_by_name,
            has_begun=row.from_on <= today,
        )
        for row in connection.execute(_WITH_NAMES.where(reach, COVERS.c.until_on > today))
    )


def covers_of(connection: Connection, officer_ids: Sequence[str], *, today: date) -> dict[str, NamedCover]:
    """Who stands in today for these officers, by the officer's id."""
    reach = COVERS.c.officer_id.in_(officer_ids) & (COVERS.c.from_on <= today) if officer_ids else ~true()
    return {cover.officer_id: cover for cover in _covers(connection, reach, today)}

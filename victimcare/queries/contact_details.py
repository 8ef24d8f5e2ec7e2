"""The ways to reach a victim, without the numbers and addresses: how each stands, and how to use it safely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, literal, or_, select

from victimcare.domain.calendar import london_date
from victimcare.domain.contact_spelling import compared_form
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.people import Action, Person, may
from victimcare.domain.safe_contact import (
    PointKind,
    SafeUse,
    Standing,
    Verdict,
    may_reveal,
    may_send,
    suspect_news_at,
)
from victimcare.queries.scope import case_row, let_through, visible_cases
from victimcare.store import protections
from victimcare.store.case_lists import is_open_to
from victimcare.store.cases import CASES
from victimcare.store.contact_points import HASHES, POINTS, point_of, suspects_too, use_of
from victimcare.store.journeys import journeys_of
from victimcare.store.protections import PROTECTIONS, Protection
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import DoesNotOpen, Vault

_NAMES = {
    PointKind.ADDRESS: "Address",
    PointKind.PHONE: "Telephone",
    PointKind.EMAIL: "E-mail",
    PointKind.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class PointView:
    """A point under a name that says nothing: "Telephone 2". `use` is None where it does not open."""

    id: str
    name: str
    kind: PointKind
    verdict: Verdict
    may_be_shown: bool
    confirmed_on_at: datetime | None
    confirmed_by: str | None
    confirmed_until_on: date | None
    use: SafeUse | None
    version: int

    @property
    def replaced(self) -> bool:
        """Whether another took its place."""
        return self.verdict.standing is Standing.DO_NOT_USE


@dataclass(frozen=True, slots=True)
class SuspectsPoint:
    """That a suspect's number or address is recorded, for comparison only."""

    name: str
    suspect: str
    added_at: datetime | None
    same_as: bool


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What the pages about reaching a victim show: nothing where it is `withheld`, protected from whoever asks."""

    case_id: int
    ref: str
    points: tuple[PointView, ...]
    suspects: tuple[SuspectsPoint, ...]
    protection: Protection | None
    withheld: bool
    may_protect: bool
    """Whether they may protect the location, or decide about the protection that holds."""

    @property
    def in_use(self) -> tuple[PointView, ...]:
        """The points that were not replaced."""
        return tuple(point for point in self.points if not point.replaced)

    def point(self, point_id: str) -> PointView | None:
        """The point of this id."""
        return next((point for point in self.points if point.id == point_id), None)


def contact_details(
    connection: Connection, *, person: Person, ref: str, now: datetime, vault: Vault, policy: ForcePolicy
) -> ContactDetails:
    """The contact details of this case, as they stand `now`. Raises `NoSuchCase`."""
    row = case_row(connection, person, ref, Action.OPEN_CONTACT_DETAILS)
    journey = journeys_of(connection, {row.id: row.ref})[row.id]
    protection = protections.current(connection, row.id)
    withheld = protection is not None and protection.withholds_from(person)
    reading = _Reading(now, policy, suspect_news_at(journey.events), suspects_too(connection, row.id), vault)
    rows = [] if withheld else connection.execute(_rows_of(row.id)).all()
    the_victims = _named([point for point in rows if point.suspect is None])
    return ContactDetails(
        case_id=row.id,
        ref=row.ref,
        points=tuple(reading.view(point, name) for name, point in the_victims.items()),
        suspects=() if withheld else _suspects(connection, row.crime_id, reading.suspects_too),
        protection=protection,
        withheld=withheld,
        may_protect=may(person, Action.PROTECT_LOCATION, let_through(row))
        and (
            protection is None
            or protections.may_change(
                connection, protection, by=person, holder=let_through(row), today=london_date(now)
            )
        ),
    )


def cases_reached_at(connection: Connection, *, person: Person, words: str, vault: Vault) -> tuple[str, ...]:
    """The references of cases whose victim has this number or e-mail address, by its hash."""
    visible = CASES.c.id.in_(reached_at(person, words, vault)) & visible_cases(person, Action.SEE_CASE)
    return tuple(sorted(connection.execute(select(CASES.c.ref).where(visible)).scalars()))


def reached_at(person: Person, words: str, vault: Vault) -> Select[Any]:
    """The ids of the cases whose victim has this number or e-mail address, whoever may see them.

    None whose location is protected from the person: that they have this number is part of it.
    """
    hashes = [vault.hash(compared_form(kind, words)) for kind in (PointKind.PHONE, PointKind.EMAIL)]
    protected = select(PROTECTIONS.c.case_id).where(
        PROTECTIONS.c.lifted_at.is_(None), PROTECTIONS.c.custodian_id != person.id
    )
    return (
        select(POINTS.c.case_id.label("id"))
        .join(HASHES, HASHES.c.point_id == POINTS.c.id)
        .where(
            POINTS.c.suspect.is_(None),
            HASHES.c.part == "whole",
            HASHES.c.hash.in_(hashes),
            POINTS.c.case_id.not_in(protected),
        )
    )


def custodians(connection: Connection, *, person: Person, ref: str) -> tuple[tuple[str, str], ...]:
    """Who can be the custodian of a case, id and name: its case officer and the supervisors of its team.

    Raises `NoSuchCase`.
    """
    row = case_row(connection, person, ref, Action.PROTECT_LOCATION)
    of_team = (PEOPLE.c.team_id == row.team_id) & (PEOPLE.c.role == "supervisor")
    wanted = select(PEOPLE.c.id, PEOPLE.c.name).where(or_(PEOPLE.c.id == row.officer_id, of_team), PEOPLE.c.active)
    wanted = wanted.where(is_open_to(literal(row.id), PEOPLE.c.id))
    return tuple((found.id, found.name) for found in connection.execute(wanted.order_by(PEOPLE.c.name)))


@dataclass(frozen=True, slots=True)
class _Reading:
    now: datetime
    policy: ForcePolicy
    news_at: datetime | None
    suspects_too: frozenset[str]
    vault: Vault

    def view(self, row: Any, name: str) -> PointView:
        point = point_of(row)
        verdict = may_send(
            point,
            now=self.now,
            policy=self.policy,
            suspect_news_at=self.news_at,
            is_a_suspects=row.id in self.suspects_too,
        )
        return PointView(
            id=row.id,
            name=name,
            kind=point.kind,
            verdict=verdict,
            may_be_shown=may_reveal(verdict).allowed,
            confirmed_on_at=point.confirmed_at,
            confirmed_by=row.confirmed_by_name,
            confirmed_until_on=point.confirmed_until_on(self.policy),
            use=self._use(row),
            version=row.version,
        )

    def _use(self, row: Any) -> SafeUse | None:
        # A key that is lost must not keep anybody from recording a contact.
        try:
            return use_of(row, self.vault)
        except DoesNotOpen:
            return None


def _rows_of(case_id: int) -> Any:
    joined = POINTS.outerjoin(PEOPLE, PEOPLE.c.id == POINTS.c.confirmed_by)
    columns = (*(column for column in POINTS.c if column.name != "sealed"), PEOPLE.c.name.label("confirmed_by_name"))
    return (
        select(*columns).select_from(joined).where(POINTS.c.case_id == case_id).order_by(POINTS.c.added_at, POINTS.c.id)
    )


def _named(rows: list[Any]) -> Mapping[str, Any]:
    counts: Counter[PointKind] = Counter()
    named = {}
    for row in rows:
        kind = point_of(row).kind
        counts[kind] += 1
        named[f"{_NAMES[kind]} {counts[kind]}"] = row
    return named


def _suspects(connection: Connection, crime_id: int, same: frozenset[str]) -> tuple[SuspectsPoint, ...]:
    wanted = (
        select(POINTS.c.kind, POINTS.c.id, POINTS.c.suspect, POINTS.c.added_at)
        .join(CASES, CASES.c.id == POINTS.c.case_id)
        .where(CASES.c.crime_id == crime_id, POINTS.c.suspect.is_not(None))
        .order_by(POINTS.c.suspect, POINTS.c.added_at, POINTS.c.id)
    )
    same_hashes = set(connection.execute(select(HASHES.c.hash).where(HASHES.c.point_id.in_(same))).scalars())
    shared = set(connection.execute(select(HASHES.c.point_id).where(HASHES.c.hash.in_(same_hashes))).scalars())
    return tuple(
        SuspectsPoint(_NAMES[PointKind(row.kind)], row.suspect, row.added_at, row.id in shared)
        for row in connection.execute(wanted)
    )

"""Other cases of the same person: linked ones, and those of the same name and date of birth as a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, or_, select

from victimcare.domain.people import Action, Person, scope_of
from victimcare.queries.scope import case_row, not_barred, visible_cases
from victimcare.store.case_links import LINKS, STANDING
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case that the person may see."""

    case_id: int
    ref: str
    crime_type: str
    crime_ref: str
    opened_on: date
    status: str


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A link with another case; `confirmed_by` is None while it waits for a second person."""

    link_id: int
    other: OtherCase
    reason: str
    confidence: str
    proposed_by: str
    is_own: bool
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class OtherCases:
    """What is known of the same person elsewhere. `more_unseen` is told to supervisors, without a number."""

    case_id: int
    suggested: tuple[OtherCase, ...]
    linked: tuple[LinkedCase, ...]
    more_unseen: bool

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every other case that is shown."""
        return tuple({each.case_id for each in (*self.suggested, *(link.other for link in self.linked))})


def other_cases(connection: Connection, *, person: Person, ref: str) -> OtherCases:
    """The other cases of the victim of this one, none beyond what the person may see. Raises `NoSuchCase`.

    Nothing is suggested without both a name and a date of birth.
    """
    row = case_row(connection, person, ref)
    linked = _linked(connection, person, row.id)
    victim = connection.execute(select(VICTIMS).where(VICTIMS.c.id == row.victim_id)).one()
    if victim.searched_name is None or victim.born_on is None:
        return OtherCases(row.id, (), linked, more_unseen=False)
    known = [row.id, *(link.other.case_id for link in linked)]
    same = and_(
        VICTIMS.c.searched_name == victim.searched_name,
        VICTIMS.c.born_on == victim.born_on,
        CASES.c.crime_id != row.crime_id,
        CASES.c.status != "void",
        CASES.c.id.not_in(known),
    )
    seen = visible_cases(person, Action.SEE_CASE)
    found = _others(select(*_COLUMNS)).where(same, seen).order_by(CASES.c.opened_on.desc(), CASES.c.ref)
    suggested = tuple(_other(each) for each in connection.execute(found))
    may_know = scope_of(person, Action.SEE_TEAM) is not None
    elsewhere = _others(select(CASES.c.id)).where(same, ~seen, not_barred(person)).limit(1)
    unseen = may_know and connection.execute(elsewhere).first() is not None
    return OtherCases(row.id, suggested, linked, more_unseen=unseen)


_COLUMNS = (
    CASES.c.id,
    CASES.c.ref,
    CASES.c.crime_type,
    CASES.c.opened_on,
    CASES.c.status,
    CRIMES.c.source_ref.label("crime_ref"),
)


def _others(statement: Select[Any]) -> Select[Any]:
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
    return statement.select_from(joined)


def _linked(connection: Connection, person: Person, case_id: int) -> tuple[LinkedCase, ...]:
    confirmer = PEOPLE.alias("confirmer")
    other_end: ColumnElement[int] = case((LINKS.c.case_id == case_id, LINKS.c.other_id), else_=LINKS.c.case_id)
    joined = (
        LINKS.join(CASES, CASES.c.id == other_end)
        .join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
        .join(PEOPLE, PEOPLE.c.id == LINKS.c.proposed_by)
        .outerjoin(confirmer, confirmer.c.id == LINKS.c.confirmed_by)
    )
    columns = (
        LINKS.c.id.label("link_id"),
        LINKS.c.reason,
        LINKS.c.confidence,
        LINKS.c.proposed_by,
        PEOPLE.c.name.label("proposer"),
        confirmer.c.name.label("confirmer"),
    )
    of_case = or_(LINKS.c.case_id == case_id, LINKS.c.other_id == case_id)
    found = select(*_COLUMNS, *columns).select_from(joined).where(of_case, STANDING, visible_cases(person))
    return tuple(
        LinkedCase(
            link_id=row.link_id,
            other=_other(row),
            reason=row.reason,
            confidence=row.confidence,
            proposed_by=row.proposer,
            is_own=row.proposed_by == person.id,
            confirmed_by=row.confirmer,
        )
        for row in connection.execute(found.order_by(LINKS.c.id))
    )


def _other(row: Any) -> OtherCase:
    return OtherCase(row.id, row.ref, row.crime_type, row.crime_ref, row.opened_on, row.status)

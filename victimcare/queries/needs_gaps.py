"""Whose needs nobody has assessed by the day that the force set itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, bindparam, exists, func, select

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Correction
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.queries.scope import HELD_BY_THEM, as_holder
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.journeys import EVENTS

_RECORDED = EVENTS.alias("recorded")
_ASSESSED = EVENTS.alias("assessed")
_TAKEN_BACK = EVENTS.alias("taken_back")
_SILENT = EVENTS.alias("silent")


@dataclass(frozen=True, slots=True)
class NeedsGap:
    """A case without an assessment; the first was due on `due_on` (London date) by the force's policy."""

    case_id: int
    ref: str
    victim_name: str | None
    recorded_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class NeedsGaps:
    """The oldest of them, and how many there are in all."""

    rows: tuple[NeedsGap, ...]
    total: int
    within: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def needs_gaps(
    connection: Connection, *, person: Person, today: date, law: Law, policy: ForcePolicy, limit: int = 20
) -> NeedsGaps:
    """The open cases that the person holds or covers in which nobody has assessed the needs in time, the oldest first.

    Not those of businesses, nor those whose source tells of no contacts: there silence proves nothing.
    """
    asked = {
        **as_holder(person),
        "before": policy.needs_missing_before(today, law.calendar),
        "no_people": [basis.id for basis in law.code.on(today).victim_bases if not basis.is_person],
        "limit": limit,
    }
    rows = connection.execute(_GAPS, asked).all()
    return NeedsGaps(tuple(_gap(row, law, policy) for row in rows), rows[0].total if rows else 0, policy.needs_within)


def _gap(row: Any, law: Law, policy: ForcePolicy) -> NeedsGap:
    return NeedsGap(row.id, row.ref, row.name, row.happened_on, policy.needs_by(row.happened_on, law.calendar))


def _gaps() -> Select[Any]:
    recorded, joined_later = EventKind.CRIME_RECORDED.value, EventKind.VICTIM_JOINED.value
    of_victim = (_RECORDED.c.kind == recorded) | (_RECORDED.c.kind == joined_later)
    first = of_victim & ~_RECORDED.c.as_history & _RECORDED.c.corrects.is_(None)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    late = _RECORDED.c.happened_on < bindparam("before", type_=Date)
    a_person = VICTIMS.c.basis.not_in(bindparam("no_people", expanding=True))
    total = func.count().over().label("total")
    return (
        select(CASES.c.id, CASES.c.ref, VICTIMS.c.name, _RECORDED.c.happened_on, total)
        .select_from(joined.join(_RECORDED, (_RECORDED.c.case_id == CASES.c.id) & first))
        .where(HELD_BY_THEM, CASES.c.status == "open", late, a_person, ~_is_assessed(), ~_tells_of_no_contacts())
        .order_by(_RECORDED.c.happened_on, CASES.c.ref)
        .limit(bindparam("limit"))
    )


def _is_assessed() -> ColumnElement[bool]:
    taken_back = exists().where(
        _TAKEN_BACK.c.case_id == _ASSESSED.c.case_id,
        _TAKEN_BACK.c.corrects == _ASSESSED.c.key,
        _TAKEN_BACK.c.correction == Correction.NEVER_HAPPENED.value,
    )
    return exists().where(
        _ASSESSED.c.case_id == CASES.c.id,
        _ASSESSED.c.kind == EventKind.NEEDS_ASSESSED.value,
        _ASSESSED.c.corrects.is_(None),
        ~taken_back,
    )


def _tells_of_no_contacts() -> ColumnElement[bool]:
    return exists().where(
        _SILENT.c.case_id == CASES.c.id,
        _SILENT.c.kind == EventKind.CRIME_REPORTED.value,
        ~_SILENT.c.contacts_recorded,
    )


_GAPS = _gaps()  # made once, as those of the worklist

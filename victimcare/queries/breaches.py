"""The breaches of a case with their causes, and the cases in which nobody has said yet why a duty was late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, text

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.breach_causes import Cause
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.watches import Watch
from victimcare.editions.breach_causes import published_causes
from victimcare.queries.notes import case_notes
from victimcare.queries.scope import HELD_BY_THEM, OF_TEAM_AT_LAST, as_holder, as_of_team, case_row
from victimcare.store.breach_causes import CAUSES
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import UNCAUSED
from victimcare.store.vault import Vault
from victimcare.store.watching import SOURCES, day_of, window


@dataclass(frozen=True, slots=True)
class GivenView:
    """A cause as somebody gave it. `words` is their note: None where it tells a protected location, else empty."""

    cause: Cause
    by: str
    at: datetime
    words: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class BreachView:
    """A duty that was late. `cause` holds now; `given` has each that somebody gave, the newest first.

    `ours`: the police owed it, so a cause of it can be given.
    """

    key: str
    rule: str
    start_key: str
    title: str
    agency: str
    due_on: date
    ended_on: date | None
    ours: bool
    overturned: bool
    cause: Cause | None
    given: tuple[GivenView, ...]


@dataclass(frozen=True, slots=True)
class Uncaused:
    """A case in which nobody has said why `breaches` duties were late; the first is to be said by `due_on`."""

    case_id: int
    ref: str
    victim_name: str | None
    officer_id: str
    officer_name: str
    breaches: int
    due_on: date
    working_days_late: int


@dataclass(frozen=True, slots=True)
class UncausedCases:
    """The oldest of them, and how many cases there are in all."""

    rows: tuple[Uncaused, ...] = ()
    total: int = 0

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def case_breaches(
    connection: Connection, *, person: Person, ref: str, law: Law, vault: Vault
) -> tuple[BreachView, ...]:
    """What was late in this case, the oldest first. Raises `NoSuchCase`, `DoesNotOpen`."""
    case = case_row(connection, person, ref, Action.SEE_FILE)
    notes = {note.id: note.words for note in case_notes(connection, person=person, ref=ref, vault=vault)}
    given: dict[int, list[GivenView]] = {}
    known = published_causes()
    causes = select(CAUSES, PEOPLE.c.name).join(PEOPLE, PEOPLE.c.id == CAUSES.c.given_by)
    for row in connection.execute(causes.where(CAUSES.c.case_id == case.id).order_by(CAUSES.c.id.desc())):
        words = notes.get(row.note_id, "") if row.note_id else ""
        given.setdefault(row.breach_id, []).append(GivenView(known[row.cause], row.name, row.given_at, words))
    of_duty = (DUES.c.case_id == BREACHES.c.case_id) & (DUES.c.rule == BREACHES.c.rule)
    joined = BREACHES.outerjoin(DUES, of_duty & (DUES.c.start_key == BREACHES.c.start_key))
    breaches = (
        select(BREACHES, DUES.c.edition, DUES.c.ended_on).select_from(joined).where(BREACHES.c.case_id == case.id)
    )
    rows = connection.execute(breaches.order_by(BREACHES.c.due_on, BREACHES.c.rule, BREACHES.c.id))
    return tuple(_breach(row, tuple(given.get(row.id, ())), law) for row in rows)


def _breach(row: Any, given: tuple[GivenView, ...], law: Law) -> BreachView:
    edition = law.code.edition(row.edition) if row.edition else law.code.latest
    return BreachView(
        key=f"{row.rule}:{row.start_key}",
        rule=row.rule,
        start_key=row.start_key,
        title=edition.rule(row.rule).marked_title,
        agency=edition.agencies.get(row.owed_by, row.owed_by),
        due_on=row.due_on,
        ended_on=row.ended_on,
        ours=row.owed_by == OWN_AGENCY,
        overturned=row.overturned_by is not None,
        cause=published_causes().get(row.cause) if row.cause else None,
        given=given,
    )


def causes_missing_by(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, ladder: Ladder, limit: int = 20
) -> UncausedCases:
    """The open cases that the person holds or covers in which a cause is to be given, however long ago it was found."""
    asked = {**as_holder(person), "until": SOURCES[Watch.BREACH_CAUSE].end_of(today), "limit": limit}
    return _listed(connection, _BY_HOLDER, asked, today, calendar, ladder)


def causes_missing_in_team(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, ladder: Ladder, limit: int = 20
) -> UncausedCases:
    """Those of the supervisor's team in which the day for giving it is over."""
    yesterday = date.fromordinal(today.toordinal() - 1)
    span = (date.min, yesterday)
    kept = Watch.BREACH_CAUSE in ladder.watches
    found = window(Watch.BREACH_CAUSE, span, ladder=ladder, calendar=calendar, today=today) if kept else None
    if found is None:
        return UncausedCases()
    asked = {**as_of_team(person), "until": SOURCES[Watch.BREACH_CAUSE].end_of(found[1]), "limit": limit}
    return _listed(connection, _IN_TEAM, asked, today, calendar, ladder)


def _listed(
    connection: Connection,
    statement: Select[Any],
    asked: dict[str, Any],
    today: date,
    calendar: WorkingCalendar,
    ladder: Ladder,
) -> UncausedCases:
    if Watch.BREACH_CAUSE not in ladder.watches:
        return UncausedCases()
    found = connection.execute(statement, asked).all()
    rows = tuple(_uncaused(row, today, calendar, ladder) for row in found)
    return UncausedCases(rows, found[0].total if found else 0)


def _uncaused(row: Any, today: date, calendar: WorkingCalendar, ladder: Ladder) -> Uncaused:
    due_on = day_of(Watch.BREACH_CAUSE, row.first_at, ladder, calendar)
    late = calendar.working_days_between(due_on, today) if due_on < today else 0
    return Uncaused(row.id, row.ref, row.name, row.officer_id, row.officer_name, row.breaches, due_on, late)


def _uncaused_of(whose: ColumnElement[bool]) -> Select[Any]:
    first_at = func.min(BREACHES.c.found_at, type_=BREACHES.c.found_at.type).label("first_at")
    columns = (CASES.c.id, CASES.c.ref, VICTIMS.c.name, CASES.c.officer_id, PEOPLE.c.name.label("officer_name"))
    joined = (
        BREACHES.join(CASES, CASES.c.id == BREACHES.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
    )
    found_by = BREACHES.c.found_at < bindparam("until", type_=BREACHES.c.found_at.type)
    return (
        select(*columns, func.count().label("breaches"), first_at, func.count().over().label("total"))
        .select_from(joined)
        .where(text(UNCAUSED), found_by, CASES.c.status == "open", whose)
        .group_by(*columns)
        .order_by(text("first_at"), CASES.c.ref)
        .limit(bindparam("limit"))
    )


# Made once, as those of the worklist.
_BY_HOLDER = _uncaused_of(HELD_BY_THEM)
_IN_TEAM = _uncaused_of(OF_TEAM_AT_LAST)

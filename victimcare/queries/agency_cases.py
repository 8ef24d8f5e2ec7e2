"""What the system of another agency reads: what the agency owes and by when, by the reference of the case alone.

No name, no contact detail, no note, no duty of anybody else: what is not asked for here cannot leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, text, tuple_

from victimcare.domain.code import Telling
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.standing import Counting, Standing
from victimcare.queries.scope import visible_cases
from victimcare.store.cases import CASES, NoSuchCase
from victimcare.store.dues import DUES
from victimcare.store.journeys import journeys_of
from victimcare.store.tables import OWED_BY_OTHERS

SHOWN = (Standing.OVERDUE, Standing.DUE_TODAY, Standing.DUE, Standing.EXPECTED, Standing.NOT_STARTED)


@dataclass(frozen=True, slots=True)
class AgencyDuty:
    """A duty that the agency owes and has not done, with what it is about and what of it must be told.

    `duty` names it in an answer: the rule, and the version of the news that is to be told.
    """

    duty: str
    rule: str
    title: str
    verified: bool
    subject: str | None
    standing: Standing
    started_on: date | None
    due_on: date | None
    working_days_late: int
    must_tell: tuple[Telling, ...]
    answered_by: tuple[EventKind, ...]


@dataclass(frozen=True, slots=True)
class AgencyCase:
    """A case as an agency knows it."""

    case_id: int
    ref: str
    version: int
    duties: tuple[AgencyDuty, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyInList:
    """One duty of the agency in the list of all of them; `start` is the event that started it."""

    case_id: int
    ref: str
    rule: str
    start: str
    title: str
    expected: bool
    started_on: date | None
    due_on: date
    working_days_late: int


def agency_cases(connection: Connection, *, person: Person, after: str, limit: int) -> tuple[AgencyCase, ...]:
    """The cases that concern the agency, by reference, those after `after`; nothing for anybody else."""
    columns = (CASES.c.id, CASES.c.ref, CASES.c.version)
    wanted = select(*columns).where(visible_cases(person, Action.SEE_FOR_AGENCY), CASES.c.ref > after)
    rows = connection.execute(wanted.order_by(CASES.c.ref).limit(limit))
    return tuple(AgencyCase(*row) for row in rows)


def agency_case(connection: Connection, *, person: Person, ref: str, law: Law, today: date) -> AgencyCase:
    """One of them, with what the agency owes in it. Raises `NoSuchCase`."""
    columns = (CASES.c.id, CASES.c.ref, CASES.c.version)
    theirs = visible_cases(person, Action.SEE_FOR_AGENCY)
    row = connection.execute(select(*columns).where(CASES.c.ref == ref, theirs)).first()
    if row is None:
        raise NoSuchCase(ref)
    journey = journeys_of(connection, {row.id: row.ref})[row.id]
    owed = [one for one in assess(journey, law.code, law.calendar) if one.owed_by == person.agency]
    shown = [one for one in owed if one.standing_on(today) in SHOWN]
    ordered = sorted(shown, key=lambda one: (one.due_on or date.max, one.key))
    return AgencyCase(row.id, row.ref, row.version, tuple(_duty(one, law, today) for one in ordered))


Place = tuple[date, str, str, str]
"""Where a list of duties goes on: after this day, case, rule and start."""


def agency_duties(
    connection: Connection, *, person: Person, after: Place | None, limit: int, law: Law, today: date
) -> tuple[DutyInList, ...]:
    """What the agency owes in all cases that concern it, the first due first; nothing for anybody else."""
    columns = (DUES.c.case_id, CASES.c.ref, DUES.c.rule, DUES.c.start_key, DUES.c.edition, DUES.c.counting)
    place = (DUES.c.due_on, CASES.c.ref, DUES.c.rule, DUES.c.start_key)
    stands = (Counting.COUNTED.value, Counting.EXPECTED.value)
    owed = (
        text(OWED_BY_OTHERS),
        DUES.c.owed_by == person.agency,
        DUES.c.counting.in_(stands),
        DUES.c.due_on.is_not(None),
    )
    joined = DUES.join(CASES, CASES.c.id == DUES.c.case_id)
    wanted = select(*columns, DUES.c.started_on, DUES.c.due_on).select_from(joined)
    wanted = wanted.where(*owed, visible_cases(person, Action.SEE_FOR_AGENCY))
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    rows = connection.execute(wanted.order_by(*place).limit(limit)).all()
    return tuple(_in_list(row, law, today) for row in rows)


def _duty(owed: Entitlement, law: Law, today: date) -> AgencyDuty:
    rule, news = owed.rule, owed.start.current
    return AgencyDuty(
        duty=f"{rule.id}:{news.key}",
        rule=rule.id,
        title=rule.title,
        verified=rule.verified_from(owed.start.root.kind),
        subject=news.subject,
        standing=owed.standing_on(today),
        started_on=owed.started_on,
        due_on=owed.due_on,
        working_days_late=owed.working_days_late_on(today, law.calendar),
        must_tell=rule.due_tellings(news.details),
        answered_by=tuple(sorted(rule.met_by | rule.confirmed_by)),
    )


def _in_list(row: Any, law: Law, today: date) -> DutyInList:
    expected = row.counting == Counting.EXPECTED.value
    late = not expected and row.due_on < today
    return DutyInList(
        case_id=row.case_id,
        ref=row.ref,
        rule=row.rule,
        start=row.start_key,
        title=law.code.edition(row.edition).rule(row.rule).marked_title,
        expected=expected,
        started_on=row.started_on,
        due_on=row.due_on,
        working_days_late=law.calendar.working_days_between(row.due_on, today) if late else 0,
    )

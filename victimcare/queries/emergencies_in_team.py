"""The cases of a team that somebody opened in an emergency and that nobody has reviewed yet, for its supervisor.

Who opened one, for what kind of reason, and whether the review is late; their words, and the review itself, are the
privacy reviewer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.emergency_access import review_overdue
from victimcare.domain.people import Person
from victimcare.queries.first_of import FirstOf, total_of
from victimcare.queries.scope import OF_TEAM_AT_LAST, as_of_team
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.staff import PEOPLE, TEAMS


@dataclass(frozen=True, slots=True)
class OpenedInEmergency:
    """A case that was opened, by whom of which team, for which reason (a code). `overdue`: not reviewed in time."""

    case_id: int
    ref: str
    victim_name: str | None
    who: str
    team: str | None
    reason: str
    opened_at: datetime
    overdue: bool


def emergencies_in_team(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar, limit: int = 50
) -> FirstOf[OpenedInEmergency]:
    """Those that wait for their review in the cases of the supervisor's team, the oldest first."""
    rows = connection.execute(_WAITING, {**as_of_team(person), "limit": limit}).all()
    opened = (
        OpenedInEmergency(
            row.case_id,
            row.ref,
            row.victim_name,
            row.who,
            row.team,
            row.reason,
            row.opened_at,
            review_overdue(row.opened_at, today, calendar),
        )
        for row in rows
    )
    return FirstOf(tuple(opened), total_of(rows))


_JOINED = (
    ACCESSES.join(CASES, CASES.c.id == ACCESSES.c.case_id)
    .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    .join(PEOPLE, PEOPLE.c.id == ACCESSES.c.person_id)
    .outerjoin(TEAMS, TEAMS.c.id == PEOPLE.c.team_id)
)
_NAMES = (
    CASES.c.ref,
    VICTIMS.c.name.label("victim_name"),
    PEOPLE.c.name.label("who"),
    TEAMS.c.name.label("team"),
)
_WAITING = (
    select(ACCESSES.c.case_id, ACCESSES.c.reason, ACCESSES.c.opened_at, *_NAMES, func.count().over().label("total"))
    .select_from(_JOINED)
    .where(ACCESSES.c.outcome.is_(None), OF_TEAM_AT_LAST)
    .order_by(ACCESSES.c.opened_at, ACCESSES.c.id)
    .limit(bindparam("limit"))
)

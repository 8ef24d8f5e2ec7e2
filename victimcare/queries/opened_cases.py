"""What became of a crime just recorded: each case with its officer and why, for whoever recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row, visible_cases
from victimcare.store.cases import ASSIGNMENTS, CASES
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE, TEAMS


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case, who has it, and why. `is_theirs`: whoever recorded the crime may see it."""

    case_id: int
    ref: str
    officer_name: str
    team_name: str
    why: str
    held: bool
    is_theirs: bool


def added_case(connection: Connection, *, person: Person, ref: str, added_ref: str) -> OpenedCase | None:
    """The case of a victim whom this person added to the crime of the case `ref`. Raises `NoSuchCase` for that one."""
    beside = case_row(connection, person, ref)
    joined = EVENTS.join(CASES, CASES.c.id == EVENTS.c.case_id)
    by_them = (EVENTS.c.kind == EventKind.VICTIM_JOINED.value) & (EVENTS.c.recorded_by == person.id)
    wanted = by_them & (CASES.c.ref == added_ref) & (CASES.c.crime_id == beside.crime_id)
    case_ids = connection.execute(select(CASES.c.id).select_from(joined).where(wanted)).scalars().all()
    return next(iter(opened_cases(connection, person=person, case_ids=case_ids[:1])), None)


def opened_cases(connection: Connection, *, person: Person, case_ids: Sequence[int]) -> tuple[OpenedCase, ...]:
    """The cases of these ids, which the person has just opened, in the order given."""
    visible = CASES.c.id.in_(case_ids) & visible_cases(person, Action.SEE_CASE)
    theirs = set(connection.execute(select(CASES.c.id).where(visible)).scalars())
    joined = (
        CASES.join(ASSIGNMENTS, ASSIGNMENTS.c.case_id == CASES.c.id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
        .join(TEAMS, TEAMS.c.id == CASES.c.team_id)
    )
    columns = (CASES.c.id, CASES.c.ref, CASES.c.held, PEOPLE.c.name, TEAMS.c.name.label("team"), ASSIGNMENTS.c.why)
    found = select(*columns).select_from(joined).where(CASES.c.id.in_(case_ids), ASSIGNMENTS.c.until_at.is_(None))
    rows = {row.id: row for row in connection.execute(found)}
    return tuple(
        OpenedCase(case_id, row.ref, row.name, row.team, row.why, row.held, case_id in theirs)
        for case_id, row in ((case_id, rows[case_id]) for case_id in case_ids)
    )

"""Who looked at a case and who changed it, from the audit: for supervisors, and for the victim who asks.

Only to see that it was right to look (Data Protection Act 2018 s.62(4)): no figure of performance comes from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, union_all

from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row
from victimcare.store.audit import AUDIT, IS_EVERYTHING, SUBJECT
from victimcare.store.audit_segments import closed_until
from victimcare.store.cases import CASES
from victimcare.store.staff import PEOPLE, TEAMS
from victimcare.store.tables.audit import IN_ONE_FILE

OPERATIONS = {
    "collection": "Recorded",
    "alteration": "Changed",
    "consultation": "Looked at",
    "disclosure": "Opened, printed or sent",
    "combination": "Linked with another case",
    "erasure": "Erased",
    "access": "Asked for",
}
WITH_EVERYTHING = "Left, with all that is held here"
REASONS = {
    "case officer": "Their case",
    "cover": "Standing in for the case officer",
    "supervisor": "Their team’s case",
    "witness care": "At court in an area that they serve",
    "referral": "It was referred to their service",
    "agency": "It concerns their agency",
    "break-glass": "Opened in an emergency",
    "system": "Done by the service itself",
    "privacy reviewer": "To review who looked",
    "none": "Not theirs then",
}


class Looked(StrEnum):
    """Which rows are wanted."""

    EVERYTHING = "everything"
    OUTSIDE = "outside"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Access:
    """One thing done with the case. `why` says how it was theirs to reach, empty for rows older than the reasons."""

    seq: int
    at: datetime
    who: str
    role: str
    team: str | None
    operation: str
    what: str
    why: str
    refused: bool
    of_a_list: bool


@dataclass(frozen=True, slots=True)
class AccessLog:
    """A part of what was done with a case, newest first, and how much there is in all.

    `closed_until`: what was done with any case before that is closed, and lies in files (`victimcare audit read`).
    """

    case_id: int
    ref: str
    total: int
    accesses: tuple[Access, ...]
    closed_until: datetime | None


def access_log(
    connection: Connection,
    *,
    person: Person,
    ref: str,
    wanted: Looked = Looked.EVERYTHING,
    offset: int = 0,
    limit: int | None = None,
) -> AccessLog:
    """What was done with the case. Raises `NoSuchCase` for whoever may not see that."""
    case = case_row(connection, person, ref, Action.SEE_ACCESS_LOG)
    closed = closed_until(connection)
    chosen = _chosen(case.id, wanted, _first_of(connection, case.id, closed))
    total = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    rows = connection.execute(chosen.order_by(AUDIT.c.seq.desc()).offset(offset).limit(limit))
    return AccessLog(case.id, ref, total, tuple(map(_access, rows)), closed)


def accesses_of(connection: Connection, case_id: int) -> tuple[Access, ...]:
    """All that was done with a case that was read in scope, newest first."""
    chosen = _chosen(case_id, Looked.EVERYTHING, _first_of(connection, case_id, closed_until(connection)))
    return tuple(map(_access, connection.execute(chosen.order_by(AUDIT.c.seq.desc()))))


def looked_at_between(
    connection: Connection, case_id: int, person_id: str, from_at: datetime, until_at: datetime
) -> tuple[Access, ...]:
    """What one person did with a case meanwhile, for whoever reviews why they had it; the first thing first."""
    theirs = (AUDIT.c.person_id == person_id) & (AUDIT.c.at >= from_at) & (AUDIT.c.at <= until_at)
    rows = connection.execute(_chosen(case_id, Looked.EVERYTHING, 0).where(theirs).order_by(AUDIT.c.seq))
    return tuple(map(_access, rows))


def _chosen(case_id: int, wanted: Looked, first: int) -> Select[Any]:
    """The rows about the case, and from the row `first` on that everything left."""
    who = (PEOPLE.c.name.label("who"), TEAMS.c.name.label("team"))
    joined = AUDIT.outerjoin(PEOPLE, PEOPLE.c.id == AUDIT.c.person_id)
    joined = joined.outerjoin(TEAMS, TEAMS.c.id == AUDIT.c.team_id)
    own = select(SUBJECT.c.seq).where(SUBJECT.c.case_id == case_id)
    found = AUDIT.c.seq.in_(union_all(own, select(AUDIT.c.seq).where(IS_EVERYTHING)))
    return select(AUDIT, *who).select_from(joined).where(found, AUDIT.c.seq >= first, *_narrowed(wanted))


def _first_of(connection: Connection, case_id: int, closed: datetime | None) -> int:
    """The number of the first row about the case: since then it left with everything.

    Where that row was closed with its month, the case was there before all that is left.
    """
    opened = select(CASES.c.opened_on).where(CASES.c.id == case_id)
    if closed is not None and connection.execute(opened).scalar_one() <= london_date(closed):
        return 0
    first = select(func.min(SUBJECT.c.seq)).where(SUBJECT.c.case_id == case_id)
    return connection.execute(first).scalar() or 0


def _narrowed(wanted: Looked) -> Sequence[ColumnElement[bool]]:
    if wanted is Looked.OUTSIDE:
        return [AUDIT.c.basis == "none"]
    if wanted is Looked.REFUSED:
        return [AUDIT.c.outcome != "done"]
    return [AUDIT.c.operation == "disclosure"] if wanted is Looked.LEFT else []


def _access(row: Any) -> Access:
    everything = row.recipient == IN_ONE_FILE
    return Access(
        seq=row.seq,
        at=row.at,
        who=row.who or "Somebody who works here no longer",
        role=row.role.replace("_", " "),
        team=row.team,
        operation=WITH_EVERYTHING if everything else OPERATIONS[row.operation],
        what=row.what,
        why=REASONS.get("system" if everything else row.basis or "", ""),
        refused=row.outcome != "done",
        of_a_list=row.case_count > 1,
    )

"""Answers about the quality of cases in the database, and which cases an officer held in a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, Connection, insert, or_, select

from victimcare.domain.calendar import LONDON
from victimcare.domain.dip_sample import Answer, Month
from victimcare.domain.people import Person
from victimcare.store.tables import Assignment, QualityAnswer

QUALITY = QualityAnswer.__table__  # type: ignore[attr-defined]
_ASSIGNMENTS = Assignment.__table__  # type: ignore[attr-defined]


def held_in(month: Month, team_id: str) -> ColumnElement[bool]:
    """A condition on `assignment`: somebody held the case in this team at some time of the month."""
    begin, end = (datetime.combine(each.first, time(), LONDON).astimezone(UTC) for each in (month, month.after))
    ended = or_(_ASSIGNMENTS.c.until_at.is_(None), _ASSIGNMENTS.c.until_at > begin)
    return (_ASSIGNMENTS.c.team_id == team_id) & (_ASSIGNMENTS.c.from_at < end) & ended


def was_held_by(connection: Connection, case_id: int, officer_id: str, month: Month, team_id: str) -> bool:
    """Whether this officer held the case in this team in the month."""
    theirs = (_ASSIGNMENTS.c.case_id == case_id) & (_ASSIGNMENTS.c.officer_id == officer_id)
    return connection.execute(select(_ASSIGNMENTS.c.id).where(theirs, held_in(month, team_id))).first() is not None


def is_answered(connection: Connection, case_id: int, officer_id: str, month: Month) -> bool:
    """Whether somebody has looked at the case as drawn of this officer and month."""
    drawn = (QUALITY.c.case_id == case_id) & (QUALITY.c.officer_id == officer_id) & (QUALITY.c.month == month.code)
    return connection.execute(select(QUALITY.c.id).where(drawn).limit(1)).first() is not None


def add(
    connection: Connection,
    answers: Mapping[str, Answer],
    *,
    case_id: int,
    team_id: str,
    officer_id: str,
    month: Month,
    by: Person,
    at: datetime,
) -> None:
    """Store the answer to each question."""
    of_case = {"case_id": case_id, "team_id": team_id, "officer_id": officer_id, "month": month.code}
    signed = {**of_case, "answered_by": by.id, "answered_at": at}
    rows = [{**signed, "question": code, "answer": answer.value} for code, answer in sorted(answers.items())]
    connection.execute(insert(QUALITY), rows)

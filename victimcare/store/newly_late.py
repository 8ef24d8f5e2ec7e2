"""Duties whose day has passed and that have no standing breach yet: what the job that finds breaches looks for.

The look is along the partial index `ix_due_open`, from the day that an earlier run reached: its cost grows with what is
newly late, not with the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, text

from victimcare.store import breaches
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED

_OF_DUTY = and_(
    BREACHES.c.case_id == DUES.c.case_id, BREACHES.c.rule == DUES.c.rule, BREACHES.c.start_key == DUES.c.start_key
)
_HAS_STANDING_BREACH = select(BREACHES.c.id).where(_OF_DUTY, BREACHES.c.overturned_by.is_(None)).exists()


def cases_newly_late(connection: Connection, *, since: date | None, today: date) -> list[int]:
    """The cases with an open duty due from `since` to yesterday (London dates) and no breach that stands for it.

    `since` None looks through the whole table, at duties that have ended as well.
    """
    return [row.case_id for row in connection.execute(newly_late_statement(since=since, today=today))]


def newly_late_statement(*, since: date | None, today: date) -> Select[tuple[int]]:
    """The statement of `cases_newly_late`, for its plan to be looked at."""
    if since is None:
        condition = _was_late(today)
    else:
        condition = and_(text(OPEN_AND_COUNTED), DUES.c.due_on >= since, DUES.c.due_on < today)
    return select(DUES.c.case_id).distinct().where(condition, ~_HAS_STANDING_BREACH).order_by(DUES.c.case_id)


def write_breaches(connection: Connection, case_ids: Sequence[int], *, today: date, now: datetime) -> int:
    """Write the breach of every late duty of these cases that has none standing; how many.

    A case to which somebody is writing at this moment is left to them: they settle its breaches themselves. A breach
    that was overturned, of a duty that is late again on a later day, stands again with that day's holder.
    """
    nobody_writes_to = (
        select(CASES.c.id).where(CASES.c.id.in_(case_ids)).with_for_update(skip_locked=True, key_share=True)
    )
    free = list(connection.execute(nobody_writes_to).scalars())
    statement = select(DUES).where(DUES.c.case_id.in_(free), _was_late(today), ~_HAS_STANDING_BREACH)
    ordered = statement.order_by(DUES.c.case_id, DUES.c.rule, DUES.c.start_key)
    rows = [dict(row) for row in connection.execute(ordered).mappings()]
    new = breaches.write(connection, rows, now=now)
    return new + (breaches.reinstate(connection, rows) if new < len(rows) else 0)


def _was_late(today: date) -> ColumnElement[bool]:
    """As `Entitlement.late_on` says it, of the row."""
    until_after = or_(DUES.c.ended_on.is_(None), DUES.c.ended_on > DUES.c.due_on)
    in_error = and_(DUES.c.ending.is_not(None), DUES.c.ending == "recorded_in_error")
    return and_(DUES.c.counting == "counted", DUES.c.due_on < today, until_after, ~in_error)

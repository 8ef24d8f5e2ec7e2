"""A witness care officer's day: what their unit owes by its own clock, and what courts owe it; no duty of police."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, text

from victimcare.domain.court_stage import WITNESS_CARE_UNIT
from victimcare.domain.lateness import SOON
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import visible_cases
from victimcare.queries.worklist import OLDEST_FIRST, DutyList, owed_duties, worklist_columns
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED, OPEN_AND_EXPECTED

MOST = 100


@dataclass(frozen=True, slots=True)
class CourtDay:
    """What is owed to victims, and results that courts should have sent: of each the oldest `MOST`, and how many."""

    today: date
    owed: DutyList
    awaited: DutyList
    open_cases: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that the page shows."""
        return tuple({duty.case_id for duty in self.owed.rows + self.awaited.rows})


def court_day(connection: Connection, *, person: Person, today: date, law: Law) -> CourtDay:
    """The day in the cases at court of the areas that the person serves; nothing for anybody else.

    Owed to victims until five working days after `today` (London date).
    """
    soon = DUES.c.due_on <= law.calendar.add_working_days(today, SOON)
    by_unit = text(OPEN_AND_COUNTED), DUES.c.owed_by == WITNESS_CARE_UNIT, soon
    to_unit = DUES.c.owed_to == WITNESS_CARE_UNIT, DUES.c.started_on < today
    theirs = visible_cases(person, Action.SEE_WITNESS_CARE)
    awaited, expected = (
        _duties(connection, text(counting), *to_unit, theirs, law=law, today=today)
        for counting in (OPEN_AND_COUNTED, OPEN_AND_EXPECTED)
    )
    return CourtDay(
        today=today,
        owed=_duties(connection, *by_unit, theirs, law=law, today=today),
        awaited=DutyList(awaited.rows + expected.rows, awaited.total + expected.total),
        open_cases=connection.execute(select(func.count()).select_from(CASES).where(theirs)).scalar_one(),
    )


def _duties(connection: Connection, *conditions: Any, law: Law, today: date) -> DutyList:
    asked = worklist_columns(func.count().over().label("total")).where(*conditions).order_by(*OLDEST_FIRST)
    rows = connection.execute(asked.limit(MOST)).all()
    return DutyList(owed_duties(rows, law=law, today=today), rows[0].total if rows else 0)

"""The duties of which somebody is to be told, of which steps somebody was, and who is here to hear.

What is read grows with what reaches a step and with the cases that changed, not with the table: the days are looked up
along `ix_due_open`, the changes along `ix_journey_event_recorded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, text

from victimcare.domain.people import Role
from victimcare.domain.reminders import Chain, Holder
from victimcare.store.case_lists import has_lists
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE, TEAMS, is_absent, stands_in
from victimcare.store.tables import OPEN_AND_COUNTED

_AT_ONCE = 500
_NOT_LEFT = ("waiting", "leased", "failed")
DutyOnDay = tuple[int, str, str, date]
"""Case id, rule, key of the start, and the day it is due on: a moved deadline is told of anew."""


def duties_due_between(
    connection: Connection, spans: Iterable[tuple[date, date]], *, own_agency: str, today: date
) -> list[Any]:
    """The open duties of our own that are due on a day of one of these spans (first and last day)."""
    owed = _owed_here(own_agency, today)
    return [row for first, last in spans for row in connection.execute(owed.where(DUES.c.due_on.between(first, last)))]


def duties_of_changed_cases(connection: Connection, *, since: datetime, own_agency: str, today: date) -> list[Any]:
    """The open duties of our own in every case of which something was recorded from then on (UTC instant)."""
    rows: list[Any] = []
    # In two steps: in one, a planner may well read every open duty to find those of a few cases.
    for some in _in_parts(changed_cases(connection, since=since)):
        rows += connection.execute(_owed_here(own_agency, today).where(DUES.c.case_id.in_(some)))
    return rows


def changed_cases(connection: Connection, *, since: datetime) -> list[int]:
    """The cases of which something was recorded from then on (UTC instant)."""
    changed = select(EVENTS.c.case_id).where(EVENTS.c.recorded_at >= since)
    # Each is taken once here: asked to do that, SQLite reads every event in the order of the cases.
    return sorted(set(connection.execute(changed).scalars()))


def open_duties(connection: Connection, case_ids: Sequence[int], *, today: date) -> list[Any]:
    """The open duties of these cases."""
    rows: list[Any] = []
    for some in _in_parts(case_ids):
        rows += connection.execute(_owed(today).where(DUES.c.case_id.in_(some)))
    return rows


def duty_key(row: Any) -> DutyOnDay:
    """What names the duty of a row on its day."""
    return row.case_id, row.rule, row.start_key, row.due_on


@dataclass(frozen=True, slots=True)
class StepsTold:
    """The codes of the steps of which somebody was told, or is about to be; and of those that have left, or may have.

    What was cancelled before it was sent told nobody: the duty was kept, say, and is open again.
    """

    written: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def steps_told(connection: Connection, case_ids: Sequence[int]) -> dict[DutyOnDay, StepsTold]:
    """What was told of each duty of these cases."""
    found: dict[DutyOnDay, set[tuple[str, bool]]] = {}
    columns = (OUTBOX.c.case_id, OUTBOX.c.rule, OUTBOX.c.start_key, OUTBOX.c.due_on, OUTBOX.c.step, OUTBOX.c.status)
    told = OUTBOX.c.told_as.is_not(None) & (OUTBOX.c.status != "cancelled")
    for some in _in_parts(sorted(set(case_ids))):
        for row in connection.execute(select(*columns).where(OUTBOX.c.case_id.in_(some), told)):
            found.setdefault(duty_key(row), set()).add((row.step, row.status not in _NOT_LEFT))
    return {
        key: StepsTold(frozenset(step for step, _ in steps), frozenset(step for step, left in steps if left))
        for key, steps in found.items()
    }


def late_by_right(connection: Connection, *, before: date, own_agency: str) -> dict[int, int]:
    """How many open duties of our own were due before this day (London date), by right; what is policy is none."""
    late = select(DUES.c.right_number, func.count().label("duties")).where(
        text(OPEN_AND_COUNTED), DUES.c.due_on < before, DUES.c.owed_by == own_agency, ~DUES.c.policy
    )
    return {row.right_number: row.duties for row in connection.execute(late.group_by(DUES.c.right_number))}


@dataclass(frozen=True, slots=True)
class Here:
    """Who of some officers and of all supervisors is here on a day, and whom each team names.

    `alone`: who of them wants each notice by itself.
    """

    present: frozenset[str]
    alone: frozenset[str]
    supervisors: dict[str, tuple[str, ...]]
    """The supervisors of a team who are here, by the team's id."""
    team_of: dict[str, str | None]
    teams: dict[str, Any]

    def holder(self, row: Any) -> Holder:
        """Who holds the case of a row of a duty, and who stands in."""
        cover_id = row.cover_id if row.cover_id in self.present else None
        return Holder(row.holder_id, row.holder_id in self.present, cover_id)

    def chain(self, team_id: str) -> Chain:
        """Who supervises this team."""
        team = self.teams[team_id]
        above = team.next_supervisor_id
        of_above = self.supervisors.get(self.team_of.get(above) or "", ()) if above else ()
        return Chain(
            on_duty=team.duty_supervisor_id,
            supervisors=self._first(team.duty_supervisor_id, self.supervisors.get(team_id, ())),
            next_named=above,
            next_supervisors=self._first(above, of_above),
        )

    def _first(self, named: str | None, others: Sequence[str]) -> tuple[str, ...]:
        first = (named,) if named is not None and named in self.present else ()
        return (*first, *(one for one in others if one != named))


def who_is_here(connection: Connection, duties: Sequence[Any], *, today: date) -> Here:
    """Who of the people that these duties concern is here today."""
    ids = {row.holder_id for row in duties} | {row.cover_id for row in duties if row.cover_id}
    supervises = (PEOPLE.c.role == Role.SUPERVISOR.value) & PEOPLE.c.active
    asked = select(PEOPLE, stands_in(today)).where(or_(supervises, PEOPLE.c.id.in_(ids))).order_by(PEOPLE.c.id)
    rows = connection.execute(asked).all()
    present = frozenset(row.id for row in rows if row.active and not is_absent(row, today))
    supervisors: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.role == Role.SUPERVISOR.value and row.team_id and row.id in present:
            supervisors[row.team_id] = (*supervisors.get(row.team_id, ()), row.id)
    teams = {row.id: row for row in connection.execute(select(TEAMS))}
    alone = frozenset(row.id for row in rows if row.each_notice_alone)
    return Here(present, alone, supervisors, {row.id: row.team_id for row in rows}, teams)


def _owed(today: date) -> Select[Any]:
    source = DUES.join(CASES, CASES.c.id == DUES.c.case_id).join(PEOPLE, PEOPLE.c.id == DUES.c.holder_id)
    columns = (
        DUES.c.case_id,
        CASES.c.ref,
        DUES.c.rule,
        DUES.c.start_key,
        DUES.c.edition,
        DUES.c.right_number,
        DUES.c.due_on,
        DUES.c.holder_id,
        DUES.c.holder_team_id,
        stands_in(today),
        has_lists(DUES.c.case_id).label("has_lists"),
    )
    return select(*columns).select_from(source).where(text(OPEN_AND_COUNTED))


def _owed_here(own_agency: str, today: date) -> Select[Any]:
    return _owed(today).where(DUES.c.owed_by == own_agency)


def _in_parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))

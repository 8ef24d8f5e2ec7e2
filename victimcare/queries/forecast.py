"""What the next two weeks bring to each case officer of a team: open clocks, what hearings will start, absence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, bindparam, func, select, text

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.cover import Cover
from victimcare.domain.lateness import Ahead, days_ahead
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.workload import Weights
from victimcare.queries.officer_loads import OfficerLoad, officer_loads, team_tally
from victimcare.queries.scope import DUTIES_OF_TEAM, as_of_team, open_to_viewer
from victimcare.queries.worklist import OwedDuty, owed_duties, worklist_columns
from victimcare.store import covers
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import OPEN_AND_EXPECTED

DAYS_AHEAD = 10
"""Working days that are looked ahead."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One officer and one working day: duties of the police that fall due, and more if listed hearings go as listed.

    `away`: they are not there on that day; `cover` is who works on their cases then, if somebody does.
    """

    duties: int
    expected: int
    away: bool
    cover: str | None


@dataclass(frozen=True, slots=True)
class OfficerAhead:
    """The days of one officer, beside what they can carry."""

    load: OfficerLoad
    cells: tuple[Cell, ...]

    @property
    def duties(self) -> int:
        """What falls due in all the days."""
        return sum(cell.duties for cell in self.cells)

    @property
    def expected(self) -> int:
        """What listed hearings add in all the days."""
        return sum(cell.expected for cell in self.cells)

    @property
    def while_away(self) -> int:
        """What falls due while they are away and nobody stands in."""
        return sum(cell.duties + cell.expected for cell in self.cells if cell.away and cell.cover is None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The team's days ahead. `hearings` are the first of what `expected` counts, with the officers' names by id."""

    today: date
    days: tuple[Ahead, ...]
    officers: tuple[OfficerAhead, ...]
    hearings: tuple[OwedDuty, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The officers by their ids."""
        return {officer.load.officer_id: officer.load.name for officer in self.officers}

    @property
    def by_day(self) -> tuple[Cell, ...]:
        """All officers together, day by day."""
        columns = zip(*(officer.cells for officer in self.officers), strict=True)
        return tuple(
            Cell(sum(cell.duties for cell in column), sum(cell.expected for cell in column), False, None)
            for column in columns
        )

    @property
    def duties(self) -> int:
        """Everything that falls due."""
        return sum(officer.duties for officer in self.officers)

    @property
    def expected(self) -> int:
        """Everything that listed hearings add."""
        return sum(officer.expected for officer in self.officers)

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is named."""
        return tuple(duty.case_id for duty in self.hearings)


def forecast(connection: Connection, *, person: Person, today: date, law: Law, weights: Weights) -> Forecast:
    """What falls due in the next ten working days after `today` (London date), by officer and day."""
    days = days_ahead(today, DAYS_AHEAD, law.calendar)
    asked = {**as_of_team(person), "first": days[0].first, "last": days[-1].last, "limit": MOST}
    tally = team_tally(connection, person=person, today=today, law=law)
    loads = officer_loads(connection, person=person, today=today, tally=tally, weights=weights)
    duties, expected = (_by_day(connection.execute(each, asked), days) for each in (_DUE, _EXPECTED))
    away = _Away(connection, [load.officer_id for load in loads], today)
    hearings = owed_duties(connection.execute(_HEARINGS, asked).all(), law=law, today=today)
    officers = tuple(
        OfficerAhead(
            load,
            tuple(
                Cell(
                    duties.get((load.officer_id, each.day), 0),
                    expected.get((load.officer_id, each.day), 0),
                    *away.on(load.officer_id, each.day),
                )
                for each in days
            ),
        )
        for load in loads
    )
    return Forecast(today, days, officers, hearings)


def _by_day(rows: Iterable[Any], days: Sequence[Ahead]) -> Mapping[tuple[str, date], int]:
    """The counts of due dates as counts of the working days on which it has to be done."""
    found: dict[tuple[str, date], int] = {}
    for row in rows:
        day = next(each.day for each in days if each.first <= row.due_on <= each.last)
        found[row.holder_id, day] = found.get((row.holder_id, day), 0) + row.duties
    return found


class _Away:
    """Who of these people is away when, and who stands in for them."""

    def __init__(self, connection: Connection, officer_ids: Sequence[str], today: date) -> None:
        self._covers: list[Cover] = covers.not_ended(connection, officer_ids, today=today)
        named = {cover.cover_id for cover in self._covers}
        rows = connection.execute(select(PEOPLE).where(PEOPLE.c.id.in_({*officer_ids, *named}))).all()
        self._people = {row.id: row for row in rows}

    def on(self, officer_id: str, day: date) -> tuple[bool, str | None]:
        """Whether they are away that day, and the name of their cover."""
        for cover in self._covers:
            if cover.officer_id == officer_id and cover.from_on <= day < cover.until_on:
                return True, self._people[cover.cover_id].name
        row = self._people[officer_id]
        begun = row.absent_from_on is not None and row.absent_from_on <= day
        return not row.active or (begun and (row.absent_until_on is None or day < row.absent_until_on)), None


_WITHIN: ColumnElement[bool] = DUES.c.due_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
_EXPECTED_IN_TEAM = (
    text(OPEN_AND_EXPECTED) & (DUES.c.holder_team_id == bindparam("team_id")) & open_to_viewer(DUES.c.case_id)
)


def _counts(condition: ColumnElement[bool]) -> Select[Any]:
    of = (DUES.c.holder_id, DUES.c.due_on)
    return select(*of, func.count().label("duties")).where(condition, _WITHIN).group_by(*of)


# Made once, as those of the worklist.
_DUE = _counts(DUTIES_OF_TEAM & (DUES.c.owed_by == OWN_AGENCY))
_EXPECTED = _counts(_EXPECTED_IN_TEAM)
_HEARINGS = (
    worklist_columns()
    .where(_EXPECTED_IN_TEAM, _WITHIN)
    .order_by(DUES.c.due_on, DUES.c.case_id, DUES.c.rule, DUES.c.start_key)
    .limit(bindparam("limit"))
)

"""What the board decided to do about its findings, and whether the figures that should move did, as published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.board_actions import VICTIMS_REFERRED, Measure, Moved, Step, Way, first_quarter_after, moved
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By
from victimcare.queries.compliance import compliance
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.queries.support_reached import support_reached
from victimcare.store.board_actions import ACTIONS, STEPS
from victimcare.store.publications import published_quarters
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One thing that became of an action."""

    step: Step
    due_on: date
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action with its steps, the first at the front; and its figure at the baseline, and since.

    `since` is the newest published quarter that began after the decision, None where there is none.
    """

    id: int
    words: str
    measure: Measure
    way: Way
    owner: str
    decided_on: date
    baseline: Quarter
    steps: tuple[StepTaken, ...]
    before: Rate | None
    since: Quarter | None
    after: Rate | None
    moved: Moved

    @property
    def last(self) -> StepTaken:
        """How it stands."""
        return self.steps[-1]

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it has not ended."""
        return not self.last.step.ends_it and self.last.due_on < today


def board_actions(
    connection: Connection, *, person: Person, law: Law, threshold: int, action_id: int | None = None
) -> tuple[ActionView, ...]:
    """All of them, open ones first and the earliest due at the top; or one. Raises `NotForTheBoard`."""
    for_the_board(person)
    figures = _Figures(connection, person, law, published_quarters(connection, threshold=threshold))
    wanted = select(ACTIONS) if action_id is None else select(ACTIONS).where(ACTIONS.c.id == action_id)
    steps = _steps(connection)
    views = [_view(row, steps[row.id], figures) for row in connection.execute(wanted)]
    return tuple(sorted(views, key=lambda view: (view.last.step.ends_it, view.last.due_on, view.id)))


def measures(connection: Connection, *, person: Person, law: Law, quarter: Quarter) -> tuple[Measure, ...]:
    """The figures of a published quarter that an action can name: those that are shown. Raises `NotForTheBoard`."""
    view = compliance(connection, person=person, period=Period.quarter(quarter), by=By.RIGHT, law=law)
    found: list[Measure] = []
    for table in view.tables:
        shown = [(None, table.total), *((int(line.value), line) for line in table.lines)]
        found += [Measure(table.breakdown.of, right) for right, line in shown if isinstance(line.in_time.share, float)]
    return (*found, Measure(VICTIMS_REFERRED))


@dataclass(slots=True)
class _Figures:
    """Reads the published figures of quarters, each once."""

    connection: Connection
    person: Person
    law: Law
    published: tuple[Quarter, ...]
    _read: dict[Quarter, Mapping[Measure, Rate]] = field(default_factory=dict)

    def of(self, measure: Measure, quarter: Quarter) -> Rate | None:
        """The figure of the quarter; None where it is not published, or hidden with its line."""
        if quarter not in self.published:
            return None
        if quarter not in self._read:
            self._read[quarter] = self._rates(quarter)
        return self._read[quarter].get(measure)

    def _rates(self, quarter: Quarter) -> Mapping[Measure, Rate]:
        period = Period.quarter(quarter)
        view = compliance(self.connection, person=self.person, period=period, by=By.RIGHT, law=self.law)
        victims = support_reached(self.connection, person=self.person, period=period, by=By.MONTH)
        rates = {Measure(table.breakdown.of): table.total.in_time for table in view.tables}
        lines = [(table.breakdown.of, line) for table in view.tables for line in table.lines]
        rates[Measure(VICTIMS_REFERRED)] = victims.total.referred
        return rates | {Measure(agency, int(line.value)): line.in_time for agency, line in lines}


def _steps(connection: Connection) -> dict[int, tuple[StepTaken, ...]]:
    joined = STEPS.join(PEOPLE, PEOPLE.c.id == STEPS.c.recorded_by)
    found: dict[int, tuple[StepTaken, ...]] = {}
    for row in connection.execute(select(STEPS, PEOPLE.c.name).select_from(joined).order_by(STEPS.c.id)):
        taken = StepTaken(Step(row.step), row.due_on, row.words, row.name, row.recorded_at)
        found[row.action_id] = (*found.get(row.action_id, ()), taken)
    return found


def _view(row: Any, steps: tuple[StepTaken, ...], figures: _Figures) -> ActionView:
    measure, way, baseline = Measure.read(row.measure), Way(row.way), Quarter.named(row.baseline)
    later = [quarter for quarter in figures.published if quarter >= first_quarter_after(row.decided_on)]
    since = max(later, default=None)
    before = figures.of(measure, baseline)
    after = figures.of(measure, since) if since else None
    return ActionView(
        id=row.id,
        words=row.words,
        measure=measure,
        way=way,
        owner=row.owner,
        decided_on=row.decided_on,
        baseline=baseline,
        steps=steps,
        before=before,
        since=since,
        after=after,
        moved=moved(_counts(before), _counts(after), way) if since else Moved.NOT_YET_KNOWN,
    )


def _counts(rate: Rate | None) -> tuple[int, int] | None:
    """Part and whole, where the share of them is shown."""
    if rate is None or not isinstance(rate.share, float):
        return None
    part, whole = rate.numerator, rate.denominator
    return (part, whole) if isinstance(part, int) and isinstance(whole, int) else None

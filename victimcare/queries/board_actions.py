"""What the board decided to do about its findings, and whether the figures that should move did, as published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.board_actions import VICTIMS_REFERRED, Measure, Moved, Step, Way, first_quarter_after, moved
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.published_figures import Publication
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By
from victimcare.queries.compliance import as_published, compliance
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board
from victimcare.queries.support_reached import victims_of
from victimcare.store.board_actions import ACTIONS, STEPS
from victimcare.store.publications import last_of, published_quarters
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
    connection: Connection, *, person: Person, threshold: int, action_id: int | None = None
) -> tuple[ActionView, ...]:
    """All of them, open ones first and the earliest due at the top; or one. Raises `NotForTheBoard`."""
    for_the_board(person)
    published = published_quarters(connection, threshold=threshold)
    figures = _Figures(published, lambda quarter: last_of(connection, [quarter])[quarter])
    wanted = select(ACTIONS) if action_id is None else select(ACTIONS).where(ACTIONS.c.id == action_id)
    steps = _steps(connection)
    return _in_order(_view(row, steps[row.id], figures) for row in connection.execute(wanted))


def actions_told_of(connection: Connection, *, person: Person, since_on: date) -> dict[int, int]:
    """The actions that had not ended before this London date, each with the number of its last step.

    Raises `NotForTheBoard`.
    """
    for_the_board(person)
    last: dict[int, Any] = {}
    for step in connection.execute(select(STEPS).order_by(STEPS.c.id)):
        last[step.action_id] = step
    ended = {of for of, step in last.items() if Step(step.step).ends_it and london_date(step.recorded_at) < since_on}
    return {of: step.id for of, step in last.items() if of not in ended}


def baselines_of(connection: Connection, numbers: Collection[int]) -> set[Quarter]:
    """The quarters against which these actions are held."""
    asked = select(ACTIONS.c.baseline).where(ACTIONS.c.id.in_(numbers)).distinct()
    return {Quarter.named(quarter) for quarter in connection.execute(asked).scalars()}


def actions_as_published(
    connection: Connection,
    *,
    person: Person,
    last_steps: Mapping[int, int],
    publications: Sequence[Publication],
    until: Quarter,
) -> tuple[ActionView, ...]:
    """These actions as they stood with these steps, told from these publications alone.

    None is told of a quarter after `until`. Raises `NotForTheBoard`.
    """
    for_the_board(person)
    of = {one.quarter: one for one in publications}
    figures = _Figures(tuple(of), of.__getitem__, until)
    steps = _steps(connection, last_steps)
    rows = connection.execute(select(ACTIONS).where(ACTIONS.c.id.in_(last_steps)))
    return _in_order(_view(row, steps[row.id], figures) for row in rows)


def _in_order(views: Iterable[ActionView]) -> tuple[ActionView, ...]:
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

    published: tuple[Quarter, ...]
    publication: Callable[[Quarter], Publication]
    until: Quarter | None = None
    _read: dict[Quarter, Mapping[Measure, Rate]] = field(default_factory=dict)

    def newest_since(self, decided_on: date) -> Quarter | None:
        """The newest quarter that began after a decision, and is told of; None where there is none."""
        first = first_quarter_after(decided_on)
        later = [each for each in self.published if first <= each and (self.until is None or each <= self.until)]
        return max(later, default=None)

    def of(self, measure: Measure, quarter: Quarter) -> Rate | None:
        """The figure of the quarter; None where it is not published, or hidden with its line."""
        if quarter not in self.published:
            return None
        if quarter not in self._read:
            self._read[quarter] = self._rates(quarter)
        return self._read[quarter].get(measure)

    def _rates(self, quarter: Quarter) -> Mapping[Measure, Rate]:
        of = self.publication(quarter)
        agencies = sorted({table.breakdown.of for table in of.tables if table.breakdown.by is By.RIGHT})
        period = Period.quarter(quarter)
        view = as_published([of], period=period, by=By.RIGHT, agencies=agencies, teams={})
        rates = {Measure(table.breakdown.of): table.total.in_time for table in view.tables}
        lines = [(table.breakdown.of, line) for table in view.tables for line in table.lines]
        rates[Measure(VICTIMS_REFERRED)] = victims_of([of], By.MONTH).referred
        return rates | {Measure(agency, int(line.value)): line.in_time for agency, line in lines}


def _steps(connection: Connection, until: Mapping[int, int] | None = None) -> dict[int, tuple[StepTaken, ...]]:
    """By action, its steps; where `until` says so, up to this one."""
    joined = STEPS.join(PEOPLE, PEOPLE.c.id == STEPS.c.recorded_by)
    found: dict[int, tuple[StepTaken, ...]] = {}
    for row in connection.execute(select(STEPS, PEOPLE.c.name).select_from(joined).order_by(STEPS.c.id)):
        if until is not None and row.id > until.get(row.action_id, 0):
            continue
        taken = StepTaken(Step(row.step), row.due_on, row.words, row.name, row.recorded_at)
        found[row.action_id] = (*found.get(row.action_id, ()), taken)
    return found


def _view(row: Any, steps: tuple[StepTaken, ...], figures: _Figures) -> ActionView:
    measure, way, baseline = Measure.read(row.measure), Way(row.way), Quarter.named(row.baseline)
    since = figures.newest_since(row.decided_on)
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

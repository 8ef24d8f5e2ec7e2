"""The figures of a board pack: those that were published, and what victims answered once nobody can answer any more.

A pack names the publications that it is made of, so that its figures can be read again however many came after them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.board_pack import FORM
from victimcare.domain.feedback import Survey
from victimcare.domain.people import Person
from victimcare.domain.process_changes import ProcessChange
from victimcare.domain.published_figures import Publication
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.board_actions import ActionView, actions_as_published, actions_told_of, baselines_of
from victimcare.queries.compliance import ComplianceView, as_published
from victimcare.queries.compliance_months import AgencyMonths, months_as_published
from victimcare.queries.feedback_figures import HeardOf, QuarterHeard, heard_by_area
from victimcare.queries.period_tables import NotPublished, PeriodTable, period_table
from victimcare.queries.periods import QUARTERS_CHARTED, Period
from victimcare.queries.scope import for_the_board
from victimcare.store import process_changes
from victimcare.store.publications import KeptPublication, last_kept, numbered, published_quarters


@dataclass(frozen=True, slots=True)
class PackSource:
    """What a pack is made of. `kept` are the publications of every quarter that it tells of, the oldest first.

    `heard` is what victims answered who were asked in the quarter of `of_victims`: None where nobody was asked.
    `changes` are the declared changes of processes of which its charts tell. `actions` are the board's, as they stood
    with `last_steps` (by action the number of its last step), told from `kept_of_actions`. `form`: of its document.
    """

    period: Period
    baseline: Period | None
    kept: tuple[KeptPublication, ...]
    of_victims: HeardOf | None = None
    heard: QuarterHeard | None = None
    changes: tuple[ProcessChange, ...] = ()
    actions: tuple[ActionView, ...] = ()
    last_steps: Mapping[int, int] = field(default_factory=dict)
    kept_of_actions: tuple[KeptPublication, ...] = ()
    form: int = FORM

    @property
    def threshold(self) -> int:
        """Counts below it are hidden somewhere in these figures."""
        return max(one.publication.threshold for one in self.kept)

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions that governed the duties of the period."""
        return tuple(sorted({edition for one in self._of(self.period) for edition in one.editions}))

    @property
    def published_at(self) -> datetime:
        """When the newest of them was published: the instant as of which the pack is."""
        return max(one.published_at for one in self.kept)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters whose months it shows."""
        return _months_to(self.period)

    def compliance(self, period: Period, by: By) -> ComplianceView:
        """What became of the duties of one of its two periods; agencies in the order of their codes."""
        publications = self._of(period)
        return as_published(publications, period=period, by=by, agencies=_agencies(publications), teams={})

    @property
    def breakdowns(self) -> list[Breakdown]:
        """Every table of the period that was published, in one order."""
        found = {table.breakdown for one in self._of(self.period) for table in one.tables}
        return sorted(found, key=lambda each: (each.of, each.by.value, each.within or ""))

    def table(self, breakdown: Breakdown) -> PeriodTable:
        """One of these tables."""
        return period_table(breakdown, self._of(self.period))

    def table_at_end(self, breakdown: Breakdown) -> PeriodTable:
        """One of what stood on the last day of the period: that of its last quarter alone."""
        return period_table(breakdown, self._of(self.period)[-1:])

    def months(self) -> tuple[AgencyMonths, ...]:
        """The months of every agency, in the order of their codes."""
        shown = set(self.quarters)
        publications = [one.publication for one in self.kept if one.publication.quarter in shown]
        return months_as_published(publications, agencies=_agencies(publications), changes=self.changes)

    def _of(self, period: Period) -> list[Publication]:
        return [one.publication for one in self.kept if one.publication.quarter in period.quarters]


def _agencies(publications: Sequence[Publication]) -> list[str]:
    """Whose duties are in them: each agency has a table by right."""
    breakdowns = (table.breakdown for one in publications for table in one.tables)
    return sorted({breakdown.of for breakdown in breakdowns if breakdown.by is By.RIGHT})


def _months_to(period: Period) -> tuple[Quarter, ...]:
    return tuple(period.quarters[-1].next(-back) for back in reversed(range(QUARTERS_CHARTED)))


def pack_source(
    connection: Connection,
    *,
    person: Person,
    period: Period,
    baseline: Period | None,
    threshold: int,
    survey: Survey,
    today: date,
) -> PackSource:
    """The newest publications of a period, of the one that it is held against, and of the months before.

    None that shows what this `threshold` hides. With them the newest quarter, not after the period, of which may be
    shown on `today` (London date) what victims answered. Raises `NotPublished`, `NotForTheBoard`.
    """
    for_the_board(person)
    offered = set(published_quarters(connection, threshold=threshold))
    for wanted in (period, *((baseline,) if baseline else ())):
        if not set(wanted.quarters) <= offered:
            raise NotPublished(wanted)
    asked = {*period.quarters, *(baseline.quarters if baseline else ()), *_months_to(period)}
    kept = last_kept(connection, sorted(asked & offered))
    source = PackSource(period, baseline, kept, changes=_told_of(process_changes.standing(connection), kept, period))
    of_victims = HeardOf.by(survey, min(survey.newest_quarter(today), period.quarters[-1]))
    return _with_actions(connection, _with_victims(connection, source, of_victims, person), offered, person)


def _told_of(
    changes: Sequence[ProcessChange], kept: Sequence[KeptPublication], period: Period
) -> tuple[ProcessChange, ...]:
    """Those of the agencies that are in it, from its months or before them."""
    agencies = _agencies([one.publication for one in kept])
    return tuple(one for one in changes if one.agency in agencies and one.from_on < period.until_on)


def source_again(connection: Connection, *, person: Person, figures: Mapping[str, Any], form: int) -> PackSource:
    """What the figures of a pack of this form name, read again. Raises `NoSuchPublication`, `NotForTheBoard`."""
    for_the_board(person)
    numbers = {Quarter.named(one["quarter"]): int(one["number"]) for one in figures["publications"]}
    baseline, told = figures["baseline"], figures.get("feedback")
    source = PackSource(
        Period.named(figures["period"]),
        Period.named(baseline) if baseline else None,
        numbered(connection, numbers),
        changes=process_changes.numbered(connection, figures.get("process_changes", ())),
        form=form,
    )
    if acted := figures.get("actions"):
        of_quarters = {Quarter.named(one["quarter"]): int(one["number"]) for one in acted["publications"]}
        source = _acted(connection, source, dict(acted["steps"]), numbered(connection, of_quarters), person)
    if told is None:
        return source
    codes = tuple(told["questions"]), tuple(told["themes"])
    of_victims = HeardOf(Quarter.named(told["quarter"]), date.fromisoformat(told["shown_from"]), *codes)
    return _with_victims(connection, source, of_victims, person)


def _with_actions(
    connection: Connection, source: PackSource, offered: Collection[Quarter], person: Person
) -> PackSource:
    """With the actions that were open in the period or since, told from their baselines and its last quarter alone."""
    last_steps = actions_told_of(connection, person=person, since_on=source.period.from_on)
    told_from = {*baselines_of(connection, last_steps), source.period.quarters[-1]} & set(offered)
    return _acted(connection, source, last_steps, last_kept(connection, sorted(told_from)), person)


def _acted(
    connection: Connection,
    source: PackSource,
    last_steps: Mapping[int, int],
    kept: tuple[KeptPublication, ...],
    person: Person,
) -> PackSource:
    publications = [one.publication for one in kept]
    how: dict[str, Any] = {"publications": publications, "until": source.period.quarters[-1]}
    actions = actions_as_published(connection, person=person, last_steps=last_steps, **how)
    return replace(source, actions=actions, last_steps=last_steps, kept_of_actions=kept) if actions else source


def _with_victims(connection: Connection, source: PackSource, of: HeardOf, person: Person) -> PackSource:
    heard = heard_by_area(connection, person=person, of=of, threshold=source.threshold)
    return source if heard.table.all.asked == 0 else replace(source, of_victims=of, heard=heard)

"""Every measure that a board sees, in small invented worlds, against a slow count of what happened in each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from tests.force import Force
from tests.queries import slow_board
from tests.queries.slow_board import Figure
from tests.queries.small_worlds import QUARTERS, SURVEY, InventedCase, keep, small_world
from tests.queries.worlds import LAW
from victimcare.commands.publish_figures import publish_figures, tally_quarter
from victimcare.domain.compliance import Outcome
from victimcare.domain.feedback_figures import ANSWERS, OTHERS, HeardLine
from victimcare.domain.people import Person, Role
from victimcare.domain.published_figures import DaysTaken
from victimcare.domain.small_numbers import Count
from victimcare.domain.statistics import wilson_interval
from victimcare.domain.support_reached import REFERRED
from victimcare.editions.plan import published_plan
from victimcare.presentation import compliance as compliance_words
from victimcare.presentation import support_reached as support_words
from victimcare.queries.behind_the_figures import behind_the_figures
from victimcare.queries.compliance import agencies_in_order, compliance
from victimcare.queries.compliance_months import compliance_months
from victimcare.queries.feedback_figures import HeardBy, feedback_view
from victimcare.queries.journey_figures import journey_figures
from victimcare.queries.period_tables import PeriodTable
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate
from victimcare.queries.referral_gaps import referral_gaps
from victimcare.queries.referral_rate import referral_rate
from victimcare.queries.support_reached import support_reached
from victimcare.store.database import Database

BOARD = Person("board", "Board Example", Role.BOARD)
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)
YEAR = Period(QUARTERS)
SHOWN_ON = SURVEY.shown_from(QUARTERS[-1])
PERIODS = (*map(Period.quarter, QUARTERS), YEAR)
WORLDS, IN_SHORT, AT_A_TIME = 500, 10, 10
COLUMNS_OF_DAYS = ("median", "nine in ten")


@pytest.mark.parametrize("first", range(0, IN_SHORT, AT_A_TIME))
def test_every_measure_of_some_worlds_is_what_a_slow_count_says(force: Force, first: int) -> None:
    check_worlds(force, range(first, first + AT_A_TIME))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, WORLDS, 5 * AT_A_TIME))
def test_every_measure_of_500_worlds_is_what_a_slow_count_says(force: Force, first: int) -> None:
    check_worlds(force, range(first, first + 5 * AT_A_TIME))


def check_worlds(force: Force, seeds: range) -> None:
    figures = 0
    for seed in seeds:
        world = small_world(seed)
        with forgotten(force.database) as connection:
            keep(connection, world)
            publish(connection)
            figures += check_figures(connection, world)
            figures += check_months(connection, world)
            figures += check_feedback(connection, world)
    assert figures > 300 * len(seeds)
    print(f"{len(seeds)} worlds, {figures:,} figures, 0 differ")


@contextmanager
def forgotten(database: Database) -> Iterator[Connection]:
    """A transaction of which nothing stays: the next world has the database to itself."""
    with suppress(_Over), database.writing() as connection:
        yield connection
        raise _Over


class _Over(Exception):
    pass


def publish(connection: Connection) -> None:
    """Every quarter, with nothing hidden."""
    for quarter in QUARTERS:
        tally = tally_quarter(connection, quarter=quarter, law=LAW)
        publish_figures(connection, tally, quarter=quarter, now=AFTERWARDS, threshold=1)


# ---------------------------------------------------------------------------------------------------- tables of periods


def check_figures(connection: Connection, world: list[InventedCase]) -> int:
    """Every number of every table, of each quarter and of the year; each adds up to its line of all."""
    count = 0
    for period in PERIODS:
        shown = Shown(connection, period)
        shown.read()
        is_quarter = len(period.quarters) == 1
        truth = slow_board.counted(world, period.from_on, period.until_on, tells_days=is_quarter)
        assert shown.numbers == truth
        assert adds_up(shown.numbers)
        assert shown.silences == slow_board.silences(world, period.until_on)
        count += len(truth)
    return count


def adds_up(numbers: dict[Figure, int]) -> bool:
    sums: Counter[Figure] = Counter()
    totals: dict[Figure, int] = {}
    for (of, table, line, column), number in numbers.items():
        if column in COLUMNS_OF_DAYS:
            continue
        if line == "":
            totals[of, table, column] = number
        else:
            sums[of, table, column] += number
    return sums == totals


@dataclass
class Shown:
    """What the pages of a period show."""

    connection: Connection
    period: Period

    def read(self) -> None:
        """Read every table of every page."""
        self.numbers: dict[Figure, int] = {}
        self._duties()
        self._behind()
        self._victims()
        journeys = journey_figures(self.connection, person=BOARD, period=self.period)
        gaps = referral_gaps(self.connection, person=BOARD, period=self.period)
        self.silences = {line.value: plain(line.groups[0].total) for line in journeys.silence.lines}
        for of, table in (
            ("steps", journeys.steps),
            ("stages", journeys.stages),
            ("continuity", journeys.continuity),
            ("gaps", gaps.by_need),
            ("gaps", gaps.by_area),
        ):
            self._once(of, str(table.breakdown.by), of, table)

    def _duties(self) -> None:
        for by in compliance_words.BREAKDOWNS:
            for table in compliance(self.connection, person=BOARD, period=self.period, by=by, law=LAW).tables:
                name = (table.breakdown.of, str(by), table.breakdown.within)
                for line in (*table.lines, table.total):
                    place = ("duties", name, line.value)
                    for outcome, number in line.counts.items():
                        self._note((*place, str(outcome)), number)
                    self._days(place, line.days)
                    check_rate(line.in_time, plain(line.counts[Outcome.MET]), plain(line.counted))
                    assert plain(line.total) == sum(map(plain, line.counts.values()))

    def _behind(self) -> None:
        view = behind_the_figures(self.connection, person=BOARD, period=self.period, law=LAW)
        for agency in view.agencies:
            for table in (agency.causes, agency.tried, agency.recorded, agency.overturned):
                if table:
                    name = (agency.agency, str(table.breakdown.by), None)
                    for line in (*table.lines, table.total):
                        self._note(("behind", name, line.value, "all"), line.groups[0].total)
        for table in (*([view.asked] if view.asked else []), *(of_team for _, of_team in view.asked_by_team)):
            self._once("asked", table.breakdown.within, "all", table)
        for table in view.quality:
            self._once("quality", str(table.breakdown.within), "quality", table)

    def _victims(self) -> None:
        for by in support_words.BREAKDOWNS:
            view = support_reached(self.connection, person=BOARD, period=self.period, by=by)
            for line in (*view.lines, view.total):
                place = ("victims", str(by), line.value)
                for step, number in line.stands.items():
                    self._note((*place, str(step)), number)
                referred = [plain(line.stands[step]) for step in REFERRED]
                for number, step in enumerate(REFERRED):
                    assert line.reached[step] == sum(referred[number:])
                of_all = plain(line.total) - plain(line.no_evidence)
                check_rate(line.referred, sum(referred), of_all)
                assert plain(line.total) == sum(map(plain, line.stands.values()))

    def _once(self, of: str, name: str | None, column: str, table: PeriodTable) -> None:
        for line in (*table.lines, table.total):
            self._note((of, name, line.value, column), line.groups[0].total)
            self._days((of, name, line.value), line.days)

    def _days(self, place: Figure, days: DaysTaken | None) -> None:
        if days:
            self._note((*place, "median"), days.median)
            self._note((*place, "nine in ten"), days.nine_in_ten or 0)

    def _note(self, figure: Figure, number: Count) -> None:
        if number:
            self.numbers[figure] = plain(number)


def check_rate(rate: Rate, numerator: int, denominator: int) -> None:
    assert (rate.numerator, rate.denominator) == (numerator, denominator)
    if denominator:
        assert rate.share == numerator / denominator
        assert rate.interval == wilson_interval(numerator, denominator)
    else:
        assert rate.share is None


def plain(count: Count) -> int:
    assert isinstance(count, int)
    return count


# --------------------------------------------------------------------------------------------------- months in a row


def check_months(connection: Connection, world: list[InventedCase]) -> int:
    """The months of each agency, and of the referral rate."""
    truth = slow_board.counted(world, YEAR.from_on, YEAR.until_on, tells_days=False)
    count = 0
    agencies = agencies_in_order(LAW)
    for of in compliance_months(connection, person=BOARD, quarters=QUARTERS, agencies=agencies):
        for month in of.months:
            line = ("duties", (of.agency, "month", None), f"{month.month_on:%Y-%m}")
            due = sum(truth.get((*line, column), 0) for column in ("met", *slow_board.LATE))
            check_rate(month.rate, truth.get((*line, "met"), 0), due)
            count += 2
    plan = published_plan()
    view = referral_rate(connection, person=BOARD, quarters=QUARTERS, plan=plan, reading=plan.readings[0], law=LAW)
    for shown in view.months:
        of_month = Counter(
            {
                figure[3]: n
                for figure, n in truth.items()
                if figure[:3] == ("victims", "month", f"{shown.month_on:%Y-%m}")
            }
        )
        assert shown.no_evidence == of_month.pop("no_evidence", 0)
        check_rate(shown.referred, sum(of_month[step] for step in slow_board.ON_THE_WAY), of_month.total())
        count += 3
    return count


# ------------------------------------------------------------------------------------------------ what victims answered


def check_feedback(connection: Connection, world: list[InventedCase]) -> int:
    """Every answer by area, by team and by point of the journey, and what their words were about."""
    count = 0
    for quarter in QUARTERS:
        for by in HeardBy:
            truth = slow_board.heard(world, quarter, by)
            view = feedback_view(
                connection, person=BOARD, today=SHOWN_ON, survey=SURVEY, by=by, quarter=quarter, threshold=1
            )
            of_all: Counter[Figure] = sum(truth.values(), Counter())
            assert said_in(view.chosen.table.all) == of_all
            assert (view.all[quarter].asked, view.all[quarter].answered) == (of_all["asked",], of_all["answered",])
            groups = {line.group: said_in(line) for line in view.chosen.table.groups}
            together = groups.pop(OTHERS, None)
            assert all(said == truth[name] for name, said in groups.items())
            if together is not None:
                assert together == sum((truth[name] for name in truth.keys() - groups.keys()), Counter())
            count += sum(map(len, groups.values())) + len(of_all)
        words, about = slow_board.themes(world, quarter)
        assert view.chosen.words == words
        assert {theme: plain(number) for theme, number in view.chosen.themes.items() if number} == about
        count += 1 + len(about)
    return count


def said_in(line: HeardLine) -> Counter[Figure]:
    numbers: Counter[Figure] = Counter({("asked",): plain(line.asked), ("answered",): plain(line.answered)})
    for question, parts in line.said.items():
        for answer, number in zip(ANSWERS, parts.parts, strict=True):
            numbers[question, answer] = plain(number)
    return +numbers

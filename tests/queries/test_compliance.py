"""The board's compliance, as published: against counting duty by duty, reconciling, giving no small number away."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from math import ceil
from random import Random

import pytest
from sqlalchemy import insert, update

from tests.builders import event, journey
from tests.domain.random_journeys import TODAYS
from tests.domain.test_compliance import column_of
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, duties, random_journeys, store
from victimcare.domain.agencies import OTHER_AGENCY, OWN_AGENCY
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.entitlements import Entitlement
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed
from victimcare.domain.statistics import wilson_interval
from victimcare.domain.tally import Breakdown, By
from victimcare.presentation.compliance import BREAKDOWNS
from victimcare.queries.compliance import ComplianceView, compliance
from victimcare.queries.period_tables import NotPublished
from victimcare.queries.periods import Period
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES

BOARD = Person("board", "Board Example", Role.BOARD)
SPRING = Quarter(2026, 2)
EVERYTHING_SHOWN = 1
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def view(
    force: Force, period: Period, by: By = By.RIGHT, *, threshold: int = EVERYTHING_SHOWN, person: Person = BOARD
) -> ComplianceView:
    """What the board sees of the period, once it was published."""
    publish(force.database, LAW, period.quarters, AFTERWARDS, threshold=threshold)
    with force.database.reading() as connection:
        return compliance(connection, person=person, period=period, by=by, law=LAW)


def numbers(view: ComplianceView) -> Counter[tuple[Breakdown, str, Outcome]]:
    """Every number of its lines that is not 0."""
    return Counter(
        {
            (table.breakdown, line.value, outcome): plain(count)
            for table in view.tables
            for line in table.lines
            for outcome, count in line.counts.items()
            if count
        }
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_it_counts_what_a_person_would_count_duty_by_duty(force: Force, seed: int) -> None:
    world = random_journeys(seed, 60)
    store(force.database, world)
    counted: dict[tuple[Quarter, By], Counter[tuple[Breakdown, str, Outcome]]] = {}
    for owed in duties(world):
        day = owed.due_on or owed.started_on or owed.start.current.happened.on
        for by, value in values_of(owed, day).items():
            table = Breakdown(owed.owed_by, by, str(owed.rule.right) if by is By.RULE else None)
            counted.setdefault((Quarter.of(day), by), Counter())[table, value, column_of(owed)] += 1
    assert len(counted) > 3 * len(BREAKDOWNS)
    for (quarter, by), tally in counted.items():
        assert numbers(view(force, Period.quarter(quarter), by)) == tally


def values_of(owed: Entitlement, day: date) -> dict[By, str]:
    """In which line of each breakdown a duty of these worlds is counted."""
    if owed.rule.policy:
        return {}
    of_all = {
        By.RIGHT: str(owed.rule.right),
        By.RULE: owed.rule.id,
        By.MONTH: f"{day:%Y-%m}",
        By.AREA: "Luton",
        By.CRIME_TYPE: "Burglary",
        By.TIER: owed.tier.tier,
    }
    return {**of_all, By.TEAM: "luton"} if owed.owed_by == OWN_AGENCY else of_all


def test_every_duty_of_the_period_is_in_one_column_and_every_table_adds_up(force: Force) -> None:
    world = random_journeys(3, 60)
    store(force.database, world)
    in_the_period = [e for e in duties(world) if Quarter.of(e.due_on or e.started_on or day_of(e)) == SPRING]
    of_police = [owed for owed in in_the_period if owed.owed_by == OWN_AGENCY]
    for by in BREAKDOWNS:
        shown = view(force, Period.quarter(SPRING), by)
        lines = [line for table in shown.tables for line in table.lines]
        assert sum(plain(line.total) for line in lines) == len(of_police if by is By.TEAM else in_the_period) > 5
        for table in shown.tables:
            for outcome, count in table.total.counts.items():
                assert count == sum(plain(line.counts[outcome]) for line in table.lines)
        for line in lines:
            counts = {outcome: plain(count) for outcome, count in line.counts.items()}
            assert plain(line.counted) == sum(counts[outcome] for outcome in COUNTED)
            assert plain(line.not_counted) == sum(counts[outcome] for outcome in NOT_COUNTED)
            if line.counted and isinstance(line.in_time.share, float):
                assert line.in_time.share == counts[Outcome.MET] / plain(line.counted)
                assert line.in_time.interval == wilson_interval(counts[Outcome.MET], plain(line.counted))
        assert shown.editions == ("2021-04-01",)


def test_days_are_working_days_from_the_start_of_the_clock_to_the_answer(force: Force) -> None:
    world = random_journeys(3, 60)
    store(force.database, world)
    shown = view(force, Period.quarter(SPRING))
    by_right: dict[tuple[str, int], list[int]] = {}
    for owed in duties(world):
        if owed.due_on and Quarter.of(owed.due_on) == SPRING and column_of(owed) in (Outcome.MET, Outcome.MET_LATE):
            assert owed.started_on
            assert owed.ended_on
            taken = LAW.calendar.working_days_between(owed.started_on, owed.ended_on)
            by_right.setdefault((owed.owed_by, owed.rule.right), []).append(max(0, taken))
    told = 0
    for table in shown.tables:
        for line in table.lines:
            days = sorted(by_right.get((table.breakdown.of, int(line.value)), []))
            if line.days:
                told += 1
                assert line.days.median == days[ceil(len(days) / 2) - 1]
                if line.days.nine_in_ten is not None:
                    assert line.days.nine_in_ten == days[ceil(0.9 * len(days)) - 1]
    assert told > 2


def test_agencies_answer_for_their_own_clocks_in_the_order_of_the_code(force: Force) -> None:
    store(force.database, random_journeys(4, 40))
    tables = view(force, Period.quarter(SPRING)).tables
    order = list(TODAYS.agencies)
    assert [order.index(table.breakdown.of) for table in tables] == sorted(
        order.index(table.breakdown.of) for table in tables
    )
    assert {"police", "witness_care_unit", "hmcts"} <= {table.breakdown.of for table in tables}
    for table in tables:
        rights = [int(line.value) for line in table.lines]
        assert rights == sorted(rights)


def test_policies_of_the_force_are_left_out(force: Force) -> None:
    store(force.database, random_journeys(5, 20))
    with force.database.writing() as connection:
        connection.execute(update(DUES).where(DUES.c.owed_by != "police").values(policy=True))
    assert {table.breakdown.of for table in view(force, Period.quarter(SPRING)).tables} == {"police"}


def test_who_is_complained_of_is_typed_in_and_never_shown(force: Force) -> None:
    complaint = event("complaint_made", "2026-05-20", received="2026-05-20", complained_of="PC Fictitious")
    assigned = event("officer_assigned", "2026-05-20", officer="ash", team="luton")
    store(force.database, [journey(assigned, complaint, case_ref="C-1")])
    assert [table.breakdown for table in view(force, Period.quarter(SPRING)).tables] == [
        Breakdown(OTHER_AGENCY, By.RIGHT)
    ]


def test_what_was_not_published_has_no_figures(force: Force) -> None:
    with force.database.reading() as connection, pytest.raises(NotPublished, match="no figures of 2026-q2"):
        compliance(connection, person=BOARD, period=Period.quarter(SPRING), by=By.RIGHT, law=LAW)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, Period.quarter(SPRING), person=Person("x", "X", role))


@pytest.mark.parametrize("threshold", [5, 10])
def test_no_small_number_of_a_quarter_is_shown(force: Force, threshold: int) -> None:
    put_in(force, random_tallies(Random(threshold), quarters=[SPRING]))
    truth = numbers(view(force, Period.quarter(SPRING)))
    shown = view(force, Period.quarter(SPRING), threshold=threshold)
    hidden = 0
    for table in shown.tables:
        for line in table.lines:
            for outcome, count in line.counts.items():
                true_count = truth[table.breakdown, line.value, outcome]
                hidden += isinstance(count, Suppressed)
                assert isinstance(count, Suppressed) or (count == true_count and not 0 < count < threshold)
            small = any(0 < truth[table.breakdown, line.value, outcome] < threshold for outcome in COUNTED[:1])
            assert not (small and isinstance(line.in_time.share, float))
    assert hidden > 40


def test_twelve_months_show_no_more_than_their_quarters(force: Force) -> None:
    """So that nothing can be found by subtracting, from these or from any other 12 months."""
    quarters = [SPRING.next(back) for back in (-3, -2, -1, 0)]
    put_in(force, random_tallies(Random(7), quarters=quarters))
    by_quarter = [view(force, Period.quarter(quarter), threshold=5) for quarter in quarters]
    year = view(force, Period.year_to(SPRING), threshold=5)
    shown = lines = 0
    for table in year.tables:
        for line in table.lines:
            lines += 1
            parts = [find(quarter, table.breakdown, line.value) for quarter in by_quarter]
            for outcome, count in line.counts.items():
                of_quarters = [part[outcome] if part else 0 for part in parts]
                hidden = any(isinstance(part, Suppressed) for part in of_quarters)
                assert count == (SUPPRESSED if hidden else sum(map(plain, of_quarters)))
                shown += not hidden
    assert 0 < shown < lines * len(Outcome)
    assert year.hides


def test_twelve_months_are_the_sum_of_four_quarters(force: Force) -> None:
    put_in(force, random_tallies(Random(8), quarters=[SPRING.next(back) for back in (-4, -3, -2, -1, 0, 1)]))
    year = numbers(view(force, Period.year_to(SPRING)))
    quarters = [numbers(view(force, Period.quarter(SPRING.next(back)))) for back in (-3, -2, -1, 0)]
    assert year == sum(quarters, Counter())


def plain(count: Count) -> int:
    assert not isinstance(count, Suppressed)
    return count


def day_of(entitlement: object) -> date:
    return entitlement.start.current.happened.on  # type: ignore[attr-defined, no-any-return]


def find(shown: ComplianceView, breakdown: Breakdown, value: str) -> dict[Outcome, Count] | None:
    tables = [table for table in shown.tables if table.breakdown == breakdown]
    return next((dict(line.counts) for table in tables for line in table.lines if line.value == value), None)


def random_tallies(chance: Random, *, quarters: list[Quarter]) -> list[dict[str, object]]:
    """Due rows of some lines: few of most outcomes, many of some."""
    rows: list[dict[str, object]] = []
    lines = [("police", 3), ("police", 6), ("cps", 6), ("hmcts", 8), ("hmcts", 9), ("witness_care_unit", 8),
             ("witness_care_unit", 9), ("probation", 11), ("yot", 3), ("police", 12)]  # fmt: skip
    for quarter, (agency, right), outcome in product(quarters, lines, Outcome):
        for _ in range(chance.choice([0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 12, 30])):
            rows.append(due_row(len(rows), quarter, agency, right, outcome))
    return rows


def due_row(number: int, quarter: Quarter, agency: str, right: int, outcome: Outcome) -> dict[str, object]:
    return {
        "case_id": 1,
        "rule": f"R{number}",
        "start_key": "start",
        "edition": "2021-04-01",
        "right_number": right,
        "owed_by": agency,
        "owed_to": "victim",
        "policy": False,
        "tier": "standard",
        "area": "Luton",
        "crime_type": "Burglary",
        "counting": "counted",
        "reported_on": quarter.from_on,
        "reported_month": quarter.months[0],
        "outcome": outcome.value,
        "known_on": quarter.from_on,
        "provisional": False,
        "officer_id": "ash",
        "team_id": "luton",
        "holder_id": "ash",
        "holder_team_id": "luton",
    }


def put_in(force: Force, rows: list[dict[str, object]]) -> None:
    """These due rows, as if derived from one case."""
    assigned = event("officer_assigned", "2026-05-20", officer="ash", team="luton")
    store(force.database, [journey(assigned, case_ref="C-1")])
    with force.database.writing() as connection:
        case_id = connection.execute(CASES.select()).one().id
        connection.execute(insert(DUES), [{**row, "case_id": case_id} for row in rows])

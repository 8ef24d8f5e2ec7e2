"""The board's compliance: against counting duty by duty, reconciling, and giving no small number away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random

import pytest
from sqlalchemy import insert, update

from tests.builders import event, journey
from tests.domain.random_journeys import TODAYS
from tests.domain.test_compliance import column_of
from tests.force import Force, a_force
from tests.queries.worlds import AFTERWARDS, LAW, duties, random_journeys, store
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome
from victimcare.domain.people import Person, Role
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed
from victimcare.domain.statistics import wilson_interval
from victimcare.queries.compliance import OTHER_AGENCY, ComplianceView, Line, PeriodNotOver, compliance
from victimcare.queries.periods import Period, Quarter
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES

BOARD = Person("board", "Board Example", Role.BOARD)
SPRING = Quarter(2026, 2)
EVERYTHING_SHOWN = 1


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def view(
    force: Force, period: Period, *, threshold: int = EVERYTHING_SHOWN, today: date = AFTERWARDS, person: Person = BOARD
) -> ComplianceView:
    with force.database.reading() as connection:
        return compliance(connection, person=person, period=period, today=today, law=LAW, threshold=threshold)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_counts_what_a_person_would_count_duty_by_duty(force: Force, seed: int) -> None:
    world = random_journeys(seed, 60)
    store(force.database, world)
    counted: dict[Quarter, Counter[tuple[Line, Outcome]]] = {}
    for owed in duties(world):
        day = owed.due_on or owed.started_on or owed.start.current.happened.on
        if not owed.rule.policy:
            line = Line(owed.owed_by, owed.rule.right)
            counted.setdefault(Quarter.of(day), Counter())[line, column_of(owed)] += 1
    assert len(counted) > 3
    for quarter, tally in counted.items():
        shown = view(force, Period.quarter(quarter))
        assert tally == Counter(
            {(line.line, outcome): count for line in shown.lines for outcome, count in line.counts.items() if count}
        )


def test_every_duty_of_the_period_is_in_one_column_and_the_percentage_is_that_of_its_definition(force: Force) -> None:
    world = random_journeys(3, 60)
    store(force.database, world)
    shown = view(force, Period.quarter(SPRING))
    in_the_period = [e for e in duties(world) if Quarter.of(e.due_on or e.started_on or day_of(e)) == SPRING]
    assert sum(plain(line.total) for line in shown.lines) == len(in_the_period) > 50
    for line in shown.lines:
        counts = {outcome: plain(count) for outcome, count in line.counts.items()}
        assert plain(line.total) == sum(counts.values())
        assert plain(line.counted) == sum(counts[outcome] for outcome in COUNTED)
        assert plain(line.not_counted) == sum(counts[outcome] for outcome in NOT_COUNTED)
        if line.counted and isinstance(line.in_time.share, float):
            assert line.in_time.share == counts[Outcome.MET] / plain(line.counted)
            assert line.in_time.interval == wilson_interval(counts[Outcome.MET], plain(line.counted))
    assert shown.editions == ("2021-04-01",)


def test_agencies_answer_for_their_own_clocks_in_the_order_of_the_code(force: Force) -> None:
    store(force.database, random_journeys(4, 40))
    lines = [line.line for line in view(force, Period.quarter(SPRING)).lines]
    order = list(TODAYS.agencies)
    assert lines == sorted(lines, key=lambda line: (order.index(line.agency), line.right))
    assert {"police", "witness_care_unit", "hmcts"} <= {line.agency for line in lines}


def test_policies_of_the_force_are_left_out(force: Force) -> None:
    store(force.database, random_journeys(5, 20))
    assert view(force, Period.quarter(SPRING)).lines
    with force.database.writing() as connection:
        connection.execute(update(DUES).values(policy=True))
    assert view(force, Period.quarter(SPRING)).lines == ()


def test_who_is_complained_of_is_typed_in_and_never_shown(force: Force) -> None:
    complaint = event("complaint_made", "2026-05-20", received="2026-05-20", complained_of="PC Fictitious")
    assigned = event("officer_assigned", "2026-05-20", officer="ash", team="luton")
    store(force.database, [journey(assigned, complaint, case_ref="C-1")])
    assert [line.line for line in view(force, Period.quarter(SPRING)).lines] == [Line(OTHER_AGENCY, 12)]


def test_a_period_that_is_not_over_has_no_figures(force: Force) -> None:
    with pytest.raises(PeriodNotOver, match="2026-q2 is not over until 2026-07-01"):
        view(force, Period.quarter(SPRING), today=date(2026, 6, 30))
    assert view(force, Period.quarter(SPRING), today=date(2026, 7, 1)).lines == ()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, Period.quarter(SPRING), person=Person("x", "X", role))


@pytest.mark.parametrize("threshold", [5, 10])
def test_no_small_number_of_a_quarter_can_be_worked_out_from_what_its_line_shows(force: Force, threshold: int) -> None:
    put_in(force, random_tallies(Random(threshold), quarters=[SPRING]))
    truth = view(force, Period.quarter(SPRING))
    shown = view(force, Period.quarter(SPRING), threshold=threshold)
    hidden = 0
    for true_line, line in zip(truth.lines, shown.lines, strict=True):
        for outcomes, total in ((COUNTED, line.counted), (NOT_COUNTED, line.not_counted)):
            counts = [line.counts[outcome] for outcome in outcomes]
            for index, outcome in enumerate(outcomes):
                if 0 < plain(true_line.counts[outcome]) < threshold:
                    hidden += 1
                    assert could_be(threshold, index, counts, total), (true_line, line)
        share = line.in_time.share
        met, counted = plain(true_line.counts[Outcome.MET]), plain(true_line.counted)
        if any(0 < count < threshold for count in (met, counted, counted - met)):
            assert not isinstance(share, float)
    assert hidden > 40


def test_twelve_months_show_no_more_than_their_quarters(force: Force) -> None:
    """So that nothing can be found by subtracting, from these or from any other 12 months."""
    quarters = [SPRING.next(back) for back in (-3, -2, -1, 0)]
    put_in(force, random_tallies(Random(7), quarters=quarters))
    by_quarter = [view(force, Period.quarter(quarter), threshold=5) for quarter in quarters]
    year = view(force, Period.year_to(SPRING), threshold=5)
    shown = 0
    for line in year.lines:
        parts = [find(quarter, line.line) for quarter in by_quarter]
        for outcome, count in line.counts.items():
            of_quarters = [part[outcome] if part else 0 for part in parts]
            hidden = any(isinstance(part, Suppressed) for part in of_quarters)
            assert count == (SUPPRESSED if hidden else sum(map(plain, of_quarters)))
            shown += not hidden
    assert 10 < shown < len(year.lines) * len(Outcome)
    assert year.hides


def test_twelve_months_are_the_sum_of_four_quarters(force: Force) -> None:
    put_in(force, random_tallies(Random(8), quarters=[SPRING.next(back) for back in (-4, -3, -2, -1, 0, 1)]))
    year = view(force, Period.year_to(SPRING))
    quarters = [view(force, Period.quarter(SPRING.next(back))) for back in (-3, -2, -1, 0)]
    for line in year.lines:
        assert plain(line.total) == sum(
            plain(q.total) for view_ in quarters for q in view_.lines if q.line == line.line
        )


def plain(count: Count) -> int:
    assert not isinstance(count, Suppressed)
    return count


def day_of(entitlement: object) -> date:
    return entitlement.start.current.happened.on  # type: ignore[attr-defined, no-any-return]


def find(shown: ComplianceView, line: Line) -> dict[Outcome, Count] | None:
    return next((dict(found.counts) for found in shown.lines if found.line == line), None)


def could_be(least: int, index: int, counts: list[Count], total: Count) -> bool:
    """Whether some numbers that fit all that is shown have `least` or more at `index`: an attack by trying them all."""
    hidden = [place for place, count in enumerate(counts) if isinstance(count, Suppressed)]
    if index not in hidden:
        return False
    if isinstance(total, Suppressed):
        return True
    left = plain(total) - sum(plain(count) for count in counts if not isinstance(count, Suppressed))
    others = len(hidden) - 1
    if others == 0:
        return False
    if others > 3:  # zeros are shown, so each hidden number is at least 1
        return left - others >= least
    tries = product(range(1, left + 1), repeat=others)
    return any(left - sum(values) >= least for values in tries)


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

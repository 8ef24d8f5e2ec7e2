"""Gaps of the directory: counted by need and by area, each once a case, and small numbers hidden."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.builders import event, journey
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, store
from victimcare.domain.journey import Journey
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED, Count
from victimcare.queries.period_tables import PeriodTable
from victimcare.queries.periods import Period
from victimcare.queries.referral_gaps import ReferralGaps, referral_gaps
from victimcare.queries.scope import NotForTheBoard

BOARD = Person("board", "Board Example", Role.BOARD)
YEAR = Period.year_to(Quarter(2026, 1))
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)
MARCH = date(2026, 3, 2)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def a_case(ref: str, *gaps: tuple[date, str], wrong: bool = False, void: bool = False) -> Journey:
    events = [
        event("officer_assigned", date(2025, 1, 1), key=f"{ref}-officer", officer="ash", team="luton"),
        event("crime_reported", date(2025, 1, 1), key=f"{ref}-report"),
        *(event("no_service_fits", on, key=f"{ref}-{n}", need=need) for n, (on, need) in enumerate(gaps)),
    ]
    if wrong:
        on, need = gaps[0]
        corrects = {"corrects": f"{ref}-0", "correction": "never_happened"}
        events.append(event("no_service_fits", on, key=f"{ref}-wrong", recorded="2035-01-01", need=need, **corrects))
    if void:
        events.append(event("case_voided", MARCH, key=f"{ref}-void"))
    return journey(*events, case_ref=ref)


def gaps(force: Force, *cases: Journey, threshold: int = 1, person: Person = BOARD) -> ReferralGaps:
    store(force.database, cases)
    publish(force.database, LAW, YEAR.quarters, AFTERWARDS, threshold=threshold)
    with force.database.reading() as connection:
        return referral_gaps(connection, person=person, period=YEAR)


def counts(table: PeriodTable) -> dict[str, Count]:
    return {line.value: line.groups[0].total for line in table.lines}


def test_a_gap_is_a_case_and_a_need_in_the_period(force: Force) -> None:
    shown = gaps(
        force,
        a_case("A", (MARCH, "hate_crime"), (MARCH, "stalking")),
        a_case("B", (MARCH, "hate_crime"), (date(2026, 3, 9), "hate_crime")),
        a_case("C", (date(2025, 3, 31), "court")),
        a_case("D", (date(2026, 4, 1), "court")),
        a_case("E", (MARCH, "court"), wrong=True),
        a_case("F", (MARCH, "court"), void=True),
        a_case("G", (date(2025, 4, 1), "any")),
    )
    assert counts(shown.by_need) == {"stalking": 1, "hate_crime": 2, "any": 1}
    assert counts(shown.by_area) == {"Luton": 4}
    assert shown.by_need.total.groups == shown.by_area.total.groups


def test_small_numbers_are_hidden_with_what_would_give_them_away(force: Force) -> None:
    many = [a_case(f"M{n}", (MARCH, "stalking")) for n in range(6)]
    others = [a_case(f"O{n}", (MARCH, "court")) for n in range(9)]
    few = [a_case(f"F{n}", (MARCH, "hate_crime")) for n in range(4)]
    shown = gaps(force, *many, *others, *few, threshold=5)
    assert counts(shown.by_need) == {"stalking": SUPPRESSED, "court": 9, "hate_crime": SUPPRESSED}
    assert shown.by_need.total.groups[0].total == 19


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DIRECTORY_EDITOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        gaps(force, person=Person("x", "X", role))

"""Gaps of the directory: counted by area and need, each once a case, and small numbers hidden."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.builders import event, journey
from tests.force import Force, a_force
from tests.queries.worlds import store
from victimcare.domain.journey import Journey
from victimcare.domain.people import Person, Role
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.queries.referral_gaps import ReferralGaps, referral_gaps
from victimcare.queries.scope import NotForTheBoard

BOARD = Person("board", "Board Example", Role.BOARD)
TODAY = date(2026, 6, 17)
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
    with force.database.reading() as connection:
        return referral_gaps(connection, person=person, today=TODAY, threshold=threshold)


def test_a_gap_is_a_case_and_a_need_in_the_last_four_complete_quarters(force: Force) -> None:
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
    assert (shown.from_on, shown.until_on) == (date(2025, 4, 1), date(2026, 4, 1))
    assert shown.needs == ("stalking", "hate_crime", "any")
    assert [(area.area, area.counts) for area in shown.areas] == [("Luton", (1, 2, 1))]


def test_small_numbers_are_hidden(force: Force) -> None:
    many = [a_case(f"M{n}", (MARCH, "stalking")) for n in range(6)]
    few = [a_case(f"F{n}", (MARCH, "hate_crime")) for n in range(4)]
    (luton,) = gaps(force, *many, *few, threshold=5).areas
    assert luton.counts == (6, SUPPRESSED)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DIRECTORY_EDITOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        gaps(force, person=Person("x", "X", role))

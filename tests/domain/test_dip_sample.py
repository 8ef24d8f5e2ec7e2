"""What is drawn each month: the same for whoever asks, every case as likely as any other, whatever the order."""

from collections import Counter
from datetime import date
from itertools import combinations
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.dip_sample import SAMPLE_SIZE, Month, drawn

REFS = st.lists(st.text("ABCDEFGH23456789", min_size=3, max_size=6), max_size=30)
MAY = Month(2026, 5)


def of(
    refs: list[str], month: Month = MAY, officer: str = "ash", team: str = "luton", size: int = SAMPLE_SIZE
) -> list[str]:
    return drawn(refs, team_id=team, officer_id=officer, month=month, size=size)


@given(REFS, st.randoms())
def test_the_order_in_which_cases_come_decides_nothing(refs: list[str], chance: Random) -> None:
    first = of(refs)
    chance.shuffle(refs)
    assert of(refs) == first
    assert len(first) == len(set(first)) == min(SAMPLE_SIZE, len(set(refs)))


@given(REFS)
def test_a_case_that_is_taken_away_changes_only_its_own_place(refs: list[str]) -> None:
    first = of(refs)
    for gone in set(refs):
        left = of([ref for ref in refs if ref != gone])
        assert [ref for ref in first if ref != gone] == [ref for ref in left if ref in first]


def test_team_month_and_officer_each_draw_anew() -> None:
    refs = [f"CASE-{number}" for number in range(60)]
    samples = [of(refs), of(refs, Month(2026, 6)), of(refs, officer="birch"), of(refs, team="bedford")]
    assert len({tuple(sample) for sample in samples}) == 4


def test_every_case_and_every_pair_of_cases_is_drawn_as_often_as_any_other() -> None:
    refs, rounds, size = [f"CASE-{number}" for number in range(10)], 4_000, 3
    samples = [of(refs, officer=f"officer-{number}", size=size) for number in range(rounds)]
    singles = Counter(ref for sample in samples for ref in sample)
    pairs = Counter(pair for sample in samples for pair in combinations(sorted(sample), 2))
    assert chi_square(singles, 10) < 27.9, "of 9 degrees of freedom, passed by chance once in a thousand"
    assert chi_square(pairs, comb(10, 2)) < 78.8, "of 44"


def chi_square(counts: Counter[str] | Counter[tuple[str, ...]], kinds: int) -> float:
    assert len(counts) == kinds
    expected = sum(counts.values()) / kinds
    return sum((count - expected) ** 2 / expected for count in counts.values())


def test_what_is_drawn_stays_as_it_was_ever_drawn() -> None:
    assert of([f"CASE-{number}" for number in range(8)], size=3) == EVER


EVER = ["CASE-6", "CASE-5", "CASE-0"]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_month_is_read_as_it_is_written_and_follows_the_one_before(day: date) -> None:
    month = Month.of(day)
    assert Month.read(month.code) == month
    assert month.before < month < month.after
    assert month.before.after == month
    assert month.first <= day < month.after.first


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-13", "2026-00", "26-05", "2026-5", "２０２６-05", "1999-12", "2026-05-01"]
)
def test_what_is_no_month_is_none(code: str) -> None:
    assert Month.read(code) is None

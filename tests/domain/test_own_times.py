"""A force's own times: shorter than the Code's wherever they are, and nobody's otherwise."""

from __future__ import annotations

import pytest

from victimcare.domain.own_times import BadOwnTime, by_own_times, in_one_line, out_of_line
from victimcare.editions.law import published_law

LAW = published_law()


def limits(times: dict[str, int], rule_id: str) -> dict[str, int]:
    rule = by_own_times(LAW, times).code.latest.rule(rule_id)
    return {tier: limit.amount for tier, limit in rule.limits.items()}


def test_what_the_code_gives_longer_is_shortened_and_what_it_asks_sooner_stays() -> None:
    assert limits({}, "R6-ARR") == {"standard": 5, "enhanced": 1}
    assert limits({"R6-ARR": 3}, "R6-ARR") == {"standard": 3, "enhanced": 1}


def test_no_other_rule_is_touched_and_neither_is_the_law_itself() -> None:
    by = by_own_times(LAW, {"R6-ARR": 3})
    for edition, before in zip(by.code.editions, LAW.code.editions, strict=True):
        assert [rule.id for rule in edition.rules if rule not in before.rules] == ["R6-ARR"]
    assert published_law() == LAW


@pytest.mark.parametrize("times", [{"R6-ARR": 5}, {"R6-ARR": 6}, {"R6-NONE": 1}, {"R6-AGREED": 1}])
def test_a_time_that_shortens_nothing_is_refused(times: dict[str, int]) -> None:
    with pytest.raises(BadOwnTime, match=f"{next(iter(times))}: no edition of the Code gives it more than"):
        by_own_times(LAW, times)


@pytest.mark.parametrize("times", [{}, {"R6-ARR": 3}, {"R6-CHG": 2, "R6-ARR": 3}])
def test_they_come_back_from_their_line(times: dict[str, int]) -> None:
    assert out_of_line(in_one_line(times)) == times

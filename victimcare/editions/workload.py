"""What counts how much in an officer's workload, read from its file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from victimcare.domain.code import VictimsCode
from victimcare.domain.workload import UNIT, Weights
from victimcare.editions.law import published_law
from victimcare.editions.reading import Table, read_document

PUBLISHED_WEIGHTS = Path(__file__).with_name("workload.toml")


@cache
def published_weights() -> Weights:
    """The weights shipped with the program; read once. Raises `BadEdition`."""
    return load_weights(PUBLISHED_WEIGHTS, published_law().code)


def load_weights(path: Path, code: VictimsCode) -> Weights:
    """The weights in this file. Raises `BadEdition`: file, field, and what is wrong, as a rule of no edition."""
    document = read_document(path)
    duty, hand_over = document.table("duty"), document.table("hand_over")
    tiers = {tier.id for edition in code.editions for tier in edition.tiers}
    rules = {rule.id for edition in code.editions for rule in edition.rules}
    weights = Weights(
        own_duty=_points(duty, "of_the_police"),
        duty_of_others=_points(duty, "of_another_agency"),
        tiers=_by_name(document.table("more_by_tier"), tiers, "tier"),
        rules=_by_name(document.table("more_by_rule"), rules, "rule"),
        victim_not_told=_points(hand_over, "victim_not_told"),
    )
    for table in (duty, hand_over, document):
        table.finish()
    return weights


def _by_name(table: Table, known: set[str], noun: str) -> Mapping[str, int]:
    return {table.known(name, name, sorted(known), noun): _points(table, name) for name in table.names()}


def _points(table: Table, field: str) -> int:
    """Units as points. A number with more decimals than points have would not count as it says."""
    value = table.value(field)
    if type(value) not in (int, float) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        raise table.bad(field, f"it must be a number from 0 to {_MOST}")
    points = round(value * UNIT)
    if abs(points - value * UNIT) > _ROUNDING:
        raise table.bad(field, "it must have two decimals at most")
    return points


_MOST = 1000
_ROUNDING = 1e-6

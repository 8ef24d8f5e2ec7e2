"""A force's own times for duties of the Code: shorter than the Code's. Nobody is held to them.

They are there to be reckoned with: what a published quarter would have been had the force asked that of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from victimcare.domain.code import Edition, Rule, TimeLimit, Unit
from victimcare.domain.law import Law

OwnTimes = Mapping[str, int]
"""Working days by the id of a rule."""


class BadOwnTime(ValueError):
    """A time that no edition has a longer one for, or a rule that there is not."""

    def __init__(self, rule_id: str, days: int) -> None:
        super().__init__(f"{rule_id}: no edition of the Code gives it more than {days} working days")


def by_own_times(law: Law, times: OwnTimes) -> Law:
    """The law with these times wherever the Code gives longer ones in working days. Raises `BadOwnTime`.

    Tiers for whom the Code asks for as much, or for more, keep the Code's.
    """
    editions = tuple(_shortened(edition, times) for edition in law.code.editions)
    for rule_id, days in times.items():
        of_rule = [edition.rule(rule_id) for edition in law.code.editions if edition.has_rule(rule_id)]
        if not any(_is_longer(limit, days) for rule in of_rule for limit in rule.limits.values()):
            raise BadOwnTime(rule_id, days)
    return law.under(replace(law.code, editions=editions))


def in_one_line(times: OwnTimes) -> str:
    """How the database keeps them: "R6-ARR=3 R6-CHG=2"."""
    return " ".join(f"{rule_id}={days}" for rule_id, days in sorted(times.items()))


def out_of_line(text: str) -> OwnTimes:
    """The times that `in_one_line` wrote."""
    return {rule_id: int(days) for rule_id, _, days in (one.partition("=") for one in text.split())}


def _shortened(edition: Edition, times: OwnTimes) -> Edition:
    return replace(
        edition, rules=tuple(_of(rule, times[rule.id]) if rule.id in times else rule for rule in edition.rules)
    )


def _of(rule: Rule, days: int) -> Rule:
    limits = {
        tier: replace(limit, amount=days) if _is_longer(limit, days) else limit for tier, limit in rule.limits.items()
    }
    return replace(rule, limits=limits)


def _is_longer(limit: TimeLimit, days: int) -> bool:
    return limit.unit is Unit.WORKING_DAYS and limit.amount > days

"""The duties of a quarter, counted in every way in which a board may see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.compliance import Outcome


class By(StrEnum):
    """By what the duties of an agency, or of one right of it, are broken down."""

    RIGHT = "right"
    RULE = "rule"
    MONTH = "month"
    AREA = "area"
    CRIME_TYPE = "crime-type"
    TIER = "tier"
    TEAM = "team"


class CountedDuty(NamedTuple):
    """One duty as figures count it. `month` is such as "2026-05"; `days` the working days it took to answer it."""

    agency: str
    right: int
    rule: str
    month: str
    area: str
    crime_type: str
    tier: str
    team: str
    outcome: Outcome
    days: int | None


@dataclass(slots=True)
class Tallied:
    """How many duties of one line had each outcome, and in how many working days those were answered that were."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def add(self, duty: CountedDuty) -> None:
        """Count one more."""
        self.outcomes[duty.outcome] += 1
        if duty.days is not None:
            self.days[duty.days] += 1


class Breakdown(NamedTuple):
    """A table: of an agency's duties, or of those of one of its rights."""

    agency: str
    by: By
    right: int | None = None


@dataclass(slots=True)
class Tally:
    """The duties of a quarter: by agency, and in each breakdown by its values. `editions` governed them."""

    agencies: defaultdict[str, Tallied] = field(default_factory=lambda: defaultdict(Tallied))
    tables: defaultdict[Breakdown, defaultdict[str, Tallied]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Tallied))
    )
    editions: set[str] = field(default_factory=set)

    def add(self, duty: CountedDuty) -> None:
        """Count one more, once in every breakdown of its agency."""
        self.agencies[duty.agency].add(duty)
        for table, value in _places(duty):
            self.tables[table][value].add(duty)


def _places(duty: CountedDuty) -> Iterator[tuple[Breakdown, str]]:
    yield Breakdown(duty.agency, By.RIGHT), str(duty.right)
    yield Breakdown(duty.agency, By.RULE, duty.right), duty.rule
    yield Breakdown(duty.agency, By.MONTH, duty.right), duty.month
    yield Breakdown(duty.agency, By.MONTH), duty.month
    yield Breakdown(duty.agency, By.AREA), duty.area
    yield Breakdown(duty.agency, By.CRIME_TYPE), duty.crime_type
    yield Breakdown(duty.agency, By.TIER), duty.tier
    if duty.agency == OWN_AGENCY:
        yield Breakdown(duty.agency, By.TEAM), duty.team

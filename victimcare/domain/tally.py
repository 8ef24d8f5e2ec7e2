"""What belongs to a quarter, counted in every way in which a board may see it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol


class By(StrEnum):
    """By what the lines of a table are told apart."""

    RIGHT = "right"
    RULE = "rule"
    MONTH = "month"
    AREA = "area"
    CRIME_TYPE = "crime-type"
    TIER = "tier"
    TEAM = "team"
    CAUSE = "cause"
    TRIED = "tried"
    RECORDED = "recorded"
    OVERTURNED = "overturned"
    NEED = "need"
    ANSWER = "answer"
    KIND = "kind"
    OFFICERS = "officers"
    SILENCE = "silence"
    ASKED = "asked"
    AGE = "age"
    DISABILITY = "disability"
    ETHNIC_GROUP = "ethnic_group"
    GENDER_IDENTITY = "gender_identity"
    MARITAL_STATUS = "marital_status"
    PREGNANCY = "pregnancy"
    RELIGION = "religion"
    SEX = "sex"
    SEXUAL_ORIENTATION = "sexual_orientation"


CHARACTERISTICS = tuple(By)[tuple(By).index(By.AGE) :]
"""What victims are asked of themselves: the protected characteristics of the Equality Act 2010, s.4."""


class Breakdown(NamedTuple):
    """A table: of an agency's duties, or of what else is counted (domain/counted.py), or of a part of those.

    `within` is the right, the question or the team to which alone the table belongs.
    """

    of: str
    by: By
    within: str | None = None


class Counted(Protocol):
    """One thing that is counted: in one column (`outcome`) of what it is `of`, and of one line of each of its tables.

    `days` are the working days that it took, where that is told.
    """

    @property
    def of(self) -> str: ...

    @property
    def outcome(self) -> str: ...

    @property
    def days(self) -> int | None: ...

    def places(self) -> Iterable[tuple[Breakdown, str]]:
        """Each table in which it stands, and in which line."""


@dataclass(slots=True)
class Tallied:
    """How many of one line had each outcome, and in how many working days those were answered that were."""

    outcomes: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def add(self, one: Counted) -> None:
        """Count one more."""
        self.outcomes[one.outcome] += 1
        if one.days is not None:
            self.days[one.days] += 1

    def count(self, outcomes: Iterable[str]) -> int:
        """How many had one of these outcomes."""
        return sum(self.outcomes[outcome] for outcome in outcomes)


@dataclass(slots=True)
class Tally:
    """What belongs to a quarter: in all, and in each table by its lines. `editions` governed the duties."""

    lines: defaultdict[str, Tallied] = field(default_factory=lambda: defaultdict(Tallied))
    tables: defaultdict[Breakdown, defaultdict[str, Tallied]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Tallied))
    )
    editions: set[str] = field(default_factory=set)

    def add(self, one: Counted) -> None:
        """Count one more, once in every table in which it stands."""
        self.lines[one.of].add(one)
        for table, value in one.places():
            self.tables[table][value].add(one)

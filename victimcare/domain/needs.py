"""What an assessment of a victim's needs finds: which tier of rights they hold, on what grounds, until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.evidence import Evidence
from victimcare.domain.victim import eighteenth_birthday


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that, if it is so, puts a victim into a category."""

    id: str
    title: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ground:
    """A category of victims with the criteria for it, each enough, and the tier that it gives.

    `of_age` says that it holds only until the eighteenth birthday.
    """

    id: str
    title: str
    tier: str
    evidence: Evidence
    criteria: tuple[Criterion, ...]
    of_age: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the tier, the ground that gives it (None: no ground), and the day on which it ends by itself."""

    tier: str
    ground: Ground | None
    until_on: date | None = None


def tier_found(
    grounds: Sequence[Ground], criteria: Iterable[str], *, default_tier: str, born_on: date | None, on: date
) -> Found:
    """The tier that follows from the criteria met on `on` (London date).

    A ground that lasts comes before childhood, which ends. A ground of childhood is no ground for an adult whose date
    of birth is known; where it is not known, it holds until somebody assesses again.
    """
    met = set(criteria)
    met_grounds = [ground for ground in grounds if met & {criterion.id for criterion in ground.criteria}]
    for ground in sorted(met_grounds, key=lambda ground: ground.of_age):
        if not ground.of_age or born_on is None:
            return Found(ground.tier, ground)
        birthday = eighteenth_birthday(born_on)
        if on < birthday:
            return Found(ground.tier, ground, birthday)
    return Found(default_tier, None)


def criteria_of_age(grounds: Iterable[Ground]) -> frozenset[str]:
    """The criteria that a date of birth decides."""
    return frozenset(criterion.id for ground in grounds if ground.of_age for criterion in ground.criteria)

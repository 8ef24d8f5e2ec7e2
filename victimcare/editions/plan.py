"""The Police and Crime Plan's figures, read from their file: baseline, targets, and each way to read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from victimcare.editions.reading import Table, read_document

PUBLISHED_PLAN = Path(__file__).with_name("plan_bedfordshire.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """A point of the plan: its own words, and the last London date by which they are to be reached."""

    words: str
    by_on: date


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the plan's words: the share, from 0 to 1, that each target then is."""

    id: str
    title: str
    says: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for one measure. `baseline` is its share, from 0 to 1, when the plan starts."""

    title: str
    published: str
    measure: str
    starts_on: date
    baseline: float
    baseline_words: str
    targets: tuple[Target, ...]
    readings: tuple[Reading, ...]

    def path_on(self, reading: Reading, day: date) -> float | None:
        """Where the straight path from point to point is on `day`; None before the plan and after its last target."""
        points = [(self.starts_on, self.baseline)]
        points += [(target.by_on, share) for target, share in zip(self.targets, reading.shares, strict=True)]
        for (from_on, from_share), (to_on, to_share) in pairwise(points):
            if from_on <= day <= to_on:
                return from_share + (to_share - from_share) * ((day - from_on) / (to_on - from_on))
        return None


@cache
def published_plan() -> Plan:
    """The plan shipped with the program; read once. Raises `BadEdition`."""
    return load_plan(PUBLISHED_PLAN)


def load_plan(path: Path) -> Plan:
    """The plan in this file. Raises `BadEdition`, which names file, entry and field."""
    document = read_document(path)
    head = document.table("plan")
    starts_on = head.day("starts_on")
    targets = tuple(_target(table) for table in document.entries("target"))
    if not targets:
        raise document.bad("target", "a plan needs a target")
    days = [starts_on, *(target.by_on for target in targets)]
    if days != sorted(set(days)):
        raise document.bad("target", "each target must come after the one before it, and after the plan starts")
    readings = tuple(_reading(table, len(targets)) for table in document.entries("reading"))
    if not readings or len({reading.id for reading in readings}) < len(readings):
        raise document.bad("reading", "a plan needs a reading, and each an id of its own")
    plan = Plan(
        title=head.text("title"),
        published=head.text("published"),
        measure=head.text("measure"),
        starts_on=starts_on,
        baseline=_share(head, head.number("baseline", least=0), "baseline"),
        baseline_words=head.text("baseline_words"),
        targets=targets,
        readings=readings,
    )
    head.finish()
    document.finish()
    return plan


def _target(table: Table) -> Target:
    target = Target(words=table.text("words"), by_on=table.day("by_on"))
    table.finish()
    return target


def _reading(table: Table, targets: int) -> Reading:
    shares = table.value("shares")
    if not isinstance(shares, list) or len(shares) != targets:
        raise table.bad("shares", f"it must list {targets} percentages, one for each target")
    reading = Reading(
        id=table.text("id"),
        title=table.text("title"),
        says=table.text("says"),
        shares=tuple(_share(table, share, "shares") for share in shares),
    )
    table.finish()
    return reading


def _share(table: Table, percent: object, field: str) -> float:
    if type(percent) is not int or not 0 <= percent <= 100:
        raise table.bad(field, "a percentage must be a whole number from 0 to 100")
    return percent / 100

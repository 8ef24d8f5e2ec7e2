"""A replay beside what was published, line by line, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from victimcare.domain.compliance import Outcome
from victimcare.domain.published_figures import Publication, PublishedLine
from victimcare.domain.tally import Breakdown, By
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import number, percent
from victimcare.queries.rates import Rate

LEFT_OUT = "not shown"
"""Stands for a table that would tell of somebody, to whoever subtracts it from what was shown before."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One line in one of the two reckonings."""

    counted: str
    met: str
    met_late: str
    overdue: str
    in_time: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A line in both: None where the other reckoning has no such line, or does not show it."""

    agency: str
    line: str
    published: Figures | None
    replayed: Figures | None


def compared(published: Publication, replayed: Publication, names: Names, replay_names: Names) -> Iterator[Compared]:
    """The agencies in all, their rights, and the duties of each right; each called what its own law calls it."""
    before, after = _lines(published), _lines(replayed)
    for breakdown, value in sorted({**before, **after}, key=_order):
        place = breakdown, value
        called = names if place in before else replay_names
        line = called.of_line(breakdown, value) if value else "All"
        yield Compared(called.of_agency(breakdown.of), line, before.get(place), after.get(place))


def _order(place: tuple[Breakdown, str]) -> tuple[str, int, str]:
    breakdown, value = place
    right = breakdown.within or (value if value.isdecimal() else "0")
    return breakdown.of, int(right), value if breakdown.within else ""


def _lines(publication: Publication) -> Mapping[tuple[Breakdown, str], Figures]:
    lines: dict[tuple[Breakdown, str], Figures] = {}
    for table in publication.tables:
        if table.breakdown.by is By.RIGHT:
            lines[table.breakdown, ""] = _figures(table.total, publication.threshold)
        if table.breakdown.by in (By.RIGHT, By.RULE):
            lines |= {(table.breakdown, row.value): _figures(row, publication.threshold) for row in table.rows}
    return lines


def _figures(line: PublishedLine, threshold: int) -> Figures:
    counts = line.outcomes
    rate = Rate.of(counts[Outcome.MET], line.counted.total, threshold=threshold)
    met, met_late, overdue = (number(counts[each]) for each in (Outcome.MET, Outcome.MET_LATE, Outcome.OPEN))
    return Figures(number(line.counted.total), met, met_late, overdue, percent(rate.share))


def as_text(lines: list[Compared]) -> Iterator[str]:
    """A heading, and a line for each: what was published, then what was reckoned now."""
    yield f"{'':44} {'Published':>34}   {'Reckoned now':>34}"
    titles = f"{'counted':>8} {'met':>8} {'late':>7} {'in time':>8}"
    yield f"{'':44} {titles}   {titles}"
    agency = ""
    for line in lines:
        if line.agency != agency:
            agency = line.agency
            yield agency
        yield f"  {line.line[:42]:42} {_cells(line.published)}   {_cells(line.replayed)}"


def _cells(figures: Figures | None) -> str:
    if figures is None:
        return f"{LEFT_OUT:>34}"
    return f"{figures.counted:>8} {figures.met:>8} {figures.met_late:>7} {figures.in_time:>8}"


def as_json(lines: list[Compared]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [asdict(line) for line in lines]

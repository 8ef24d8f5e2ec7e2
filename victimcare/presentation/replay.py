"""A replay beside what was published, line by line, for pages, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from victimcare.domain.agencies import OTHER_AGENCY, OWN_AGENCY
from victimcare.domain.code import VictimsCode
from victimcare.domain.compliance import Outcome
from victimcare.domain.counted import NO_DUTIES
from victimcare.domain.published_figures import Publication, PublishedLine
from victimcare.domain.replay_choices import tables_of
from victimcare.domain.small_numbers import Suppressed, added
from victimcare.domain.tally import Breakdown, By
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import HIDDEN, NOT_APPLICABLE, number, percent
from victimcare.queries.rates import Rate

OFFICERS_AT_LEAST = 5
"""So many officers at least share what is said of each of them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One line in one of the two reckonings."""

    counted: str
    met: str
    met_late: str
    overdue: str
    in_time: str

    @property
    def tells(self) -> bool:
        """Whether any of it is a number."""
        return any(not words.startswith("[") for words in (self.counted, self.met, self.met_late, self.overdue))


_HIDDEN = Figures(*[HIDDEN] * 5)
_NONE = Figures(*[NOT_APPLICABLE] * 5)


@dataclass(frozen=True, slots=True)
class Compared:
    """A line in both; hidden in one that does not show it, and [z] in one whose law knows no such line."""

    agency: str
    line: str
    published: Figures
    replayed: Figures


def compared(
    published: Publication, replayed: Publication, names: Names, replay_names: Names, *, split: By = By.RIGHT
) -> Iterator[Compared]:
    """The agencies in all, their rights, and the duties of each right; or the lines of another `split`.

    Each is called what its own law calls it.
    """
    before, after = _lines(published, split), _lines(replayed, split)
    for breakdown, value in sorted({**before, **after}, key=_order):
        place = breakdown, value
        called = names if place in before else replay_names
        line = called.of_line(breakdown, value) if value else _in_all(called, breakdown)
        yield Compared(
            called.of_agency(breakdown.of),
            line,
            before.get(place) or _not_there(names.code, breakdown, value),
            after.get(place) or _not_there(replay_names.code, breakdown, value),
        )


def _in_all(names: Names, breakdown: Breakdown) -> str:
    return names.of_right(int(breakdown.within)) if breakdown.within else "All"


def _not_there(code: VictimsCode, breakdown: Breakdown, value: str) -> Figures:
    """What stands for a line that is not shown. That there is none only the law tells, never what was counted."""
    return _HIDDEN if any(_has_line(edition, breakdown, value) for edition in code.editions) else _NONE


def _has_line(edition: Any, breakdown: Breakdown, value: str) -> bool:
    if breakdown.by is By.RULE:
        return bool(edition.has_rule(value))
    right = value if breakdown.by is By.RIGHT else breakdown.within
    if right:
        return any(str(rule.right) == right for rule in edition.rules)
    return breakdown.of == OTHER_AGENCY or breakdown.of in edition.agencies


def _order(place: tuple[Breakdown, str]) -> tuple[str, int, str]:
    breakdown, value = place
    if breakdown.by is By.RIGHT:
        return breakdown.of, int(value or 0), ""
    return breakdown.of, int(breakdown.within or 0), value


def _lines(publication: Publication, split: By) -> Mapping[tuple[Breakdown, str], Figures]:
    lines: dict[tuple[Breakdown, str], Figures] = {}
    of_duties = (table for table in publication.tables if table.breakdown.of not in NO_DUTIES)
    for table in (table for table in of_duties if table.breakdown.by in tables_of(split)):
        if table.breakdown.by is not By.RULE:  # its sum is the line of its right
            lines[table.breakdown, ""] = _figures(table.total, publication.threshold)
        lines |= {(table.breakdown, row.value): _figures(row, publication.threshold) for row in table.rows}
    return lines


def _figures(line: PublishedLine, threshold: int) -> Figures:
    counts = line.outcomes
    rate = Rate.of(counts[Outcome.MET], line.counted.total, threshold=threshold)
    met, met_late, overdue = (number(counts[each]) for each in (Outcome.MET, Outcome.MET_LATE, Outcome.OPEN))
    return Figures(number(line.counted.total), met, met_late, overdue, percent(rate.share))


def workload(published: Publication, replayed: Publication, *, officers: int, split: By = By.RIGHT) -> str:
    """What the quarter asks of an officer in each reckoning, made of the numbers that are shown and of no others."""
    if officers < OFFICERS_AT_LEAST:
        return "Too few officers to say what it asks of each."
    before, now = (_an_officer(one, officers, split) for one in (published, replayed))
    return f"The force’s own duties for each officer: {before} as published, {now} as reckoned."


def _an_officer(publication: Publication, officers: int, split: By) -> str:
    table = publication.table(Breakdown(OWN_AGENCY, split))
    duties = added(group.total for group in table.total.groups) if table else None
    return HIDDEN if duties is None or isinstance(duties, Suppressed) else f"{duties / officers:,.0f}"


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


def _cells(figures: Figures) -> str:
    return f"{figures.counted:>8} {figures.met:>8} {figures.met_late:>7} {figures.in_time:>8}"


def as_json(lines: list[Compared]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [asdict(line) for line in lines]

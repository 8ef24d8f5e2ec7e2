"""A replay beside what was published, line by line, for pages, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from victimcare.domain.agencies import OTHER_AGENCY, OWN_AGENCY
from victimcare.domain.code import VictimsCode
from victimcare.domain.counted import (
    CONTINUITY,
    GAPS,
    NO_DUTIES,
    QUALITY,
    SILENCE,
    SILENCES,
    STAGES_REACHED,
    STEPS,
    VICTIMS,
    Overturned,
    Recorded,
)
from victimcare.domain.dip_sample import Answer
from victimcare.domain.published_figures import Publication, PublishedTable
from victimcare.domain.replay_choices import DUTIES, Told
from victimcare.domain.small_numbers import Suppressed, added
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.domain.tally import Breakdown, By
from victimcare.editions.quality_questions import published_questions
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import HIDDEN, NOT_APPLICABLE
from victimcare.presentation.journey_figures import STEPS as STEPS_IN_WORDS
from victimcare.presentation.replay_columns import Figures, columns_of, figures_of, nothing

OFFICERS_AT_LEAST = 5
"""So many officers at least share what is said of each of them."""
_WITH_WORKLOAD = (Told.RIGHT, Told.AREA, Told.CRIME_TYPE, Told.TIER, Told.TEAM, Told.MONTH)
_TITLES = {
    By.CAUSE: "Why duties were late",
    By.TRIED: "Whether somebody tried before duties were late",
    By.RECORDED: "When the answers to duties met in time were recorded",
    By.OVERTURNED: "Duties in no percentage",
}
"""What the tables of an agency are called that stand behind its duties."""
_TITLES_OF: Mapping[str | tuple[str, By], str] = {
    VICTIMS: "Victims whose case was opened",
    (GAPS, By.AREA): "Needs that no service met, by area",
    (GAPS, By.NEED): "Needs that no service met, by need",
    STEPS: "Cases by what was done",
    STAGES_REACHED: "Cases that reached a stage",
    CONTINUITY: "Cases that were closed",
    SILENCE: "Cases that were open",
}
"""What the tables are called that are of no agency."""
_IN_ORDER: Mapping[By, Iterable[str]] = {
    By.KIND: (*map(stage_code, STAGES), *STEPS_IN_WORDS),
    By.SILENCE: SILENCES,
    By.NEED: (*SUPPORT_NEEDS, ANY_NEED),
    By.ANSWER: Answer,
    By.RECORDED: Recorded,
    By.OVERTURNED: Overturned,
}
_PLACES = {(by, str(value)): place for by, values in _IN_ORDER.items() for place, value in enumerate(values, 1)}
"""Lines that have an order of their own; the others stand by their codes."""
_Lines = Mapping[tuple[Breakdown, str], Figures]


@dataclass(frozen=True, slots=True)
class Compared:
    """A line in both; hidden in one that does not show it, and [z] in one whose law knows no such line.

    `group` is the agency, or the table, in which the line stands. Both have a figure in each of the same columns.
    """

    group: str
    line: str
    published: Figures
    replayed: Figures

    @property
    def tells(self) -> bool:
        """Whether any figure of the replay is a number."""
        return any(not words.startswith("[") for words in self.replayed.values())


def compared(
    published: Publication, replayed: Publication, names: Names, replay_names: Names, *, told: Told = Told.RIGHT
) -> Iterator[Compared]:
    """The agencies in all, their rights, and the duties of each right; or the lines of what else is `told`.

    Each is called what its own law calls it.
    """
    before, after = _lines(published, told), _lines(replayed, told)
    for breakdown, value in sorted({**before, **after}, key=_order):
        place = breakdown, value
        called = names if place in before else replay_names
        yield Compared(
            group=_group(called, breakdown),
            line=called.of_line(breakdown, value) if value else _in_all(called, breakdown),
            published=before.get(place) or _not_there(published, names.code, breakdown, value, told),
            replayed=after.get(place) or _not_there(replayed, replay_names.code, breakdown, value, told),
        )


def _group(names: Names, breakdown: Breakdown) -> str:
    """The agency, or the table of which the line is one."""
    if breakdown.of == QUALITY:
        questions = {question.code: question.words for question in published_questions()}
        return questions.get(breakdown.within or "", breakdown.within or "")
    if breakdown.of in NO_DUTIES:
        return _TITLES_OF.get((breakdown.of, breakdown.by)) or _TITLES_OF[breakdown.of]
    title = _TITLES.get(breakdown.by)
    return f"{names.of_agency(breakdown.of)}: {title}" if title else names.of_agency(breakdown.of)


def _in_all(names: Names, breakdown: Breakdown) -> str:
    of_a_right = breakdown.by is By.RULE and breakdown.within
    if of_a_right:
        return names.of_right(int(breakdown.within or 0))
    return "All lines together" if breakdown.of in (STEPS, STAGES_REACHED) else "All"


def _not_there(publication: Publication, code: VictimsCode, breakdown: Breakdown, value: str, told: Told) -> Figures:
    """What stands for a line that is not there.

    That the law has no such duty only the law tells, never what was counted; of anything else, a table that shows its
    lines shows all of them.
    """
    if told.of != DUTIES:
        table = publication.table(breakdown)
        return nothing(told) if table and table.rows else dict.fromkeys(columns_of(told), HIDDEN)
    has_line = any(_has_line(edition, breakdown, value) for edition in code.editions)
    return dict.fromkeys(columns_of(told), HIDDEN if has_line else NOT_APPLICABLE)


def _has_line(edition: Any, breakdown: Breakdown, value: str) -> bool:
    if breakdown.by is By.RULE:
        return bool(edition.has_rule(value))
    right = value if breakdown.by is By.RIGHT else breakdown.within
    if right:
        return any(str(rule.right) == right for rule in edition.rules)
    return breakdown.of == OTHER_AGENCY or breakdown.of in edition.agencies


def _order(place: tuple[Breakdown, str]) -> tuple[str, str, int, str]:
    breakdown, value = place
    if breakdown.by is By.RIGHT:
        return breakdown.of, "", int(value or 0), ""
    if breakdown.by is By.RULE:
        return breakdown.of, "", int(breakdown.within or 0), value
    return breakdown.of, f"{breakdown.by} {breakdown.within or ''}", _PLACES.get((breakdown.by, value), 0), value


def _lines(publication: Publication, told: Told) -> _Lines:
    lines: dict[tuple[Breakdown, str], Figures] = {}
    for table in (table for table in publication.tables if told.has(table.breakdown)):
        if table.breakdown.by is not By.RULE:  # its sum is the line of its right
            lines[table.breakdown, ""] = figures_of(told, table.total, publication.threshold)
        rows = ((row.value, figures_of(told, row, publication.threshold)) for row in table.rows)
        lines |= {(table.breakdown, value): figures for value, figures in rows}
    return lines


def workload(published: Publication, replayed: Publication, *, officers: int, told: Told = Told.RIGHT) -> str:
    """What the quarter asks of an officer in each reckoning, made of the numbers that are shown and of no others.

    "" where no duties are told.
    """
    if told not in _WITH_WORKLOAD:
        return ""
    if officers < OFFICERS_AT_LEAST:
        return "Too few officers to say what it asks of each."
    before, now = (_an_officer(one, officers, told) for one in (published, replayed))
    return f"The force’s own duties for each officer: {before} as published, {now} as reckoned."


def _an_officer(publication: Publication, officers: int, told: Told) -> str:
    table: PublishedTable | None = publication.table(Breakdown(OWN_AGENCY, told.by[0]))
    duties = added(group.total for group in table.total.groups) if table else None
    return HIDDEN if duties is None or isinstance(duties, Suppressed) else f"{duties / officers:,.0f}"


def as_text(lines: list[Compared], *, told: Told = Told.RIGHT) -> Iterator[str]:
    """A heading, and a line for each: what was published, then what was reckoned now."""
    columns = columns_of(told).values()
    titles = _cells(columns, columns)
    yield f"{'':44} {'Published':>{len(titles)}}   {'Reckoned now':>{len(titles)}}"
    yield f"{'':44} {titles}   {titles}"
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            yield group
        both = "   ".join(_cells(figures.values(), columns) for figures in (line.published, line.replayed))
        yield f"  {line.line[:42]:42} {both}"


def _cells(words: Iterable[str], columns: Iterable[str]) -> str:
    return " ".join(f"{each:>{max(len(title), 8)}}" for each, title in zip(words, columns, strict=True))


def as_json(lines: list[Compared]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [asdict(line) for line in lines]

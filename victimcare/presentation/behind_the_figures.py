"""What stands behind the percentage of duties met in time, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from victimcare.domain.counted import Asked, Overturned, Recorded, Tried
from victimcare.domain.dip_sample import Answer
from victimcare.domain.small_numbers import Count, Suppressed
from victimcare.editions.quality_questions import published_questions
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import HIDDEN, number, percent
from victimcare.queries.behind_the_figures import AgencyBehind, BehindView
from victimcare.queries.period_tables import PeriodTable


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a table: how many, and what share that is of all of them."""

    name: str
    count: str
    share: str


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency's late duties by cause, and of those and of the ones met in time what else is told."""

    name: str
    late: str
    causes: tuple[Part, ...]
    tried: Part
    met: str
    afterwards: Part
    after_a_breach: Part
    not_counted: str
    was_late: Part


@dataclass(frozen=True, slots=True)
class Question:
    """A question of quality: in how many cases each was answered."""

    words: str
    answers: tuple[Part, ...]
    cases: str


@dataclass(frozen=True, slots=True)
class AskedOf:
    """The victims of a team, or all: how many were asked of all their characteristics, of some, of none."""

    name: str
    parts: tuple[Part, ...]
    victims: str


def agencies(view: BehindView, names: Names) -> tuple[Agency, ...]:
    """Agency by agency, those causes first that were given most often."""
    return tuple(_agency(of, names) for of in view.agencies)


def _agency(of: AgencyBehind, names: Names) -> Agency:
    return Agency(
        name=names.of_agency(of.agency),
        late=number(_total(of.causes)),
        causes=tuple(_parts(of.causes, names)) if of.causes else (),
        tried=_part(of.tried, Tried.IN_TIME, names),
        met=number(_total(of.recorded)),
        afterwards=_part(of.recorded, Recorded.AFTERWARDS, names),
        after_a_breach=_part(of.recorded, Recorded.AFTER_A_BREACH, names),
        not_counted=number(_total(of.overturned)),
        was_late=_part(of.overturned, Overturned.WAS_LATE, names),
    )


def _parts(table: PeriodTable, names: Names) -> Iterator[Part]:
    ordered = sorted(table.lines, key=lambda line: (-_least(_counted(line.groups[0].total)), line.value))
    for line in ordered:
        count = line.groups[0].total
        yield Part(names.of_line(table.breakdown, line.value), number(count), _share(count, _total(table)))


def _part(table: PeriodTable | None, value: str, names: Names) -> Part:
    """The line of this value; where the table has none of it, there is none, unless all of it is hidden."""
    if table is None:
        return Part(value, number(0), _share(0, 0))
    line = next((line for line in table.lines if line.value == value), None)
    hidden = line is None and not table.lines and _total(table) != 0
    count = line.groups[0].total if line else 0
    words = names.of_line(table.breakdown, value)
    return Part(words, HIDDEN, HIDDEN) if hidden else Part(words, number(count), _share(count, _total(table)))


def questions(view: BehindView, names: Names) -> tuple[Question, ...]:
    """What supervisors found, question by question in the order in which they are asked."""
    words = {question.code: question.words for question in published_questions()}
    tables = {table.breakdown.within or "": table for table in view.quality}
    ordered = [code for code in (*words, *sorted(tables.keys() - words.keys())) if code in tables]
    return tuple(
        Question(
            words.get(code, code),
            tuple(_part(tables[code], answer, names) for answer in Answer),
            number(_total(tables[code])),
        )
        for code in ordered
    )


def asked(view: BehindView, names: Names) -> tuple[AskedOf, ...]:
    """Of what victims were asked, team by team and last in all. Teams are left out where they are all hidden."""
    tables = [*view.asked_by_team, *([("All victims", view.asked)] if view.asked else [])]
    return tuple(
        AskedOf(name, tuple(_part(table, each, names) for each in Asked), number(_total(table)))
        for name, table in tables
    )


def quality_in_a_sentence(asked: Iterable[Question]) -> str:
    """Where most is amiss, beside the figures of time; "" where nothing was looked at."""
    found = list(asked)
    if not found:
        return ""
    cases = found[0].cases
    told = "; ".join(f"{question.words} Yes in {question.answers[0].share}" for question in found)
    return f"Quality beside it, from {cases} cases that supervisors looked at. {told}."


def _total(table: PeriodTable | None) -> Count:
    return table.total.groups[0].total if table else 0


def _counted(count: Count) -> int | None:
    return None if isinstance(count, Suppressed) else count


def _least(count: int | None) -> int:
    return -1 if count is None else count


def _share(count: Count, total: Count) -> str:
    """What is hidden has no share; nor has a part of nothing."""
    if isinstance(count, Suppressed) or isinstance(total, Suppressed):
        return HIDDEN
    return percent(count / total if total else None)

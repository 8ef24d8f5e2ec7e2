"""What victims answered, in a board pack: the tables of its figures, and its section."""

from __future__ import annotations

from collections.abc import Iterator

from victimcare.domain.board_pack import Cell, PackTable
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.feedback_figures import OTHERS, HeardLine
from victimcare.presentation.board_pack.cells import count_cell, rate_cells
from victimcare.queries.board_pack import PackSource
from victimcare.queries.rates import Rate

ANSWERED, SAID, THEMES = "feedback-answered", "feedback-by-question", "feedback-themes"
OTHER_AREAS = "others"
"""Stands for the areas in which too few answered to be shown by themselves."""
_HOW_MANY = ("line", "asked", "answered", "answered_share", "answered_low", "answered_high")
_WHAT = (
    "asked_question",
    "line",
    "yes_share",
    "yes_low",
    "yes_high",
    *(f"answer_{one.value}" for one in FeedbackAnswer),
)


def answers_of_victims(source: PackSource) -> Iterator[PackTable]:
    """How many answered, what they said to each question, both by area, and what their words were about."""
    heard, of = source.heard, source.of_victims
    if heard is None or of is None:
        return
    lines = [*((line.group or OTHER_AREAS, line) for line in heard.table.groups), (OTHERS, heard.table.all)]
    yield PackTable(ANSWERED, _HOW_MANY, tuple((code, *_answered(line, source.threshold)) for code, line in lines))
    rows = tuple(
        (question, code, *_said(line, question, source.threshold)) for question in of.questions for code, line in lines
    )
    yield PackTable(SAID, _WHAT, rows)
    themes = ((theme, count_cell(heard.themes[theme])) for theme in of.themes)
    yield PackTable(THEMES, ("theme", "words"), (*themes, ("", count_cell(heard.words))))


def _answered(line: HeardLine, threshold: int) -> Iterator[Cell]:
    yield from (count_cell(line.asked), count_cell(line.answered))
    yield from rate_cells(Rate.of(line.answered, line.asked, threshold=threshold))


def _said(line: HeardLine, question: str, threshold: int) -> Iterator[Cell]:
    yield from rate_cells(Rate.of(*line.said_yes(question), threshold=threshold))
    yield from map(count_cell, line.said[question].parts)

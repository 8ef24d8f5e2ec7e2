"""What the board decided to do, in a board pack: the tables of its figures, and what their codes are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from victimcare.domain.board_actions import Moved, Way
from victimcare.domain.board_actions import Step as Taken
from victimcare.domain.board_pack import Cell, PackTable
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import Suppressed
from victimcare.presentation import board_actions as words
from victimcare.presentation.board_pack.cells import as_cell, count_cell, rate_cells
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import HIDDEN, NOT_APPLICABLE, plain_points
from victimcare.queries.board_actions import ActionView
from victimcare.queries.board_pack import PackSource
from victimcare.queries.rates import Rate, change_of

ACTIONS, MOVED = "actions", "actions-moved"
OPEN = "open"
_NEITHER = ""
"""Stands for the quarter since the decision where none is published."""


def actions_of_the_board(source: PackSource) -> Iterator[PackTable]:
    """What is to be done by whom until when, and whether the figure that should move did."""
    if not source.actions:
        return
    columns = ("action", "owner", "decided_on", "due_on", "stands")
    yield PackTable(ACTIONS, columns, tuple(map(_decided, source.actions)))
    figures = ("before_share", "before_of", "since_quarter", "since_share", "since_of")
    moved = ("action", "measure", "way", "held_against", *figures)
    changes = ("change", "change_low", "change_high", "moved")
    yield PackTable(MOVED, (*moved, *changes), tuple(map(_moved, source.actions)))


def _decided(one: ActionView) -> tuple[Cell, ...]:
    stands = one.last.step.value if one.last.step.ends_it else OPEN
    return one.words, one.owner, one.decided_on.isoformat(), one.last.due_on.isoformat(), stands


def _moved(one: ActionView) -> tuple[Cell, ...]:
    return (
        one.words,
        one.measure.code,
        one.way.value,
        one.baseline.id,
        *_figure(one.before),
        one.since.id if one.since else _NEITHER,
        *(_figure(one.after) if one.since else (NOT_APPLICABLE, NOT_APPLICABLE)),
        *_change(one),
        one.moved.name.lower(),
    )


def _figure(rate: Rate | None) -> tuple[Cell, Cell]:
    return (HIDDEN, HIDDEN) if rate is None else (next(rate_cells(rate)), count_cell(rate.denominator))


def _change(one: ActionView) -> tuple[Cell, Cell, Cell]:
    if one.since is None:
        return (NOT_APPLICABLE,) * 3
    change = None if one.before is None or one.after is None else change_of(one.before, one.after)
    if change is None or isinstance(change, Suppressed):
        return (HIDDEN,) * 3
    by, low, high = (as_cell(plain_points(share)) for share in (change.by, *change.interval))
    return by, low, high


def names_of_actions(source: PackSource, names: Names) -> Mapping[str, Mapping[str, str]]:
    """What the codes of these tables are called; none where the board decided nothing."""
    if not source.actions:
        return {}
    quarters = {quarter for one in source.actions for quarter in (one.baseline, one.since) if quarter}
    titles = {quarter.id: words.quarter_in_words(quarter) for quarter in sorted(quarters, key=_by_day)}
    return {
        "owner": {one.owner: names.of_agency(one.owner) for one in source.actions},
        "measure": {one.measure.code: words.measure_in_words(one.measure, names) for one in source.actions},
        "way": {way.value: words.WAYS[way] for way in Way},
        "stands": {OPEN: "Open", **{step.value: words.STEPS[step] for step in Taken if step.ends_it}},
        "held_against": titles,
        "since_quarter": {**titles, _NEITHER: "None published yet"},
        "moved": {moved.name.lower(): words.MOVED[moved] for moved in Moved},
    }


def _by_day(quarter: Quarter) -> str:
    return quarter.id

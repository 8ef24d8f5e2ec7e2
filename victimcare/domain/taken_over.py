"""A duty that began under one edition of the Code, and what a later one makes of it on the day it commences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from victimcare.domain.clocks import Start
from victimcare.domain.code import Edition, Rule
from victimcare.domain.conditions import Answer
from victimcare.domain.standing import Ending
from victimcare.domain.transition import Fate


class TakenOver(NamedTuple):
    """The edition in which a duty began, the one that took it over, and how; `due_before` it was due until then."""

    began_under: Edition
    by: Edition
    fate: Fate
    due_before: date | None


class Owed(Protocol):
    """Of a duty (`Entitlement`), what a later edition asks and changes."""

    rule: Rule
    edition: Edition
    started_on: date | None
    due_on: date | None
    ending: Ending | None
    ended_on: date | None
    ended_by: str | None
    asked: str | None
    rests: bool
    taken_over: TakenOver | None


Duty = TypeVar("Duty", bound=Owed)


def taken_over(owed: Duty, start: Start, later: Edition, reckon: Callable[[Start], Duty]) -> Duty:
    """The duty as `later`, an edition with a transition, leaves it. `start` is its clock under the edition it began in.

    Only what is open and in time on the day of commencement is touched. What the new rule does not speak of stays, and
    so does what it would make late at a stroke: no duty is late on the day on which its limit changed.
    """
    commences, transition = later.in_force_from, later.transition
    if transition is None or not _open_at(owed, commences):
        return owed
    fate = transition.fate_of(owed.rule.id)
    if fate is Fate.ENDS:
        _end(owed, TakenOver(owed.edition, later, fate, owed.due_on))
        return owed
    if not fate.moves or not _speaks_of(later, owed.rule, start):
        return owed
    counted_from = commences if fate is Fate.MOVES_FROM_COMMENCEMENT else None
    moved = reckon(replace(start, rule=later.rule(owed.rule.id), edition=later, counted_from=counted_from))
    if moved.due_on is None or moved.due_on < commences:
        return owed
    moved.taken_over = TakenOver(owed.edition, later, fate, owed.due_on)
    if moved.ended_on is not None and moved.ended_on < commences:
        moved.ended_on = commences  # what had been told by then is all that the new rule asks
    return moved


def _open_at(owed: Owed, commences: date) -> bool:
    """Whether it began before that day, and was neither ended nor late by then."""
    if owed.started_on is None or owed.started_on >= commences or owed.due_on is None or owed.due_on < commences:
        return False
    if owed.ending is Ending.RECORDED_IN_ERROR:
        return False
    return owed.ended_on is None or owed.ended_on >= commences


def _speaks_of(later: Edition, rule: Rule, start: Start) -> bool:
    """Whether the new edition's rule of the same id is about such a start, and is met in the same way."""
    if not later.has_rule(rule.id):
        return False
    new, event = later.rule(rule.id), start.chain.current
    if new.meeting is not rule.meeting:
        return False
    if rule.recurring or event.kind in new.confirmed_by:
        return True
    return event.kind in new.starts_on | new.also_starts_on.keys() and new.condition.ask(event.details) is not Answer.NO


def _end(owed: Owed, how: TakenOver) -> None:
    if owed.ended_on == how.by.in_force_from:
        return  # what happened on that day comes first
    owed.ending, owed.ended_on, owed.ended_by = Ending.NOT_APPLICABLE, how.by.in_force_from, None
    owed.asked, owed.rests, owed.taken_over = None, False, how

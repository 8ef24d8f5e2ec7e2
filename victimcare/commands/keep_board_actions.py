"""Record what the board decided to do, that it is due on another day, and how it ended: nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.board_actions import Step
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, board_actions
from victimcare.store.board_actions import NewAction

__all__ = ["ActionRefused", "NewAction", "NoSuchAction", "NotTheirActions", "decide_action", "end_action", "move_due"]


def decide_action(connection: Connection, *, action: NewAction, by: Person, now: datetime) -> int:
    """Record it; its number. Raises `NotTheirActions`, `ActionRefused`."""
    _check(by)
    if action.due_on <= london_date(now):
        raise ActionRefused("due_on", "The day by which it is to be done must be in the future")
    if action.decided_on > london_date(now):
        raise ActionRefused("decided_on", "The day of the decision must be today or in the past")
    action_id = board_actions.add(connection, action, by=by.id, at=now)
    audit.write(connection, at=now, operation="collection", what=f"record board action {action_id}", person=by)
    return action_id


def move_due(connection: Connection, *, action_id: int, due_on: date, words: str, by: Person, now: datetime) -> None:
    """It is due on another day. Raises `NotTheirActions`, `NoSuchAction`, `ActionRefused`."""
    last = _open(connection, action_id, by)
    if due_on <= london_date(now) or due_on == last.due_on:
        raise ActionRefused("due_on", "Enter another day, in the future")
    _add(connection, action_id, Step.DUE_MOVED, due_on, words, by=by, now=now)


def end_action(connection: Connection, *, action_id: int, step: Step, words: str, by: Person, now: datetime) -> None:
    """It is done, or dropped. Raises `NotTheirActions`, `NoSuchAction`, `ActionRefused`."""
    last = _open(connection, action_id, by)
    if not step.ends_it:
        raise ActionRefused("step", "Say whether it is done or dropped")
    _add(connection, action_id, step, last.due_on, words, by=by, now=now)


def _add(
    connection: Connection, action_id: int, step: Step, due_on: date, words: str, *, by: Person, now: datetime
) -> None:
    board_actions.add_step(connection, action_id, step, due_on=due_on, words=words, by=by.id, at=now)
    what = f"board action {action_id}: {step.value}"
    audit.write(connection, at=now, operation="alteration", what=what, person=by)


def _check(by: Person) -> None:
    if not may(by, Action.KEEP_ACTIONS):
        raise NotTheirActions


def _open(connection: Connection, action_id: int, by: Person) -> Any:
    _check(by)
    last = board_actions.last_step(connection, action_id)
    if last is None:
        raise NoSuchAction
    if Step(last.step).ends_it:
        raise ActionRefused("", "This action has ended: what was said of it stands")
    return last


class ActionRefused(ValueError):
    """What was asked cannot be recorded; `field` is of the form, empty for none."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)


class NoSuchAction(LookupError):
    """There is no action of this number."""

    def __init__(self) -> None:
        super().__init__("there is no such action")


class NotTheirActions(PermissionError):
    """Somebody whose role keeps no actions of the board."""

    def __init__(self) -> None:
        super().__init__("your role keeps no actions of the board")

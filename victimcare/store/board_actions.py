"""Actions of the board in the database: each as it was decided, with every step since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from victimcare.domain.board_actions import Measure, Step, Way
from victimcare.store.tables import BoardAction, BoardActionStep

ACTIONS = BoardAction.__table__  # type: ignore[attr-defined]
STEPS = BoardActionStep.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class NewAction:
    """What the board decided: what is to be done, by which agency, by which London date, and which figure should move.

    `baseline` is the id of the quarter against which that is held.
    """

    words: str
    measure: Measure
    way: Way
    baseline: str
    owner: str
    decided_on: date
    due_on: date


def add(connection: Connection, action: NewAction, *, by: str, at: datetime) -> int:
    """Store it as decided, and return its number."""
    values = {
        "words": action.words,
        "measure": action.measure.code,
        "way": action.way.value,
        "baseline": action.baseline,
        "owner": action.owner,
        "decided_on": action.decided_on,
    }
    action_id = int(connection.execute(insert(ACTIONS).values(values).returning(ACTIONS.c.id)).scalar_one())
    add_step(connection, action_id, Step.DECIDED, due_on=action.due_on, words="", by=by, at=at)
    return action_id


def add_step(
    connection: Connection, action_id: int, step: Step, *, due_on: date, words: str, by: str, at: datetime
) -> None:
    """Keep what became of it."""
    signed = {"recorded_by": by, "recorded_at": at}
    connection.execute(insert(STEPS).values(action_id=action_id, step=step.value, due_on=due_on, words=words, **signed))


def last_step(connection: Connection, action_id: int) -> Any:
    """Its last step, the action locked; None where there is no such action."""
    it = select(ACTIONS.c.id).where(ACTIONS.c.id == action_id).with_for_update()
    if connection.execute(it).first() is None:
        return None
    steps = select(STEPS).where(STEPS.c.action_id == action_id).order_by(STEPS.c.id.desc())
    return connection.execute(steps.limit(1)).one()

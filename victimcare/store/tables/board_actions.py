"""What the board decided to do about its findings."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from victimcare.domain.board_actions import Step, Way
from victimcare.store.tables.checks import code_check


class BoardAction(SQLModel, table=True):
    """An action as it was decided. Never changed: what became of it are its steps.

    `words` say what is to be done and name nobody; `measure` is a code (`Measure`), `baseline` the quarter against
    which it is held ("2026-q3"), `owner` the agency that does it.
    """

    __tablename__ = "board_action"
    __table_args__ = (code_check("way", *Way),)

    id: int | None = Field(default=None, primary_key=True)
    words: str
    measure: str
    way: str
    baseline: str
    owner: str
    decided_on: date


class BoardActionStep(SQLModel, table=True):
    """One thing that became of it: decided, due on another day, done, dropped; `words` say why, and name nobody."""

    __tablename__ = "board_action_step"
    __table_args__ = (code_check("step", *Step),)

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="board_action.id", index=True)
    step: str
    due_on: date
    words: str = ""
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime

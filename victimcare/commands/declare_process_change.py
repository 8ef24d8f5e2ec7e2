"""Declare that a process changed from a month on, or withdraw that: both are kept, and neither is overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person, may
from victimcare.domain.process_changes import BOARD
from victimcare.store import audit, process_changes
from victimcare.store.process_changes import NewChange

__all__ = [
    "ChangeRefused",
    "NewChange",
    "NoSuchChange",
    "NotTheirChanges",
    "declare_process_change",
    "withdraw_process_change",
]


def declare_process_change(connection: Connection, *, change: NewChange, by: Person, now: datetime) -> int:
    """Record it; its number. Raises `NotTheirChanges`, `ChangeRefused`."""
    _check(by)
    today = london_date(now)
    if change.decided_on > today:
        raise ChangeRefused("decided_on", "The day of the decision must be today or in the past")
    if change.from_on.day != 1 or change.from_on > today:
        raise ChangeRefused("month", "Choose a month that has begun")
    if change.decided_by not in (BOARD, change.agency):
        raise ChangeRefused("decided_by", "Say whether the board or the agency decided it")
    those = process_changes.standing(connection)
    if any((one.agency, one.from_on) == (change.agency, change.from_on) for one in those):
        raise ChangeRefused("month", "A change is declared of this month already: withdraw it first")
    change_id = process_changes.declare(connection, change, by=by.id, at=now)
    audit.write(connection, at=now, operation="collection", what=f"declare process change {change_id}", person=by)
    return change_id


def withdraw_process_change(connection: Connection, *, change_id: int, reason: str, by: Person, now: datetime) -> None:
    """It was no change. Raises `NotTheirChanges`, `NoSuchChange`, `ChangeRefused`."""
    _check(by)
    withdrawn = process_changes.is_withdrawn(connection, change_id)
    if withdrawn is None:
        raise NoSuchChange
    if withdrawn:
        raise ChangeRefused("", "This change was withdrawn already: what was said of it stands")
    process_changes.withdraw(connection, change_id, reason=reason, by=by.id, at=now)
    audit.write(connection, at=now, operation="alteration", what=f"withdraw process change {change_id}", person=by)


def _check(by: Person) -> None:
    if not may(by, Action.KEEP_ACTIONS):
        raise NotTheirChanges


class ChangeRefused(ValueError):
    """What was asked cannot be recorded; `field` is of the form, empty for none."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)


class NoSuchChange(LookupError):
    """There is no declared change of this number."""

    def __init__(self) -> None:
        super().__init__("there is no such change")


class NotTheirChanges(PermissionError):
    """Somebody whose role declares nothing for the board."""

    def __init__(self) -> None:
        super().__init__("your role declares no changes for the board")

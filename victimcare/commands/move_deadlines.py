"""Let the cases follow a change of the law that was approved: a list of bank holidays, or an edition of the Code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_crime import new_key
from victimcare.domain import edition_moves, holiday_moves
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.law import Law, LawChange
from victimcare.store import audit, cases, law_moves
from victimcare.store.law_in_force import law_now
from victimcare.store.staff import SYSTEM, ensure_system


def wait_for_writers(connection: Connection) -> None:
    """Until this transaction ends nobody writes to a case, so that it can change the law. Raises `StillMoving`."""
    law_moves.let_writers_finish(connection)
    if law_moves.count_waiting(connection):
        raise StillMoving


def cases_to_move(connection: Connection) -> list[int]:
    """The cases that still have to follow the law in force."""
    return law_moves.waiting(connection)


def move_deadlines(connection: Connection, *, case_ids: Sequence[int], now: datetime, law: Law) -> int:
    """Let these cases follow the law in force: their deadlines, and what their journeys say; how many moved.

    Nothing is sent by it: what waits to be told of a deadline is asked again when it leaves (docs/decisions/0043).
    """
    law = law_now(connection, law)
    moved = 0
    loaded = cases.load_many(connection, case_ids)
    still = law_moves.waiting_of(connection, case_ids)  # once they are locked: another may have moved them
    for stored in loaded:
        if stored.id in still:
            moved += _move(connection, stored, still[stored.id], law, now)
            law_moves.done(connection, stored.id, still[stored.id])
    return moved


def _move(connection: Connection, stored: cases.StoredCase, change: LawChange, law: Law, now: datetime) -> bool:
    events = _events(stored, change, law, now)
    ensure_system(connection)
    what = f"move deadlines by {_what(change, law)}"
    if events:
        recording = cases.Recording(by=SYSTEM, at=now, what=what)
        cases.save(connection, stored, stored.case.record(*events), recording, law)
    elif cases.derive_again(connection, stored, law, now=now):
        audit.write(connection, at=now, operation="alteration", what=what, person=SYSTEM, case_ids=[stored.id])
    return bool(events)


def _what(change: LawChange, law: Law) -> str:
    if change is LawChange.HOLIDAYS:
        return f"bank holidays {law.calendar.number}"
    return f"change {law.code.number} of the Code"


def _events(stored: cases.StoredCase, change: LawChange, law: Law, now: datetime) -> list[JourneyEvent]:
    journey, at = stored.case.journey, stored.case.next_instant(now)
    if change is LawChange.HOLIDAYS:
        moved = holiday_moves.moved_by_list(journey, law.code, law.calendar)
        return holiday_moves.as_events(moved, journey, law.calendar, at=at, key=new_key)
    changed = edition_moves.changed_by_edition(journey, law.code, law.calendar)
    return edition_moves.as_events(changed, journey, law.code, at=at, key=new_key)


class StillMoving(RuntimeError):
    """Cases still follow what was approved before."""

    def __init__(self) -> None:
        super().__init__("deadlines are still being moved by the last change: approve this when they have been")

"""The cases that still have to follow the last change of the law: one change at a time, a case at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, text, union_all

from victimcare.domain.law import LawChange
from victimcare.store.database import is_sqlite
from victimcare.store.tables import EditionMove, HolidayMove

_MOVES: dict[LawChange, tuple[Any, str]] = {
    LawChange.HOLIDAYS: (HolidayMove.__table__, "list_id"),  # type: ignore[attr-defined]
    LawChange.EDITION: (EditionMove.__table__, "edition_id"),  # type: ignore[attr-defined]
}
_WAITING = union_all(
    *(select(moves.c.case_id, literal(change.value).label("change")) for change, (moves, _) in _MOVES.items())
).subquery()


def let_writers_finish(connection: Connection) -> None:
    """Until this transaction ends nobody writes to a case: whoever does so next counts by what it decides."""
    if not is_sqlite(connection):
        connection.execute(text("LOCK TABLE victim_case IN EXCLUSIVE MODE"))


def await_moves(connection: Connection, change: LawChange, number: int, touched: Select[int]) -> int:
    """Write down every case that is to follow this change, where none waits for another; how many.

    `number` is that of the list of bank holidays, or of the edition, that was decided on.
    """
    moves, of = _MOVES[change]
    found = touched.subquery()
    connection.execute(insert(moves).from_select([of, "case_id"], select(literal(number), found.c[0])))
    return count_waiting(connection)


def waiting(connection: Connection, *, limit: int | None = None) -> list[int]:
    """The cases that still have to follow, in the order of their ids."""
    return list(connection.execute(select(_WAITING.c.case_id).order_by(_WAITING.c.case_id).limit(limit)).scalars())


def count_waiting(connection: Connection) -> int:
    """How many they are."""
    return connection.execute(select(func.count()).select_from(_WAITING)).scalar_one()


def waiting_of(connection: Connection, case_ids: Sequence[int]) -> dict[int, LawChange]:
    """Which of these cases still have to follow, and what."""
    rows = connection.execute(select(_WAITING).where(_WAITING.c.case_id.in_(case_ids)))
    return {row.case_id: LawChange(row.change) for row in rows}


def done(connection: Connection, case_id: int, change: LawChange) -> None:
    """Say that this case has followed."""
    moves, _ = _MOVES[change]
    connection.execute(delete(moves).where(moves.c.case_id == case_id))

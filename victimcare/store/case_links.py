"""Links between cases of one person: rows that say so, and change nothing of the cases themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from victimcare.store.cases import VICTIMS
from victimcare.store.tables import CaseLink

LINKS = CaseLink.__table__  # type: ignore[attr-defined]
STANDING = LINKS.c.undone_at.is_(None)


def propose(
    connection: Connection, ids: tuple[int, int], *, reason: str, confidence: str, by: str, at: datetime
) -> int:
    """Store a link between these cases and return its number. Raises `AlreadyLinked`."""
    case_id, other_id = sorted(ids)
    row = {"case_id": case_id, "other_id": other_id, "reason": reason, "confidence": confidence}
    made = {"proposed_by": by, "proposed_at": at}
    try:
        with connection.begin_nested():
            return int(connection.execute(insert(LINKS).values(**row, **made).returning(LINKS.c.id)).scalar_one())
    except IntegrityError:
        raise AlreadyLinked from None


def there_are_any(connection: Connection) -> bool:
    """Whether any link was ever proposed."""
    return connection.execute(select(LINKS.c.id).limit(1)).first() is not None


def standing(connection: Connection, link_id: int, case_id: int) -> Any:
    """The row of a link of this case that nobody has taken back; None where there is none."""
    of_case = or_(LINKS.c.case_id == case_id, LINKS.c.other_id == case_id)
    return connection.execute(select(LINKS).where(LINKS.c.id == link_id, of_case, STANDING)).one_or_none()


def confirm(connection: Connection, link_id: int, *, by: str, at: datetime) -> None:
    """Note the second person."""
    connection.execute(update(LINKS).where(LINKS.c.id == link_id).values(confirmed_by=by, confirmed_at=at))


def undo(connection: Connection, link_id: int, *, by: str, at: datetime, why: str) -> None:
    """End the link; its row stays."""
    connection.execute(update(LINKS).where(LINKS.c.id == link_id).values(undone_by=by, undone_at=at, why_undone=why))


def searched_name(connection: Connection, victim_id: int) -> str | None:
    """The victim's name as it is searched for."""
    found: str | None = connection.execute(select(VICTIMS.c.searched_name).where(VICTIMS.c.id == victim_id)).scalar()
    return found


class AlreadyLinked(ValueError):
    """There is such a link already."""

    def __init__(self) -> None:
        super().__init__("these cases are linked already, or somebody has proposed it")

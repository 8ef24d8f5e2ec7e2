"""The changes of processes that were declared, with who recorded each, and whether it was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from victimcare.domain.people import Person
from victimcare.domain.process_changes import ProcessChange
from victimcare.queries.scope import for_the_board
from victimcare.store.process_changes import CHANGES, WITHDRAWN, as_change
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class Signed:
    """Who recorded something, when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """A declared change, and that it was withdrawn: None, it stands."""

    change: ProcessChange
    declared: Signed
    withdrawn: Signed | None


def process_changes(
    connection: Connection, *, person: Person, change_id: int | None = None
) -> tuple[DeclaredView, ...]:
    """All of them, the newest month first; or one. Raises `NotForTheBoard`."""
    for_the_board(person)
    declarer, withdrawer = PEOPLE.alias(), PEOPLE.alias()
    joined = (
        CHANGES.join(declarer, declarer.c.id == CHANGES.c.recorded_by)
        .outerjoin(WITHDRAWN, WITHDRAWN.c.change_id == CHANGES.c.id)
        .outerjoin(withdrawer, withdrawer.c.id == WITHDRAWN.c.recorded_by)
    )
    columns = (
        *CHANGES.c,
        declarer.c.name.label("declarer"),
        withdrawer.c.name.label("withdrawer"),
        WITHDRAWN.c.recorded_at.label("withdrawn_at"),
        WITHDRAWN.c.reason.label("why_withdrawn"),
    )
    wanted = select(*columns).select_from(joined).order_by(CHANGES.c.from_on.desc(), CHANGES.c.id.desc())
    if change_id is not None:
        wanted = wanted.where(CHANGES.c.id == change_id)
    return tuple(
        DeclaredView(
            as_change(row),
            Signed(row.declarer, row.recorded_at, row.reason),
            Signed(row.withdrawer, row.withdrawn_at, row.why_withdrawn) if row.withdrawn_at else None,
        )
        for row in connection.execute(wanted)
    )

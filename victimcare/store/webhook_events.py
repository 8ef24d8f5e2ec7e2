"""What is to be told to the systems of agencies, and what became of each: an outbox of its own.

    waiting > leased > delivered, or waiting again, or failed for good
    waiting > cancelled, when the system may not read it any more
    waiting > held, when a backup was restored: it may have left since that was made
    failed, held > waiting again, as an administrator says

Whoever is told knows it by its id and takes it once, so a sender that dies in between sends it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, text, update

from victimcare.domain.events_out import Told
from victimcare.store.tables import TO_BE_TOLD, WebhookAttempt, WebhookEvent

EVENTS_OUT = WebhookEvent.__table__  # type: ignore[attr-defined]
ATTEMPTS = WebhookAttempt.__table__  # type: ignore[attr-defined]
_OVER = ("delivered", "failed", "cancelled", "held")


@dataclass(frozen=True, slots=True)
class ToTell:
    """What is under this worker's lease. `attempts` are those before."""

    id: str
    person_id: str
    kind: Told
    subject: str | None
    case_id: int | None
    created_at: datetime
    attempts: int
    lease_until: datetime


def add(
    connection: Connection,
    person_id: str,
    kinds: Collection[Told],
    *,
    subject: str | None,
    case_id: int | None,
    at: datetime,
) -> None:
    """Let the system be told this, in the transaction that caused it."""
    shared = {"person_id": person_id, "subject": subject, "case_id": case_id, "created_at": at, "next_try_at": at}
    rows = [{"id": uuid.uuid4().hex, "kind": kind.value, **shared} for kind in sorted(kinds)]
    if rows:
        connection.execute(insert(EVENTS_OUT), rows)


def lease(connection: Connection, *, now: datetime, until: datetime, limit: int) -> list[ToTell]:
    """Take what is to be told now, and what a worker had taken that died."""
    waiting = and_(EVENTS_OUT.c.status == "waiting", EVENTS_OUT.c.next_try_at <= now)
    dead = and_(EVENTS_OUT.c.status == "leased", EVENTS_OUT.c.next_try_at <= now)
    wanted = select(EVENTS_OUT.c.id).where(text(TO_BE_TOLD), or_(waiting, dead))
    wanted = wanted.order_by(EVENTS_OUT.c.next_try_at, EVENTS_OUT.c.id).limit(limit)
    ids = list(connection.execute(wanted.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return []
    taken = {"status": "leased", "lease_until": until, "next_try_at": until}
    connection.execute(update(EVENTS_OUT).where(EVENTS_OUT.c.id.in_(ids)).values(taken))
    rows = connection.execute(select(EVENTS_OUT).where(EVENTS_OUT.c.id.in_(ids)).order_by(EVENTS_OUT.c.created_at))
    return [_to_tell(row) for row in rows]


def still_leased(connection: Connection, item: ToTell) -> bool:
    """Whether it is still under the lease of whoever has it."""
    mine = _mine(item)
    return connection.execute(select(EVENTS_OUT.c.id).where(mine).with_for_update()).first() is not None


def settle(connection: Connection, item: ToTell, *, status: str, at: datetime, **values: Any) -> bool:
    """Record what became of it, when it is tried again or was over (`at`), and give the lease back.

    False where it was lost to somebody else.
    """
    settled = {"status": status, "next_try_at": at, "lease_until": None, **values}
    return connection.execute(update(EVENTS_OUT).where(_mine(item)).values(settled)).rowcount == 1


def note_attempt(
    connection: Connection, item: ToTell, *, at: datetime, outcome: str, status: int | None, milliseconds: int
) -> None:
    """Write the attempt down."""
    row = {"event_id": item.id, "at": at, "outcome": outcome, "status": status, "milliseconds": milliseconds}
    connection.execute(insert(ATTEMPTS).values(row))


def give_up(connection: Connection, person_id: str) -> None:
    """What waits for this system, or is about to leave, does so no more: it can be sent again from its page."""
    waiting = (EVENTS_OUT.c.person_id == person_id) & text(TO_BE_TOLD)
    connection.execute(update(EVENTS_OUT).where(waiting).values(status="failed", lease_until=None))


def send_again(connection: Connection, person_id: str, *, now: datetime) -> int:
    """Let what failed for this system, or was held back, be tried anew; how many."""
    anew = {"status": "waiting", "attempts": 0, "next_try_at": now}
    of_it = (EVENTS_OUT.c.person_id == person_id) & EVENTS_OUT.c.status.in_(("failed", "held"))
    return connection.execute(update(EVENTS_OUT).where(of_it).values(anew)).rowcount


def counts(connection: Connection, person_id: str) -> dict[str, int]:
    """How many there are of each status."""
    by_status = select(EVENTS_OUT.c.status, func.count()).where(EVENTS_OUT.c.person_id == person_id)
    rows = connection.execute(by_status.group_by(EVENTS_OUT.c.status)).all()
    return {status: int(count) for status, count in rows}


def quarantine(connection: Connection) -> int:
    """In a restored database, let nothing leave that was to leave when the backup was made; how many."""
    held = update(EVENTS_OUT).where(text(TO_BE_TOLD)).values(status="held", lease_until=None)
    return connection.execute(held).rowcount


def release_quarantined(connection: Connection, *, now: datetime) -> int:
    """Let what was held back by restoring leave after all; how many."""
    anew = {"status": "waiting", "attempts": 0, "next_try_at": now}
    return connection.execute(update(EVENTS_OUT).where(EVENTS_OUT.c.status == "held").values(anew)).rowcount


def forget_before(connection: Connection, before: datetime) -> None:
    """Forget what was over long ago, with its attempts."""
    old = (EVENTS_OUT.c.next_try_at < before) & EVENTS_OUT.c.status.in_(_OVER)
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.event_id.in_(select(EVENTS_OUT.c.id).where(old))))
    connection.execute(delete(EVENTS_OUT).where(old))


def _mine(item: ToTell) -> ColumnElement[bool]:
    leased = and_(EVENTS_OUT.c.status == "leased", EVENTS_OUT.c.lease_until == item.lease_until)
    return and_(EVENTS_OUT.c.id == item.id, leased)


def _to_tell(row: Any) -> ToTell:
    return ToTell(
        id=row.id,
        person_id=row.person_id,
        kind=Told(row.kind),
        subject=row.subject,
        case_id=row.case_id,
        created_at=row.created_at,
        attempts=row.attempts,
        lease_until=row.lease_until,
    )

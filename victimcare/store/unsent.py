"""What did not leave the outbox: it is tried anew or given up; and what a restored backup holds back.

A notice that failed is settled with those that go with it, where it is a digest.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, text, update

from victimcare.domain.emergency_access import Alert
from victimcare.domain.position import ACCESS_GIVEN
from victimcare.domain.snooping import SIGN_FOUND
from victimcare.store.outbox import OUTBOX
from victimcare.store.tables import UNSETTLED

RESTORED = "A backup was restored: it may have left since that was made"
WATCHES_ACCESS = frozenset({*(each.value for each in Alert), SIGN_FOUND, ACCESS_GIVEN})
"""The steps that tell others of what somebody did: no administrator keeps that from them."""

_FAILED = and_(text(UNSETTLED), OUTBOX.c.status == "failed")
_TO_STAFF = OUTBOX.c.message_id.is_(None) & OUTBOX.c.referral_id.is_(None)
_NEVER_ARRIVED = OUTBOX.c.delivery.is_not(None)


def retry_failed(connection: Connection, *, now: datetime) -> tuple[int, list[int]]:
    """Let every notice that failed be tried anew; how many, and the cases that they tell of.

    What a provider could not deliver would go to the same address again: that is decided one by one.
    """
    tried = update(OUTBOX).where(_FAILED, ~_NEVER_ARRIVED).values(_anew(now))
    rows = connection.execute(tried.returning(OUTBOX.c.digest_id, OUTBOX.c.case_id)).all()
    return sum(row.digest_id is None for row in rows), _cases(rows)


def retry_one(connection: Connection, notice_id: int, *, now: datetime) -> list[int] | None:
    """Let one of them be tried anew; the cases that it tells of, or None where it is none.

    What did not arrive is tried again only where it goes to staff, and as a notice of its own: a provider knows the
    other one by its reference.
    """
    found = _failed_alone(connection, notice_id, ~_NEVER_ARRIVED | _TO_STAFF)
    if found is None:
        return None
    if found.delivery is not None:
        anew = update(OUTBOX).where(OUTBOX.c.id == notice_id).values(reference=secrets.token_hex(16))
        connection.execute(anew)
    return _settle(connection, notice_id, **_anew(now), delivery=None, delivery_at=None)


def abandon(connection: Connection, notice_id: int, *, why: str) -> list[int] | None:
    """Say that a notice to staff, which failed, is not to be sent; the cases that it tells of, or None where it is none
    that may be given up.
    """
    if _failed_alone(connection, notice_id, _TO_STAFF & OUTBOX.c.step.not_in(WATCHES_ACCESS)) is None:
        return None
    return _settle(connection, notice_id, status="abandoned", error=why)


def quarantine(connection: Connection) -> int:
    """In a restored database, let nothing leave that was to leave when the backup was made; how many.

    It may have left since. Officers see it among what did not leave, and write it again or put it aside. What had left
    and did not arrive stays what it is.
    """
    since = {"status": "outcome_unknown", "lease_until": None, "error": RESTORED}
    to_leave = and_(text(UNSETTLED), OUTBOX.c.status != "outcome_unknown", ~_NEVER_ARRIVED)
    interrupted = and_(OUTBOX.c.status == "outcome_unknown", OUTBOX.c.lease_until.is_not(None))
    return connection.execute(update(OUTBOX).where(or_(to_leave, interrupted)).values(**since)).rowcount


def release_quarantined(connection: Connection, *, now: datetime) -> int:
    """Let what was held back by restoring leave after all: somebody knows that nothing of it had; how many."""
    held_back = and_(OUTBOX.c.status == "outcome_unknown", OUTBOX.c.error == RESTORED, ~_NEVER_ARRIVED)
    return connection.execute(update(OUTBOX).where(held_back).values(**_anew(now), error=None)).rowcount


def _anew(now: datetime) -> dict[str, Any]:
    return {"status": "waiting", "attempts": 0, "next_try_at": now}


def _failed_alone(connection: Connection, notice_id: int, which: ColumnElement[bool]) -> Any:
    """The failed notice of this id, locked; None where it goes with a digest, which is settled instead."""
    wanted = select(OUTBOX).where(_FAILED, OUTBOX.c.id == notice_id, OUTBOX.c.digest_id.is_(None), which)
    return connection.execute(wanted.with_for_update()).first()


def _settle(connection: Connection, notice_id: int, **values: Any) -> list[int]:
    """Settle it and what goes with it; the cases that they tell of."""
    it_and_its_own = or_(OUTBOX.c.id == notice_id, OUTBOX.c.digest_id == notice_id)
    settled = update(OUTBOX).where(_FAILED, it_and_its_own).values(**values)
    return _cases(connection.execute(settled.returning(OUTBOX.c.case_id)).all())


def _cases(rows: Sequence[Any]) -> list[int]:
    return sorted({row.case_id for row in rows if row.case_id is not None})

"""What could not be sent, for administrators: about the machinery, and of no case and no victim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, text

from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE, TEAMS
from victimcare.store.tables import UNSETTLED

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class FailedNotice:
    """A notice that failed. `to` is the member of staff or the team's inbox; None where it went outside.

    `undelivered`: a provider took it, and it did not arrive.
    """

    id: int
    reference: str
    kind: str
    to: str | None
    since_at: datetime
    attempts: int
    why: str
    undelivered: bool

    @property
    def may_be_given_up(self) -> bool:
        """Whether an administrator may: what goes outside is for whoever wrote it."""
        return self.to is not None


def failed_notices(connection: Connection) -> tuple[FailedNotice, ...]:
    """The oldest of them, as many as a page shows."""
    rows = connection.execute(_failed().order_by(OUTBOX.c.created_at, OUTBOX.c.id).limit(MOST_LISTED))
    return tuple(_notice(row) for row in rows)


def failed_notice(connection: Connection, notice_id: int) -> FailedNotice | None:
    """The one of this id; None where it did not fail."""
    row = connection.execute(_failed().where(OUTBOX.c.id == notice_id)).first()
    return _notice(row) if row else None


def _failed() -> Select[Any]:
    joined = OUTBOX.outerjoin(PEOPLE, PEOPLE.c.id == OUTBOX.c.recipient_id).outerjoin(
        TEAMS, TEAMS.c.id == OUTBOX.c.team_id
    )
    columns = (OUTBOX, PEOPLE.c.name.label("person"), TEAMS.c.name.label("team"))
    return select(*columns).select_from(joined).where(text(f"outbox.{UNSETTLED}"), OUTBOX.c.status == "failed")


def _notice(row: Any) -> FailedNotice:
    if row.message_id is not None:
        kind, to = "Message to a victim", None
    elif row.referral_id is not None:
        kind, to = "Referral to a service", None
    else:
        kind, to = "Notice to staff", row.person or f"Inbox of {row.team}"
    undelivered = row.delivery == "not_delivered"
    return FailedNotice(row.id, row.reference, kind, to, row.created_at, row.attempts, row.error or "", undelivered)

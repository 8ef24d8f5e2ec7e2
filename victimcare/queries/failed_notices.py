"""What could not be sent, for administrators: about the machinery, and of no case and no victim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select, text

from victimcare.domain.emergency_access import Alert
from victimcare.domain.position import ACCESS_GIVEN
from victimcare.domain.snooping import SIGN_FOUND
from victimcare.store.outbox import DIGEST, MONTHLY_LIST, OUTBOX
from victimcare.store.staff import PEOPLE, TEAMS
from victimcare.store.tables import UNSETTLED
from victimcare.store.unsent import WATCHES_ACCESS

MOST_LISTED = 50
_KINDS = {
    DIGEST: "Digest of reminders",
    MONTHLY_LIST: "Monthly list for the board",
    "job_not_run": "A job that has not run",
    "entry_to_check": "Entry of the directory to check",
    "system_stopped": "A system that is told nothing any more",
    "incident_clock": "Clock of an incident",
    SIGN_FOUND: "Sign of snooping",
    ACCESS_GIVEN: "Access to cases that was given",
    **{each.value: "Alert of emergency access" for each in Alert},
    Alert.CUSTODY_TAKEN: "Alert of custody",
    Alert.TRIED_PROTECTED: "Alert that somebody tried to see a protected location",
}


@dataclass(frozen=True, slots=True)
class FailedNotice:
    """A notice that failed, a digest as one. `to` is the member of staff or the team's inbox; None: it went outside.

    `undelivered`: a provider took it, and it did not arrive. `watches_access`: it tells of what somebody did.
    """

    id: int
    reference: str
    kind: str
    to: str | None
    since_at: datetime
    attempts: int
    why: str
    undelivered: bool
    watches_access: bool

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it may: what did not arrive outside is for whoever wrote it."""
        return self.to is not None or not self.undelivered

    @property
    def may_be_given_up(self) -> bool:
        """Whether an administrator may: what goes outside is for whoever wrote it, and what somebody did is told."""
        return self.to is not None and not self.watches_access


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
    failed = and_(text(f"outbox.{UNSETTLED}"), OUTBOX.c.status == "failed", OUTBOX.c.digest_id.is_(None))
    return select(*columns).select_from(joined).where(failed)


def _notice(row: Any) -> FailedNotice:
    if row.message_id is not None:
        kind, to = "Message to a victim", None
    elif row.referral_id is not None:
        kind, to = "Referral to a service", None
    else:
        kind, to = _KINDS.get(row.step, "Reminder of a duty"), row.person or f"Inbox of {row.team}"
    if row.agency is not None:
        kind, to = "News asked for of another agency", f"Contact of {row.agency}"
    return FailedNotice(
        id=row.id,
        reference=row.reference,
        kind=kind,
        to=to,
        since_at=row.created_at,
        attempts=row.attempts,
        why=row.error or "",
        undelivered=row.delivery == "not_delivered",
        watches_access=row.step in WATCHES_ACCESS,
    )

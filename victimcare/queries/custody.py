"""In whose hands a case is today: who stands in for its officer, and what waits for either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, select, text

from victimcare.queries.covers import NamedCover, covers_of
from victimcare.queries.leaving import NOT_SENT_IN_CASE
from victimcare.store.left_messages import MESSAGES
from victimcare.store.tables import UNANSWERED

# Made once, as what it is made of.
_WAITING = select(func.count(), func.min(MESSAGES.c.reply_by_on), *NOT_SENT_IN_CASE).where(
    text(UNANSWERED), MESSAGES.c.case_id == bindparam("case_id")
)


@dataclass(frozen=True, slots=True)
class Custody:
    """`cover`: who stands in for the case officer today. `first_reply_by_on`: of the messages that wait, if any do.

    `messages_not_sent`, `referrals_not_sent`: how many should have left and did not.
    """

    cover: NamedCover | None
    messages_waiting: int
    first_reply_by_on: date | None
    messages_not_sent: int = 0
    referrals_not_sent: int = 0


def custody_on(connection: Connection, *, case_id: int, officer_id: str, today: date) -> Custody:
    """Of a case that was found for whoever asks, on `today` (London date)."""
    counts = connection.execute(_WAITING, {"case_id": case_id}).one()
    return Custody(covers_of(connection, [officer_id], today=today).get(officer_id), *counts)

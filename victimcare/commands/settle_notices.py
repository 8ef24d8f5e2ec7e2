"""What could not be sent: somebody lets it be tried anew, after what stood in its way was mended, or gives it up."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, unsent


class GivenUpBecause(StrEnum):
    """Why a notice is not to be sent any more."""

    TOLD = "told"
    NOT_HERE = "not_here"
    NOT_NEEDED = "not_needed"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _IN_WORDS[self]


_IN_WORDS = {
    GivenUpBecause.TOLD: "They were told in another way",
    GivenUpBecause.NOT_HERE: "They do not work here any more",
    GivenUpBecause.NOT_NEEDED: "It is no longer needed",
}


def retry_notices(connection: Connection, *, by: Person, now: datetime) -> int:
    """Put all of them back to wait; how many. What is no longer true by then is cancelled when its turn comes."""
    count, case_ids = unsent.retry_failed(connection, now=now)
    if count:
        audit.write(connection, at=now, operation="alteration", what="retry notices", person=by, case_ids=case_ids)
    return count


def retry_notice(connection: Connection, *, notice_id: int, by: Person, now: datetime) -> None:
    """Put one of them back to wait. Raises `NoSuchNotice`."""
    case_ids = unsent.retry_one(connection, notice_id, now=now)
    if case_ids is None:
        raise NoSuchNotice
    what = f"retry notice {notice_id}"
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=case_ids)


def give_up_notice(
    connection: Connection, *, notice_id: int, because: GivenUpBecause, by: Person, now: datetime
) -> None:
    """Never send this notice to somebody who works here; what it is about stays on their list. Raises `NoSuchNotice`.

    A message to a victim, and a referral, are for whoever wrote them to put aside; an alert of emergency access and a
    sign of snooping are for nobody to.
    """
    case_ids = unsent.abandon(connection, notice_id, why=because.in_words)
    if case_ids is None:
        raise NoSuchNotice
    what = f"give up notice {notice_id} {because.value}"
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=case_ids)


class NoSuchNotice(LookupError):
    """Nothing of that number failed to leave, or it is not for an administrator to give up."""

    def __init__(self) -> None:
        super().__init__("there is no such notice that failed to leave: it may have been settled meanwhile")

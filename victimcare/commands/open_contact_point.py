"""Open a contact point: to show it to somebody who is about to contact the victim, or to send something to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import open_contacts
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.people import Action, Person
from victimcare.domain.safe_contact import Verdict, may_reveal, may_send, suspect_news_at
from victimcare.store import audit, contact_points
from victimcare.store.cases import StoredCase
from victimcare.store.contact_points import NoSuchPoint
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Opened:
    """The number or address, and how it stood when it was opened."""

    value: str = field(repr=False)
    verdict: Verdict


def reveal_contact_point(
    connection: Connection, *, ref: str, point_id: str, by: Person, now: datetime, vault: Vault, policy: ForcePolicy
) -> Opened:
    """Open it for `by` to see, written down as an operation of its own; commit before it is shown.

    Raises `NoSuchCase`, `LocationProtected`, `NoSuchPoint`, `PointWithheld`, `DoesNotOpen`.
    """
    stored = open_contacts(connection, ref=ref, by=by, action=Action.OPEN_CONTACT_DETAILS)
    verdict = may_reveal(standing_of_point(connection, stored, point_id, now, policy))
    what = f"reveal contact point {point_id}"
    return _opened(connection, stored, point_id, verdict, what, by, now, vault)


def open_to_send(
    connection: Connection, *, ref: str, point_id: str, by: Person, now: datetime, vault: Vault, policy: ForcePolicy
) -> Opened:
    """Open it to send something there at this moment, for `by`, who wrote it. Call it at dispatch, not before.

    Raises as `reveal_contact_point` does; `PointWithheld` for every point that is not safe now.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    verdict = standing_of_point(connection, stored, point_id, now, policy)
    return _opened(connection, stored, point_id, verdict, f"send to contact point {point_id}", by, now, vault)


def standing_of_point(
    connection: Connection, stored: StoredCase, point_id: str, now: datetime, policy: ForcePolicy
) -> Verdict:
    """Whether anything may be sent to this point of the case now. Raises `NoSuchPoint`."""
    point = contact_points.load(connection, case_id=stored.id, point_id=point_id)
    if point.suspect is not None:
        raise NoSuchPoint
    return may_send(
        point.point,
        now=now,
        policy=policy,
        suspect_news_at=suspect_news_at(stored.case.journey.events),
        is_a_suspects=point_id in contact_points.suspects_too(connection, stored.id),
    )


def _opened(
    connection: Connection,
    stored: StoredCase,
    point_id: str,
    verdict: Verdict,
    what: str,
    by: Person,
    now: datetime,
    vault: Vault,
) -> Opened:
    if not verdict.allowed:
        raise PointWithheld(verdict)
    value = contact_points.value_of(connection, case_id=stored.id, point_id=point_id, vault=vault)
    audit.write(connection, at=now, operation="disclosure", what=what, person=by, case_ids=[stored.id])
    return Opened(value, verdict)


class PointWithheld(PermissionError):
    """The point may not be used or shown now; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.why)

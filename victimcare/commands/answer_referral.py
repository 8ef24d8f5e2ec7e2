"""What somebody of a service does with a referral that lies with it: say what came of it, open the ways to the victim.

A referral lies with its service from when it left until it is refused or its support has ended, and only as long as
the victim has not said no since. Before and after, and of another service, there is no such referral.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.commands.take_referral_step import NewStep, take_referral_step
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.referral import NoSuchReferral, Step
from victimcare.store import audit, outgoing_referrals, protections
from victimcare.store.cases import NoSuchCase, StoredCase
from victimcare.store.known_for_referral import safe_points, way_of
from victimcare.store.outgoing_referrals import NoSuchOutgoing, StoredOutgoing
from victimcare.store.vault import Vault

ANSWERS = (Step.ACCEPTED, Step.REFUSED, Step.CONTACTED, Step.STARTED)
"""What a service may say of a referral; that it has it, and that support has ended, it tells the case officer."""


@dataclass(frozen=True, slots=True)
class WaysSent:
    """The ways to the victim that went with a referral and are safe now, and how many are not any more."""

    ways: tuple[tuple[tuple[str, str], ...], ...] = field(repr=False)
    withheld: int


def answer_referral(
    connection: Connection,
    *,
    referral_id: str,
    step: Step,
    happened: Moment,
    reason: str | None,
    by: Person,
    now: datetime,
    law: Law,
) -> None:
    """Record what the service says. Raises `NoSuchReferral`, and `EventRefused` for what cannot come next."""
    referral, stored = _with_its_service(connection, referral_id, by, Action.ANSWER_REFERRAL)
    if step not in ANSWERS:
        raise NoSuchReferral
    taken = NewStep(str(referral.event_key), step, happened, reason)
    take_referral_step(connection, ref=stored.case.ref, step=taken, by=by, now=now, law=law)


def check_lies_with(connection: Connection, *, referral_id: str, by: Person) -> None:
    """Raise `NoSuchReferral` unless it lies with their service now: also before they are told again what they were."""
    _with_its_service(connection, referral_id, by, Action.ANSWER_REFERRAL)


def open_ways_sent(
    connection: Connection, *, referral_id: str, by: Person, now: datetime, vault: Vault, policy: ForcePolicy
) -> WaysSent:
    """Open the ways that went with it, written down as a disclosure; commit before they are shown.

    None that is not safe now or is to be used otherwise than was sent, and none at all of a location that was
    protected since. Raises `NoSuchReferral`, `DoesNotOpen`.
    """
    referral, stored = _with_its_service(connection, referral_id, by, Action.SEE_REFERRAL)
    sent = outgoing_referrals.document_of(outgoing_referrals.row(connection, referral.id), vault).ways
    said_now = _safe_now(connection, stored, now, vault, policy)
    ways = tuple(way.says for way in sent if said_now.get(way.point_id) == way.says)
    audit.write(
        connection,
        at=now,
        operation="disclosure",
        what=f"open the ways of referral {referral.id}",
        person=by,
        case_ids=[stored.id],
        recipient=f"service {referral.service_id}",
    )
    return WaysSent(ways, len(sent) - len(ways))


def not_with_their_service(referral_id: str) -> str:
    """What the audit says where somebody asked for a referral that does not lie with their service."""
    return f"referral {referral_id}: not with their service"


def _with_its_service(
    connection: Connection, referral_id: str, by: Person, action: Action
) -> tuple[StoredOutgoing, StoredCase]:
    try:
        referral = outgoing_referrals.load(connection, referral_id)
        stored = open_for(connection, referral.case_ref, by, action)
    except (NoSuchOutgoing, NoSuchCase):
        raise NoSuchReferral from None
    if not outgoing_referrals.lies_with(referral, stored.case.journey, by.service_id):
        raise NoSuchReferral
    return referral, stored


def _safe_now(
    connection: Connection, stored: StoredCase, now: datetime, vault: Vault, policy: ForcePolicy
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What would be said now of each way that is safe now, by the id of its point."""
    if protections.current(connection, stored.id) is not None:
        return {}
    found = safe_points(connection, stored.id, stored.case.journey, now=now, contact=policy)
    return {point.id: way_of(connection, stored.id, point, vault).in_words for point in found}

"""A referral leaves: by sealed e-mail or printed and handed over, and only then is it recorded as sent.

Whether it may go, and which ways to the victim are safe, is judged again at that moment. The numbers and addresses of
those ways are opened then, each written down as disclosed; of a protected location there are none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.open_contact_point import PointWithheld, open_to_send
from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.commands.refer_victim import agreed_on
from victimcare.commands.send_message import Post
from victimcare.commands.sender import recorder, sender
from victimcare.commands.tell_services import tell_of_sent
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.directory import Service
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.domain.referral_content import ReferralDocument, SafeWay, hash_of
from victimcare.domain.safe_contact import PointKind
from victimcare.domain.sending_referrals import Said, hindrance
from victimcare.notices.channel import Notice
from victimcare.notices.sealing import BadCertificate, usable_until
from victimcare.store import audit, cases, contact_points, outbox, outgoing_referrals, services
from victimcare.store.cases import CaseChanged, NoSuchCase, StoredCase
from victimcare.store.contact_points import NoSuchPoint
from victimcare.store.known_for_referral import SafePoint
from victimcare.store.outbox import Leased
from victimcare.store.outgoing_referrals import NoSuchOutgoing, StoredOutgoing
from victimcare.store.services import NoSuchService
from victimcare.store.support import SupportFile, SupportRules, support_file
from victimcare.store.vault import DoesNotOpen

__all__ = ["NoSuchOutgoing", "ReferralRefused", "begin_referral", "hand_over_referral", "print_referral"]

_SUBJECT = "Referral {reference}"


@dataclass(frozen=True, slots=True)
class _Opened:
    document: ReferralDocument
    service: Service


def begin_referral(
    connection: Connection, *, item: Leased, referral_id: str, post: Post, law: Law, now: datetime
) -> Notice | None:
    """The sealed e-mail to send now, or None: it was withdrawn, or something speaks against it, and it is set aside."""
    referral = outgoing_referrals.load(connection, referral_id)
    if referral.is_over:
        outbox.settle(connection, item, status="cancelled", error="withdrawn")
        return None
    try:
        by = sender(connection, referral.asked_by, now=now)
        opened = _open(connection, referral, by=by, post=post, law=law, now=now)
        usable_until(opened.service.certificate, now=now)
        if contact_points.is_a_suspects(
            connection, referral.case_id, PointKind.EMAIL, opened.service.email, post.vault
        ):
            raise ReferralRefused("the e-mail address of the service is also recorded as a suspect’s")
    except (BadCertificate, ReferralRefused) as refused:
        outbox.settle(connection, item, status="cancelled", error=refused.why)
        return None
    service, document = opened.service, opened.document
    subject = _SUBJECT.format(reference=document.reference)
    return Notice(item.reference, service.email, subject, document.as_text, now, service.certificate)


def record_referral_gone(connection: Connection, *, referral_id: str, now: datetime, law: Law) -> None:
    """Record that the referral was sent, with what that answers, and keep what went: once, when it has left."""
    referral = outgoing_referrals.load(connection, referral_id)
    if referral.event_key is None:
        by = recorder(connection, referral.asked_by, ref=referral.case_ref, action=Action.RECORD_EVENT, now=now)
        _record_sent(connection, referral, Moment.instant(now), by=by, now=now, law=law)


def print_referral(
    connection: Connection, *, ref: str, referral_id: str, by: Person, now: datetime, law: Law, post: Post
) -> ReferralDocument:
    """The referral with all that the service must have, to print and hand over; commit before it is shown.

    It is not sent by that. Raises `ReferralRefused`, `NoSuchOutgoing`, `NoSuchCase`.
    """
    referral = _of_case(connection, ref, referral_id, by)
    if referral.is_over:
        raise ReferralRefused("it has left, or was withdrawn")
    if referral.by_email and not outbox.withdraw_referral(connection, referral_id):
        raise ReferralRefused("it is being sent")
    document = _open(connection, referral, by=by, post=post, law=law, now=now).document
    outgoing_referrals.settle(connection, referral_id, printed_at=now)
    _write_down(connection, referral, what="print referral", by=by, now=now)
    return document


def hand_over_referral(
    connection: Connection,
    *,
    ref: str,
    referral_id: str,
    happened: Moment,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> None:
    """What was printed has been handed over: now it was sent.

    Raises `ReferralRefused`, `EventRefused`, `NoSuchOutgoing`, and what `record_event` raises.
    """
    referral = _of_case(connection, ref, referral_id, by)
    if referral.is_over or referral.printed_at is None:
        raise ReferralRefused("print it first: only what was printed can have been handed over")
    if happened.on < london_date(referral.printed_at):
        raise EventRefused(EventKind.REFERRAL_SENT, "happened", "it was printed later than that")
    if seen_version is not None and seen_version != cases.load(connection, ref).case.version:
        raise CaseChanged(ref)
    _record_sent(connection, referral, happened, by=by, now=now, law=law)


def withdraw_referral(connection: Connection, *, ref: str, referral_id: str, by: Person, now: datetime) -> None:
    """Take it back before it leaves. Raises `ReferralRefused` where it is too late, `NoSuchOutgoing`, `NoSuchCase`."""
    referral = _of_case(connection, ref, referral_id, by)
    if referral.is_over:
        raise ReferralRefused("it has left, or was withdrawn")
    if referral.by_email and not outbox.withdraw_referral(connection, referral_id):
        raise ReferralRefused("it is being sent")
    outgoing_referrals.settle(connection, referral_id, withdrawn_at=now, sealed_document=None)
    audit.write(
        connection, at=now, operation="alteration", what="withdraw referral", person=by, case_ids=[referral.case_id]
    )


def _of_case(connection: Connection, ref: str, referral_id: str, by: Person) -> StoredOutgoing:
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    referral = outgoing_referrals.load(connection, referral_id)
    if referral.case_id != stored.id:
        raise NoSuchOutgoing
    return referral


def _open(
    connection: Connection, referral: StoredOutgoing, *, by: Person, post: Post, law: Law, now: datetime
) -> _Opened:
    """The referral as it may leave now, its fields noted. Raises `ReferralRefused`."""
    try:
        stored = open_for(connection, referral.case_ref, by, Action.RECORD_EVENT)
        rules = SupportRules(law, post.referrals, post.policy, post.vault)
        file = support_file(connection, stored.id, stored.case.journey, now=now, rules=rules)
        service = file.match(referral.service_id).service
        _refuse_hindered(file, referral)
        ways = tuple(_way(connection, stored, point, by=by, post=post, now=now) for point in file.ways)
    except NoSuchService:
        raise ReferralRefused("the service was retired from the directory") from None
    except NoSuchCase:
        raise ReferralRefused("the case is no longer yours") from None
    except (PointWithheld, LocationProtected, NoSuchPoint, DoesNotOpen) as refused:
        raise ReferralRefused(str(refused)) from None
    today = london_date(now)
    agreed = agreed_on(file.support, Said(guardian_agreed=referral.guardian_agreed), today)
    content = file.content(agreed, sent_on=today)
    noted = {"fields": ",".join(name for name, _ in content), "content_hash": hash_of(content)}
    outgoing_referrals.settle(connection, referral.id, **noted, went_without_a_way=not ways)
    document = ReferralDocument(service.name, f"referral-{referral.id}", content, ways)
    outgoing_referrals.keep_document(connection, referral.id, document, [point.id for point in file.ways], post.vault)
    return _Opened(document, service)


def _refuse_hindered(file: SupportFile, referral: StoredOutgoing) -> None:
    """What the victim and a guardian agreed to stands in the journey by now: a no said since is stronger.

    A yes after that no was to another referral.
    """
    match = file.match(referral.service_id)
    said = Said(guardian_agreed=referral.guardian_agreed, service_told_no_safe_way=referral.told_no_safe_way)
    against = hindrance(file.support, match, file.asked(match), said)
    if against is not None:
        raise ReferralRefused(against[1])
    if file.support.said_no_at is not None and file.support.said_no_at > referral.asked_at:
        raise ReferralRefused("The victim said no after this was written. Ask them, and refer them again if they agree")


def _way(
    connection: Connection, stored: StoredCase, point: SafePoint, *, by: Person, post: Post, now: datetime
) -> SafeWay:
    opened = open_to_send(
        connection, ref=stored.case.ref, point_id=point.id, by=by, now=now, vault=post.vault, policy=post.policy
    )
    return SafeWay(point.kind, opened.value, contact_points.safe_use(connection, point.id, post.vault))


def _record_sent(
    connection: Connection, referral: StoredOutgoing, happened: Moment, *, by: Person, now: datetime, law: Law
) -> None:
    service = services.service_of(services.load(connection, referral.service_id))
    event = NewEvent(EventKind.REFERRAL_SENT, happened, subject=service.name, duties=referral.answers)
    try:
        key = record_event(connection, ref=referral.case_ref, event=event, by=by, now=now, law=law)
    except EventRefused:
        # A duty that it names may be gone by now: it was sent all the same.
        key = record_event(connection, ref=referral.case_ref, event=replace(event, duties=()), by=by, now=now, law=law)
    services.add_sent(
        connection,
        event_key=key,
        case_id=referral.case_id,
        service_id=referral.service_id,
        fields=referral.fields,
        content_hash=referral.content_hash,
        told_no_safe_way=referral.went_without_a_way,
        by=referral.asked_by,
        at=referral.printed_at or now,
    )
    outgoing_referrals.settle(connection, referral.id, event_key=key)
    tell_of_sent(connection, referral_id=referral.id, now=now)
    _write_down(connection, referral, what="send referral", by=by, now=now)


def _write_down(connection: Connection, referral: StoredOutgoing, *, what: str, by: Person, now: datetime) -> None:
    """That it left, or was printed to be handed over, and to which service."""
    audit.write(
        connection,
        at=now,
        operation="disclosure",
        what=what,
        person=by,
        case_ids=[referral.case_id],
        recipient=f"service {referral.service_id}",
    )


class ReferralRefused(ValueError):
    """The referral cannot leave now, or what was asked cannot be done with it; `why` names nothing of the victim."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)

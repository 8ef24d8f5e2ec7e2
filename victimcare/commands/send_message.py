"""A message to the victim goes out: only to a point that is safe then, and only then has it answered its duties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.message_times import leaves_at
from victimcare.commands.open_contact_point import Opened, PointWithheld, open_to_send
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.sender import recorder, sender
from victimcare.commands.write_message import MessageRefused, open_message
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.contact_spelling import compared_form
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.messages import Channel
from victimcare.domain.people import Action, Person
from victimcare.domain.referral_policy import ReferralPolicy
from victimcare.domain.safe_contact import PointKind
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.notices.channel import Notice
from victimcare.store import cases, feedback, messages, outbox, people_to_tell
from victimcare.store.cases import NoSuchCase
from victimcare.store.contact_points import NoSuchPoint
from victimcare.store.messages import StoredMessage
from victimcare.store.outbox import Leased
from victimcare.store.vault import DoesNotOpen, Vault


@dataclass(frozen=True, slots=True)
class Post:
    """What sending to victims and of them needs. `sends_texts`: whether there is a way to send text messages."""

    vault: Vault
    policy: ForcePolicy
    sends_texts: bool = False
    referrals: ReferralPolicy = field(default_factory=published_referral_policy)


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter with the address, to be shown once. `written_to`: whom beside the victim; empty: the victim."""

    message: StoredMessage
    address: Opened
    written_to: str = field(default="", repr=False)


def begin_message(connection: Connection, *, item: Leased, message_id: str, post: Post, now: datetime) -> Notice | None:
    """The message to send now, or None: it was withdrawn, its point is not safe now, or it waits for another time."""
    message = messages.load(connection, message_id, post.vault)
    if message.is_over:
        outbox.settle(connection, item, status="cancelled", error="withdrawn")
        return None
    try:
        stored = cases.load(connection, message.case_ref)
        at = leaves_at(connection, stored, message, now=now, policy=post.policy, vault=post.vault)
        if at > now:
            outbox.hold(connection, item, until=at)
            return None
        opened = _opened(connection, message, post, now)
        address = _address(message.channel, opened.value, post)
    except (PointWithheld, LocationProtected, NoSuchPoint, NoSuchCase, DoesNotOpen, MessageRefused) as refused:
        outbox.settle(connection, item, status="cancelled", error=str(refused))
        return None
    as_text = message.channel is not Channel.EMAIL
    return Notice(item.reference, address, message.draft.subject, message.draft.body, now, as_text=as_text)


def record_gone(connection: Connection, *, message_id: str, now: datetime, law: Law, vault: Vault) -> None:
    """Record the contact that the message was, with what it answered: once, when it has gone out.

    One that asks how it was for them is no contact: it tells nothing, and no silence ends with it.
    """
    message = messages.load(connection, message_id, vault)
    if message.event_key is not None or message.gone_at is not None:
        return
    if message.template == ASKS_FEEDBACK:
        messages.settle(connection, message_id, gone_at=now)
        feedback.left(connection, message_id, on=london_date(now))
        return
    by = recorder(connection, message.written_by, ref=message.case_ref, action=Action.RECORD_CONTACT, now=now)
    contact = NewContact(Moment.instant(now), message.channel.value, reached=True, answers=message.answers)
    try:
        key = record_contact(connection, ref=message.case_ref, contact=contact, by=by, now=now, law=law)
    except EventRefused:
        # A duty that it names may be gone by now: the contact happened all the same.
        bare = NewContact(contact.happened, contact.channel, reached=True)
        key = record_contact(connection, ref=message.case_ref, contact=bare, by=by, now=now, law=law)
    messages.settle(connection, message_id, event_key=key)


def print_letter(
    connection: Connection, *, ref: str, message_id: str, by: Person, now: datetime, vault: Vault, policy: ForcePolicy
) -> PrintedLetter:
    """The letter with its address, written down as disclosed; commit before it is shown. Its duties are not yet met.

    Raises `MessageRefused`, and what `open_message` and `open_to_send` raise.
    """
    message = open_message(connection, ref=ref, message_id=message_id, by=by, vault=vault)
    if message.channel is not Channel.LETTER or message.is_over:
        raise MessageRefused("it is no letter that is still to be posted")
    leaves_at(connection, cases.load(connection, ref), message, now=now, policy=policy, vault=vault)
    opened = open_to_send(connection, ref=ref, point_id=message.point_id, by=by, now=now, vault=vault, policy=policy)
    messages.settle(connection, message_id, printed_at=now)
    return PrintedLetter(message, opened, _name(connection, message, vault))


def _name(connection: Connection, message: StoredMessage, vault: Vault) -> str:
    if message.written_to is None:
        return ""
    return people_to_tell.name_if_told(connection, message.case_id, message.written_to, vault) or ""


def post_letter(
    connection: Connection, *, ref: str, message_id: str, by: Person, now: datetime, law: Law, vault: Vault
) -> None:
    """The letter was posted: that is the contact. Raises `MessageRefused`, and what `open_message` raises."""
    message = open_message(connection, ref=ref, message_id=message_id, by=by, vault=vault)
    if message.channel is not Channel.LETTER or message.is_over or message.printed_at is None:
        raise MessageRefused("print it first: only a letter that was printed can have been posted")
    record_gone(connection, message_id=message_id, now=now, law=law, vault=vault)


def _opened(connection: Connection, message: StoredMessage, post: Post, now: datetime) -> Opened:
    return open_to_send(
        connection,
        ref=message.case_ref,
        point_id=message.point_id,
        by=sender(connection, message.written_by, now=now),
        now=now,
        vault=post.vault,
        policy=post.policy,
    )


def _address(channel: Channel, value: str, post: Post) -> str:
    if channel is Channel.EMAIL:
        return value.strip()
    if not post.sends_texts:
        raise MessageRefused("this installation has no way to send text messages")
    return compared_form(PointKind.PHONE, value).rpartition(":")[2]

"""Write a message to the victim: to the outbox, or as a letter to be printed and posted. It answers nothing yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change, open_contacts
from victimcare.commands.message_times import MessageRefused, leaves_at
from victimcare.commands.open_contact_point import PointWithheld, standing_of_point
from victimcare.domain.calendar import london_date
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.law import Law
from victimcare.domain.messages import Channel
from victimcare.domain.people import Person
from victimcare.store import feedback, messages, outbox
from victimcare.store.cases import CaseChanged
from victimcare.store.messages import NewMessage, NoSuchMessage, StoredMessage
from victimcare.store.notes import what_tells_location
from victimcare.store.vault import Vault

__all__ = ["MessageRefused", "NewMessage", "open_message", "withdraw_message", "write_message"]


def write_message(
    connection: Connection,
    *,
    ref: str,
    message: NewMessage,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    policy: ForcePolicy,
    seen_version: int | None = None,
) -> str:
    """Store it and, unless it is a letter, put it into the outbox, where it waits until the victim may hear; its id.

    The point must be safe now, and again then.

    Raises `NoSuchCase`, `LocationProtected`, `NoSuchPoint`, `PointWithheld`, `CaseChanged`, `MessageRefused`.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    if message.draft.blanks:
        raise MessageRefused(f"fill in what stands in square brackets: {', '.join(message.draft.blanks)}")
    verdict = standing_of_point(connection, stored, message.point_id, now, policy)
    if not verdict.allowed:
        raise PointWithheld(verdict)
    at = leaves_at(connection, stored, message, now=now, policy=policy, vault=vault)
    tells = bool(what_tells_location(connection, case_id=stored.id, words=message.draft.body, vault=vault))
    message_id = messages.add(
        connection, case_id=stored.id, message=message, contains_location=tells, by=by.id, at=now, vault=vault
    )
    if message.channel is not Channel.LETTER:
        on = london_date(now)
        outbox.add_message(connection, message_id=message_id, case_id=stored.id, on=on, now=now, not_before=at)
    note_change(connection, stored, what=f"write message {message.template}", by=by, now=now)
    return message_id


def open_message(connection: Connection, *, ref: str, message_id: str, by: Person, vault: Vault) -> StoredMessage:
    """The message of this case, locked, if `by` may keep the case's contact details.

    Raises `NoSuchCase`, `LocationProtected`, `NoSuchMessage`.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    message = messages.load(connection, message_id, vault)
    if message.case_id != stored.id:
        raise NoSuchMessage
    return message


def withdraw_message(
    connection: Connection, *, ref: str, message_id: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Take it back before it goes out. Raises `MessageRefused` where it is too late, and as `open_message` does."""
    message = open_message(connection, ref=ref, message_id=message_id, by=by, vault=vault)
    if message.is_over:
        raise MessageRefused("it has gone out, or was withdrawn")
    if message.channel is not Channel.LETTER and not outbox.withdraw_message(connection, message_id):
        raise MessageRefused("it is being sent")
    messages.settle(connection, message_id, withdrawn_at=now)
    feedback.take_back(connection, message_id=message_id, by=by.id, at=now)
    note_change(connection, open_contacts(connection, ref=ref, by=by), what="withdraw message", by=by, now=now)

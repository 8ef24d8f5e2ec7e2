"""Messages to victims in the database: their words sealed like what is in the vault."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from victimcare.domain.journey import DutyNamed
from victimcare.domain.messages import Channel, Draft
from victimcare.store.cases import CASES
from victimcare.store.journeys import duties_of, duties_text
from victimcare.store.tables import Message
from victimcare.store.vault import Vault

MESSAGES = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it is to go out, and the duties that it answers when it does.

    `unwanted_because` says why it goes in a way that the victim did not choose (`UNWANTED_BECAUSE`). `written_to` is
    the number of somebody who is told beside the victim; None: it is written to the victim.
    """

    template: str
    language: str
    channel: Channel
    point_id: str
    draft: Draft = field(repr=False)
    answers: Sequence[DutyNamed] = ()
    urgent: bool = False
    unwanted_because: str | None = None
    written_to: int | None = None


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message with its case. `event_key` is the contact recorded when it went out; None before.

    `gone_at` is when one went out that is no contact.
    """

    id: str
    case_id: int
    case_ref: str
    template: str
    channel: Channel
    point_id: str
    draft: Draft = field(repr=False)
    answers: tuple[DutyNamed, ...]
    urgent: bool
    unwanted_because: str | None
    written_to: int | None
    written_by: str
    printed_at: datetime | None
    withdrawn_at: datetime | None
    event_key: str | None
    gone_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether it went out, or never will."""
        return not (self.event_key is None and self.withdrawn_at is None and self.gone_at is None)


def add(
    connection: Connection,
    *,
    case_id: int,
    message: NewMessage,
    contains_location: bool,
    by: str,
    at: datetime,
    vault: Vault,
) -> str:
    """Store it and return its id."""
    message_id = secrets.token_hex(8)
    values = {
        "id": message_id,
        "case_id": case_id,
        "template": message.template,
        "language": message.language,
        "channel": message.channel.value,
        "point_id": message.point_id,
        "sealed": vault.seal(json.dumps([message.draft.subject, message.draft.body]), row_id=_sealed_as(message_id)),
        "duties": duties_text(message.answers),
        "contains_location": contains_location,
        "urgent": message.urgent,
        "unwanted_because": message.unwanted_because,
        "written_to": message.written_to,
        "written_by": by,
        "written_at": at,
    }
    connection.execute(insert(MESSAGES).values(**values))
    return message_id


def load(connection: Connection, message_id: str, vault: Vault) -> StoredMessage:
    """The message of this id, locked until the transaction ends. Raises `NoSuchMessage`, `DoesNotOpen`."""
    joined = MESSAGES.join(CASES, CASES.c.id == MESSAGES.c.case_id)
    wanted = select(MESSAGES, CASES.c.ref).select_from(joined).where(MESSAGES.c.id == message_id)
    row = connection.execute(wanted.with_for_update(of=MESSAGES)).first()
    if row is None:
        raise NoSuchMessage
    return StoredMessage(
        id=row.id,
        case_id=row.case_id,
        case_ref=row.ref,
        template=row.template,
        channel=Channel(row.channel),
        point_id=row.point_id,
        draft=draft_of(row, vault),
        answers=tuple(duties_of(row.duties)) if row.duties else (),
        urgent=row.urgent,
        unwanted_because=row.unwanted_because,
        written_to=row.written_to,
        written_by=row.written_by,
        printed_at=row.printed_at,
        withdrawn_at=row.withdrawn_at,
        event_key=row.event_key,
        gone_at=row.gone_at,
    )


def contact_of(connection: Connection, message_id: str) -> tuple[str, str | None]:
    """The reference of the message's case, and the key of the contact that was recorded when it went out."""
    joined = MESSAGES.join(CASES, CASES.c.id == MESSAGES.c.case_id)
    wanted = select(CASES.c.ref, MESSAGES.c.event_key).select_from(joined).where(MESSAGES.c.id == message_id)
    ref, key = connection.execute(wanted).one()
    return ref, key


def waits(connection: Connection, message_id: str) -> bool:
    """Whether the message has neither gone out nor been withdrawn."""
    it = (MESSAGES.c.id == message_id) & still_to_leave()
    return connection.execute(select(MESSAGES.c.id).where(it)).first() is not None


def draft_of(row: Any, vault: Vault) -> Draft:
    """The words of a row of `message`. Raises `DoesNotOpen`."""
    subject, body = json.loads(vault.open(row.sealed, row_id=_sealed_as(row.id)))
    return Draft(subject, body)


def still_to_leave() -> ColumnElement[bool]:
    """A condition on `message`: it has not gone out, and nobody withdrew it."""
    return MESSAGES.c.event_key.is_(None) & MESSAGES.c.withdrawn_at.is_(None) & MESSAGES.c.gone_at.is_(None)


def settle(connection: Connection, message_id: str, **values: Any) -> None:
    """Write what became of it: `printed_at`, `withdrawn_at`, `event_key` or `gone_at`."""
    connection.execute(update(MESSAGES).where(MESSAGES.c.id == message_id).values(**values))


def _sealed_as(message_id: str) -> str:
    return f"{message_id}:message"


class NoSuchMessage(LookupError):
    """The case has no such message."""

    def __init__(self) -> None:
        super().__init__("there is no such message on this case")

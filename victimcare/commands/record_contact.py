"""Record a contact with the victim, or an attempt. An attempt is not an answer: it answers no duty."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.answer_message import AnsweredAlready, answer_message
from victimcare.commands.judge_contact_point import someone_else_answered
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.commands.write_note import write_note
from victimcare.domain.court_stage import WITNESS_CARE_UNIT
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment, Value
from victimcare.domain.kinds.contact import MADE_BY, PROMISED, UNWRITTEN, wish_detail
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class NewContact:
    """Who tried to reach the victim, how and when; `answers` are the duties that it answered, each by name.

    `message_id` is the message that the victim had left, if this contact is the answer to it. `unwritten` says why
    what is to be given in writing was ticked for a contact that is none (a code of `UNWRITTEN_BECAUSE`). `wishes` are
    codes of what they asked for, `promised_on` the London date by which they were promised to hear again.
    """

    happened: Moment
    channel: str
    reached: bool
    answers: Sequence[DutyNamed] = ()
    message_id: str = ""
    unwritten: str = ""
    no_news: bool = False
    wishes: Sequence[str] = ()
    promised_on: date | None = None
    voicemail: bool = False
    someone_else: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with a contact: words kept as a note of the case, and the contact point at which someone else answered.

    Either may be empty.
    """

    note: str = ""
    point_id: str = ""


def record_contact(
    connection: Connection,
    *,
    ref: str,
    contact: NewContact,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> str:
    """Record it and return the event's key.

    Raises `AttemptIsNoAnswer`, `VoicemailByPhone`, `NobodyElseAnswered` and what `record_event` raises.
    """
    event = contact_event(contact, by)
    key = record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
    if contact.message_id and contact.reached:
        with suppress(AnsweredAlready):  # by somebody else meanwhile: the contact counts all the same
            answer_message(connection, ref=ref, message_id=contact.message_id, by=by, now=now)
    return key


def contact_event(contact: NewContact, by: Person) -> NewEvent:
    """The event that it is. Raises `AttemptIsNoAnswer`, `VoicemailByPhone`, `NobodyElseAnswered`."""
    said_by_victim = contact.answers or contact.no_news or contact.wishes or contact.promised_on
    if said_by_victim and not contact.reached:
        raise AttemptIsNoAnswer
    if contact.voicemail and (contact.reached or contact.channel != "phone"):
        raise VoicemailByPhone
    if contact.someone_else and contact.reached:
        raise NobodyElseAnswered
    kind = EventKind.CONTACT_MADE if contact.reached else EventKind.CONTACT_ATTEMPTED
    return NewEvent(kind=kind, happened=contact.happened, details=_details(contact, by), duties=tuple(contact.answers))


def write_up_contact(
    connection: Connection,
    *,
    ref: str,
    contact: NewContact,
    beside: Beside,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> str:
    """Record it with what goes with it, all or nothing, and return the event's key.

    Raises what `record_contact`, `write_note` and `someone_else_answered` raise.
    """
    key = record_contact(connection, ref=ref, contact=contact, by=by, now=now, law=law, seen_version=seen_version)
    if beside.point_id:
        if not contact.someone_else:
            raise NobodyElseAnswered
        someone_else_answered(connection, ref=ref, point_id=beside.point_id, by=by, now=now)
    if beside.note:
        write_note(connection, ref=ref, words=beside.note, by=by, now=now, vault=vault, action=Action.RECORD_CONTACT)
    return key


def _details(contact: NewContact, by: Person) -> dict[str, Value]:
    details: dict[str, Value] = {"channel": contact.channel}
    if scope_of(by, Action.RECORD_EVENT) is None:
        details[MADE_BY] = WITNESS_CARE_UNIT
    if contact.voicemail:
        details["voicemail"] = True
    if contact.someone_else:
        details["someone_else"] = True
    if contact.unwritten:
        details[UNWRITTEN] = contact.unwritten
    if contact.no_news:
        details["no_news"] = True
    details.update({wish_detail(code): True for code in contact.wishes})
    if contact.promised_on:
        details[PROMISED] = contact.promised_on
    return details


class AttemptIsNoAnswer(ValueError):
    """Duties, wishes or a promise in a contact that did not reach the victim."""

    def __init__(self) -> None:
        super().__init__("an attempt answers nothing: untick the duties, or say that the victim was reached")


class VoicemailByPhone(ValueError):
    """A voicemail in a contact that was no telephone call, or that reached the victim."""

    def __init__(self) -> None:
        super().__init__("a voicemail is left by a phone call that nobody answered")


class NobodyElseAnswered(ValueError):
    """Someone else is said to have answered where the victim was reached, or nobody is."""

    def __init__(self) -> None:
        super().__init__("say that someone else answered instead of the victim, or leave out where")

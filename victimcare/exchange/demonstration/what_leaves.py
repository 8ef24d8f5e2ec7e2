"""Messages and referrals of the demonstration in every state: sent, waiting, held back, failed, to be printed.

Which case has what follows from its reference, so that the journeys stay those of the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, update

from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.messages import Channel, Draft
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.store import case_links, messages, outbox, outgoing_referrals
from victimcare.store.cases import StoredCase
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.messages import NewMessage
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import NewOutgoing
from victimcare.store.vault import Vault

ACCOUNT = "officer-01"
"""The case officer who can be signed in as has one of each; of the other cases one in a hundred has one."""
_MESSAGES = ("waiting", "held", "failed", "cancelled")
_REFERRALS = ("to_print", "printed", "waiting", "cancelled")
_WHY = {
    ("message", "failed"): "the mail server answered 550",
    ("message", "cancelled"): "Someone else answered. Do not use it until the victim has confirmed it again.",
    ("referral", "cancelled"): "No way to contact the victim is confirmed safe. Confirm one, or tell the service so",
}
_JUST_NOW, _EARLIER = timedelta(minutes=5), timedelta(hours=3)
"""How long ago what did not leave was written. What still waits is too young for a warning that nothing is sent."""
_CHANNELS = {"address": Channel.LETTER, "email": Channel.EMAIL, "phone": Channel.TEXT}
_WORDS = "There is no news in your case yet. I will be in touch again."


def settle_what_leaves(
    connection: Connection,
    stored: Sequence[tuple[StoredCase, Sequence[NewContactPoint]]],
    *,
    at: datetime,
    vault: Vault,
) -> None:
    """Store what was written of these cases, which are stored already with their contact points."""
    for case, points in stored:
        turn = _turn(case)
        if turn is not None:
            _write(connection, case, points, turn, at, vault)
            _refer(connection, case, _REFERRALS[turn % len(_REFERRALS)], at)


def _turn(case: StoredCase) -> int | None:
    """Which of the states this case shows; None for most cases, which show none."""
    if case.case.holder.officer_id == ACCOUNT:
        return None if case.id % 3 else case.id // 3
    number = crc32(f"leaves {case.case.ref}".encode())
    return None if number % 100 else number // 100


def settle_links(connection: Connection, stored: Sequence[StoredCase], *, at: datetime) -> None:
    """Propose one link of two cases of the account's officer: a second person has not looked at it yet."""
    if case_links.there_are_any(connection):
        return
    crimes: dict[int, StoredCase] = {}
    for case in stored:
        if case.case.holder.officer_id == ACCOUNT:
            crimes.setdefault(case.crime_id, case)
    if len(crimes) > 1:
        first, second = list(crimes.values())[:2]
        case_links.propose(
            connection, (first.id, second.id), reason="victim_said", confidence="probable", by=ACCOUNT, at=at
        )


def _write(
    connection: Connection,
    case: StoredCase,
    points: Sequence[NewContactPoint],
    number: int,
    at: datetime,
    vault: Vault,
) -> None:
    """A message for each contact in writing that was recorded, which it was; and one that has not left."""
    usable = [point for point in points if point.suspect is None and point.point.kind.value in _CHANNELS]
    if not usable:
        return
    by_channel = {_CHANNELS[point.point.kind.value]: point for point in usable}
    for event in case.case.journey.events:
        point = by_channel.get(channel) if (channel := _channel_of(event)) else None
        if event.kind is EventKind.CONTACT_MADE and point is not None:
            _add(connection, case, point, vault, at=event.recorded_at, state="sent", event_key=event.key)
    state = _MESSAGES[number % len(_MESSAGES)]
    unsent = next((point for point in usable if point.point.kind.value != "address"), usable[0])
    _add(connection, case, unsent, vault, at=at - _written_ago(state), state=state)


def _channel_of(event: JourneyEvent) -> Channel | None:
    channel = event.details.get("channel")
    return Channel(str(channel)) if channel in set(Channel) else None


def _add(
    connection: Connection,
    case: StoredCase,
    point: NewContactPoint,
    vault: Vault,
    *,
    at: datetime,
    state: str,
    event_key: str | None = None,
) -> None:
    channel = _CHANNELS[point.point.kind.value]
    draft = Draft(published_messages()[FIRST].subject if channel is not Channel.TEXT else "", _WORDS)
    message = NewMessage("update", FIRST, channel, point.id, draft)
    by = case.case.holder.officer_id
    message_id = messages.add(
        connection, case_id=case.id, message=message, contains_location=False, by=by, at=at, vault=vault
    )
    if event_key is not None:
        messages.settle(connection, message_id, event_key=event_key, printed_at=None)
    if channel is not Channel.LETTER:
        not_before = at + timedelta(days=1) if state == "held" else at
        outbox.add_message(
            connection, message_id=message_id, case_id=case.id, on=london_date(at), now=at, not_before=not_before
        )
        _state(connection, OUTBOX.c.message_id == message_id, "message", state, at)


def _refer(connection: Connection, case: StoredCase, state: str, at: datetime) -> None:
    by_email = state not in ("to_print", "printed")
    service = "bedfordshire" if by_email else "restore"
    new = NewOutgoing(service, by_email=by_email, guardian_agreed=False, told_no_safe_way=state == "waiting")
    asked_at = at - _written_ago(state)
    by = case.case.holder.officer_id
    referral_id = outgoing_referrals.add(connection, case_id=case.id, new=new, by=by, at=asked_at)
    if state == "printed":
        outgoing_referrals.settle(connection, referral_id, printed_at=at - timedelta(hours=1))
    if by_email:
        on = london_date(asked_at)
        outbox.add_referral(connection, referral_id=referral_id, case_id=case.id, on=on, now=asked_at)
        _state(connection, OUTBOX.c.referral_id == referral_id, "referral", state, asked_at)


def _written_ago(state: str) -> timedelta:
    return _JUST_NOW if state == "waiting" else _EARLIER


def _state(connection: Connection, which: ColumnElement[bool], what: str, state: str, at: datetime) -> None:
    """As it would be after the scheduler tried; "waiting" and "held" are so already."""
    if state not in ("waiting", "held"):
        values = {"status": state, "error": _WHY.get((what, state)), "attempts": 1}
        sent = {"sent_at": at} if state == "sent" else {}
        connection.execute(update(OUTBOX).where(which).values(**values, **sent))

"""What was written to the victim of a case, and what became of it: sent is not delivered, and delivered is not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.hearing_choices import UNWANTED_BECAUSE
from victimcare.domain.messages import Channel
from victimcare.domain.people import Action, Person
from victimcare.queries.leaving import DELIVERIES, STATES, TROUBLES, WITHDRAWN_FROM
from victimcare.queries.people_told import people_told
from victimcare.queries.scope import case_row
from victimcare.store import protections
from victimcare.store.messages import MESSAGES, draft_of
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. `words` is None where they tell a location that is protected from whoever asks.

    `written_to` is the name of who is told beside the victim and gets it; empty: the victim. `state` says in
    a word or two where it is, `because` why it did not go out, `waits_until` when it goes if not now,
    `unwanted_because` why it goes in a way that the victim did not choose.
    """

    id: str
    template: str
    language: str
    channel: Channel
    written_to: str = field(repr=False)
    words: str | None = field(repr=False)
    contains_location: bool
    written_by: str
    written_at: datetime
    state: str
    because: str
    is_letter_to_post: bool
    is_printed: bool
    may_be_withdrawn: bool
    is_trouble: bool
    waits_until: datetime | None
    unwanted_because: str


def case_messages(connection: Connection, *, person: Person, ref: str, vault: Vault) -> tuple[MessageView, ...]:
    """The messages of this case, the newest first. Raises `NoSuchCase`, `DoesNotOpen`."""
    case = case_row(connection, person, ref, Action.SEE_FILE)
    protection = protections.current(connection, case.id)
    withheld = protection is not None and protection.withholds_from(person)
    joined = MESSAGES.join(PEOPLE, PEOPLE.c.id == MESSAGES.c.written_by).outerjoin(
        OUTBOX, OUTBOX.c.message_id == MESSAGES.c.id
    )
    of_outbox = (OUTBOX.c.status, OUTBOX.c.delivery, OUTBOX.c.error, OUTBOX.c.next_try_at, OUTBOX.c.created_at)
    columns = (MESSAGES, PEOPLE.c.name, *of_outbox)
    wanted = select(*columns).select_from(joined).where(MESSAGES.c.case_id == case.id)
    rows = connection.execute(wanted.order_by(MESSAGES.c.written_at.desc(), MESSAGES.c.id)).all()
    names = {one.id: one.name for one in people_told(words_for(connection, case.id, person, vault))}
    return tuple(
        _view(
            row,
            None if withheld and row.contains_location else draft_of(row, vault).body,
            names.get(row.written_to, ""),
        )
        for row in rows
    )


def _view(row: Any, words: str | None, written_to: str) -> MessageView:
    withdrawn = row.withdrawn_at is not None
    is_over = withdrawn or row.event_key is not None or row.gone_at is not None
    is_letter = row.channel == Channel.LETTER.value
    return MessageView(
        id=row.id,
        template=row.template,
        language=row.language,
        channel=Channel(row.channel),
        written_to=written_to,
        words=words,
        contains_location=row.contains_location,
        written_by=row.name,
        written_at=row.written_at,
        state=_state(row, is_letter=is_letter, withdrawn=withdrawn),
        because="" if withdrawn or row.status == "sent" else row.error or "",
        is_letter_to_post=is_letter and not is_over,
        is_printed=row.printed_at is not None,
        may_be_withdrawn=not is_over and (is_letter or row.status in WITHDRAWN_FROM),
        is_trouble=not withdrawn and row.status in TROUBLES,
        waits_until=row.next_try_at if row.status == "waiting" and row.next_try_at > row.created_at else None,
        unwanted_because=UNWANTED_BECAUSE.get(row.unwanted_because or "", ""),
    )


def _state(row: Any, *, is_letter: bool, withdrawn: bool) -> str:
    if withdrawn:
        return "Withdrawn"
    if not is_letter:
        return DELIVERIES.get(row.delivery) or STATES[row.status]
    if row.event_key is not None or row.gone_at is not None:
        return "Posted"
    return "Printed, to be posted" if row.printed_at is not None else "To be printed and posted"

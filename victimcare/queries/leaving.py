"""What has not left: in what state it is, and what its officer must look at because it did not go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)

from victimcare.domain.calendar import LONDON
from victimcare.domain.messages import Channel
from victimcare.domain.people import Person
from victimcare.queries.scope import HELD_BY_THEM, as_holder
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.messages import MESSAGES
from victimcare.store.messages import still_to_leave as message_to_leave
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import OUTGOING, still_to_leave
from victimcare.store.services import SERVICES
from victimcare.store.staff import PEOPLE

STATES = {
    "waiting": "Waiting to be sent",
    "leased": "Being sent",
    "sent": "Sent",
    "failed": "Not sent",
    "outcome_unknown": "Perhaps sent: nobody can say",
    "cancelled": "Not sent",
    "abandoned": "Given up",
}
DELIVERIES = {
    "accepted": "Accepted, not confirmed yet",
    "delivered": "Delivered",
    "not_delivered": "Not delivered",
}
"""What a provider told of what it took."""
TROUBLES = ("failed", "outcome_unknown", "cancelled")
_WHOSE = (CASES.c.id.label("case_id"), CASES.c.ref, VICTIMS.c.name.label("victim_name"))
WITHDRAWN_FROM = ("waiting", *TROUBLES)
"""States from which it can be taken back, or put aside once it was seen that it did not go."""


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """A referral that has not left; `because` says why it could not. `may_be_printed`: to be handed over instead."""

    id: str
    service: str
    service_id: str
    by_email: bool
    asked_by: str
    asked_at: datetime
    state: str
    because: str
    is_trouble: bool
    is_printed: bool
    may_be_printed: bool
    may_be_withdrawn: bool


@dataclass(frozen=True, slots=True)
class NotSent:
    """Something that should have gone and did not: a message to a victim, or a referral of theirs."""

    case_id: int
    ref: str
    victim_name: str | None
    is_referral: bool
    because: str


@dataclass(frozen=True, slots=True)
class NotSentList:
    """The oldest of them, and how many there are in all."""

    rows: tuple[NotSent, ...]
    total: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def outgoing_of(connection: Connection, case_id: int) -> tuple[OutgoingView, ...]:
    """The referrals of a case, found for whoever asks, that have not left; the newest first."""
    joined = (
        OUTGOING.join(SERVICES, SERVICES.c.id == OUTGOING.c.service_id)
        .join(PEOPLE, PEOPLE.c.id == OUTGOING.c.asked_by)
        .outerjoin(OUTBOX, OUTBOX.c.referral_id == OUTGOING.c.id)
    )
    columns = (
        OUTGOING,
        SERVICES.c.name.label("service"),
        PEOPLE.c.name.label("asker"),
        OUTBOX.c.status,
        OUTBOX.c.error,
    )
    wanted = select(*columns).select_from(joined).where(OUTGOING.c.case_id == case_id, still_to_leave())
    return tuple(_outgoing(row) for row in connection.execute(wanted.order_by(OUTGOING.c.asked_at.desc())))


def not_sent(connection: Connection, *, person: Person, today: date, limit: int = 20) -> NotSentList:
    """What did not leave in the cases that the person holds or covers; nothing for those who hold no cases.

    So is what leaves by hand, letters and printed referrals, of which nobody has noted by the next day that it went.
    """
    asked = {**as_holder(person), "limit": limit, "morning": datetime.combine(today, time(), LONDON)}
    rows = connection.execute(_NOT_SENT, asked).all()
    found = tuple(NotSent(r.case_id, r.ref, r.victim_name, bool(r.is_referral), r.error or "") for r in rows)
    return NotSentList(found, rows[0].total if rows else 0)


def _not_sent() -> Select[Any]:
    troubled = OUTBOX.c.status.in_(TROUBLES)
    by_hand = OUTGOING.c.by_email.is_(False) | OUTGOING.c.printed_at.is_not(None)
    both = union_all(
        _in_trouble(MESSAGES, OUTBOX.c.message_id == MESSAGES.c.id, False).where(
            HELD_BY_THEM, troubled, message_to_leave()
        ),
        _in_trouble(OUTGOING, OUTBOX.c.referral_id == OUTGOING.c.id, True).where(
            HELD_BY_THEM, troubled, still_to_leave(), ~by_hand
        ),
        _on_paper(MESSAGES, MESSAGES.c.written_at, "posted", False).where(
            HELD_BY_THEM, message_to_leave(), MESSAGES.c.channel == Channel.LETTER.value
        ),
        _on_paper(OUTGOING, OUTGOING.c.asked_at, "handed over", True).where(HELD_BY_THEM, still_to_leave(), by_hand),
    ).subquery()
    total = func.count().over().label("total")
    return select(both, total).order_by(both.c.created_at, both.c.ref).limit(bindparam("limit"))


def _how_many_in_case(table: Any, same: ColumnElement[bool], to_leave: ColumnElement[bool]) -> ScalarSelect[int]:
    in_case = (table.c.case_id == bindparam("case_id")) & OUTBOX.c.status.in_(TROUBLES) & OUTBOX.c.lease_until.is_(None)
    joined = table.join(OUTBOX, same)
    return select(func.count()).select_from(joined).where(in_case, to_leave).scalar_subquery()


def _on_paper(table: Any, since: ColumnElement[datetime], goes_by: str, is_referral: bool) -> Select[Any]:
    """What only a person can send, from the morning after it was written."""
    printed = literal(f"Printed, and nobody has noted that it was {goes_by}")
    why = case((table.c.printed_at.is_(None), literal("Not printed yet")), else_=printed)
    columns = (*_WHOSE, literal(is_referral).label("is_referral"), why.label("error"), since.label("created_at"))
    joined = CASES.join(table, table.c.case_id == CASES.c.id).join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    return select(*columns).select_from(joined).where(since < bindparam("morning", type_=since.type))


def _in_trouble(table: Any, same: ColumnElement[bool], is_referral: bool) -> Select[Any]:
    columns = (*_WHOSE, literal(is_referral).label("is_referral"), OUTBOX.c.error, OUTBOX.c.created_at)
    joined = (
        CASES.join(table, table.c.case_id == CASES.c.id)
        .join(OUTBOX, same)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    )
    return select(*columns).select_from(joined).where(OUTBOX.c.lease_until.is_(None))


# Made once: building a statement takes SQLAlchemy longer than SQLite takes to answer it.
_NOT_SENT = _not_sent()
NOT_SENT_IN_CASE = (
    _how_many_in_case(MESSAGES, OUTBOX.c.message_id == MESSAGES.c.id, message_to_leave()),
    _how_many_in_case(OUTGOING, OUTBOX.c.referral_id == OUTGOING.c.id, still_to_leave()),
)
"""How many messages, and how many referrals, of the case `case_id` should have left and did not."""


def _outgoing(row: Any) -> OutgoingView:
    printed = row.printed_at is not None
    trouble = not printed and row.status in TROUBLES
    unprinted = STATES[row.status] if row.by_email else "To be printed and handed over"
    return OutgoingView(
        id=row.id,
        service=row.service,
        service_id=row.service_id,
        by_email=row.by_email,
        asked_by=row.asker,
        asked_at=row.asked_at,
        state="Printed, to be handed over" if printed else unprinted,
        because=row.error or "" if trouble else "",
        is_trouble=trouble,
        is_printed=printed,
        may_be_printed=not row.by_email or row.status in WITHDRAWN_FROM,
        may_be_withdrawn=not row.by_email or row.status in WITHDRAWN_FROM,
    )

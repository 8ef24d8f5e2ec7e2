"""The outbox: notices that must leave, and what became of each. No row is ever sent from inside a transaction.

    waiting > leased > outcome_unknown (sending begins) > sent, or waiting again, or failed for good
    waiting > cancelled, when it is no longer true
    failed > waiting again, or abandoned, as somebody says
    waiting > outcome_unknown, when a backup was restored: it may have left since that was made

Sending begins with "outcome unknown", which is what the truth is if the sender dies before it can say more.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.calendar import london_date
from victimcare.domain.position import ACCESS_GIVEN
from victimcare.store.case_lists import is_excluded
from victimcare.store.cases import CASES
from victimcare.store.database import is_sqlite
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import UNCONFIRMED, UNSETTLED, OutboxItem

OUTBOX = OutboxItem.__table__  # type: ignore[attr-defined]
MESSAGE, REFERRAL = "message", "referral"
DIGEST, MONTHLY_LIST = "digest", "monthly_list"
_GATHER = (DIGEST, ACCESS_GIVEN)
_DUTY_STEP = ("case_id", "rule", "start_key", "step", "due_on")
_ANEW = ("told_as", "digest_id", "status", "created_at", "next_try_at", "attempts")


@dataclass(frozen=True, slots=True)
class Leased:
    """What is under this worker's lease.

    A notice about a duty says as what people are told of its step (`told_as`); to a `team_id` it goes where nobody is
    left.
    One to the contact of another `agency` asks for what it owes.
    A message to the victim has a `message_id`, a referral to a service a `referral_id`, and neither anything of a duty
    or a recipient who works here. `address` is the e-mail address of the person.
    """

    id: int
    reference: str
    case_id: int | None
    case_ref: str | None
    rule: str
    start_key: str
    step: str
    due_on: date
    told_as: str | None
    recipient_id: str | None
    team_id: str | None
    agency: str | None
    message_id: str | None
    referral_id: str | None
    address: str | None
    attempts: int
    created_at: datetime
    lease_until: datetime
    recipient_excluded: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What a provider took: a message to a victim has a `message_id`, a referral a `referral_id`, what went to staff
    neither. `delivery` is what it last told.
    """

    id: int
    case_id: int | None
    message_id: str | None
    referral_id: str | None
    delivery: str


def add(connection: Connection, items: Sequence[Mapping[str, Any]]) -> int:
    """Put these into the outbox, each effect once for ever; how many were new, or wait again after they were cancelled.

    What was cancelled was never sent.
    """
    dialect = sqlite if is_sqlite(connection) else postgresql
    added = 0
    for recipient in ("recipient_id", "team_id", "agency"):
        rows = [dict(item) for item in items if item.get(recipient) is not None]
        if rows:
            insert_new = dialect.insert(OUTBOX)
            anew = {name: insert_new.excluded[name] for name in _ANEW}
            statement = insert_new.on_conflict_do_update(
                index_elements=[*_DUTY_STEP, recipient],
                set_={**anew, "error": None},
                where=OUTBOX.c.status == "cancelled",
            )
            added += len(connection.execute(statement.returning(OUTBOX.c.id), rows).all())
    return added


def tell(
    connection: Connection,
    people: Collection[str],
    *,
    step: str,
    key: str,
    now: datetime,
    case_id: int | None = None,
    waits: timedelta = timedelta(),
) -> None:
    """A notice at once to each of these people who work here; of no case, or of this one, of which each hears once.

    `key` makes it one of its own. One that `waits` may leave sooner, with another (`digests.gather`).
    """
    row = {"case_id": case_id, "rule": "", "start_key": key, "step": step, "due_on": london_date(now)}
    times = {"created_at": now, "next_try_at": now + waits, "told_as": None, "status": "waiting", "attempts": 0}
    rows = [
        {**row, **times, "recipient_id": person_id, "reference": secrets.token_hex(16)} for person_id in sorted(people)
    ]
    if case_id is not None:
        add(connection, rows)
    elif rows:
        connection.execute(insert(OUTBOX), rows)


def add_message(
    connection: Connection, *, message_id: str, case_id: int, on: date, now: datetime, not_before: datetime
) -> None:
    """Put a message to the victim into the outbox, where it waits until `not_before`."""
    _add_outward(connection, MESSAGE, message_id, case_id=case_id, on=on, now=now, not_before=not_before)


def add_referral(connection: Connection, *, referral_id: str, case_id: int, on: date, now: datetime) -> None:
    """Put a referral to a service into the outbox."""
    _add_outward(connection, REFERRAL, referral_id, case_id=case_id, on=on, now=now)


def _add_outward(
    connection: Connection,
    step: str,
    its_id: str,
    *,
    case_id: int,
    on: date,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    row = {"case_id": case_id, "rule": "", "start_key": "", "step": step, "due_on": on, f"{step}_id": its_id}
    times = {"created_at": now, "next_try_at": not_before or now}
    connection.execute(insert(OUTBOX).values(**row, **times, reference=f"{step}-{its_id}"))


def hold(connection: Connection, item: Leased, *, until: datetime) -> None:
    """Let it wait, not sent yet: that was no attempt."""
    settle(connection, item, status="waiting", next_try_at=until, attempts=item.attempts)


def withdraw_message(connection: Connection, message_id: str) -> bool:
    """Take a message out that nobody has begun to send; False where it is too late."""
    return _withdraw(connection, OUTBOX.c.message_id == message_id)


def has_message(connection: Connection, message_id: str) -> bool:
    """Whether the message leaves by itself: a letter does not."""
    return connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.message_id == message_id)).first() is not None


def withdraw_referral(connection: Connection, referral_id: str) -> bool:
    """The same for a referral."""
    return _withdraw(connection, OUTBOX.c.referral_id == referral_id)


def _withdraw(connection: Connection, which: ColumnElement[bool]) -> bool:
    """What could not be sent, or perhaps was, is put aside too: whoever withdraws it has seen so."""
    waiting = and_(which, OUTBOX.c.status.in_(("waiting", "failed", "cancelled", "outcome_unknown")))
    waiting = and_(waiting, OUTBOX.c.lease_until.is_(None))
    taken = update(OUTBOX).where(waiting).values(status="cancelled", error="withdrawn")
    return connection.execute(taken).rowcount == 1


def lease(connection: Connection, *, now: datetime, until: datetime, limit: int) -> list[Leased]:
    """Take the notices whose time has come, and those of a worker that died before it had begun to send."""
    waiting = and_(OUTBOX.c.status == "waiting", OUTBOX.c.next_try_at <= now, OUTBOX.c.digest_id.is_(None))
    dead = and_(OUTBOX.c.status == "leased", OUTBOX.c.next_try_at <= now)
    return _take(connection, or_(waiting, dead), "leased", until=until, limit=limit)


def lease_interrupted(connection: Connection, *, now: datetime, until: datetime, limit: int) -> list[Leased]:
    """Take the notices of a worker that died while it was sending."""
    interrupted = and_(
        OUTBOX.c.status == "outcome_unknown", OUTBOX.c.next_try_at <= now, OUTBOX.c.lease_until.is_not(None)
    )
    return _take(connection, interrupted, "outcome_unknown", until=until, limit=limit)


def begin(connection: Connection, item: Leased, *, now: datetime, until: datetime) -> bool:
    """Say that sending begins now; False where the lease was lost to somebody else."""
    values = {"status": "outcome_unknown", "attempts": item.attempts + 1, "lease_until": until, "next_try_at": until}
    still_mine = and_(OUTBOX.c.status == "leased", OUTBOX.c.lease_until == item.lease_until)
    begun = update(OUTBOX).where(OUTBOX.c.id == item.id, still_mine, OUTBOX.c.lease_until > now)
    return connection.execute(begun.values(**values)).rowcount == 1


def prolong(connection: Connection, item: Leased, *, until: datetime) -> None:
    """Take it for lost only from then on. For the transaction in which it was begun, which nobody else sees yet."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == item.id).values(lease_until=until, next_try_at=until))


def settle(connection: Connection, item: Leased, *, status: str, **values: Any) -> None:
    """Record what became of it, and of what is under way with it, and give the lease back."""
    mine = and_(OUTBOX.c.id == item.id, OUTBOX.c.status.in_(("leased", "outcome_unknown")))
    connection.execute(update(OUTBOX).where(mine).values({"status": status, "lease_until": None, **values}))
    if item.step in _GATHER:
        with_it = and_(OUTBOX.c.digest_id == item.id, OUTBOX.c.status == "outcome_unknown")
        connection.execute(update(OUTBOX).where(with_it).values(status=status, sent_at=values.get("sent_at")))


def taken_by_provider(connection: Connection, reference: str) -> Taken | None:
    """The notice of this reference of which a provider tells, locked; None where there is none."""
    wanted = select(OUTBOX).where(OUTBOX.c.reference == reference, OUTBOX.c.delivery.is_not(None))
    row = connection.execute(wanted.with_for_update()).first()
    return Taken(row.id, row.case_id, row.message_id, row.referral_id, row.delivery) if row else None


def tell_delivery(connection: Connection, taken: Taken, delivery: str, *, at: datetime, **values: Any) -> None:
    """Keep what the provider tells, also of each notice that went with a digest."""
    told = {"delivery": delivery, "delivery_at": at, **values}
    # What was taken out of it, before it left, was not in it.
    with_it = and_(OUTBOX.c.digest_id == taken.id, OUTBOX.c.status == "sent")
    it_and_its_own = or_(OUTBOX.c.id == taken.id, with_it)
    connection.execute(update(OUTBOX).where(it_and_its_own).values(told))


def unconfirmed(connection: Connection, *, since: datetime, until: datetime) -> list[str]:
    """The references of what a provider took in this time (half-open), and has not told of since."""
    inside = (OUTBOX.c.sent_at >= since) & (OUTBOX.c.sent_at < until)
    wanted = select(OUTBOX.c.reference).where(text(UNCONFIRMED), inside).order_by(OUTBOX.c.sent_at)
    return list(connection.execute(wanted).scalars())


def _take(
    connection: Connection, condition: ColumnElement[bool], status: str, *, until: datetime, limit: int
) -> list[Leased]:
    wanted = select(OUTBOX.c.id).where(text(UNSETTLED), condition).order_by(OUTBOX.c.next_try_at).limit(limit)
    ids = list(connection.execute(wanted.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return []
    connection.execute(
        update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(status=status, lease_until=until, next_try_at=until)
    )
    return leased_items(connection, OUTBOX.c.id.in_(ids))


def leased_items(connection: Connection, which: ColumnElement[bool]) -> list[Leased]:
    """These rows as whoever sends them needs them, in the order in which they were written."""
    return [_leased(row) for row in connection.execute(_items().where(which).order_by(OUTBOX.c.id))]


def _items() -> Select[Any]:
    joined = OUTBOX.outerjoin(CASES, CASES.c.id == OUTBOX.c.case_id).outerjoin(
        PEOPLE, PEOPLE.c.id == OUTBOX.c.recipient_id
    )
    columns = (
        OUTBOX,
        CASES.c.ref.label("case_ref"),
        PEOPLE.c.email.label("address"),
        is_excluded(OUTBOX.c.case_id, OUTBOX.c.recipient_id).label("recipient_excluded"),
    )
    return select(*columns).select_from(joined)


def _leased(row: Any) -> Leased:
    return Leased(
        id=row.id,
        reference=row.reference,
        case_id=row.case_id,
        case_ref=row.case_ref,
        rule=row.rule,
        start_key=row.start_key,
        step=row.step,
        due_on=row.due_on,
        told_as=row.told_as,
        recipient_id=row.recipient_id,
        team_id=row.team_id,
        agency=row.agency,
        message_id=row.message_id,
        referral_id=row.referral_id,
        address=row.address,
        attempts=row.attempts,
        created_at=row.created_at,
        lease_until=row.lease_until,
        recipient_excluded=bool(row.recipient_excluded),
    )

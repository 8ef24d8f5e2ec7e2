"""The outbox: notices that must leave, and what became of each. No row is ever sent from inside a transaction.

    waiting > leased > outcome_unknown (sending begins) > sent, or waiting again, or failed for good
    waiting > cancelled, when it is no longer true
    waiting > outcome_unknown, when a backup was restored: it may have left since that was made

Sending begins with "outcome unknown", which is what the truth is if the sender dies before it can say more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.store.breaches import BREACHES, RECORDED_LATE
from victimcare.store.case_lists import has_lists, is_excluded, is_open_to
from victimcare.store.cases import CASES
from victimcare.store.database import is_sqlite
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE, TEAMS, stands_in
from victimcare.store.tables import OPEN_AND_COUNTED, UNSETTLED, OutboxItem

OUTBOX = OutboxItem.__table__  # type: ignore[attr-defined]
_CASES_AT_ONCE = 500
MESSAGE, REFERRAL = "message", "referral"
RESTORED = "A backup was restored: it may have left since that was made"
_EFFECT = ["case_id", "rule", "start_key", "step", "due_on", "recipient_id"]


@dataclass(frozen=True, slots=True)
class Leased:
    """What is under this worker's lease. `still_open`: the duty is still owed, on the same day.

    `recipient_may_know`: they are not kept from the case, for reminders; of alerts nobody hears who is excluded.

    A message to the victim has a `message_id`, a referral to a service a `referral_id`, and neither anything of a duty
    or a recipient who works here.
    """

    id: int
    reference: str
    case_id: int
    case_ref: str
    rule: str
    edition: str | None
    step: str
    due_on: date
    recipient_id: str | None
    message_id: str | None
    referral_id: str | None
    address: str | None
    attempts: int
    lease_until: datetime
    to_holder: bool
    still_open: bool
    recipient_may_know: bool
    recipient_excluded: bool


def open_duties(
    connection: Connection, *, first: date, last: date, today: date, own_agency: str, recorded_late_since: datetime
) -> list[Any]:
    """The open duties of our own that are due from `first` to `last`, and those that were late when they became known.

    Each row has the duty, who holds the case, their absence, who stands in `today`, and the supervisor on duty.
    """
    owed_here = _owed_here(own_agency, today)
    due_then = owed_here.where(DUES.c.due_on >= first, DUES.c.due_on <= last)
    rows = list(connection.execute(due_then)) + _recorded_late(connection, owed_here, recorded_late_since)
    found = {(row.due_on, row.case_id, row.rule, row.start_key): row for row in rows}
    return [found[duty] for duty in sorted(found)]


def _recorded_late(connection: Connection, owed_here: Select[Any], since: datetime) -> list[Any]:
    """In two steps: in one, a planner may well read every duty that is late to find the few that are new."""
    late = and_(BREACHES.c.found_at >= since, BREACHES.c.cause == RECORDED_LATE, BREACHES.c.overturned_by.is_(None))
    breaches = connection.execute(select(BREACHES.c.case_id, BREACHES.c.rule, BREACHES.c.start_key).where(late))
    duties = {tuple(row) for row in breaches}
    case_ids = sorted({duty[0] for duty in duties})
    rows: list[Any] = []
    for start in range(0, len(case_ids), _CASES_AT_ONCE):
        some = DUES.c.case_id.in_(case_ids[start : start + _CASES_AT_ONCE])
        rows += connection.execute(owed_here.where(some))
    return [row for row in rows if (row.case_id, row.rule, row.start_key) in duties]


def add(connection: Connection, items: Sequence[dict[str, Any]]) -> int:
    """Put these into the outbox, each effect once for ever; how many were new."""
    if not items:
        return 0
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(OUTBOX).on_conflict_do_nothing(index_elements=_EFFECT)
    return len(connection.execute(statement.returning(OUTBOX.c.id), items).all())


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
    waiting = and_(OUTBOX.c.status == "waiting", OUTBOX.c.next_try_at <= now)
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


def settle(connection: Connection, item: Leased, *, status: str, **values: Any) -> None:
    """Record what became of it, and give the lease back."""
    mine = and_(OUTBOX.c.id == item.id, OUTBOX.c.status.in_(("leased", "outcome_unknown")))
    connection.execute(update(OUTBOX).where(mine).values(status=status, lease_until=None, **values))


def retry_failed(connection: Connection, *, now: datetime) -> int:
    """Let every notice that was given up be tried anew; how many."""
    anew = {"status": "waiting", "attempts": 0, "next_try_at": now}
    given_up = and_(text(UNSETTLED), OUTBOX.c.status == "failed")
    return connection.execute(update(OUTBOX).where(given_up).values(**anew)).rowcount


def quarantine(connection: Connection) -> int:
    """In a restored database, let nothing leave that was to leave when the backup was made; how many.

    It may have left since. Officers see it among what did not leave, and write it again or put it aside.
    """
    since = {"status": "outcome_unknown", "lease_until": None, "error": RESTORED}
    to_leave = and_(text(UNSETTLED), OUTBOX.c.status != "outcome_unknown")
    interrupted = and_(OUTBOX.c.status == "outcome_unknown", OUTBOX.c.lease_until.is_not(None))
    return connection.execute(update(OUTBOX).where(or_(to_leave, interrupted)).values(**since)).rowcount


def release_quarantined(connection: Connection, *, now: datetime) -> int:
    """Let what was held back by restoring leave after all: somebody knows that nothing of it had; how many."""
    anew = {"status": "waiting", "attempts": 0, "next_try_at": now, "error": None}
    held_back = and_(OUTBOX.c.status == "outcome_unknown", OUTBOX.c.error == RESTORED)
    return connection.execute(update(OUTBOX).where(held_back).values(**anew)).rowcount


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
    return [_leased(row) for row in connection.execute(_items().where(OUTBOX.c.id.in_(ids)).order_by(OUTBOX.c.id))]


def _owed_here(own_agency: str, today: date) -> Select[Any]:
    source = DUES.join(PEOPLE, PEOPLE.c.id == DUES.c.holder_id).join(TEAMS, TEAMS.c.id == DUES.c.holder_team_id)
    columns = (
        DUES.c.case_id,
        DUES.c.rule,
        DUES.c.start_key,
        DUES.c.due_on,
        DUES.c.holder_id,
        PEOPLE.c.absent_from_on,
        PEOPLE.c.absent_until_on,
        stands_in(today),
        TEAMS.c.duty_supervisor_id,
        DUES.c.holder_team_id,
        has_lists(DUES.c.case_id).label("has_lists"),
    )
    return select(*columns).select_from(source).where(text(OPEN_AND_COUNTED), DUES.c.owed_by == own_agency)


def _items() -> Select[Any]:
    of_duty = and_(
        DUES.c.case_id == OUTBOX.c.case_id, DUES.c.rule == OUTBOX.c.rule, DUES.c.start_key == OUTBOX.c.start_key
    )
    still_open = and_(DUES.c.ended_on.is_(None), DUES.c.counting == "counted", DUES.c.due_on == OUTBOX.c.due_on)
    joined = (
        OUTBOX.join(CASES, CASES.c.id == OUTBOX.c.case_id)
        .outerjoin(PEOPLE, PEOPLE.c.id == OUTBOX.c.recipient_id)
        .outerjoin(DUES, of_duty)
    )
    columns = (
        OUTBOX,
        CASES.c.ref.label("case_ref"),
        (CASES.c.officer_id == OUTBOX.c.recipient_id).label("to_holder"),
        PEOPLE.c.email.label("address"),
        DUES.c.edition,
        is_open_to(OUTBOX.c.case_id, OUTBOX.c.recipient_id).label("recipient_may_know"),
        is_excluded(OUTBOX.c.case_id, OUTBOX.c.recipient_id).label("recipient_excluded"),
    )
    return select(*columns, or_(still_open, false()).label("still_open")).select_from(joined)


def _leased(row: Any) -> Leased:
    return Leased(
        id=row.id,
        reference=row.reference,
        case_id=row.case_id,
        case_ref=row.case_ref,
        rule=row.rule,
        edition=row.edition,
        step=row.step,
        due_on=row.due_on,
        recipient_id=row.recipient_id,
        message_id=row.message_id,
        referral_id=row.referral_id,
        address=row.address,
        attempts=row.attempts,
        lease_until=row.lease_until,
        to_holder=bool(row.to_holder),
        still_open=bool(row.still_open),
        recipient_may_know=bool(row.recipient_may_know),
        recipient_excluded=bool(row.recipient_excluded),
    )

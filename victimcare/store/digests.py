"""Digests: one mail in the morning with what somebody is to be told that day; and the board's monthly list.

A digest is a row of the outbox of its own. Each notice in it is a row as well, which waits with the digest, leaves with
it, and is settled with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.people import OF_THE_BOARD
from victimcare.store.database import is_sqlite
from victimcare.store.outbox import DIGEST, MONTHLY_LIST, OUTBOX, Leased, leased_items
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import WITHOUT_CASE

_OF_NO_CASE = ["step", "start_key", "due_on", "recipient_id"]
_NOT_BEGUN = ("waiting", "leased")


def open_digest(connection: Connection, person_id: str, *, on: date, now: datetime, leaves_at: datetime) -> int | None:
    """Somebody's digest of this London date, made where there is none; None where it has begun to leave.

    It does not begin to leave until this transaction is over, nor before `leaves_at`: one that waits since before an
    outage waits for what is added to it now.
    """
    row = {"rule": "", "start_key": "", "step": DIGEST, "due_on": on, "recipient_id": person_id, "status": "waiting"}
    times = {"created_at": now, "next_try_at": leaves_at, "attempts": 0, "reference": secrets.token_hex(16)}
    dialect = sqlite if is_sqlite(connection) else postgresql
    new = dialect.insert(OUTBOX).values(**row, **times)
    connection.execute(new.on_conflict_do_nothing(index_elements=_OF_NO_CASE, index_where=text(WITHOUT_CASE)))
    theirs = (OUTBOX.c.recipient_id == person_id) & (OUTBOX.c.due_on == on) & (OUTBOX.c.step == DIGEST)
    of_no_case = select(OUTBOX.c.id, OUTBOX.c.status).where(text(WITHOUT_CASE), OUTBOX.c.start_key == "", theirs)
    found = connection.execute(of_no_case.with_for_update()).one()
    too_soon = (OUTBOX.c.id == found.id) & (OUTBOX.c.status == "waiting") & (OUTBOX.c.next_try_at < leaves_at)
    connection.execute(update(OUTBOX).where(too_soon).values(next_try_at=leaves_at))
    return found.id if found.status in _NOT_BEGUN else None


def add_lists(connection: Connection, *, on: date, now: datetime, leaves_at: datetime) -> int:
    """The list of this month (its first day) for everybody of the board, once for ever; how many were new."""
    board = select(PEOPLE.c.id).where(PEOPLE.c.role.in_(OF_THE_BOARD), PEOPLE.c.active).order_by(PEOPLE.c.id)
    people = connection.execute(board).scalars().all()
    return add_once(connection, people, step=MONTHLY_LIST, on=on, now=now, leaves_at=leaves_at)


def add_once(
    connection: Connection,
    people: Sequence[str],
    *,
    step: str,
    on: date,
    now: datetime,
    leaves_at: datetime,
    key: str = "",
) -> int:
    """A notice of no case for each of these people, once for ever for this step, key and day; how many were new."""
    row = {"rule": "", "start_key": key, "step": step, "due_on": on, "status": "waiting", "attempts": 0}
    row |= {"created_at": now, "next_try_at": leaves_at}
    rows = [{**row, "recipient_id": person_id, "reference": secrets.token_hex(16)} for person_id in people]
    if not rows:
        return 0
    dialect = sqlite if is_sqlite(connection) else postgresql
    once = dialect.insert(OUTBOX).on_conflict_do_nothing(index_elements=_OF_NO_CASE, index_where=text(WITHOUT_CASE))
    return len(connection.execute(once.returning(OUTBOX.c.id), rows).all())


def waiting_in(connection: Connection, digest_id: int) -> list[Leased]:
    """The notices that are to leave with this digest."""
    in_it = (OUTBOX.c.digest_id == digest_id) & (OUTBOX.c.status == "waiting")
    return leased_items(connection, in_it)


def gather(connection: Connection, item: Leased) -> list[Leased]:
    """Let what else waits for this person at the same step leave with the notice that is being sent; all that does.

    What its worker took with it and has not begun is let go of: it leaves now. One that failed had gathered others
    before, and they come with it: nothing waits with a notice that itself waits with another.
    """
    with_it = (OUTBOX.c.status == "leased") & (OUTBOX.c.lease_until == item.lease_until)
    theirs = (OUTBOX.c.recipient_id == item.recipient_id) & (OUTBOX.c.step == item.step) & OUTBOX.c.digest_id.is_(None)
    others = theirs & (OUTBOX.c.id != item.id) & ((OUTBOX.c.status == "waiting") | with_it)
    ids = connection.execute(select(OUTBOX.c.id).where(others)).scalars().all()
    brought = OUTBOX.c.digest_id.in_(ids) & (OUTBOX.c.status == "waiting")
    gathered = OUTBOX.c.id.in_(ids) | brought
    connection.execute(update(OUTBOX).where(gathered).values(digest_id=item.id, status="waiting", lease_until=None))
    return waiting_in(connection, item.id)


def begin(connection: Connection, ids: Sequence[int]) -> None:
    """Say that these notices are under way with their digest."""
    _set(connection, ids, status="outcome_unknown")


def cancel(connection: Connection, ids: Sequence[int], *, why: str) -> None:
    """Take out what is no longer true."""
    _set(connection, ids, status="cancelled", error=why)


def cases_in(connection: Connection, digest_id: int) -> list[int]:
    """The cases that a digest told of."""
    told = (OUTBOX.c.digest_id == digest_id) & OUTBOX.c.status.in_(("sent", "outcome_unknown"))
    told &= OUTBOX.c.case_id.is_not(None)
    return sorted(set(connection.execute(select(OUTBOX.c.case_id).where(told)).scalars()))


def _set(connection: Connection, ids: Sequence[int], **values: Any) -> None:
    if ids:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**values))

"""The old end of the audit: which rows of a time can leave it, where what is left begins, and taking them out.

The last row that leaves stays as well, as the first of what is left: its hash is what those after it follow.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, text
from sqlalchemy.exc import OperationalError

from victimcare.domain.audit_chain import FIRST, Head, Link
from victimcare.store import audit
from victimcare.store.append_only import check_owner, released
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.database import is_sqlite


def beginnings(connection: Connection) -> tuple[Head, ...]:
    """The first row of each chain of which older rows were closed."""
    return tuple(Head(row.chain, row.seq, row.hash) for row in _first_rows(connection) if row.follows != FIRST)


def closed_until(connection: Connection) -> datetime | None:
    """The instant of the last row that was closed; None where none was. What was done before it lies in files."""
    if not (begun := beginnings(connection)):
        return None
    at: datetime = connection.execute(
        select(func.max(AUDIT.c.at)).where(AUDIT.c.seq.in_([head.seq for head in begun]))
    ).scalar_one()
    return at


def oldest_open(connection: Connection) -> datetime | None:
    """The instant of the oldest row that can be closed: of a chain's first row alone nothing would leave."""
    first = [row.seq for row in _first_rows(connection)]
    oldest = select(AUDIT.c.at).where(AUDIT.c.seq.not_in(first)).order_by(AUDIT.c.seq).limit(1)
    return connection.execute(oldest).scalar()


def ends_before(connection: Connection, instant: datetime) -> tuple[Head, ...]:
    """Where each chain can be closed so that nothing of this instant or later goes; no chain that has nothing to close.

    A row of a time before may follow one of a time after, for its transaction took longer: it stays. The first row of a
    chain leaves with the second.
    """
    found = []
    for first in _first_rows(connection):
        open_rows = (AUDIT.c.chain == first.chain) & (AUDIT.c.seq > first.seq)
        stays = select(AUDIT.c.seq).where(open_rows, AUDIT.c.at >= instant).order_by(AUDIT.c.seq).limit(1)
        until = connection.execute(stays).scalar()
        goes = open_rows if until is None else open_rows & (AUDIT.c.seq < until)
        last = connection.execute(_HEADS.where(goes).order_by(AUDIT.c.seq.desc()).limit(1)).first()
        if last is not None:
            found.append(Head(*last))
    return tuple(found)


def _first_rows(connection: Connection) -> list[Any]:
    """The row with which each chain begins now, whether or not older ones were closed."""
    return list(audit.of_each_chain(connection, _BEGINS))


def links_until(connection: Connection, ends: Sequence[Head]) -> Generator[Link]:
    """Every row up to these, by number, but those with which a chain begins since it was closed: they left before."""
    last = {head.chain: head.seq for head in ends}
    left = {head.seq for head in beginnings(connection)}
    with closing(audit.links(connection, until=max(last.values()))) as links:
        for link in links:
            if link.entry.seq <= last.get(link.entry.chain, 0) and link.entry.seq not in left:
                yield link


def check_may_take_out(connection: Connection) -> None:
    """Raise `NotTheOwner` where rows could not be taken out at all."""
    check_owner(connection, AUDIT.name)


def take_out(connection: Connection, ends: Sequence[Head]) -> None:
    """Take the rows before these out of their chains, with the lists of the cases that they are about.

    Whoever calls it has written their own row of the audit before: while nobody else can write, none waits for a chain.
    Raises `AuditInUse`.
    """
    _hold(connection)
    with released(connection, AUDIT.name), released(connection, SUBJECT.name), _found_by_row(connection):
        for head in ends:
            before = (AUDIT.c.chain == head.chain) & (AUDIT.c.seq < head.seq)
            connection.execute(delete(SUBJECT).where(SUBJECT.c.seq.in_(select(AUDIT.c.seq).where(before))))
            connection.execute(delete(AUDIT).where(before))


def _hold(connection: Connection) -> None:
    """Nobody reads or writes the audit until the transaction ends; on SQLite nobody else writes as it is."""
    if is_sqlite(connection):
        return
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAITS}s'"))
    try:
        connection.execute(text(f"LOCK TABLE {AUDIT.name}, {SUBJECT.name} IN ACCESS EXCLUSIVE MODE"))
    except OperationalError:
        raise AuditInUse from None


class AuditInUse(RuntimeError):
    """Something reads or writes the audit for longer than one waits."""

    def __init__(self) -> None:
        super().__init__(
            f"something has read or written the audit for {_WAITS} seconds, such as a backup or a verification: that "
            "month was not closed. Run it again when that is over"
        )


@contextmanager
def _found_by_row(connection: Connection) -> Iterator[None]:
    """Only here are the lists looked up by row; an index that stays would make every row of the audit dearer."""
    connection.execute(text(f"CREATE INDEX ix_audit_subject_of_row ON {SUBJECT.name} (seq)"))
    yield
    connection.execute(text("DROP INDEX ix_audit_subject_of_row"))


_WAITS = 5
_HEADS = select(AUDIT.c.chain, AUDIT.c.seq, AUDIT.c.hash)
_BEGINS = select(AUDIT.c.chain, AUDIT.c.seq, AUDIT.c.hash, AUDIT.c.follows)
_BEGINS = _BEGINS.where(AUDIT.c.chain == bindparam("of_chain")).order_by(AUDIT.c.seq).limit(1)

"""Checking the audit trail against itself and against its anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from victimcare.domain.audit_chain import Anchor, Link, Verified, verify
from victimcare.store import audit
from victimcare.store.audit_segments import beginnings

_TOLD_EVERY = 5_000
_NEVER = datetime.min.replace(tzinfo=UTC)


def current_anchor(connection: Connection, *, now: datetime) -> Anchor:
    """The heads of the chains now, to be written down outside the database."""
    return Anchor(now, audit.heads(connection))


def went_back(connection: Connection, last: Anchor | None) -> bool:
    """Whether rows that were anchored last are missing: an older copy lies in the place of the database."""
    return last is not None and not all(audit.has(connection, head) for head in last.heads)


def check_audit(
    connection: Connection, anchors: Sequence[Anchor], *, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Verified:
    """Walk along every row as of one moment: how many there are, and the first thing that is wrong, if any is.

    Without anchors, each chain is believed to begin where it does: nothing says otherwise.
    """
    of = connection.execute(select(func.count()).select_from(audit.AUDIT)).scalar_one()
    with closing(audit.links(connection)) as links:
        return verify(_told(links, of, progress), anchors or [Anchor(_NEVER, (), closed=beginnings(connection))])


def _told(links: Iterable[Link], of: int, progress: Callable[[int, int], None]) -> Iterator[Link]:
    for done, link in enumerate(links):
        if done % _TOLD_EVERY == 0:
            progress(done, of)
        yield link

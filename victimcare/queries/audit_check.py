"""Checking the audit trail against itself and against its anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
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


def next_anchor(connection: Connection, last: Anchor | None, *, now: datetime) -> Anchor:
    """The same, to follow the `last` one; the first of all says where the chains begin, for nothing before says it.

    Raises `WentBack`.
    """
    check_not_gone_back(connection, last)
    return replace(current_anchor(connection, now=now), closed=() if last else beginnings(connection))


def check_not_gone_back(connection: Connection, last: Anchor | None) -> None:
    """Raise `WentBack` where rows that were anchored last are missing: some are looked up, by number."""
    if last is not None and not all(audit.has(connection, head) for head in last.heads):
        raise WentBack(last)


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


class WentBack(ValueError):
    """An older copy lies in the place of the database: what waits in it may have left since."""

    def __init__(self, last: Anchor) -> None:
        super().__init__(
            f"rows of the audit that were there at {last.at:%Y-%m-%d %H:%M} UTC are not in this database. If a copy "
            "was put in its place, stop the service and run `victimcare settle-restored`: until then nothing is sent, "
            "and the audit is not anchored"
        )

"""The chain that makes a change of the audit trail show: each row carries a hash of itself and of the row before it.

Whoever can write to the database can rewrite a whole chain, so its heads are also anchored outside, signed
(`store/audit_anchors.py`): a row that an anchor names can be neither taken away nor replaced without that showing.
There are several chains, so that many at once need not wait for one another; an anchor holds the heads of all.

Old rows may be closed: they lie in a file (`exchange/closed_audit.py`), and the last of them begins what is left of
their chain. Only a row that an anchor names as closed may begin a chain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

_BETWEEN, _NOTHING = "\x1f", "\x00"
FIRST = "0" * 64
"""What the first row of a chain follows."""
RESTORED = "restore backup of "
"""How the row of a restored database begins that says so; the instant of the backup follows."""
IMPORTED = "import all as of "
"""The same of a database into which everything of another was imported; the instant of the export follows."""


class Entry(NamedTuple):
    """What one row of the audit says. `at` is as `as_hashed` writes it; `cases_hash` binds the cases it is about."""

    seq: int
    chain: int
    at: str
    operation: str
    what: str
    person_id: str
    role: str
    outcome: str
    case_count: int
    cases_hash: str | None
    basis: str | None
    team_id: str | None
    sign_in: str | None
    request_id: str | None
    recipient: str | None


class Link(NamedTuple):
    """A row as it is stored: what it says, the hash that it follows, its own, and the cases listed as its subjects."""

    entry: Entry
    follows: str
    hash: str
    case_ids: Sequence[int]


class Head(NamedTuple):
    """Where a chain ended: its last row and that row's hash."""

    chain: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup made at an instant was put in the place of the database: the heads that the chains had in it."""

    made_at: datetime
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The heads of every chain at an instant, as they were written down outside the database.

    With `restored`: what was anchored before is from now on only true of rows that were in that backup. `closed`: rows
    with which a chain may begin from now on, for those before them lie in files.
    """

    at: datetime
    heads: tuple[Head, ...]
    restored: Restored | None = None
    closed: tuple[Head, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """Rows that were anchored and are gone, for an older backup was restored: the last of them, and when it was."""

    made_at: datetime
    restored_at: datetime
    last_row: int
    anchored_at: datetime

    def __str__(self) -> str:
        return (
            f"The backup of {_utc(self.made_at)} was restored at {_utc(self.restored_at)}. Rows written in between are "
            f"lost since the backup, up to row {self.last_row} at least, anchored at {_utc(self.anchored_at)}"
        )


@dataclass(frozen=True, slots=True)
class Tampering:
    """The first thing found wrong: the row by its number, and a sentence."""

    seq: int
    sentence: str


@dataclass(slots=True)
class Verified:
    """What a walk along the chains found: how many rows, where each chain begins and ends, the first thing wrong.

    `lost` was taken away by restoring backups, as the anchors that were signed then say.
    """

    rows: int = 0
    begins: dict[int, Head] = field(default_factory=dict)
    heads: dict[int, Head] = field(default_factory=dict)
    wrong: Tampering | None = None
    lost: list[Lost] = field(default_factory=list)
    restored_row: Entry | None = None
    """The last row that says that a backup was restored, or all imported, whether or not an anchor does."""


def as_hashed(at: datetime) -> str:
    """An instant as it goes into the hash: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(follows: str, entry: Entry) -> str:
    """The hash of a row that follows the row of the hash `follows`: 64 hexadecimal digits.

    Written one after another, what is not there as nothing but its place. Raises `ValueError` for a row that would
    read as another one.
    """
    joined = _BETWEEN.join([follows, *[_NOTHING if each is None else str(each) for each in entry]])
    if joined.count(_BETWEEN) != len(entry) or joined.count(_NOTHING) != entry.count(None):
        raise ValueError("what is written into the audit must hold no control characters")
    return sha256(joined.encode()).hexdigest()


def hash_of_cases(case_ids: Collection[int]) -> str | None:
    """The hash of the numbers of the cases that a row is about, each once; None for a row about no case."""
    if not case_ids:
        return None
    ids = case_ids if len(case_ids) == 1 else sorted(set(case_ids))
    return sha256(",".join(map(str, ids)).encode()).hexdigest()


def verify(links: Iterable[Link], anchors: Sequence[Anchor] = (), *, after: Iterable[Head] = ()) -> Verified:
    """Walk along the chains, in the order of the rows' numbers, up to the first thing wrong or not as anchored.

    `after` says where the chains stood before these rows, if they are a part of them.
    """
    stood = {head.chain: head for head in after}
    verified = Verified(begins=dict(stood), heads=stood)
    anchored, verified.lost = _anchored(anchors)
    closed = {head for anchor in anchors for head in anchor.closed}
    for verified.rows, link in enumerate(links, start=1):
        entry = link.entry
        if entry.what.startswith((RESTORED, IMPORTED)):
            verified.restored_row = entry
        head = Head(entry.chain, entry.seq, link.hash)
        begins = verified.begins.setdefault(entry.chain, head) is head
        wrong = _wrong(link, verified.heads.get(entry.chain), may_begin=begins and head in closed)
        if wrong is None and entry.seq in anchored:
            wrong = _explained(_against(link, anchored), verified.restored_row)
        if wrong:
            verified.wrong = wrong
            return verified
        verified.heads[entry.chain] = head
    verified.wrong = _explained(next(_missing(anchored, verified), None), verified.restored_row)
    return verified


def _explained(wrong: Tampering | None, restored: Entry | None) -> Tampering | None:
    """A row that says that a backup was restored explains what is missing, and proves nothing: it is not signed."""
    if wrong is None or restored is None:
        return wrong
    return Tampering(
        wrong.seq,
        f"{wrong.sentence}. Row {restored.seq} says: {restored.what}, at {restored.at[:19].replace('T', ' ')} UTC. "
        "If so, these are rows lost since the backup; the anchors that were signed when it was restored prove it",
    )


def _wrong(link: Link, before: Head | None, *, may_begin: bool) -> Tampering | None:
    entry = link.entry
    if link.follows != (before.hash if before else FIRST) and not may_begin:
        after = f"row {before.seq}" if before else "the beginning of the chain"
        why = "rows were taken out, put in, or moved"
        closed = "" if before else ", or closed after these anchors were copied"
        return Tampering(entry.seq, f"row {entry.seq} does not follow {after}: {why}{closed}")
    if hash_of(link.follows, entry) != link.hash:
        return Tampering(entry.seq, f"row {entry.seq} was changed: it does not give its own hash")
    if hash_of_cases(link.case_ids) != entry.cases_hash:
        return Tampering(entry.seq, f"the list of the cases that row {entry.seq} is about was changed")
    return None


def _anchored(anchors: Sequence[Anchor]) -> tuple[dict[int, tuple[Head, datetime]], list[Lost]]:
    """Every head that was anchored and must be there, by its row; and what was lost by restoring backups.

    An anchor repeats the heads of chains that have not grown: the first one counts.
    """
    anchored: dict[int, tuple[Head, datetime]] = {}
    lost = []
    for anchor in anchors:
        if (restored := anchor.restored) is not None:
            ends = {head.chain: head.seq for head in restored.heads}
            gone = {seq: at for seq, (head, at) in anchored.items() if seq > ends.get(head.chain, 0)}
            for seq in gone:
                del anchored[seq]
            if gone:
                lost.append(Lost(restored.made_at, anchor.at, max(gone), gone[max(gone)]))
        for head in (*(restored.heads if restored else ()), *anchor.heads):
            anchored.setdefault(head.seq, (head, anchor.at))
    return anchored, lost


def _against(link: Link, anchored: dict[int, tuple[Head, datetime]]) -> Tampering | None:
    """Whether the row is the one that was anchored under its number; it is ticked off."""
    head, at = anchored.pop(link.entry.seq)
    if (head.hash, head.chain) == (link.hash, link.entry.chain):
        return None
    return Tampering(
        head.seq, f"row {head.seq} is not the one that was anchored at {_utc(at)}: rows up to it were written anew"
    )


def _missing(anchored: Mapping[int, tuple[Head, datetime]], found: Verified) -> Iterator[Tampering]:
    """What was anchored and was not met; what lies before the beginning of its chain was closed."""
    for seq in sorted(anchored):
        chain = anchored[seq][0].chain
        if (begins := found.begins.get(chain)) is not None and seq < begins.seq:
            continue
        last = found.heads.get(chain)
        end = f"its chain ends with row {last.seq}" if last else "its chain is empty"
        yield Tampering(seq, f"row {seq}, anchored at {_utc(anchored[seq][1])}, is gone: {end}")


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"

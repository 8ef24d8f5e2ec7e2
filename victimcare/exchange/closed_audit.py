"""Old months of the audit, closed: out of the database into sealed files, where they can still be read and checked.

The hash of each chain where it was closed stays in the database and is signed outside of it, so neither what is left
nor what lies in the file can be changed without that showing. Nothing is closed by itself, and no single row ever goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.audit_chain import Anchor, Entry, Head, Link, verify
from victimcare.exchange.backup.scratch import keep, scratch_in
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.sealed_file import BLOCK, Damaged, Form, Key, SealedReader, SealedWriter
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store import audit, audit_segments, cases
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database
from victimcare.store.staff import SYSTEM, ensure_system

OPEN_MONTHS = 12
"""Whole months that stay open beside the running one: reviews and answers to victims read them. Policy, not law."""
CLOSED = Form("closed part of an audit", "this part does not open with this passphrase or key: another one sealed it")


@dataclass(frozen=True, slots=True)
class Segment:
    """A file: its month (UTC), how many rows, the hash of their lines, where the chains stood before and after them."""

    month: str
    rows: int
    sha256: str
    follows: tuple[Head, ...]
    heads: tuple[Head, ...]

    def as_bytes(self) -> bytes:
        """As the last block of the file."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, written: bytes) -> Segment:
        """What was written. Raises `ValueError`, `KeyError`, `TypeError` for anything else."""
        said = json.loads(written)
        follows, heads = (tuple(Head(*head) for head in said[name]) for name in ("follows", "heads"))
        return cls(str(said["month"]), int(said["rows"]), str(said["sha256"]), follows, heads)


@dataclass(frozen=True, slots=True)
class Closed:
    """A month that left the database, and its file."""

    file: Path
    segment: Segment


def close_months(
    database: Database,
    folder: Path,
    *,
    before: date,
    key: Key,
    anchors: AnchorFile,
    now: datetime,
    progress: Tick = no_progress,
) -> Iterator[Closed]:
    """Close each month before the one of this day, oldest first, each whole before the next: stop at any, and go on.

    A month that has its file already, from a run that was stopped, keeps it if it is the same. Raises `TooYoung`,
    `NotAsWritten`, `OtherFile`, `ClosedMeanwhile`, `AuditInUse`, `NotTheOwner`, `BadAnchor`, `OSError`.
    """
    before = before.replace(day=1)
    if before > (open_from := _months_before(now.date(), OPEN_MONTHS)):
        raise TooYoung(before, open_from)
    with database.reading() as connection:
        audit_segments.check_may_take_out(connection)
        if wrong := check_audit(connection, anchors.anchors(), progress=progress).wrong:
            raise NotAsWritten(wrong.sentence)
    while (month := _oldest_month(database)) is not None and month < before:
        yield _close(database, folder, month, key, anchors, now)


def read_closed(file: Path, *, key: Key, anchors: Sequence[Anchor] = ()) -> tuple[Segment, Iterator[Link]]:
    """What a file holds, and its rows, all of which were checked first; against the anchors too, where there are any.

    The hash of its last rows binds all those before. Raises `NotThisForm`, `SealedWithAnother`, `Damaged`, `NotSigned`.
    """
    segment = _segment(file, key)
    found = verify(_links_in(file, key), [Anchor(_NEVER, segment.heads)], after=segment.follows)
    if found.wrong is not None:
        raise Damaged(found.wrong.sentence, CLOSED)
    signed = {head for anchor in anchors for head in anchor.closed}
    if anchors and not signed.issuperset(segment.heads):
        raise NotSigned(file)
    return segment, _links_in(file, key)


def print_closed(
    database: Database, file: Path, *, key: Key, anchors: Sequence[Anchor], case: str | None, now: datetime
) -> Iterator[str]:
    """The rows of a file as lines of JSON, or those about the case of this reference; written down before the first.

    Raises `NoSuchCase`, and as `read_closed` does.
    """
    segment, links = read_closed(file, key=key, anchors=anchors)
    with database.writing() as connection:
        ensure_system(connection)
        case_id = cases.id_of(connection, case) if case else None
        if case and case_id is None:
            raise NoSuchCase(case)
        audit.write(
            connection,
            at=now,
            operation="disclosure",
            what=f"read audit of {segment.month}",
            person=SYSTEM,
            case_ids=[case_id] if case_id else (),
            recipient="administrator",
        )
    return (_line(link).decode().rstrip() for link in links if case_id is None or case_id in link.case_ids)


def _oldest_month(database: Database) -> date | None:
    with database.reading() as connection:
        oldest = audit_segments.oldest_open(connection)
    return oldest and oldest.astimezone(UTC).date().replace(day=1)


def _close(database: Database, folder: Path, month: date, key: Key, anchors: AnchorFile, now: datetime) -> Closed:
    """The file first, then the signature, then the rows: what is stopped in between is as if it had not begun.

    With what is signed the audit is proved whether its rows are still there or not. Raises `NotTheOwner`.
    """
    until = datetime.combine(_months_before(month, -1), time(), UTC)
    file = folder / f"audit-{month:%Y-%m}.sealed"
    with scratch_in(folder.absolute()) as scratch:
        unfinished = scratch / file.name
        with database.reading() as connection:
            ends = audit_segments.ends_before(connection, until)
            segment = _write(connection, unfinished, month, ends, key)
            current = current_anchor(connection, now=now)
        read_closed(unfinished, key=key)
        if not file.exists():
            keep(unfinished, file)
        elif _segment(file, key) != segment:
            raise OtherFile(file)
    with file.open("rb") as opened:
        said = f"close audit of {segment.month} as the file {file_digest(opened, 'sha256').hexdigest()}"
    with database.writing() as connection:
        ensure_system(connection)
        if audit_segments.ends_before(connection, until) != ends:
            raise ClosedMeanwhile(month)
        audit.write(connection, at=now, operation="erasure", what=said, person=SYSTEM)
        audit_segments.take_out(connection, ends)
        anchors.add(replace(current, closed=ends))
    return Closed(file, segment)


def _write(connection: Connection, to: Path, month: date, ends: Sequence[Head], key: Key) -> Segment:
    chains = {head.chain for head in ends}
    follows = tuple(head for head in audit_segments.beginnings(connection) if head.chain in chains)
    rows, digest, waiting = 0, sha256(), bytearray()
    with to.open("wb") as file, closing(audit_segments.links_until(connection, ends)) as links:
        to.chmod(0o600)
        sealed = SealedWriter(file, key, CLOSED)
        for link in links:
            rows += 1
            waiting += (line := _line(link))
            digest.update(line)
            if len(waiting) >= BLOCK:
                sealed.add(bytes(waiting))
                waiting.clear()
        sealed.add(bytes(waiting))
        segment = Segment(f"{month:%Y-%m}", rows, digest.hexdigest(), follows, tuple(ends))
        sealed.finish(segment.as_bytes())
    return segment


def _line(link: Link) -> bytes:
    said = {**link.entry._asdict(), "follows": link.follows, "hash": link.hash, "cases": list(link.case_ids)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _links_in(file: Path, key: Key) -> Iterator[Link]:
    left = b""
    with file.open("rb") as opened:
        for block in SealedReader(opened, key, CLOSED).blocks():
            *lines, left = (left + block).split(b"\n")
            yield from map(_link, lines)


def _link(line: bytes) -> Link:
    said: dict[str, Any] = json.loads(line)
    follows, own, cases = said.pop("follows"), said.pop("hash"), said.pop("cases")
    return Link(Entry(**said), follows, own, cases)


def _segment(file: Path, key: Key) -> Segment:
    """What the file says that it holds, once its lines were read to their end and are those."""
    digest, rows = sha256(), 0
    with file.open("rb") as opened:
        reader = SealedReader(opened, key, CLOSED)
        for block in reader.blocks():
            digest.update(block)
            rows += block.count(b"\n")
    try:
        segment = Segment.from_bytes(reader.manifest)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Damaged("its end cannot be read", CLOSED) from None
    if (segment.rows, segment.sha256) != (rows, digest.hexdigest()):
        raise Damaged("it is not what its end says", CLOSED)
    return segment


def _months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before this day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


class TooYoung(ValueError):
    """What is asked for would take away what is still read."""

    def __init__(self, before: date, open_from: date) -> None:
        super().__init__(
            f"months before {before:%Y-%m} are asked for, and from {open_from:%Y-%m} on they stay open: reviews of who "
            f"looked, and answers to victims, read the last {OPEN_MONTHS} months. Nothing was closed"
        )


class NotAsWritten(ValueError):
    """The audit was changed: closing it would hide that."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"the audit is not as it was written: {sentence}. Nothing was closed")


class NoSuchCase(LookupError):
    """No case has this reference."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"no case has the reference {ref}: an erased one has none any more. Nothing was printed")


class NotSigned(ValueError):
    """The file is whole, and the anchors at hand do not know it."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} is whole, and these anchors do not name its last rows as closed: it is of another database, or "
            "was closed before these anchors began. Check it against those of then, with --anchors and --public-key"
        )


class ClosedMeanwhile(RuntimeError):
    """Somebody else closed that month."""

    def __init__(self, month: date) -> None:
        super().__init__(f"somebody else closed {month:%Y-%m} meanwhile: run it again to go on")


class OtherFile(FileExistsError):
    """A file of that month is there, and holds something else."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is there and holds other rows: name another folder; that month was not closed")

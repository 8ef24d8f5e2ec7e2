"""What is to become of a record, seen from what is kept of it and of what it hangs on: nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from pydantic import ValidationError
from sqlalchemy import Connection

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.law import Law
from victimcare.exchange.records.schema import RECORD, STEPS, EventRecord, Record, ReferralRecord
from victimcare.store import crimes, services, source_records, staff
from victimcare.store.source_records import DISPOSED, STORED, WAITING, Kept
from victimcare.store.vault import Vault

SAID_OTHERWISE = "it says something else than before under the same version: a change needs a higher one"


class Fate(StrEnum):
    """What becomes of a record that can be read."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"
    WAITING = "waiting"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of a record. `before` is what was kept of it, `parents` what it hangs on, by kind."""

    fate: Fate
    record: Record
    content_hash: str
    before: Kept | None = None
    waits_for: str | None = None
    parents: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def kept(self) -> Kept:
        """What was kept of a record that changes."""
        assert self.before is not None  # noqa: S101 - what changed was taken before
        return self.before


@dataclass(frozen=True)
class Taking:
    """What taking needs: the connection of its transaction, and as of when (UTC instant).

    Nothing that an import brings changes `areas` and `services`: they are asked for once in a transaction.
    """

    connection: Connection
    law: Law
    vault: Vault
    now: datetime

    @cached_property
    def areas(self) -> frozenset[str]:
        """The areas on which a team here works."""
        return frozenset(staff.areas(self.connection))

    @cached_property
    def services(self) -> frozenset[str]:
        """The names of the services in the directory."""
        return frozenset(service.name for service in services.current(self.connection))


def decide(connection: Connection, record: Record, vault: Vault) -> Decision:
    """What is to become of it. Raises `RecordRefused` where it contradicts what its source said before."""
    source = record.source
    before = source_records.find(connection, source=source, kind=record.kind, source_id=record.id, vault=vault)
    content_hash = vault.hash(record.content())
    if before is not None and before.state == DISPOSED:
        return Decision(Fate.DISPOSED, record, content_hash, before)
    if before is not None and before.version > record.version:
        return Decision(Fate.OLDER, record, content_hash, before)
    if before is not None and before.version == record.version and before.content_hash != content_hash:
        raise RecordRefused("version", SAID_OTHERWISE)
    if before is not None and before.content_hash == content_hash and before.state == STORED:
        return Decision(Fate.UNCHANGED, record, content_hash, before)
    parents: dict[str, Kept] = {}
    for kind, of in record.parents():
        parent = source_records.find(connection, source=source, kind=kind, source_id=of, vault=vault)
        if parent is not None and parent.state == DISPOSED:
            return Decision(Fate.DISPOSED, record, content_hash, before)
        if parent is None or parent.state == WAITING:
            return Decision(Fate.WAITING, record, content_hash, before, f"{kind}:{of}")
        parents[kind] = parent
    _check_one_crime(record, parents)
    if happened_to_crime(record) and not crimes.live_cases(connection, parents["crime"].crime_id or 0):
        return Decision(Fate.WAITING, record, content_hash, before, case_of(parents["crime"].source_id))
    fate = Fate.CHANGED if before is not None and before.state == STORED else Fate.NEW
    return Decision(fate, record, content_hash, before, None, parents)


def _check_one_crime(record: Record, parents: Mapping[str, Kept]) -> None:
    crimes_named = {parent.crime_id for parent in parents.values()}
    if len(crimes_named) > 1:
        raise RecordRefused("suspect", "the suspect is of another crime")


def happened_to_crime(record: Record) -> bool:
    """Whether it is an event that every victim of the crime has."""
    return isinstance(record, EventRecord) and EVENT_KINDS[EventKind(record.event)].of_crime


def case_of(crime: str) -> str:
    """What an event of a crime waits for that has no victim yet."""
    return f"case:{crime}"


def said_before(kept: Kept) -> Record:
    """The record as its source said it last. Raises `RecordRefused` where that cannot be read any more."""
    try:
        return record_of(kept.said)
    except ValidationError:
        # Not from it: its text repeats what was said.
        raise RecordRefused("", "what it said before cannot be read any more: a person puts it right") from None


def record_of(said: str) -> Record:
    """The record that says this (`Record.as_said`)."""
    return RECORD.validate_json(said, strict=True)


def kind_of_event(record: Record) -> EventKind | None:
    """The kind of event that a record is of, where it is one."""
    if isinstance(record, EventRecord):
        return EventKind(record.event)
    return STEPS[record.step] if isinstance(record, ReferralRecord) else None


class RecordRefused(ValueError):
    """A record that cannot be taken: which field of it, and why, without what it says."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        self.why = why
        super().__init__(f"{field}: {why}" if field else why)

"""All that is held on one victim, for whoever prepares it, approves it or lets it leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.people import Action, Person, may
from victimcare.queries.access_log import Access, accesses_of
from victimcare.queries.scope import case_row, let_through
from victimcare.store import record_packs
from victimcare.store.audit_segments import closed_until
from victimcare.store.held_items import HeldItem, HeldLine, held_items
from victimcare.store.record_decisions import Share
from victimcare.store.record_packs import RECIPIENT
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for

__all__ = ["HeldItem", "PackView", "RecordView", "Share", "lines_to_show", "record_held", "who_looked"]

NOT_HERE = "Not shown on this page"
_REACHED = "contact_point:"
_SAID_IN_CONFIDENCE = ("feedback_request", "feedback_answer", "feedback_theme")
_CLOSED = "What was done with any record is kept apart, and is not in this list. You can ask for it too"
_Lines = tuple[tuple[str, str], ...]
_OPENED_ON_PURPOSE = ("Number or address", "How to use it safely")


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack that was prepared: who did what with it, and why an item is left out, by its key (empty: it is given)."""

    recipient: str
    recipient_name: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    is_own: bool
    decided: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecordView:
    """All that is held, and the pack that is prepared of it, if there is one."""

    case_id: int
    items: tuple[HeldItem, ...]
    pack: PackView | None
    may_release: bool


def record_held(connection: Connection, *, person: Person, ref: str, vault: Vault) -> RecordView:
    """All that is held on the victim of this case. Raises `NoSuchCase`, `DoesNotOpen`."""
    case = case_row(connection, person, ref, Action.PREPARE_RECORD)
    row = record_packs.standing(connection, case.id)
    return RecordView(
        case.id,
        held_items(connection, case_id=case.id, vault=vault),
        _pack(connection, row, person, vault) if row else None,
        may_release=may(person, Action.RELEASE_RECORD, let_through(case)),
    )


def lines_to_show(item: HeldItem, share: Share) -> list[list[tuple[str, str]]]:
    """The lines of an item for the page on which it is decided about: no number, no address, nothing for officers.

    Nor what the victim said of how it was for them, which their case officer is not to read: it is in what leaves.
    """
    hidden = share is Share.OFFICERS or item.key.startswith(_SAID_IN_CONFIDENCE)
    reached = item.key.startswith(_REACHED)
    return [
        [(label, NOT_HERE if hidden or (reached and label in _OPENED_ON_PURPOSE) else value) for label, value in row]
        for row in item.shared(share)
    ]


def who_looked(connection: Connection, *, person: Person, ref: str) -> HeldItem:
    """Who has looked at the record, by role: it goes with every pack. Raises `NoSuchCase`."""
    case = case_row(connection, person, ref, Action.RELEASE_RECORD)
    said = [_said(one) for one in accesses_of(connection, case.id)]
    if until := closed_until(connection):
        said.append((("When", f"up to {until.isoformat(timespec='minutes')}"), ("What", _CLOSED)))
    rows = tuple(tuple(_line(*each) for each in one) for one in said)
    return HeldItem("who_looked", "Who has looked at your record", rows)


def _said(one: Access) -> _Lines:
    what = f"{one.operation} (refused)" if one.refused else one.operation
    when = one.at.isoformat(timespec="minutes")
    return (
        ("When", when),
        ("Whose role", one.role),
        ("What", what),
        ("Why it was theirs", one.why or "Not recorded then"),
    )


def _line(label: str, value: str) -> HeldLine:
    return HeldLine(label, value, Share.GIVEN)


def _pack(connection: Connection, row: Any, person: Person, vault: Vault) -> PackView:
    names = {each.id: each.name for each in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name))}
    decided = {key: item.why_left_out or "" for key, item in record_packs.items_of(connection, row.id).items()}
    return PackView(
        recipient=row.recipient,
        recipient_name=words_for(connection, row.case_id, person, vault).read(RECIPIENT, row.id, row.sealed_recipient),
        prepared_by=names[row.prepared_by],
        prepared_at=row.prepared_at,
        approved_by=names.get(row.approved_by) if row.approved_by else None,
        is_own=row.prepared_by == person.id,
        decided=decided,
    )

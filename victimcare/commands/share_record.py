"""Give a victim all that is held on them: prepared item by item, approved and handed out by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit, record_packs
from victimcare.store.cases import StoredCase
from victimcare.store.held_items import HeldItem, held_items, mark_of
from victimcare.store.vault import Vault

WHY_LEFT_OUT: Mapping[str, str] = {
    "others": "To protect the rights of somebody else",
    "safety": "Giving it could put somebody in danger",
    "inquiry": "It would obstruct an inquiry or a procedure",
    "investigation": "It would harm an investigation or a prosecution",
    "security": "To protect public or national security",
}
"""After Data Protection Act 2018 s.45(4), in our words; the Act itself was not at hand."""


def prepare_record(
    connection: Connection,
    *,
    ref: str,
    recipient: str,
    recipient_name: str,
    decided: Mapping[str, str],
    by: Person,
    now: datetime,
    vault: Vault,
) -> None:
    """Store what is to be given. `decided` has every item by its key: why it is left out, or empty where it is given.

    Raises `NoSuchCase`, `PackRefused` where something held was not decided about.
    """
    stored = open_for(connection, ref, by, Action.PREPARE_RECORD)
    if record_packs.standing(connection, stored.id) is not None:
        raise PackRefused("somebody has prepared it already")
    items = held_items(connection, case_id=stored.id, vault=vault)
    if {item.key for item in items} != set(decided):
        raise PackRefused("something was recorded meanwhile: look at it, then decide again")
    left_out = {key: why for key, why in decided.items() if why}
    how: dict[str, Any] = {
        "recipient": recipient,
        "recipient_name": recipient_name,
        "by": by.id,
        "at": now,
        "vault": vault,
    }
    record_packs.add(connection, case_id=stored.id, items=items, left_out=left_out, **how)
    note_change(connection, stored, what="prepare record for the victim", by=by, now=now)


def approve_record(connection: Connection, *, ref: str, by: Person, now: datetime, vault: Vault) -> None:
    """Approve it as the second person. Raises `NoSuchCase`, `PackRefused`, `OwnPack`, `PackChanged`."""
    stored, pack = _pack(connection, ref, by, approved=False)
    _unchanged(connection, stored, pack, vault)
    record_packs.settle(connection, pack.id, approved_by=by.id, approved_at=now)
    note_change(connection, stored, what="approve record for the victim", by=by, now=now)


def release_record(
    connection: Connection, *, ref: str, by: Person, now: datetime, vault: Vault
) -> tuple[HeldItem, ...]:
    """Let it leave: what was approved and has not changed, and nothing that was recorded since.

    Raises `NoSuchCase`, `PackRefused`, `OwnPack`, `PackChanged`.
    """
    stored, pack = _pack(connection, ref, by, approved=True)
    given = _unchanged(connection, stored, pack, vault)
    record_packs.settle(connection, pack.id, released_by=by.id, released_at=now)
    what = {"operation": "disclosure", "what": "release record", "recipient": pack.recipient}
    audit.write(connection, at=now, person=by, case_ids=[stored.id], **what)
    return given


def withdraw_record(connection: Connection, *, ref: str, by: Person, now: datetime) -> None:
    """Take back what was prepared. Raises `NoSuchCase`, `PackRefused`."""
    stored = open_for(connection, ref, by, Action.PREPARE_RECORD)
    pack = record_packs.standing(connection, stored.id)
    if pack is None:
        raise PackRefused("nothing is prepared now")
    record_packs.settle(connection, pack.id, withdrawn_by=by.id, withdrawn_at=now)
    note_change(connection, stored, what="withdraw record for the victim", by=by, now=now)


def _pack(connection: Connection, ref: str, by: Person, *, approved: bool) -> tuple[StoredCase, Any]:
    stored = open_for(connection, ref, by, Action.RELEASE_RECORD)
    pack = record_packs.standing(connection, stored.id)
    if pack is None or (pack.approved_at is not None) is not approved:
        raise PackRefused("it does not wait for this now")
    if pack.prepared_by == by.id:
        raise OwnPack
    return stored, pack


def _unchanged(connection: Connection, stored: StoredCase, pack: Any, vault: Vault) -> tuple[HeldItem, ...]:
    """The items that are given, as they were decided about."""
    decided = record_packs.items_of(connection, pack.id)
    now_held = {item.key: item for item in held_items(connection, case_id=stored.id, vault=vault)}
    given = [key for key, row in decided.items() if row.given]
    if any(key not in now_held or mark_of(now_held[key], vault) != decided[key].mark for key in given):
        raise PackChanged
    return tuple(item for key, item in now_held.items() if key in set(given))


class PackRefused(RuntimeError):
    """What was asked cannot be done with a pack as it is now."""


class OwnPack(PermissionError):
    """Somebody would approve, or hand out, what they prepared themselves."""

    def __init__(self) -> None:
        super().__init__("you prepared this yourself: somebody else must approve it and hand it out")


class PackChanged(RuntimeError):
    """Something that is to be given is not as it was when it was decided about."""

    def __init__(self) -> None:
        super().__init__("something in it has changed since it was decided: withdraw it, and prepare it again")

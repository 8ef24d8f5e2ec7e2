"""Packs for victims who ask what is held on them, in the database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from victimcare.store.held_items import HeldItem, mark_of
from victimcare.store.many import insert_rows
from victimcare.store.sealed_words import sealed_in
from victimcare.store.tables import STANDING_PACK, RecordPack, RecordPackItem
from victimcare.store.vault import Vault

PACKS = RecordPack.__table__  # type: ignore[attr-defined]
PACK_ITEMS = RecordPackItem.__table__  # type: ignore[attr-defined]
RECIPIENT = PACKS.c.sealed_recipient


def standing(connection: Connection, case_id: int) -> Any:
    """The row of the pack of this case that has neither left nor was withdrawn; None where there is none."""
    return connection.execute(select(PACKS).where(PACKS.c.case_id == case_id, text(STANDING_PACK))).first()


def items_of(connection: Connection, pack_id: str) -> dict[str, Any]:
    """What was decided of each item, by its key."""
    return {row.key: row for row in connection.execute(select(PACK_ITEMS).where(PACK_ITEMS.c.pack_id == pack_id))}


def add(
    connection: Connection,
    *,
    case_id: int,
    recipient: str,
    recipient_name: str,
    items: Sequence[HeldItem],
    left_out: Mapping[str, str],
    by: str,
    at: datetime,
    vault: Vault,
) -> str:
    """Store a pack with these items; `left_out` has, by key, why one is not given. Its id."""
    pack_id = secrets.token_hex(8)
    sealed = sealed_in(RECIPIENT, pack_id, recipient_name, vault) if recipient_name else None
    values = {"id": pack_id, "case_id": case_id, "recipient": recipient, "sealed_recipient": sealed}
    connection.execute(insert(PACKS).values(**values, prepared_by=by, prepared_at=at))
    rows = [
        {
            "pack_id": pack_id,
            "key": item.key,
            "given": item.key not in left_out,
            "why_left_out": left_out.get(item.key),
            "mark": mark_of(item, vault),
        }
        for item in items
    ]
    insert_rows(connection, PACK_ITEMS, rows)
    return pack_id


def settle(connection: Connection, pack_id: str, **values: Any) -> None:
    """Write what became of it."""
    connection.execute(update(PACKS).where(PACKS.c.id == pack_id).values(values))

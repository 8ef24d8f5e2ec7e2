"""Packs for the board, in the database."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256 as hash_of
from typing import Any

from sqlalchemy import Connection, insert, or_, select, text, update

from victimcare.domain.board_pack import Document, PackFormat, canonical, name_of
from victimcare.store.tables import WAITING_PACK, BoardPack, BoardPackFile

PACKS = BoardPack.__table__  # type: ignore[attr-defined]
PACK_FILES = BoardPackFile.__table__  # type: ignore[attr-defined]
MAY_TAKE = timedelta(minutes=15)
"""After so long whoever began to make a pack is taken to be dead, and another begins again."""


@dataclass(frozen=True, slots=True)
class WaitingPack:
    """A pack that is to be made. `baseline` is "" where it is held against no period."""

    id: str
    period: str
    baseline: str
    force: str
    threshold: int


def ask(
    connection: Connection, *, period: str, baseline: str, force: str, threshold: int, by: str, at: datetime
) -> WaitingPack:
    """Ask for a pack; the one that waits already where the same was asked for, and is not made yet."""
    standing = select(PACKS).where(PACKS.c.period == period, PACKS.c.baseline == baseline, text(WAITING_PACK))
    found = connection.execute(standing).first()
    if found is not None:
        return _waiting(found)
    values: dict[str, Any] = {"id": secrets.token_hex(8), "period": period, "baseline": baseline, "force": force}
    values |= {"threshold": threshold, "asked_by": by, "asked_at": at, "steps_done": 0, "steps": 0, "note": ""}
    connection.execute(insert(PACKS).values(values))
    return WaitingPack(values["id"], period, baseline, force, threshold)


def to_make(connection: Connection, *, now: datetime) -> tuple[WaitingPack, ...]:
    """Those that nobody is making, the first that was asked for at the front."""
    asked = select(PACKS).where(text(WAITING_PACK), _free(now)).order_by(PACKS.c.asked_at, PACKS.c.id)
    return tuple(_waiting(row) for row in connection.execute(asked))


def begin(connection: Connection, pack_id: str, *, steps: int, now: datetime) -> bool:
    """Begin to make it; False where somebody else is at it, or it is made."""
    mine = update(PACKS).where(PACKS.c.id == pack_id, text(WAITING_PACK), _free(now))
    return connection.execute(mine.values(started_at=now, steps=steps, steps_done=0)).rowcount == 1


def _free(now: datetime) -> Any:
    return or_(PACKS.c.started_at.is_(None), PACKS.c.started_at < now - MAY_TAKE)


def _waiting(row: Any) -> WaitingPack:
    return WaitingPack(row.id, row.period, row.baseline, row.force, row.threshold)


def note_step(connection: Connection, pack_id: str, done: int) -> None:
    """Say how far it has come."""
    connection.execute(update(PACKS).where(PACKS.c.id == pack_id).values(steps_done=done))


def keep(
    connection: Connection,
    pack_id: str,
    document: Document,
    files: Mapping[PackFormat, bytes],
    *,
    note: str,
    at: datetime,
) -> None:
    """Keep the pack as it was made, with its files."""
    content = canonical(document)
    made = {"made_at": at, "sha256": name_of(content), "content": content.decode(), "note": note}
    connection.execute(update(PACKS).where(PACKS.c.id == pack_id).values(**made, steps_done=PACKS.c.steps))
    for file_format, held in files.items():
        row = {"pack_id": pack_id, "format": file_format.value, "sha256": hash_of(held).hexdigest(), "content": held}
        connection.execute(insert(PACK_FILES).values(row))


def keep_same(connection: Connection, pack_id: str, *, same_as: str, at: datetime) -> None:
    """Say that nothing has changed since an earlier pack, which serves for this one."""
    settled = {"made_at": at, "same_as": same_as, "steps_done": PACKS.c.steps}
    connection.execute(update(PACKS).where(PACKS.c.id == pack_id).values(settled))


def give_up(connection: Connection, pack_id: str, *, at: datetime) -> None:
    """Say that it could not be made."""
    connection.execute(update(PACKS).where(PACKS.c.id == pack_id).values(failed_at=at))


@dataclass(frozen=True, slots=True)
class MadePack:
    """A pack that was made, by what it is called."""

    id: str
    sha256: str
    document: Document


def last_made(connection: Connection, *, period: str, threshold: int, baseline: str | None = None) -> MadePack | None:
    """The newest pack of a period; held against this baseline, where one is given. None that hides less than this."""
    made = select(PACKS).where(PACKS.c.period == period, PACKS.c.threshold >= threshold, PACKS.c.sha256.is_not(None))
    if baseline is not None:
        made = made.where(PACKS.c.baseline == baseline)
    row = connection.execute(made.order_by(PACKS.c.made_at.desc(), PACKS.c.id).limit(1)).first()
    return MadePack(row.id, row.sha256, json.loads(row.content)) if row else None


def named(connection: Connection, name: str) -> Any:
    """The row of the pack of this name, or of which it begins so. Raises `NoSuchPack`, also where two begin so."""
    found = connection.execute(select(PACKS).where(PACKS.c.sha256.startswith(name, autoescape=True))).all()
    if len(found) != 1:
        raise NoSuchPack(name)
    return found[0]


def of_id(connection: Connection, pack_id: str) -> Any:
    """The row of the pack of this id; of the one that serves for it, where it is the same as an earlier one."""
    row = connection.execute(select(PACKS).where(PACKS.c.id == pack_id)).one()
    return of_id(connection, row.same_as) if row.same_as else row


def files_of(connection: Connection, pack_id: str) -> dict[PackFormat, Any]:
    """The rows of its files, by their formats in the order in which they are offered."""
    rows = {row.format: row for row in connection.execute(select(PACK_FILES).where(PACK_FILES.c.pack_id == pack_id))}
    return {each: rows[each.value] for each in PackFormat if each.value in rows}


class NoSuchPack(LookupError):
    """No pack is called so, or more than one begins so."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no pack is called {name}, or more than one begins so")

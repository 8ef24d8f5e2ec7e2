"""The packs that were asked for: how far each has come, and the files of those that are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from victimcare.domain.board_pack import PackFormat, PackTable, tables_of
from victimcare.domain.people import Person
from victimcare.queries.periods import Period
from victimcare.queries.scope import for_the_board
from victimcare.store.board_packs import PACK_FILES, PACKS, WaitingPack, to_make
from victimcare.store.board_packs import NoSuchPack as NoSuchPack
from victimcare.store.staff import PEOPLE

SHOWN = 50


@dataclass(frozen=True, slots=True)
class PackShown:
    """A pack that was asked for. `name` is "" until it is made; `sizes` are of its files, in bytes.

    `hides_too_little`: it was made when fewer numbers were hidden than are now, and is given to nobody any more.
    `same_as` is the name of the earlier pack that serves for it, "" where it has files of its own.
    """

    period: Period
    baseline: Period | None
    asked_by: str
    asked_at: datetime
    steps_done: int
    steps: int
    made_at: datetime | None
    failed_at: datetime | None
    name: str
    same_as: str
    note: str
    sizes: dict[PackFormat, int]
    hides_too_little: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be made."""
        return self.made_at is None and self.failed_at is None


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack, and the tables that are in it."""

    period: Period
    name: str
    format: PackFormat
    content: bytes
    sha256: str
    tables: tuple[PackTable, ...]


def packs_asked_for(connection: Connection, *, person: Person, threshold: int) -> tuple[PackShown, ...]:
    """The last fifty, the newest first. `threshold` is that of today. Raises `NotForTheBoard`."""
    for_the_board(person)
    earlier = PACKS.alias("earlier")
    joined = PACKS.join(PEOPLE, PEOPLE.c.id == PACKS.c.asked_by).outerjoin(earlier, earlier.c.id == PACKS.c.same_as)
    columns = [column for column in PACKS.c if column.name != "content"]
    newest = select(*columns, PEOPLE.c.name.label("by_name"), earlier.c.sha256.label("served_by")).select_from(joined)
    rows = connection.execute(newest.order_by(PACKS.c.asked_at.desc(), PACKS.c.id).limit(SHOWN)).all()
    sizes = _sizes(connection, [row.id for row in rows])
    return tuple(
        PackShown(
            period=Period.named(row.period),
            baseline=Period.named(row.baseline) if row.baseline else None,
            asked_by=row.by_name,
            asked_at=row.asked_at,
            steps_done=row.steps_done,
            steps=row.steps,
            made_at=row.made_at,
            failed_at=row.failed_at,
            name=row.sha256 or "",
            same_as=row.served_by or "",
            note=row.note,
            sizes=sizes.get(row.id, {}),
            hides_too_little=row.threshold < threshold,
        )
        for row in rows
    )


def packs_to_make(connection: Connection, *, now: datetime) -> tuple[WaitingPack, ...]:
    """Those that nobody is making, the first that was asked for at the front: for the job that makes them."""
    return to_make(connection, now=now)


def _sizes(connection: Connection, pack_ids: list[str]) -> dict[str, dict[PackFormat, int]]:
    found: dict[str, dict[PackFormat, int]] = {}
    size = func.length(PACK_FILES.c.content).label("size")
    asked = select(PACK_FILES.c.pack_id, PACK_FILES.c.format, size).where(PACK_FILES.c.pack_id.in_(pack_ids))
    held = {(row.pack_id, row.format): row.size for row in connection.execute(asked)}
    for pack_id in pack_ids:
        found[pack_id] = {each: held[pack_id, each.value] for each in PackFormat if (pack_id, each.value) in held}
    return found


def pack_file(
    connection: Connection, *, person: Person, name: str, file_format: PackFormat, threshold: int
) -> PackFile:
    """A file of the pack whose name begins so.

    Raises `NoSuchPack`, also for one that hides less than `threshold`, and `NotForTheBoard`.
    """
    for_the_board(person)
    begins = PACKS.c.sha256.startswith(name, autoescape=True)
    found = select(PACKS, PACK_FILES.c.content.label("held"), PACK_FILES.c.sha256.label("of_file"))
    found = found.join(PACK_FILES, PACK_FILES.c.pack_id == PACKS.c.id)
    asked = found.where(begins, PACK_FILES.c.format == file_format.value, PACKS.c.threshold >= threshold)
    rows = connection.execute(asked).all()
    if len(rows) != 1:
        raise NoSuchPack(name)
    row = rows[0]
    tables = tables_of(json.loads(row.content))
    return PackFile(Period.named(row.period), row.sha256, file_format, bytes(row.held), row.of_file, tables)

"""no word about a person lies open: names, reasons and words in a victim's own are sealed, and none is in a journey

All in one transaction with the rest of the migrations: without the vault's key, or with another than the one with
which the database was sealed until now, nothing changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import context, op

from victimcare.store.vault import Vault

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHUNK = 1_000
_SEALED_BEFORE = (("case_note", ":note"), ("left_message", ":message"), ("message", ":message"), ("contact_point", ""))


class _Words(NamedTuple):
    """A column of plain words, the one that takes them, and the columns that name the row in what is bound to it."""

    table: str
    plain: str
    sealed: str
    key: tuple[str, ...] = ("id",)
    always: bool = True


_WORDS = (
    _Words("person_to_tell", "name", "sealed_name"),
    _Words("needs_assessment", "supporter", "sealed_supporter", ("event_key",), always=False),
    _Words("equality_answer", "words", "sealed_words", ("victim_id", "characteristic"), always=False),
    _Words("location_protection", "reason", "sealed_reason"),
    _Words("location_protection", "lifted_reason", "sealed_lifted_reason", always=False),
    _Words("saved_search", "words", "sealed_words"),
)
_HANDED_OVER = _Words("assignment", "why", "sealed_why", always=False)
_NOT_THE_FIRST = "EXISTS (SELECT 1 FROM {table} b WHERE b.case_id = {table}.case_id AND b.id < {table}.id{of_kind})"


def upgrade() -> None:
    """What was typed by whoever handed a case over leaves the journey too; the sentences of the allocation stay."""
    if _is_sqlite():
        # What is taken out of the file is written over, so that no word can be read from the space that it leaves.
        op.execute("PRAGMA secure_delete = ON")
    vault = _Key(context.config.attributes["vault"])
    for words in (*_WORDS, _HANDED_OVER):
        op.add_column(words.table, sa.Column(words.sealed, sa.LargeBinary(), nullable=True))
    for words in _WORDS:
        _seal(words, vault, "1 = 1")
    _seal(_HANDED_OVER, vault, _NOT_THE_FIRST.format(table="assignment", of_kind=""))
    _take_out_of_journeys()
    for table in dict.fromkeys(words.table for words in _WORDS):
        _drop_plain(table, [words for words in _WORDS if words.table == table])
    if vault.used and not _is_sqlite():
        for table in dict.fromkeys(words.table for words in (*_WORDS, _HANDED_OVER)):
            _write_anew(table)


class _Key:
    """The vault, asked for when the first word is to be sealed: a database without words needs no key."""

    def __init__(self, vault: Callable[[], Vault]) -> None:
        self._vault, self.used = vault, False

    def seal(self, words: str, row_id: str) -> bytes:
        if not self.used:
            self._opened = self._vault()
            _open_what_was_sealed(self._opened)
            self.used = True
        return self._opened.seal(words, row_id=row_id)


def _open_what_was_sealed(vault: Vault) -> None:
    """Raise `DoesNotOpen` for another key than the database was sealed with."""
    for name, kind in _SEALED_BEFORE:
        table = sa.table(name, sa.column("id"), sa.column("sealed"))
        first = op.get_bind().execute(sa.select(table).order_by(table.c.id).limit(1)).first()
        if first is not None:
            vault.open(first.sealed, row_id=f"{first.id}{kind}")


def _seal(words: _Words, vault: _Key, which: str) -> None:
    """Seal every word of the column, and empty it. Raises `RuntimeError` where one would be lost."""
    table = sa.table(words.table, *map(sa.column, {"id", *words.key, words.plain, words.sealed}))
    plain, sealed = table.c[words.plain], table.c[words.sealed]
    to_seal = sa.text(which) & plain.is_not(None) & (sa.true() if words.always else plain != "")
    before = _count(table, to_seal), _count(table, sa.true())
    for rows in _chunks(sa.select(table).where(to_seal), table.c.id):
        values = [
            {"of_id": row.id, "now": vault.seal(getattr(row, words.plain), _bound(words, row)), "was": _emptied(words)}
            for row in rows
        ]
        mine = table.c.id == sa.bindparam("of_id")
        changed = sa.update(table).where(mine).values({sealed: sa.bindparam("now"), plain: sa.bindparam("was")})
        op.get_bind().execute(changed, values)
    after = _count(table, sealed.is_not(None)), _count(table, sa.true())
    if after != before:
        raise RuntimeError(f"{words.table}.{words.plain}: {before} words and rows before, {after} after")


def _emptied(words: _Words) -> str | None:
    return None if words.plain == "lifted_reason" else ""


def _bound(words: _Words, row: Any) -> str:
    return f"{words.table}.{words.sealed}:{':'.join(str(getattr(row, name)) for name in words.key)}"


def _take_out_of_journeys() -> None:
    """The reasons of hand-overs, which now stand sealed with the assignment. Events are changed this once."""
    events = sa.table("journey_event", *map(sa.column, ("id", "kind", "details")))
    of_kind = " AND b.kind = 'officer_assigned'"
    handed = (events.c.kind == "officer_assigned") & sa.text(
        _NOT_THE_FIRST.format(table="journey_event", of_kind=of_kind)
    )
    with _events_writable():
        for rows in _chunks(sa.select(events).where(handed, events.c.details.contains('"why"')), events.c.id):
            values = [{"of_id": row.id, "now": _without_why(row.details)} for row in rows]
            mine = events.c.id == sa.bindparam("of_id")
            op.get_bind().execute(sa.update(events).where(mine).values(details=sa.bindparam("now")), values)


def _without_why(details: str) -> str:
    kept = {name: value for name, value in json.loads(details).items() if name != "why"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class _events_writable:  # noqa: N801 - read like a function
    """Events may be changed within the block, and never after it."""

    def __enter__(self) -> None:
        if _is_sqlite():
            made = "SELECT sql FROM sqlite_master WHERE name = 'journey_event_no_update'"
            self._trigger = op.get_bind().execute(sa.text(made)).scalar_one()
            op.execute("DROP TRIGGER journey_event_no_update")
        else:
            op.execute("ALTER TABLE journey_event DISABLE TRIGGER journey_event_kept")

    def __exit__(self, *_raised: object) -> None:
        if _is_sqlite():
            op.get_bind().exec_driver_sql(self._trigger)
        else:
            op.execute("ALTER TABLE journey_event ENABLE TRIGGER journey_event_kept")


def _chunks(wanted: sa.Select[Any], number: sa.ColumnClause[Any]) -> Iterator[Sequence[Any]]:
    """The rows in the order of their numbers, so many at a time; `saved_search` has letters for numbers."""
    last = None
    while True:
        further = wanted if last is None else wanted.where(number > last)
        rows = op.get_bind().execute(further.order_by(number).limit(_CHUNK)).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows


def _count(table: Any, which: Any) -> int:
    return int(op.get_bind().execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar_one())


def _drop_plain(table: str, columns: Sequence[_Words]) -> None:
    with op.batch_alter_table(table) as batch:
        for words in columns:
            if words.always:
                batch.alter_column(words.sealed, existing_type=sa.LargeBinary(), nullable=False)
            batch.drop_column(words.plain)


def _write_anew(table: str) -> None:
    """PostgreSQL leaves what was there in the table's file: a new file has only the rows of now."""
    op.execute(f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM {table}")  # noqa: S608 - our own names
    op.execute(f"TRUNCATE {table}")
    op.execute(f"INSERT INTO {table} SELECT * FROM kept")  # noqa: S608
    op.execute("DROP TABLE kept")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")

"""What a force's own systems said, kept by source, kind, id and version: what came, what waits, and what it became."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from hmac import digest
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from victimcare.store import installation
from victimcare.store.many import insert_rows, some_at_a_time
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import SourceRecord
from victimcare.store.vault import Vault

RECORDS = SourceRecord.__table__  # type: ignore[attr-defined]
STORED, WAITING, DISPOSED = "stored", "waiting", "disposed"
NEXT_IMPORT = "next-import"
"""What waits for this was refused when it was joined, and is tried again."""
ITS_TURN = "its-turn"
"""What waits for this waited for a record that is here now: more did than are joined at once."""
_DISPOSED_AS = "disposed:"
_CHANGED_AS = "changed "
"""No id has a space in it: what follows is the id of a record that stands, of which this is a newer version."""
SETTING = "key_of_disposed_records"
"""Under which name the key of the hashes of disposed records stands among the settings, sealed."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one record; `said` is what it said last, as JSON, empty of what was disposed of."""

    source: str
    kind: str
    source_id: str
    version: int
    content_hash: str
    state: str
    said: str = field(default="", repr=False)
    waits_for: str | None = None
    about: str | None = None
    crime_id: int | None = None
    case_id: int | None = None
    person_id: str | None = None
    event_key: str | None = None
    came_at: datetime | None = None

    @property
    def name(self) -> str:
        """Its kind and id, as what hangs on it says."""
        return f"{self.kind}:{self.source_id}"

    @property
    def key(self) -> tuple[str, str, str]:
        """Source, kind and id of the record, also where it is a newer version that waits."""
        return self.source, self.kind, self.source_id.removeprefix(_CHANGED_AS)


_COLUMNS = tuple(each.name for each in fields(Kept) if each.name != "said")
_FIND = select(RECORDS).where(
    RECORDS.c.source == bindparam("of_source"),
    RECORDS.c.kind == bindparam("of_kind"),
    RECORDS.c.source_id == bindparam("name"),
)
_WAITING = (
    select(RECORDS)
    .where(RECORDS.c.source == bindparam("of_source"), RECORDS.c.state == WAITING)
    .where(RECORDS.c.waits_for == bindparam("what"))
    .order_by(RECORDS.c.id)
)


def find(connection: Connection, *, source: str, kind: str, source_id: str, vault: Vault) -> Kept | None:
    """What is kept of this record, also of what was disposed of."""
    of = {"of_source": source, "of_kind": kind, "name": source_id}
    row = connection.execute(_FIND, of).first()
    secret = _secret(connection, vault) if row is None else None
    if secret is not None:
        name = _DISPOSED_AS + _id_hash(secret, source, kind, source_id)
        row = connection.execute(_FIND, of | {"name": name}).first()
    return _kept(row, vault) if row else None


def find_many(connection: Connection, keys: Iterable[tuple[str, str, str]], vault: Vault) -> dict[Any, Kept]:
    """What is kept of each of these records, by source, kind and id."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for source, kind, source_id in keys:
        by_kind.setdefault((source, kind), []).append(source_id)
    return {
        (source, kind, source_id): kept
        for (source, kind), ids in by_kind.items()
        for source_id, kept in find_all(connection, source=source, kind=kind, ids=ids, vault=vault).items()
    }


def names_waited_for(connection: Connection, *, source: str, names: Sequence[str]) -> set[str]:
    """For which of these something waits."""
    wanted = select(RECORDS.c.waits_for).where(RECORDS.c.source == source, RECORDS.c.state == WAITING)
    return set(connection.execute(wanted.where(RECORDS.c.waits_for.in_(names))).scalars())


def find_all(connection: Connection, *, source: str, kind: str, ids: Sequence[str], vault: Vault) -> dict[str, Kept]:
    """The same for many, by id."""
    names = {each: each for each in ids}
    secret = _secret(connection, vault)
    if secret is not None:
        names |= {_DISPOSED_AS + _id_hash(secret, source, kind, each): each for each in ids}
    of = (RECORDS.c.source == source) & (RECORDS.c.kind == kind) & RECORDS.c.source_id.in_(list(names))
    return {names[row.source_id]: _kept(row, vault) for row in connection.execute(select(RECORDS).where(of))}


def keep(connection: Connection, kept: Kept, vault: Vault) -> None:
    """Store it, in the place of what was kept of the record before."""
    secret = _secret(connection, vault) or _new_secret(connection, vault)
    sealed = sealed_said(kept.source, kept.kind, kept.source_id, kept.said, vault) if kept.said else None
    row = _row(kept, sealed, secret)
    of = (RECORDS.c.source == kept.source) & (RECORDS.c.kind == kept.kind) & (RECORDS.c.source_id == kept.source_id)
    if connection.execute(update(RECORDS).where(of).values(row)).rowcount == 0:
        connection.execute(insert(RECORDS).values(row))


def add_all(connection: Connection, kept: Sequence[tuple[Kept, bytes]], vault: Vault) -> None:
    """Store records of which nothing was kept before, each with what it said, sealed already (`sealed_said`)."""
    secret = _secret(connection, vault) or _new_secret(connection, vault)
    insert_rows(connection, RECORDS, [_row(each, sealed, secret) for each, sealed in kept])


def sealed_said(source: str, kind: str, source_id: str, said: str, vault: Vault) -> bytes:
    """What a record of this name said, as it is kept of it and of no other."""
    return sealed_in(RECORDS.c.sealed, f"{source}:{kind}:{source_id}", said, vault)


def opened_said(source: str, kind: str, source_id: str, sealed: bytes, vault: Vault) -> str:
    """What a record of this name said. Raises `DoesNotOpen`."""
    return opened_from(RECORDS.c.sealed, f"{source}:{kind}:{source_id}", sealed, vault)


def _row(kept: Kept, sealed: bytes | None, secret: bytes) -> dict[str, Any]:
    row = {name: getattr(kept, name) for name in _COLUMNS}
    return row | {"sealed": sealed, "id_hash": _id_hash(secret, kept.source, kept.kind, kept.source_id)}


def keep_change(connection: Connection, kept: Kept, vault: Vault) -> None:
    """Keep what a record says now until what it hangs on has come; what it said before stands beside it."""
    keep(connection, replace(kept, source_id=_CHANGED_AS + kept.source_id), vault)


def changes_of(connection: Connection, *, source: str, kind: str, ids: Sequence[str], vault: Vault) -> dict[str, Kept]:
    """Of these records the newer versions that wait, by the records' ids."""
    names = {_CHANGED_AS + each: each for each in ids}
    of = (RECORDS.c.source == source) & (RECORDS.c.kind == kind) & RECORDS.c.source_id.in_(list(names))
    return {names[row.source_id]: _kept(row, vault) for row in connection.execute(select(RECORDS).where(of))}


def drop_change(connection: Connection, *, source: str, kind: str, source_id: str, upto: int) -> None:
    """Forget a version that waited, once this one or a newer one was taken."""
    of = (RECORDS.c.source == source) & (RECORDS.c.kind == kind) & (RECORDS.c.source_id == _CHANGED_AS + source_id)
    connection.execute(delete(RECORDS).where(of, RECORDS.c.version <= upto))


def drop(connection: Connection, kept: Kept) -> None:
    """Forget one that waits no more: it was of what was disposed of, or a change that was taken."""
    of = (RECORDS.c.source == kept.source) & (RECORDS.c.kind == kept.kind) & (RECORDS.c.source_id == kept.source_id)
    connection.execute(delete(RECORDS).where(of, RECORDS.c.state == WAITING))


def waiting_for(
    connection: Connection, *, source: str, what: str, vault: Vault, limit: int | None = None
) -> list[Kept]:
    """What waits for this, the first to come first."""
    wanted = _WAITING if limit is None else _WAITING.limit(limit)
    return [_kept(row, vault) for row in connection.execute(wanted, {"of_source": source, "what": what})]


def give_a_turn(connection: Connection, *, source: str, what: str) -> None:
    """Let all that still waits for this, which is here, be taken in turn."""
    of = (RECORDS.c.source == source) & (RECORDS.c.state == WAITING) & (RECORDS.c.waits_for == what)
    connection.execute(update(RECORDS).where(of).values(waits_for=ITS_TURN))


def whose_turn_it_is(connection: Connection, *, limit: int, vault: Vault) -> list[Kept]:
    """What waited for something that is here now, of whichever system, the first to come first."""
    of = (RECORDS.c.state == WAITING) & (RECORDS.c.waits_for == ITS_TURN)
    rows = connection.execute(select(RECORDS).where(of).order_by(RECORDS.c.id).limit(limit))
    return [_kept(row, vault) for row in rows]


def turns_waiting(connection: Connection) -> int:
    """How many wait for their turn."""
    of = (RECORDS.c.state == WAITING) & (RECORDS.c.waits_for == ITS_TURN)
    return int(connection.execute(select(func.count()).select_from(RECORDS).where(of)).scalar_one())


def forget_waiting(connection: Connection, *, before: datetime) -> int:
    """Forget what waits and came last before this instant; how many."""
    return connection.execute(delete(RECORDS).where(RECORDS.c.state == WAITING, RECORDS.c.came_at < before)).rowcount


def about(connection: Connection, *, source: str, suspect: str, vault: Vault) -> list[Kept]:
    """The stored records of events that are about this suspect."""
    of = (RECORDS.c.source == source) & (RECORDS.c.about == suspect) & (RECORDS.c.state == STORED)
    return [_kept(row, vault) for row in connection.execute(select(RECORDS).where(of).order_by(RECORDS.c.id))]


def of_crime(connection: Connection, *, crime_id: int, kind: str, vault: Vault) -> list[Kept]:
    """The stored records of this kind that are of the crime."""
    of = (RECORDS.c.crime_id == crime_id) & (RECORDS.c.kind == kind) & (RECORDS.c.state == STORED)
    return [_kept(row, vault) for row in connection.execute(select(RECORDS).where(of).order_by(RECORDS.c.id))]


def all_waiting(connection: Connection, *, source: str | None = None) -> dict[str, int]:
    """How many records wait, by kind."""
    wanted = select(RECORDS.c.kind, func.count().label("many")).where(RECORDS.c.state == WAITING)
    if source is not None:
        wanted = wanted.where(RECORDS.c.source == source)
    return {row.kind: row.many for row in connection.execute(wanted.group_by(RECORDS.c.kind).order_by(RECORDS.c.kind))}


def content_of(said: str) -> str:
    """What a record says beside its version, written so that the same is always written the same."""
    fields_said = {name: _in_order(value) for name, value in json.loads(said).items() if name != "version"}
    return json.dumps(fields_said, ensure_ascii=False, separators=(",", ":"))


def _in_order(value: Any) -> Any:
    """Lists are of codes, and in none does their order say anything."""
    return sorted(value) if isinstance(value, list) else value


def hash_all(connection: Connection, vault: Vault) -> None:
    """Hash what they said with the key that the vault hashes with now, and seal the key of those disposed of anew."""
    for rows in some_at_a_time(connection, select(RECORDS).where(RECORDS.c.sealed.is_not(None)), RECORDS.c.id):
        for row in rows:
            try:
                content_hash = vault.hash(content_of(_kept(row, vault).said))
            except ValueError:  # no key opens it, or it holds nothing that a record says: there is nothing to hash
                continue
            of = RECORDS.c.id == row.id
            connection.execute(update(RECORDS).where(of).values(content_hash=content_hash))
    secret = _secret(connection, vault)
    if secret is not None:
        _keep_secret(connection, secret, vault)


def forget_case(connection: Connection, case_id: int) -> int:
    """Leave of a case that is disposed of nothing but the hash of its victim's id; how many records went."""
    mine = RECORDS.c.case_id == case_id
    count = 0
    for row in connection.execute(select(RECORDS).where(mine)).all():
        if row.kind == "victim":
            _leave_hash(connection, row)
        else:
            connection.execute(delete(RECORDS).where(RECORDS.c.id == row.id))
        count += 1
    return count


def forget_crime(connection: Connection, crime_id: int) -> None:
    """The same of a crime of which there is no case any more."""
    for row in connection.execute(select(RECORDS).where(RECORDS.c.crime_id == crime_id)).all():
        if row.kind == "crime":
            _leave_hash(connection, row)
        else:
            connection.execute(delete(RECORDS).where(RECORDS.c.id == row.id))


def source_of_crime(connection: Connection, crime_id: int) -> str | None:
    """Which system the crime's record came from; None where somebody recorded it here."""
    of = (RECORDS.c.crime_id == crime_id) & (RECORDS.c.kind == "crime")
    return connection.execute(select(RECORDS.c.source).where(of)).scalar()


def _leave_hash(connection: Connection, row: Any) -> None:
    nothing: Mapping[str, Any] = {
        "source_id": _DISPOSED_AS + (row.id_hash or secrets.token_hex(_SECRET_BYTES)),
        "id_hash": None,
        "state": DISPOSED,
        "content_hash": "",
        "sealed": None,
        "waits_for": None,
        "came_at": None,
        "crime_id": None,
        "case_id": None,
        "event_key": None,
    }
    connection.execute(update(RECORDS).where(RECORDS.c.id == row.id).values(nothing))


def _id_hash(secret: bytes, source: str, kind: str, source_id: str) -> str:
    return digest(secret, f"{source}|{kind}|{source_id}".encode(), "sha256").hex()


def _secret(connection: Connection, vault: Vault) -> bytes | None:
    """The key of these hashes, sealed in the vault; None while no record was kept. Raises `DoesNotOpen`.

    It stays when the vault's own key changes: nobody knows the ids of what was disposed of, to hash them anew.
    """
    sealed = installation.value(connection, SETTING)
    return bytes.fromhex(opened_setting(sealed, vault)) if sealed else None


def _new_secret(connection: Connection, vault: Vault) -> bytes:
    secret = secrets.token_bytes(_SECRET_BYTES)
    _keep_secret(connection, secret, vault)
    return secret


def _keep_secret(connection: Connection, secret: bytes, vault: Vault) -> None:
    installation.set_value(connection, SETTING, sealed_setting(secret.hex(), vault))


def opened_setting(sealed: str, vault: Vault) -> str:
    """That key in hexadecimal digits, from what stands among the settings. Raises `DoesNotOpen`."""
    return vault.open(bytes.fromhex(sealed), row_id=SETTING)


def sealed_setting(secret: str, vault: Vault) -> str:
    """What stands among the settings for this key."""
    return vault.seal(secret, row_id=SETTING).hex()


def _kept(row: Any, vault: Vault) -> Kept:
    values = {name: getattr(row, name) for name in _COLUMNS}
    said = opened_said(row.source, row.kind, row.source_id, row.sealed, vault) if row.sealed else ""
    return Kept(**values, said=said)

"""The keys by which victims are found by name, the names that were corrected included."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, case, delete, exists, func, literal, select, union_all

from victimcare.domain.name_search import BEGINS, EXACT, NEAR, Asked, kept_of, whole_name
from victimcare.store.cases import VICTIMS
from victimcare.store.database import Database
from victimcare.store.many import insert_rows, some_at_a_time
from victimcare.store.tables import VictimNameKey
from victimcare.store.vault import Vault

KEYS = VictimNameKey.__table__  # type: ignore[attr-defined]
CHUNK = 100
"""Victims whose names one transaction makes findable."""
_NOW = 0
_KEY_DIGITS, _HALF = 16, 2**63


def keep(connection: Connection, victim_id: int, name: str | None, vault: Vault) -> None:
    """Make a new victim findable by their name."""
    insert_rows(connection, KEYS, _rows(victim_id, _NOW, name, vault))


def keep_many(connection: Connection, names: Iterable[tuple[int, str | None]], vault: Vault) -> None:
    """Make new victims, each by number, findable by their names."""
    insert_rows(connection, KEYS, [row for victim_id, name in names for row in _rows(victim_id, _NOW, name, vault)])


def rename(connection: Connection, victim_id: int, *, before: str | None, after: str | None, vault: Vault) -> None:
    """Make a victim findable by their right name, and still by the one that was known before, as a former one."""
    if before == after:
        return
    mine = KEYS.c.victim_id == victim_id
    last = connection.execute(select(func.max(KEYS.c.name_no)).where(mine)).scalar() or _NOW
    connection.execute(delete(KEYS).where(mine, KEYS.c.name_no == _NOW))
    insert_rows(connection, KEYS, [*_rows(victim_id, _NOW, after, vault), *_rows(victim_id, last + 1, before, vault)])


def keep_all(connection: Connection, former: Mapping[int, Sequence[str]], vault: Vault) -> None:
    """Make every victim findable by their name, and by those of `former` that were theirs."""
    named = select(VICTIMS.c.id, VICTIMS.c.name).where(VICTIMS.c.name.is_not(None))
    for victims in some_at_a_time(connection, named, VICTIMS.c.id, size=CHUNK):
        insert_rows(connection, KEYS, [row for victim in victims for row in _rows(victim.id, _NOW, victim.name, vault)])
    for victim_id, names in former.items():
        numbered = enumerate(names, start=_NOW + 1)
        insert_rows(connection, KEYS, [row for n, name in numbered for row in _rows(victim_id, n, name, vault)])


def make_findable(database: Database, vault: Vault, *, chunk: int = CHUNK) -> int:
    """Make those findable who were stored without their keys, some in each short transaction; how many they were."""
    done, last = 0, 0
    while True:
        with database.writing() as connection:
            without = ~exists().where(KEYS.c.victim_id == VICTIMS.c.id, KEYS.c.name_no == _NOW)
            named = select(VICTIMS.c.id, VICTIMS.c.name).where(VICTIMS.c.name.is_not(None), VICTIMS.c.id > last)
            found = connection.execute(named.where(without).order_by(VICTIMS.c.id).limit(chunk)).all()
            rows = [row for victim in found for row in _rows(victim.id, _NOW, victim.name, vault)]
            insert_rows(connection, KEYS, rows)
        if not found:
            return done
        done, last = done + len(found), found[-1].id


def called(name: str, vault: Vault) -> Select[Any]:
    """The ids of the victims whose name is, or was, exactly this one."""
    return select(KEYS.c.victim_id).where(KEYS.c.key == _hashed(whole_name(name), vault))


def nearly_called(readings: Sequence[Sequence[Asked]], vault: Vault) -> Any:
    """A table of those whose name has every word of one of these readings (`name_search.asked_for`), or nearly.

    Its columns: `victim_id`, `name_no`; `off`, how far all the words are from those typed, and `worst`, how far one is.
    """
    return union_all(*(_reading(reading, vault) for reading in readings)).subquery("nearly_called")


def _reading(reading: Sequence[Asked], vault: Vault) -> Select[Any]:
    words = union_all(*(_word(asked, vault) for asked in reading)).subquery()
    columns = (words.c.victim_id, words.c.name_no)
    far = (func.sum(words.c.off).label("off"), func.max(words.c.off).label("worst"))
    return select(*columns, *far).group_by(*columns).having(func.count() == len(reading))


def _word(asked: Asked, vault: Vault) -> Select[Any]:
    exact, begins = _all_hashed(asked.exact, vault), _all_hashed(asked.begins, vault)
    off = case((KEYS.c.key.in_(exact), literal(EXACT)), (KEYS.c.key.in_(begins), literal(BEGINS)), else_=literal(NEAR))
    matched = select(KEYS.c.victim_id, KEYS.c.name_no, func.min(off).label("off"))
    wanted = exact | begins | _all_hashed(asked.near, vault)
    return matched.where(KEYS.c.key.in_(wanted)).group_by(KEYS.c.victim_id, KEYS.c.name_no)


def _rows(victim_id: int, name_no: int, name: str | None, vault: Vault) -> list[dict[str, int]]:
    keys = _all_hashed(kept_of(name), vault) if name else frozenset()
    return [{"key": key, "victim_id": victim_id, "name_no": name_no} for key in sorted(keys)]


def _all_hashed(keys: Collection[str] | Iterable[str], vault: Vault) -> frozenset[int]:
    return frozenset(_hashed(key, vault) for key in keys)


def _hashed(key: str, vault: Vault) -> int:
    """The first 64 bits of the keyed hash, as a signed number that every database stores as one."""
    return int(vault.hash(f"name:{key}")[:_KEY_DIGITS], 16) - _HALF

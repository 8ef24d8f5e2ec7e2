"""Rows of the database as JSON, and back: the same on SQLite and PostgreSQL, and with the key of any vault.

Instants are UTC to the microsecond ("2026-05-18T09:00:00.000000Z"), days London dates, files base64. What is sealed in
the database is opened on its way out and sealed on its way in, bound to its row again. It is never open on a disk: the
file that it leaves in is sealed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from victimcare.store import source_records
from victimcare.store.export_decisions import ANEW, Leaving
from victimcare.store.installation import SETTINGS
from victimcare.store.sealed_rows import SealedColumn, sealed_columns
from victimcare.store.vault import Vault

Said = dict[str, Any]
"""A row as it leaves: its columns by name."""
_Convert = Callable[[Any], Any]

_SEALED = {each.name: each for each in sealed_columns()}


def is_sealed(column: Column[Any]) -> bool:
    """Whether what the column holds is sealed in the database."""
    return str(column) in _SEALED


def kind_of(column: Column[Any]) -> TypeEngine[Any]:
    """The column's type, without what only this program makes of it."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def said_by(leaving: Leaving, vault: Vault) -> Callable[[Any], Said]:
    """What makes of a row of the database what leaves of it. Raises `DoesNotOpen`."""
    sealed = {column.name: _SEALED[str(column)] for column in leaving.columns if is_sealed(column)}
    plain = {column.name: _out(column) for column in leaving.columns if column.name not in sealed}

    def said(row: Any) -> Said:
        values = row._mapping
        found = {name: _or_none(values[name], out) for name, out in plain.items()}
        for name, column in sealed.items():
            found[name] = None if values[name] is None else _opened(column, values[name], values, vault)
        if leaving.name == SETTINGS.name:
            _open_setting(found, vault)
        return {column.name: found[column.name] for column in leaving.columns}

    return said


def stored_by(leaving: Leaving, vault: Vault) -> Callable[[Said], dict[str, Any]]:
    """What makes of what left a row of the database. Raises `NotARow`."""
    names = {column.name for column in leaving.columns}
    sealed = {column.name: _SEALED[str(column)] for column in leaving.columns if is_sealed(column)}
    plain = {column.name: _in(column) for column in leaving.columns if column.name not in sealed}
    nullable = {column.name for column in leaving.columns if column.nullable}
    anew = {name: ANEW[full].value for full in ANEW for of, name in [full.split(".")] if of == leaving.name}

    def stored(said: Said) -> dict[str, Any]:
        if not isinstance(said, dict) or said.keys() != names:
            raise NotARow("it has other fields than the schema")
        if missing := sorted(name for name, value in said.items() if value is None and name not in nullable):
            raise NotARow(f"{missing[0]} is missing")
        try:
            row = {name: _or_none(said[name], into) for name, into in plain.items()}
            if leaving.name == SETTINGS.name:
                _seal_setting(row, vault)
            for name, column in sealed.items():
                row[name] = None if said[name] is None else _resealed(column, said[name], row, vault)
        except (ValueError, TypeError, OverflowError):
            raise NotARow("a field is not of its kind") from None
        return row | anew

    return stored


def _or_none(value: Any, convert: _Convert) -> Any:
    return None if value is None else convert(value)


def _opened(sealed: SealedColumn, value: bytes, row: Mapping[str, Any], vault: Vault) -> str:
    """Of words that were erased nothing is left, not even sealed."""
    return vault.open(value, row_id=sealed.bound_by(row)) if value else ""


def _resealed(sealed: SealedColumn, words: str, row: Mapping[str, Any], vault: Vault) -> bytes:
    return vault.seal(_text(words), row_id=sealed.bound_by(row)) if words else b""


def _open_setting(said: Said, vault: Vault) -> None:
    if said["name"] == source_records.SETTING:
        said["value"] = source_records.opened_setting(said["value"], vault)


def _seal_setting(row: dict[str, Any], vault: Vault) -> None:
    if row["name"] == source_records.SETTING:
        row["value"] = source_records.sealed_setting(row["value"], vault)


def _out(column: Column[Any]) -> _Convert:
    return next(out for kind, out, _ in _KINDS if isinstance(kind_of(column), kind))


def _in(column: Column[Any]) -> _Convert:
    return next(into for kind, _, into in _KINDS if isinstance(kind_of(column), kind))


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _as_instant(said: Any) -> datetime:
    found = datetime.fromisoformat(_text(said))
    if found.utcoffset() is None:
        raise ValueError
    return found.astimezone(UTC)


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError
    return said


def _number(said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool):
        raise TypeError
    return said


def _yes_or_no(said: Any) -> bool:
    if not isinstance(said, bool):
        raise TypeError
    return said


_KINDS: tuple[tuple[Any, _Convert, _Convert], ...] = (
    (Boolean, bool, _yes_or_no),
    (Integer, int, _number),
    (DateTime, _instant, _as_instant),
    (Date, date.isoformat, lambda said: date.fromisoformat(_text(said))),
    (LargeBinary, lambda value: b64encode(value).decode(), lambda said: b64decode(_text(said), validate=True)),
    (String, str, _text),
)


class NotARow(ValueError):
    """What was read is not what leaves of a row."""

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

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary
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
    """What makes of a row of the database, with these columns, what leaves of it. Raises `DoesNotOpen`."""
    names = [str(column.name) for column in leaving.columns]
    sealed = {column.name: _SEALED[str(column)] for column in leaving.columns if is_sealed(column)}
    converted = [(column.name, out) for column in leaving.columns if (out := _converting(column)[0])]
    is_settings = leaving.table is SETTINGS

    def said(row: Any) -> Said:
        found = dict(zip(names, row, strict=True))
        for name, column in sealed.items():
            if found[name] is not None:
                found[name] = _opened(column, found[name], found, vault)
        for name, out in converted:
            if found[name] is not None:
                found[name] = out(found[name])
        if is_settings:
            _open_setting(found, vault)
        return found

    return said


def stored_by(leaving: Leaving, vault: Vault) -> Callable[[Any], dict[str, Any]]:
    """What makes of what left a row of the database. Raises `NotARow`."""
    shapes = {str(column.name): (_json_type(column), bool(column.nullable)) for column in leaving.columns}
    sealed = {column.name: _SEALED[str(column)] for column in leaving.columns if is_sealed(column)}
    converted = [(column.name, into) for column in leaving.columns if (into := _converting(column)[1])]
    anew = {name: ANEW[full].value for full in ANEW for of, name in [full.split(".")] if of == leaving.name}
    is_settings = leaving.table is SETTINGS

    def stored(said: Any) -> dict[str, Any]:
        _check_shape(said, shapes)
        row = {name: said[name] for name in shapes}
        try:
            for name, into in converted:
                if row[name] is not None:
                    row[name] = into(row[name])
            if is_settings:
                _seal_setting(row, vault)
            for name, column in sealed.items():
                if row[name] is not None:
                    row[name] = _resealed(column, row[name], row, vault)
        except (ValueError, OverflowError):
            raise NotARow("a field is not of its kind") from None
        return row | anew

    return stored


def _check_shape(said: Any, shapes: Mapping[str, tuple[type, bool]]) -> None:
    if not isinstance(said, dict) or said.keys() != shapes.keys():
        raise NotARow("it has other fields than the schema")
    for name, (kind, nullable) in shapes.items():
        value = said[name]
        if type(value) is not kind and (value is not None or not nullable):
            raise NotARow(f"{name} is missing" if value is None else "a field is not of its kind")


def _opened(sealed: SealedColumn, value: bytes, row: Mapping[str, Any], vault: Vault) -> str:
    """Of words that were erased nothing is left, not even sealed."""
    return vault.open(value, row_id=sealed.bound_by(row)) if value else ""


def _resealed(sealed: SealedColumn, words: str, row: Mapping[str, Any], vault: Vault) -> bytes:
    return vault.seal(words, row_id=sealed.bound_by(row)) if words else b""


def _open_setting(said: Said, vault: Vault) -> None:
    if said["name"] == source_records.SETTING:
        said["value"] = source_records.opened_setting(said["value"], vault)


def _seal_setting(row: dict[str, Any], vault: Vault) -> None:
    if row["name"] == source_records.SETTING:
        row["value"] = source_records.sealed_setting(row["value"], vault)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _as_instant(said: str) -> datetime:
    found = datetime.fromisoformat(said)
    if found.utcoffset() is None:
        raise ValueError
    return found.astimezone(UTC)


def _json_type(column: Column[Any]) -> type:
    return next((of for kind, of in ((Boolean, bool), (Integer, int)) if isinstance(kind_of(column), kind)), str)


def _converting(column: Column[Any]) -> tuple[_Convert | None, _Convert | None]:
    """How its values leave and how they arrive, where they are no text, number or yes and no."""
    if is_sealed(column):
        return None, None
    return next((ways for kind, ways in _CONVERTED if isinstance(kind_of(column), kind)), (None, None))


_CONVERTED: tuple[tuple[Any, tuple[_Convert, _Convert]], ...] = (
    (DateTime, (_instant, _as_instant)),
    (Date, (date.isoformat, date.fromisoformat)),
    (LargeBinary, (lambda value: b64encode(value).decode(), lambda said: b64decode(said, validate=True))),
)


class NotARow(ValueError):
    """What was read is not what leaves of a row."""

"""The JSON Schema of everything that leaves: one definition for each table, made from the tables themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Integer, LargeBinary

from victimcare.exchange.everything.cells import is_sealed, kind_of
from victimcare.store.export_decisions import Leaving, leaving

SCHEMA_ID = "https://victimcare.example/schemas/everything-v1.json"
_TYPES: tuple[tuple[Any, Mapping[str, str]], ...] = (
    (Boolean, {"type": "boolean"}),
    (Integer, {"type": "integer"}),
    (DateTime, {"type": "string", "format": "date-time"}),
    (Date, {"type": "string", "format": "date"}),
)


def schema_text() -> str:
    """The schema as it is published and as it lies in every export."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """A line of `tables/NAME-000001.jsonl` is as `$defs` says of NAME."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "All that an installation of victimcare holds",
        "description": "Each line of the parts of a table is one row. Instants are UTC, days London dates. "
        "x-key is the table's key, x-names the table and column that a value names.",
        "$defs": {str(each.name): _of(each) for each in leaving()},
    }


def _of(table: Leaving) -> dict[str, Any]:
    return {
        "description": table.holds,
        "x-key": [str(column.name) for column in table.table.primary_key],
        "type": "object",
        "properties": {str(column.name): _column(column) for column in table.columns},
        "required": [str(column.name) for column in table.columns],
        "additionalProperties": False,
    }


def _column(column: Column[Any]) -> dict[str, Any]:
    said: dict[str, Any] = dict(
        next((of for kind, of in _TYPES if isinstance(kind_of(column), kind)), {"type": "string"})
    )
    if isinstance(column.type, LargeBinary):
        said |= {"x-sealed": True} if is_sealed(column) else {"contentEncoding": "base64"}
    codes = _codes(column)
    if codes:
        said["enum"] = [*codes, None] if column.nullable else codes
    if column.nullable:
        said["type"] = [said["type"], "null"]
    for key in column.foreign_keys:
        said["x-names"] = key.target_fullname
    return said


def _codes(column: Column[Any]) -> list[str]:
    """Those that the database takes, where it takes only some."""
    for check in column.table.constraints:
        said = str(check.sqltext) if isinstance(check, CheckConstraint) else ""
        if only := re.fullmatch(rf"{column.name} IN \((.*)\)", said):
            return re.findall(r"'([^']*)'", only[1])
    return []

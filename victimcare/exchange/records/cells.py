"""Cells of a table as a record says them: yes and no, numbers and lists, by what the field of the record holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from victimcare.domain.event_kinds import EventKind
from victimcare.exchange.records.schema import EVENTS, MODELS, event_model

LIST_SEPARATOR = ";"
TEXT, YES_NO, NUMBER, LIST = "text", "yes_no", "number", "list"
_YES, _NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
_SHAPES = {"boolean": YES_NO, "integer": NUMBER, "array": LIST}


@cache
def shapes_of(kind: str, event: str = "") -> Mapping[str, str]:
    """What each field of a record holds, by its path: `details.outcome` of an event."""
    model: Any = event_model(EventKind(event)) if kind == "event" else MODELS[kind]
    schema = model.model_json_schema()
    return dict(_shapes(schema, schema.get("$defs", {}), ""))


def _shapes(schema: Mapping[str, Any], defs: Mapping[str, Any], within: str) -> Any:
    for name, said in schema["properties"].items():
        inner = _of(said, defs)
        if "properties" in inner:
            yield from _shapes(inner, defs, f"{within}{name}.")
        else:
            yield f"{within}{name}", _SHAPES.get(inner.get("type", ""), TEXT)


def _of(said: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in said:
        found: Mapping[str, Any] = defs[said["$ref"].rpartition("/")[2]]
        return found
    if "anyOf" in said and "type" not in said:
        return _of(next(each for each in said["anyOf"] if each.get("type") != "null"), defs)
    return said


def said_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """The record that these cells say, by path; an empty one says nothing. What does not fit stays as it is written."""
    filled = {path: text.strip() for path, text in cells.items() if text.strip()}
    kind, event = filled.get("kind", ""), filled.get("event", "")
    known = kind in MODELS and (kind != "event" or event in set(EVENTS))
    shapes = shapes_of(kind, event if kind == "event" else "") if known else {}
    said: dict[str, Any] = {}
    for path, text in filled.items():
        *within, name = path.split(".")
        into = said
        for part in within:
            into = into.setdefault(part, {})
        into[name] = _typed(text, shapes.get(path, TEXT))
    return said


def _typed(text: str, shape: str) -> Any:
    if shape == LIST:
        return [part.strip() for part in text.split(LIST_SEPARATOR) if part.strip()]
    if shape == NUMBER and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    if shape == YES_NO and text.lower() in _YES:
        return True
    if shape == YES_NO and text.lower() in _NO:
        return False
    return text

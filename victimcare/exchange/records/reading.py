"""From a line to a record: strictly as the schema has it, and what is wrong is said without repeating what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from victimcare.exchange.records.lines import Line, Place
from victimcare.exchange.records.schema import EVENTS, KINDS, RECORD, Record


@dataclass(frozen=True, slots=True)
class Read:
    """A record and where it was read."""

    place: Place
    record: Record


@dataclass(frozen=True, slots=True)
class Bad:
    """What cannot be used, and why: nothing of what it says."""

    place: Place
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A row of which a profile makes no record at all, because no `only_if` of it holds."""

    place: Place


def read_json(place: Place, line: Line) -> Read | Bad:
    """The record of a line of JSON."""
    try:
        said = json_of(line)
    except Unreadable as wrong:
        return Bad(place, "", str(wrong))
    if not isinstance(said, dict):
        return Bad(place, "", "it is no JSON object")
    return read_said(place, said)


def read_said(place: Place, said: Mapping[str, Any]) -> Read | Bad:
    """The record that these fields say."""
    try:
        return Read(place, RECORD.validate_json(json.dumps(said), strict=True))
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        return Bad(place, *_in_words(first))
    except RecursionError:
        return Bad(place, "", "it is nested too deeply")


def text_of(line: Line) -> str:
    """A line as text. Raises `Unreadable`."""
    if line.raw is None:
        raise Unreadable("it is longer than a record can be")
    try:
        return line.raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text") from None


def json_of(line: Line) -> Any:
    """What a line of JSON says. Raises `Unreadable`."""
    text = text_of(line)
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except _Twice:
        raise Unreadable("a field in it comes twice") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError:
        raise Unreadable("it is no JSON") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def _no_constant(_name: str) -> None:
    raise ValueError("no number")


def _in_words(error: Any) -> tuple[str, str]:
    """Field and reason. A name that the schema does not know is not repeated: in a broken file it may be anything."""
    if error["type"] == "extra_forbidden":
        return ".".join(_path(error["loc"][:-1])), "it has a field that the schema does not know for it"
    field = ".".join(_path(error["loc"]))
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        if error["loc"]:
            return "event", f"must be one of {', '.join(EVENTS)}"
        return "kind", f"must be one of {', '.join(KINDS)}"
    return field, str(error["msg"]).removeprefix("Value error, ")


def _path(loc: tuple[Any, ...]) -> Iterator[str]:
    """The names of fields; what the schema calls its alternatives is none, nor is the place in a list."""
    parts = [part for part in loc if isinstance(part, str)]
    if parts and parts[0] in KINDS:
        parts = parts[2:] if parts[0] == "event" and parts[1:] and parts[1] in set(EVENTS) else parts[1:]
    yield from parts


class Unreadable(ValueError):
    """A line that is not what its file should hold."""


class _Twice(ValueError):
    pass

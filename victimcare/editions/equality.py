"""The characteristics that victims are asked of, and the categories in which they are counted, read from their file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("equality.toml")


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A protected characteristic and its categories."""

    id: str
    title: str
    categories: tuple[str, ...]


@cache
def characteristics() -> tuple[Characteristic, ...]:
    """Every characteristic in the order in which it is asked; read once."""
    entries = tomllib.loads(_FILE.read_text("utf-8"))["characteristic"]
    return tuple(Characteristic(entry["id"], entry["title"], tuple(entry["categories"])) for entry in entries)

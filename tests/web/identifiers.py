"""Where a form or an address names something stored, found in the form itself, and what it could name instead."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Integer, literal, select
from sqlmodel import SQLModel

from tests.columns import REF, decided
from tests.web.attack import CODES, Attack
from tests.web.site import NAMES
from victimcare.store.database import Database

PARTS = re.compile(r"[:|]")
"""Of what a value is put together: `R6-ARR:KEY`, `40/1/26|give`."""
TOKENS = CODES - {"instead_of", "of", "given", "seen"}
"""What a page fills in about itself; tests of their own send what is wrong there."""
NUMBERS = re.compile(r"(_id|_number|^number)$")
"""What a field or a part of a path is called that holds the number of a row; any other number counts something."""


class Identifiers:
    """Every name and number of a row in the database, by its column."""

    def __init__(self, database: Database) -> None:
        self._columns: dict[str, set[str]] = defaultdict(set)
        self._of: dict[str, set[str]] = defaultdict(set)
        self._cases: dict[str, set[int]] = defaultdict(set)
        with database.reading() as connection:
            for name, column in _columns().items():
                case_id = column.table.c.get("case_id", literal(None))
                rows = connection.execute(select(column, case_id).where(column.is_not(None)).distinct())
                for value, of_case in rows:
                    self._know(name, str(value), of_case)
                    if isinstance(value, int):
                        self._know(f"{name} in an address", NAMES.name(column.table.name, value), of_case)

    def _know(self, column: str, value: str, of_case: int | None) -> None:
        self._columns[column].add(value)
        self._of[value].add(column)
        self._cases[value] |= {of_case} - {None}

    def instead_of(self, value: str, *, numbered: bool) -> list[str]:
        """What else stands in the columns in which this does, of no case that this is of; nothing of a mere number."""
        if not value or (value.isdigit() and not numbered):
            return []
        found = set().union(*(self._columns[name] for name in self._of.get(value, ()))) - {value}
        mine = set() if value.isdigit() else self._cases.get(value, set())
        return sorted(other for other in found if not mine & self._cases.get(other, set()))


def _columns() -> dict[str, Any]:
    """Columns of text that hold references, and the numbers of rows."""
    tables = SQLModel.metadata.tables
    found = {name: tables[name.partition(".")[0]].c[name.partition(".")[2]] for name in decided(REF)}
    for table in tables.values():
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            found[f"{table.name}.id"] = table.c.id
    return found


@dataclass(frozen=True)
class Swap:
    """One place of a form that names something else: its address, and what is sent."""

    place: str
    value: str
    action: str
    sent: dict[str, Any]


def swaps(attack: Attack, route: str, stored: Identifiers) -> Iterator[Swap]:
    """Every part of the form's address and every field that names something, with each thing that it could name.

    What the form itself offers is for its sender to choose, and no swap.
    """
    for name, value in of_address(route, attack.action).items():
        for other in others(name, value, stored):
            yield Swap(f"{{{name}}}", other, at(route, attack.action, name, other), attack.good)
    for name in sorted(attack.fields - TOKENS):
        offered = set(attack.form.values(name))
        filled = attack.good.get(name, [])
        values = [*([filled] if isinstance(filled, str) else filled), *sorted(offered)]
        seen: set[str] = set()
        for value in dict.fromkeys(values):
            for other in others(name, value, stored):
                if other not in offered | seen:
                    seen.add(other)
                    sent = [other] if isinstance(filled, list) else other
                    yield Swap(name, other, attack.action, {**attack.good, name: sent})


def others(name: str, value: str, stored: Identifiers) -> Iterator[str]:
    """The value with each of its parts that names something naming something else, and nothing at all."""
    parts = PARTS.split(value)
    for number, part in enumerate(parts):
        known = stored.instead_of(part, numbered=bool(NUMBERS.search(name)))
        for other in [*known, "999999" if part.isdigit() else "0" * max(len(part), 8)] if known else ():
            yield "".join(_woven([*parts[:number], other, *parts[number + 1 :]], PARTS.findall(value)))


def _woven(parts: list[str], between: list[str]) -> Iterator[str]:
    for part, mark in zip(parts, [*between, ""], strict=True):
        yield part + mark


def of_address(route: str, address: str) -> dict[str, str]:
    """What stands in this address where the route has a name."""
    found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/?]+)", route), address.partition("?")[0])
    return found.groupdict() if found else {}


def at(route: str, address: str, name: str, value: str) -> str:
    """The address with this instead."""
    names = {**of_address(route, address), name: value}
    return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], route)


def queries(link: str, stored: Identifiers) -> Iterator[tuple[str, str]]:
    """Of a link with a query: each of its names, and the link in which it names something else."""
    there = urlsplit(link)
    asked = parse_qsl(there.query)
    for number, (name, value) in enumerate(asked):
        for other in others(name, value, stored):
            yield name, f"{there.path}?{urlencode([*asked[:number], (name, other), *asked[number + 1 :]])}"

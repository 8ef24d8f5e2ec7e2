"""One table of an edition file, read field by field, so that whatever is wrong names file, entry and field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Hours = tuple[time, time]
"""From one time of day until a later one."""
Code = TypeVar("Code", bound=StrEnum)


class BadEdition(ValueError):
    """An edition file that cannot be trusted: which file, which entry of it, which field, and what is wrong."""

    def __init__(self, path: Path, entry: str, field: str, problem: str) -> None:
        self.path = path
        self.entry = entry
        self.field = field
        self.problem = problem
        super().__init__(": ".join(part for part in (path.name, entry, field, problem) if part) + ".")


class Table:
    """A table of the file. Asking for a field makes it known; `finish` refuses every field never asked for.

    `entry` says which entry of the file it belongs to ("rule R6-ARR"), `within` where in it the table lies
    ("limits.standard").
    """

    def __init__(self, path: Path, values: Mapping[str, object], *, entry: str = "", within: str = "") -> None:
        self.path = path
        self.entry = entry
        self._values = values
        self._within = within
        self._asked: set[str] = set()

    def bad(self, field: str, problem: str) -> BadEdition:
        """The refusal of a field of this table; the field "" is the table itself."""
        return BadEdition(self.path, self.entry, ".".join(filter(None, (self._within, field))), problem)

    def has(self, field: str) -> bool:
        """Whether the table has the field."""
        self._asked.add(field)
        return field in self._values

    def names(self) -> tuple[str, ...]:
        """The names of all its fields, for a table whose fields are named by the edition (limits by tier)."""
        self._asked.update(self._values)
        return tuple(self._values)

    def value(self, field: str) -> object:
        """The field as it stands."""
        if not self.has(field):
            raise self.bad(field, "it is missing")
        return self._values[field]

    def text(self, field: str, *, otherwise: str | None = None) -> str:
        """Words, not blank."""
        if otherwise is not None and not self.has(field):
            return otherwise
        value = self.value(field)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(field, "it must be words in quotation marks")
        return value

    def number(self, field: str, *, least: int) -> int:
        """A whole number, `least` or more."""
        value = self.value(field)
        if type(value) is not int or value < least:
            raise self.bad(field, f"it must be a whole number, {least} or more")
        return value

    def flag(self, field: str) -> bool:
        """True or false; false where it is absent."""
        value = self._values[field] if self.has(field) else False
        if type(value) is not bool:
            raise self.bad(field, "it must be true or false")
        return value

    def day(self, field: str) -> date:
        """A date (not an instant)."""
        value = self.value(field)
        if type(value) is not date:
            raise self.bad(field, "it must be a date such as 2021-04-01, without quotation marks")
        return value

    def time(self, field: str) -> time:
        """A time of day."""
        value = self.value(field)
        if type(value) is not time:
            raise self.bad(field, "it must be a time such as 08:00:00, without quotation marks")
        return value

    def hours(self, field: str) -> Hours:
        """The table that the field holds: from one time of day until a later one."""
        hours = self.table(field)
        begin, end = hours.time("from"), hours.time("until")
        if begin >= end:
            raise hours.bad("until", "it must be later than from")
        hours.finish()
        return begin, end

    def one_of(self, field: str, known: Iterable[str], noun: str) -> str:
        """One of the known words; `noun` says what they are ("agency")."""
        return self.known(field, self.text(field), known, noun)

    def code(self, field: str, codes: type[Code], noun: str, *, otherwise: Code | None = None) -> Code:
        """One of the codes of an enumeration."""
        if otherwise is not None and not self.has(field):
            return otherwise
        return codes(self.one_of(field, tuple(codes), noun))

    def codes(self, field: str, codes: type[Code], noun: str) -> frozenset[Code]:
        """A list of such codes, each at most once; none where it is absent."""
        value = self._values[field] if self.has(field) else []
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.bad(field, "it must be a list of words")
        read = frozenset(codes(self.known(field, word, tuple(codes), noun)) for word in value)
        if len(read) < len(value):
            raise self.bad(field, f"it lists the same {noun} twice")
        return read

    def known(self, field: str, word: str, known: Iterable[str], noun: str) -> str:
        """The word, if it is known; a refusal that suggests the nearest one otherwise."""
        words = [str(code) for code in known]
        if word in words:
            return word
        near = get_close_matches(word, words, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(words)}"
        raise self.bad(field, f"there is no {noun} {word!r} ({hint})")

    def table(self, field: str) -> Table:
        """The table that the field holds."""
        return self._inner(field, self.value(field))

    def tables(self, field: str) -> list[Table]:
        """The tables of the list that the field holds; none where it is absent."""
        value = self._values[field] if self.has(field) else []
        if not isinstance(value, list):
            raise self.bad(field, "it must be a list of tables")
        return [self._inner(f"{field}[{number}]", entry) for number, entry in enumerate(value, 1)]

    def _inner(self, field: str, value: object) -> Table:
        if not isinstance(value, dict):
            raise self.bad(field, "it must be a table such as { working_days = 3 }")
        within = ".".join(filter(None, (self._within, field)))
        return Table(self.path, value, entry=self.entry, within=within)

    def entries(self, kind: str) -> list[Table]:
        """The [[rule]], [[tier]] ... entries of the file, each called by its id (or its number, lacking one)."""
        named = []
        for place, entry in enumerate(self.tables(kind), 1):
            name = entry._values.get("id", entry._values.get("number", f"number {place}"))
            named.append(Table(self.path, entry._values, entry=f"{kind} {name}".replace("_", " ", 1)))
        return named

    def finish(self) -> None:
        """Refuse any field that was never asked for."""
        for field in self._values:
            if field not in self._asked:
                near = get_close_matches(field, self._asked, n=1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                raise self.bad(field, f"an edition has no such field here{hint}")


def read_document(path: Path) -> Table:
    """The whole file. Raises `BadEdition` where it cannot be read, or is no TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadEdition(path, "", "", f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadEdition(path, "", "", f"it is not valid TOML ({error})") from error
    return document_of(path, text)


def document_of(path: Path, text: str) -> Table:
    """The document that this text is; `path` is what it is called in a refusal. Raises `BadEdition`."""
    try:
        return Table(path, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadEdition(path, "", "", f"it is not valid TOML ({error})") from error

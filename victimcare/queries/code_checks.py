"""The editions of the Code as a Code lead goes through them: each entry with who compared it, and what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.code import Edition, VictimsCode
from victimcare.domain.edition_entries import EditionEntry, EntryKind, Finding, UnknownEntry, entries_of, entry_of
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store.code_checks import CODE_CHECKS
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class Check:
    """What somebody found on a day (London date). `of_today`: the edition still says what it said then."""

    finding: Finding
    source: str
    looked_on: date
    difference: str | None
    by: str
    at: datetime
    of_today: bool


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """An entry and what was found of it, the newest first."""

    entry: EditionEntry
    checks: tuple[Check, ...]

    @property
    def last(self) -> Check | None:
        """The check that stands; None where nobody has compared what the edition says now."""
        return next((check for check in self.checks if check.of_today), None)

    @property
    def differs(self) -> bool:
        """Whether it was found different, and the edition still says so."""
        return self.last is not None and self.last.finding is Finding.DIFFERS


@dataclass(frozen=True, slots=True)
class CheckedEdition:
    """An edition with all its entries."""

    edition: Edition
    entries: tuple[CheckedEntry, ...]

    def of_kind(self, kind: EntryKind) -> tuple[CheckedEntry, ...]:
        """Those of one kind."""
        return tuple(one for one in self.entries if one.entry.kind is kind)


def checked_editions(connection: Connection, *, person: Person, code: VictimsCode) -> tuple[CheckedEdition, ...]:
    """Every edition that is law, the newest first: duties of an earlier one may still be owed, one may be to come.

    None for those who do not check the Code.
    """
    if scope_of(person, Action.CHECK_CODE) is None:
        return ()
    return tuple(_checked(connection, edition) for edition in reversed(code.editions))


def checked_entry(
    connection: Connection, *, person: Person, code: VictimsCode, edition_id: str, entry_id: str
) -> CheckedEntry:
    """One entry. Raises `UnknownEntry`, also for those who do not check the Code."""
    if scope_of(person, Action.CHECK_CODE) is None:
        raise UnknownEntry(edition_id, entry_id)
    entry = entry_of(code, edition_id, entry_id)
    return _with_checks(entry, _checks(connection, edition_id))


def _checked(connection: Connection, edition: Edition) -> CheckedEdition:
    found = _checks(connection, edition.id)
    return CheckedEdition(edition, tuple(_with_checks(entry, found) for entry in entries_of(edition)))


def _with_checks(entry: EditionEntry, found: Mapping[str, list[Any]]) -> CheckedEntry:
    return CheckedEntry(entry, tuple(_check(row, entry) for row in found.get(entry.id, ())))


def _checks(connection: Connection, edition_id: str) -> Mapping[str, list[Any]]:
    joined = CODE_CHECKS.join(PEOPLE, PEOPLE.c.id == CODE_CHECKS.c.checked_by)
    wanted = select(CODE_CHECKS, PEOPLE.c.name.label("by")).select_from(joined)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(wanted.where(CODE_CHECKS.c.edition == edition_id).order_by(CODE_CHECKS.c.id.desc())):
        found[row.entry].append(row)
    return found


def _check(row: Any, entry: EditionEntry) -> Check:
    return Check(
        finding=Finding(row.finding),
        source=row.source,
        looked_on=row.looked_on,
        difference=row.difference,
        by=row.by,
        at=row.checked_at,
        of_today=row.entry_mark == entry.mark,
    )

"""What one edition of the Code says otherwise than the one before it, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from victimcare.domain.code import Edition
from victimcare.domain.edition_entries import EditionEntry, EntryKind, entries_of


class Difference(StrEnum):
    """How an entry differs, as it is said on pages."""

    ADDED = "new"
    REMOVED = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """An entry that is new, gone or changed; `entry` is the later of the two. `changes` says in sentences what."""

    entry: EditionEntry
    difference: Difference
    changes: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether what the newer edition says of it rests on the Code's words; of one that is gone nothing does."""
        return self.difference is Difference.REMOVED or self.entry.verified


def differences(older: Edition, newer: Edition) -> tuple[EntryDifference, ...]:
    """Every entry in which the two differ: the newer one's in its order, then those that are gone."""
    before = {(entry.kind, entry.id): entry for entry in entries_of(older)}
    now = {(entry.kind, entry.id): entry for entry in entries_of(newer)}
    found = [_compared(before.get(key), entry) for key, entry in now.items()]
    gone = [EntryDifference(entry, Difference.REMOVED) for key, entry in before.items() if key not in now]
    return (*(one for one in found if one is not None), *gone)


def of_kind(found: tuple[EntryDifference, ...], kind: EntryKind) -> tuple[EntryDifference, ...]:
    """Those of one kind."""
    return tuple(one for one in found if one.entry.kind is kind)


def _compared(before: EditionEntry | None, now: EditionEntry) -> EntryDifference | None:
    if before is None:
        return EntryDifference(now, Difference.ADDED, tuple(part.says for part in now.parts))
    changes = tuple(_changes(before, now))
    return EntryDifference(now, Difference.CHANGED, changes) if changes else None


def _changes(before: EditionEntry, now: EditionEntry) -> list[str]:
    said = []
    if before.title != now.title:
        said.append(f"It is called “{now.title}” instead of “{before.title}”.")
    if before.says != now.says:
        said.append(f"It says: {now.says} It said: {before.says}")
    evidence = {part.says: part.evidence for part in before.parts}
    parts = {part.says: part.evidence for part in now.parts}
    said += [f"New: {says}." for says in parts if says not in evidence]
    said += [f"Gone: {says}." for says in evidence if says not in parts]
    said += [
        f"{says}: the evidence is {parts[says]} instead of {graded}."
        for says, graded in evidence.items()
        if says in parts and parts[says] is not graded
    ]
    if before.source and now.source and before.source.cites != now.source.cites:
        said.append(f"It cites {now.source.cites} instead of {before.source.cites}.")
    return said

"""The notes of a case, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row, visible_cases
from victimcare.store import protections
from victimcare.store.cases import CASES
from victimcare.store.notes import NOTES, what_tells_location, what_tells_location_of, words_of
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `words` is None where it tells a location that is protected from whoever asks."""

    id: str
    words: str | None = field(repr=False)
    contains_location: bool
    by: str
    at: datetime
    for_hand_over: bool
    event_key: str | None = None


def case_notes(
    connection: Connection, *, person: Person, ref: str, vault: Vault, with_locations: bool = True
) -> tuple[NoteView, ...]:
    """The notes of this case. Without `with_locations`, as for whatever leaves the service, marked notes are left out.

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    case = case_row(connection, person, ref, Action.SEE_FILE)
    protection = protections.current(connection, case.id)
    withheld = protection is not None and protection.withholds_from(person)
    joined = NOTES.join(PEOPLE, PEOPLE.c.id == NOTES.c.by)
    wanted = select(NOTES, PEOPLE.c.name).select_from(joined).where(NOTES.c.case_id == case.id)
    if not with_locations:
        wanted = wanted.where(NOTES.c.contains_location.is_(False))
    rows = connection.execute(wanted.order_by(NOTES.c.at.desc(), NOTES.c.id)).all()
    return tuple(
        NoteView(
            id=row.id,
            words=None if withheld and row.contains_location else words_of(row.id, row.sealed, vault),
            contains_location=row.contains_location,
            by=row.name,
            at=row.at,
            for_hand_over=row.for_hand_over,
            event_key=row.event_key,
        )
        for row in rows
    )


def location_told(connection: Connection, *, person: Person, ref: str, words: str, vault: Vault) -> tuple[str, ...]:
    """What in these words tells where the victim of this case can be found: empty for most. Raises `NoSuchCase`."""
    case = case_row(connection, person, ref, Action.RECORD_CONTACT)
    return what_tells_location(connection, case_id=case.id, words=words, vault=vault)


def location_told_of_any(
    connection: Connection, *, person: Person, refs: Sequence[str], words: str, vault: Vault
) -> tuple[str, ...]:
    """The same of words that are kept with several cases, as far as the person may see them."""
    mine = select(CASES.c.id).where(CASES.c.ref.in_(refs), visible_cases(person, Action.SEE_CASE))
    return what_tells_location_of(
        connection, case_ids=connection.execute(mine).scalars().all(), words=words, vault=vault
    )

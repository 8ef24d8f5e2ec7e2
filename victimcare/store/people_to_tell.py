"""Who is told of a case, and what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from victimcare.store.sealed_words import add_sealed, opened_from
from victimcare.store.tables import PersonToTell
from victimcare.store.vault import Vault

PEOPLE_TO_TELL = PersonToTell.__table__  # type: ignore[attr-defined]
NAME = PEOPLE_TO_TELL.c.sealed_name


@dataclass(frozen=True, slots=True)
class NewPersonToTell:
    """Somebody to be told from a London date on; a suspect is told nothing."""

    name: str
    told_as: str
    tells: Sequence[str]
    from_on: date
    is_suspect: bool = False


def add(connection: Connection, case_id: int, person: NewPersonToTell, *, by: str, at: datetime, vault: Vault) -> int:
    """Store them, their name sealed, and return the row's id."""
    row = {
        "case_id": case_id,
        "told_as": person.told_as,
        "tells": ",".join(person.tells),
        "is_suspect": person.is_suspect,
        "from_on": person.from_on,
        "recorded_by": by,
        "recorded_at": at,
    }
    return add_sealed(connection, PEOPLE_TO_TELL, row, column=NAME, words=person.name, vault=vault)


def end(connection: Connection, case_id: int, person_id: int, *, on: date, why: str, is_suspect: bool) -> bool:
    """From `on` (London date) they are told no more; False where nobody of this id is told of this case now."""
    told = (PEOPLE_TO_TELL.c.id == person_id) & (PEOPLE_TO_TELL.c.case_id == case_id)
    values = {"until_on": on, "why_ended": why, **({"is_suspect": True, "tells": ""} if is_suspect else {})}
    still = told & PEOPLE_TO_TELL.c.until_on.is_(None)
    return connection.execute(update(PEOPLE_TO_TELL).where(still).values(values)).rowcount == 1


def name_if_told(connection: Connection, case_id: int, person_id: int, vault: Vault) -> str | None:
    """The name of whoever has this number, if they are told of this case now; else None. Raises `DoesNotOpen`."""
    told = (PEOPLE_TO_TELL.c.id == person_id) & (PEOPLE_TO_TELL.c.case_id == case_id) & ~PEOPLE_TO_TELL.c.is_suspect
    found = select(NAME).where(told & PEOPLE_TO_TELL.c.until_on.is_(None))
    sealed = connection.execute(found).scalar_one_or_none()
    return opened_from(NAME, person_id, sealed, vault) if sealed is not None else None


def suspects_named(connection: Connection, case_ids: Sequence[int], vault: Vault) -> list[str]:
    """The names of those in these cases who are kept as suspects and told nothing. Raises `DoesNotOpen`."""
    named = select(PEOPLE_TO_TELL.c.id, NAME).where(PEOPLE_TO_TELL.c.case_id.in_(case_ids), PEOPLE_TO_TELL.c.is_suspect)
    return [opened_from(NAME, row.id, row.sealed_name, vault) for row in connection.execute(named)]

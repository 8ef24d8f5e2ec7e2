"""Say who is told of a case, and what; and end it. A suspect is told nothing, and what they may know is not safe."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person
from victimcare.domain.who_counts import WHY_ENDED, ToldAs
from victimcare.store import audit, contact_points, people_to_tell
from victimcare.store.people_to_tell import NewPersonToTell
from victimcare.store.vault import Vault

__all__ = ["NewPersonToTell", "stop_telling", "tell_person"]


def tell_person(
    connection: Connection, *, ref: str, person: NewPersonToTell, by: Person, now: datetime, vault: Vault
) -> int:
    """Add somebody to be told; returns their number. One who is near the victim and a suspect may know how to reach
    them, or answer there: the victim is asked of each contact detail again.

    Raises `NoSuchCase`, `SuspectIsNeverTold`, `NothingToTell`."""
    if person.is_suspect and person.tells:
        raise SuspectIsNeverTold
    if not person.is_suspect and not person.tells:
        raise NothingToTell
    ToldAs(person.told_as)
    case_id = open_for(connection, ref, by, Action.RECORD_EVENT).id
    person_id = people_to_tell.add(connection, case_id, person, by=by.id, at=now, vault=vault)
    if person.is_suspect:
        contact_points.doubt_all(connection, case_id)
    audit.write(connection, at=now, operation="alteration", what="add person to tell", person=by, case_ids=[case_id])
    return person_id


def stop_telling(connection: Connection, *, ref: str, person_id: int, why: str, by: Person, now: datetime) -> None:
    """From today they are told no more; found to be a suspect, never again, and no contact detail is safe until asked.

    Raises `NoSuchCase`, `NobodyToTell`.
    """
    if why not in WHY_ENDED:
        raise NobodyToTell
    case_id = open_for(connection, ref, by, Action.RECORD_EVENT).id
    on, suspect = london_date(now), why == "suspect"
    if not people_to_tell.end(connection, case_id, person_id, on=on, why=why, is_suspect=suspect):
        raise NobodyToTell
    if suspect:
        contact_points.doubt_all(connection, case_id)
    audit.write(connection, at=now, operation="alteration", what="end person to tell", person=by, case_ids=[case_id])


class SuspectIsNeverTold(ValueError):
    """A suspect in the crime was to be told of the case."""

    def __init__(self) -> None:
        super().__init__("a suspect is never told: untick what they would be told, and they are kept as not to be told")


class NothingToTell(ValueError):
    """Somebody was added who would be told nothing."""

    def __init__(self) -> None:
        super().__init__("choose what they are told")


class NobodyToTell(LookupError):
    """There is nobody of that number who is told of this case now."""

    def __init__(self) -> None:
        super().__init__("nobody of that name is told of this case now")

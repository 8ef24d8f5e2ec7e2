"""Say that two cases are of one person: proposed by one, confirmed by a second, taken back by either.

A link is a row and nothing else: no name, event or deadline of either case is touched, so taking it back leaves both
as they were, with whatever was recorded on each meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.domain.victim import as_searched
from victimcare.store import audit, case_links, cases, people_to_tell
from victimcare.store.case_links import AlreadyLinked
from victimcare.store.vault import Vault

__all__ = ["AlreadyLinked", "NoSuchLink", "NotOnePerson", "SecondPersonNeeded"]
WHY_LINKED = {
    "same_details": "Name, date of birth and more agree",
    "victim_said": "The victim said so",
    "officer_knows": "An officer knows them from both",
}
CONFIDENCE = {"certain": "Certain", "probable": "Probable"}


def propose_link(
    connection: Connection,
    *,
    ref: str,
    other_ref: str,
    reason: str,
    confidence: str,
    by: Person,
    now: datetime,
    vault: Vault,
) -> int:
    """Propose that both cases are of one person; returns the link's number.

    Raises `NoSuchCase` for a case that `by` may not write to, `NotOnePerson`, `AlreadyLinked`.
    """
    if ref == other_ref:
        raise NotOnePerson("it is the same case")
    first, second = (open_for(connection, each, by, Action.RECORD_EVENT) for each in sorted((ref, other_ref)))
    if first.crime_id == second.crime_id:
        raise NotOnePerson("they are two victims of one crime")
    _refuse_suspect(connection, first, second, vault)
    link_id = case_links.propose(
        connection, (first.id, second.id), reason=reason, confidence=confidence, by=by.id, at=now
    )
    _write_down(connection, "propose link", by, now, first.id, second.id)
    return link_id


def confirm_link(connection: Connection, *, ref: str, link_id: int, by: Person, now: datetime, vault: Vault) -> None:
    """Confirm it as the second person, who may see both cases. Raises `NoSuchLink`, `SecondPersonNeeded`."""
    link = _link(connection, ref, link_id, by)
    if link.proposed_by == by.id:
        raise SecondPersonNeeded
    first, second = cases.load_many(connection, [link.case_id, link.other_id])
    for each in (first, second):
        open_for(connection, each.case.ref, by, Action.RECORD_EVENT)
    _refuse_suspect(connection, first, second, vault)
    case_links.confirm(connection, link_id, by=by.id, at=now)
    _write_down(connection, "confirm link", by, now, link.case_id, link.other_id)


def undo_link(connection: Connection, *, ref: str, link_id: int, why: str, by: Person, now: datetime) -> None:
    """Take the link back. Raises `NoSuchLink`."""
    link = _link(connection, ref, link_id, by)
    case_links.undo(connection, link_id, by=by.id, at=now, why=why)
    _write_down(connection, "undo link", by, now, link.case_id, link.other_id)


def _link(connection: Connection, ref: str, link_id: int, by: Person) -> Any:
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    link = case_links.standing(connection, link_id, stored.id)
    if link is None:
        raise NoSuchLink
    return link


def _refuse_suspect(connection: Connection, first: cases.StoredCase, second: cases.StoredCase, vault: Vault) -> None:
    """A victim is never linked with somebody whom either case keeps as a suspect."""
    kept = people_to_tell.suspects_named(connection, [first.id, second.id], vault)
    suspects = {as_searched(name) for name in kept}
    names = {case_links.searched_name(connection, each.victim_id) for each in (first, second)}
    if names & suspects:
        raise NotOnePerson("one of them is kept as a suspect in the other's case")


def _write_down(connection: Connection, what: str, by: Person, now: datetime, *case_ids: int) -> None:
    audit.write(connection, at=now, operation="combination", what=what, person=by, case_ids=case_ids)


class NotOnePerson(ValueError):
    """These cases cannot be of one person."""

    def __init__(self, why: str) -> None:
        super().__init__(f"these cases cannot be linked: {why}")


class SecondPersonNeeded(PermissionError):
    """Whoever proposed a link cannot confirm it."""

    def __init__(self) -> None:
        super().__init__("somebody else must confirm this link: you proposed it")


class NoSuchLink(LookupError):
    """No such link of this case, or it was taken back."""

    def __init__(self) -> None:
        super().__init__("there is no such link now")

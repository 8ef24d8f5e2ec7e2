"""Messages for case officers: looking for the case that a caller means, keeping what they said, and answering it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, text, update

from victimcare.domain.left_messages import FoundCase
from victimcare.domain.people import Person
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.contact_points import HASHES, POINTS
from victimcare.store.protections import PROTECTIONS
from victimcare.store.tables import STILL_PROTECTED, LeftMessage
from victimcare.store.vault import Vault

MESSAGES = LeftMessage.__table__  # type: ignore[attr-defined]
_MOST = 50


@dataclass(frozen=True, slots=True)
class Caller:
    """What a caller said of themselves; empty is unsaid. All of it must fit a case."""

    name: str = ""
    case_ref: str = ""
    crime_ref: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is sealed of a message: the words taken down, and what the caller said of themselves."""

    words: str = field(repr=False)
    caller: Caller = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it was taken. `safe_to_ring`: whether on the number on file; `wants` is a code of the column."""

    said: Said
    wants: str
    safe_to_ring: bool
    reply_by_on: date


def cases_of_caller(
    connection: Connection,
    *,
    case_ref: str,
    crime_refs: Sequence[str],
    called: Select[Any] | None,
    point_hashes: Sequence[str],
) -> list[FoundCase]:
    """The cases that fit all that is given, whoever holds them; none where nothing is. Void cases are left out.

    `called` selects the victims who are called as the caller said, or were (`victim_names.called`).
    """
    wanted = CASES.c.status != "void"
    if case_ref:
        wanted &= CASES.c.ref == case_ref
    if crime_refs:
        wanted &= CRIMES.c.source_ref.in_(crime_refs)
    if called is not None:
        wanted &= VICTIMS.c.id.in_(called)
    if point_hashes:
        wanted &= CASES.c.id.in_(_reached_at(point_hashes))
    if not (case_ref or crime_refs or called is not None or point_hashes):
        return []
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
    columns = (CASES.c.id, CASES.c.officer_id, VICTIMS.c.searched_name, CASES.c.status, CASES.c.opened_on)
    rows = connection.execute(select(*columns).select_from(joined).where(wanted).limit(_MOST))
    return [FoundCase(*row) for row in rows]


def add(
    connection: Connection,
    message: NewMessage,
    *,
    case_id: int | None,
    team_id: str | None,
    contains_location: bool,
    by: Person,
    at: datetime,
    vault: Vault,
) -> str:
    """Store it, for the case officer of a case or the supervisors of a team, and return its id."""
    message_id = secrets.token_hex(8)
    values = {
        "id": message_id,
        "case_id": case_id,
        "team_id": team_id,
        "taken_by": by.id,
        "taken_at": at,
        "wants": message.wants,
        "sealed": vault.seal(_packed(message.said), row_id=_row(message_id)),
        "contains_location": contains_location,
        "safe_to_ring": message.safe_to_ring,
        "reply_by_on": message.reply_by_on,
    }
    connection.execute(insert(MESSAGES).values(values))
    return message_id


def said(message_id: str, sealed: bytes, vault: Vault) -> Said:
    """What a message says. Raises `DoesNotOpen`."""
    opened: Mapping[str, Any] = json.loads(vault.open(sealed, row_id=_row(message_id)))
    return Said(opened["words"], Caller(**opened["caller"]))


def unplaced(connection: Connection, message_id: str, *, team_id: str | None) -> Any:
    """The row of a message that waits with this team for its case; None where there is none."""
    waiting = MESSAGES.c.case_id.is_(None) & MESSAGES.c.done_at.is_(None) & (MESSAGES.c.team_id == team_id)
    return connection.execute(select(MESSAGES).where(MESSAGES.c.id == message_id, waiting)).first()


def place(
    connection: Connection, message_id: str, *, case_id: int, contains_location: bool, by: Person, at: datetime
) -> bool:
    """Give a message that waits to a case; False where it no longer waits."""
    waiting = (MESSAGES.c.id == message_id) & MESSAGES.c.case_id.is_(None) & MESSAGES.c.done_at.is_(None)
    values = {"case_id": case_id, "contains_location": contains_location, "placed_by": by.id, "placed_at": at}
    return connection.execute(update(MESSAGES).where(waiting).values(values)).rowcount == 1


def answer(connection: Connection, message_id: str, *, case_id: int, by: Person, at: datetime) -> bool:
    """Note that somebody answered it; False where it is of another case or answered already."""
    waiting = (MESSAGES.c.id == message_id) & (MESSAGES.c.case_id == case_id) & MESSAGES.c.done_at.is_(None)
    return connection.execute(update(MESSAGES).where(waiting).values(done_at=at, done_by=by.id)).rowcount == 1


def _reached_at(point_hashes: Sequence[str]) -> Select[Any]:
    """The cases whose victim has one of these numbers: none of which the location is protected, for it tells that."""
    protected = select(PROTECTIONS.c.case_id).where(text(STILL_PROTECTED))
    return (
        select(POINTS.c.case_id)
        .join(HASHES, HASHES.c.point_id == POINTS.c.id)
        .where(HASHES.c.part == "whole", HASHES.c.hash.in_(point_hashes))
        .where(POINTS.c.suspect.is_(None), POINTS.c.case_id.not_in(protected))
    )


def _row(message_id: str) -> str:
    return f"{message_id}:message"


def _packed(said: Said) -> str:
    caller = said.caller
    about = {"name": caller.name, "case_ref": caller.case_ref, "crime_ref": caller.crime_ref, "phone": caller.phone}
    return json.dumps({"words": said.words, "caller": about})

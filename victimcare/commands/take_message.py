"""Take a message for a victim's case officer, without opening the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.contact_spelling import compared_form
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.law import Law
from victimcare.domain.left_messages import AFRAID, FoundCase, case_meant
from victimcare.domain.people import Person
from victimcare.domain.references import case_reference, crime_references
from victimcare.domain.safe_contact import PointKind
from victimcare.store import audit, case_lists, left_messages, notes, staff
from victimcare.store.left_messages import Caller, NewMessage, Said
from victimcare.store.vault import Vault
from victimcare.store.victim_names import called

__all__ = ["Caller", "Left", "NoSuchTeam", "Said", "TakenMessage", "case_reference", "find_cases", "take_message"]


class Left(Enum):
    """With whom a message was left; with nobody, as what the caller said fits no case or several."""

    WITH_OFFICER = "officer"
    WITH_SUPERVISORS = "supervisors"
    FITS_NONE = "none"
    FITS_SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """What became of a message, and the London date by which the victim is promised an answer. It names nobody."""

    left: Left
    reply_by_on: date | None = None


def take_message(
    connection: Connection,
    *,
    said: Said,
    wants: str,
    safe_to_ring: bool,
    team_id: str | None,
    by: Person,
    now: datetime,
    law: Law,
    policy: ForcePolicy,
    vault: Vault,
) -> TakenMessage:
    """Leave it with the case officer of the one case that fits, or else with the supervisors of `team_id`.

    Without a team, a message that fits no case or several is not kept, and the answer says which. Whoever asks learns
    nothing else, and every attempt is in the audit trail with the cases that it fitted. Raises `NoSuchTeam`.
    """
    reply_by_on = policy.reply_by(london_date(now), law.calendar, afraid=wants == AFRAID)
    message = NewMessage(said, wants, safe_to_ring, reply_by_on)
    found = _not_kept_from(connection, find_cases(connection, said.caller, vault=vault), by=by, now=now)
    meant = case_meant(found)
    if meant is None and team_id is None:
        left = Left.FITS_SEVERAL if found else Left.FITS_NONE
        _note(connection, f"take message: fits {left.value}", found, by=by, now=now, operation="consultation")
        return TakenMessage(left)
    if meant is None and not staff.team_exists(connection, team_id):
        raise NoSuchTeam
    case_id = meant.case_id if meant else None
    tells = notes.what_tells_location(connection, case_id=case_id, words=said.words, vault=vault)
    left_messages.add(
        connection,
        message,
        case_id=case_id,
        team_id=None if meant else team_id,
        contains_location=bool(tells) or bool(said.caller.phone),
        by=by,
        at=now,
        vault=vault,
    )
    _note(connection, "take message", [meant] if meant else [], by=by, now=now, operation="collection")
    return TakenMessage(Left.WITH_OFFICER if meant else Left.WITH_SUPERVISORS, reply_by_on)


def _not_kept_from(connection: Connection, found: Sequence[FoundCase], *, by: Person, now: datetime) -> list[FoundCase]:
    """Those from which `by` is not kept: the others are to them as if there were none, and that they asked is noted."""
    lists = case_lists.lists_of(connection, [case.case_id for case in found])
    barred = [
        case.case_id
        for case in found
        if lists[case.case_id].bars(by.id)
        and (case.case_id != by.emergency_case or by.id in lists[case.case_id].excluded)
    ]
    if barred:
        asked = {"operation": "access", "what": "take message", "outcome": "refused"}
        audit.write(connection, at=now, person=by, case_ids=barred, **asked)
    return [case for case in found if case.case_id not in barred]


def find_cases(connection: Connection, caller: Caller, *, vault: Vault) -> list[FoundCase]:
    """The cases that fit all that a caller said, whoever holds them."""
    return left_messages.cases_of_caller(
        connection,
        case_ref=case_reference(caller.case_ref),
        crime_refs=crime_references(caller.crime_ref),
        called=called(caller.name, vault) if caller.name else None,
        point_hashes=_hashes(caller.phone, vault),
    )


def _hashes(phone: str, vault: Vault) -> list[str]:
    return [vault.hash(compared_form(PointKind.PHONE, phone))] if phone else []


def _note(
    connection: Connection, what: str, found: Sequence[FoundCase], *, by: Person, now: datetime, operation: str
) -> None:
    case_ids = [case.case_id for case in found]
    audit.write(connection, at=now, operation=operation, what=what, person=by, case_ids=case_ids)


class NoSuchTeam(LookupError):
    """There is no such team."""

    def __init__(self) -> None:
        super().__init__("choose a team")

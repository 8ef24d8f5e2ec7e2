"""Open a case in an emergency that is not the person's to see, end that, and review it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.answer_message import AnsweredAlready
from victimcare.commands.emergency_alerts import alert
from victimcare.domain.emergency_access import LASTS, SHORTEST_REASON, Alert, Refusal
from victimcare.domain.people import NO_LISTS, Action, Person, scope_of
from victimcare.domain.reviews import Outcome
from victimcare.store import audit, cases, emergency_access, staff
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault

__all__ = ["AnsweredAlready", "Emergency", "EmergencyRefused", "NoSuchEmergency", "end_emergency", "open_in_emergency"]


@dataclass(frozen=True, slots=True)
class Emergency:
    """Which case and why: a code of the force's list, and words."""

    ref: str
    reason: str
    words: str


def open_in_emergency(
    connection: Connection,
    *,
    emergency: Emergency,
    proved: bool,
    by: Person,
    session_id: str,
    now: datetime,
    vault: Vault,
) -> None:
    """Let `by` see this one case and how to reach its victim, in this sign-in, for an hour; others are told with it.

    `proved`: whether they proved just before who they are. Nothing can be recorded in the case, and a location that is
    protected stays its custodian's. Restricted cases can be opened so; for whoever is excluded there is no such case.
    Raises `EmergencyRefused`: let nothing else be written with it.
    """
    if scope_of(by, Action.OPEN_IN_EMERGENCY) is None:
        raise EmergencyRefused(Refusal.NO_SUCH_CASE)
    _check(emergency, proved=proved, by=by)
    try:
        stored = cases.load(connection, emergency.ref)
    except NoSuchCase:
        raise EmergencyRefused(Refusal.NO_SUCH_CASE) from None
    if by.id in (stored.lists or NO_LISTS).excluded:
        raise EmergencyRefused(Refusal.NO_SUCH_CASE)
    number = emergency_access.open_case(
        connection,
        case_id=stored.id,
        by=by,
        session_id=session_id,
        reason=emergency.reason,
        words=emergency.words,
        at=now,
        until_at=now + LASTS,
        vault=vault,
    )
    alert(connection, Alert.OPENED, case_id=stored.id, key=str(number), by=by, now=now)
    what = f"emergency access: {emergency.reason}"
    audit.write(connection, at=now, operation="access", what=what, person=by, case_ids=[stored.id])


def _check(emergency: Emergency, *, proved: bool, by: Person) -> None:
    if not proved:
        raise EmergencyRefused(Refusal.NOT_PROVED)
    if by.emergency_case is not None:
        raise EmergencyRefused(Refusal.SECOND_CASE)
    if not emergency.reason:
        raise EmergencyRefused(Refusal.NO_REASON)
    if len(emergency.words.strip()) < SHORTEST_REASON:
        raise EmergencyRefused(Refusal.SHORT_REASON)


def end_emergency(connection: Connection, *, number: int, by: Person, session_id: str, now: datetime) -> None:
    """End it before its hour is over. Raises `NoSuchEmergency`, and `EmergencyRefused` for that of somebody else."""
    row = emergency_access.find(connection, number)
    if row is None:
        raise NoSuchEmergency
    if row.person_id != by.id:
        raise EmergencyRefused(Refusal.NOT_THEIRS, row.ref)
    emergency_access.end(connection, session_id, at=now)
    audit.write(connection, at=now, operation="access", what="end emergency access", person=by, case_ids=[row.case_id])


def review_emergency(
    connection: Connection, *, number: int, outcome: Outcome, words: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Say whether it was justified, and why. Nobody reviews their own.

    That it was not is told at once: to the supervisors of the case's team and of whoever opened it, and to the others
    who review, but not to that person themselves.
    Raises `NoSuchEmergency`, `AnsweredAlready` where somebody reviewed it before.
    """
    row = emergency_access.find(connection, number)
    if row is None or row.person_id == by.id or scope_of(by, Action.REVIEW_EMERGENCIES) is None:
        raise NoSuchEmergency
    if not emergency_access.review(connection, number, outcome=outcome.value, words=words, by=by, at=now, vault=vault):
        raise AnsweredAlready
    if outcome is Outcome.NOT_JUSTIFIED:
        opener = staff.person(connection, row.person_id)
        theirs = frozenset(staff.present_supervisors(connection, opener.team_id or ""))
        kind, key = Alert.NOT_JUSTIFIED, str(number)
        alert(connection, kind, case_id=row.case_id, key=key, by=by, now=now, also=theirs, but=opener.id)
    what = f"review emergency access: {outcome.value}"
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=[row.case_id])


class EmergencyRefused(PermissionError):
    """It was refused. `ref` is the case that it was about, where the form does not say."""

    def __init__(self, why: Refusal, ref: str = "") -> None:
        self.why, self.ref = why, ref
        super().__init__(f"emergency access was refused: {why.value}")


class NoSuchEmergency(LookupError):
    """There was no such emergency access."""

    def __init__(self) -> None:
        super().__init__("there is no such emergency access")

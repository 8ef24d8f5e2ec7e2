"""Keep somebody from a case: what both a supervisor's exclusion and a declared conflict of interest do at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.store import case_lists, cases, kept_forms, protections
from victimcare.store.vault import Vault

WHY_CUSTODIAN = "The custodian before does not see this case any more."


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes over what somebody leaves who is kept from the case from now on."""

    person_id: str
    team_id: str


def hand_on(
    connection: Connection, stored: cases.StoredCase, taker: Taker, *, why: str, by: Person, now: datetime, law: Law
) -> None:
    """Give the case to the taker, with why in a sentence of ours."""
    details = {"officer": taker.person_id, "team": taker.team_id, "why": why}
    event = NewEvent(EventKind.OFFICER_ASSIGNED, Moment.instant(now), details=details)
    record_event(connection, ref=stored.case.ref, event=event, by=by, now=now, law=law)


def keep_out(
    connection: Connection,
    stored: cases.StoredCase,
    person_id: str,
    *,
    custodian_id: str,
    reason: str,
    by: Person,
    now: datetime,
    vault: Vault,
) -> None:
    """Exclude them. The case has another officer already; what they typed about it and did not save is forgotten.

    If they alone knew where the victim is, `custodian_id` does from now on.
    """
    protection = protections.current(connection, stored.id)
    if protection is not None and protection.custodian_id == person_id:
        why, case_id = WHY_CUSTODIAN, stored.id
        protections.end(connection, case_id=case_id, reason=why, by=by, now=now, vault=vault)
        protections.begin(
            connection, case_id=case_id, custodian_id=custodian_id, reason=why, by=by, now=now, vault=vault
        )
    case_lists.exclude(connection, stored.id, person_id, reason=reason, by=by, at=now, vault=vault)
    kept_forms.forget_of_case(connection, stored.case.ref, person_id=person_id)


class ListRefused(ValueError):
    """The lists of a case cannot be so. `field` is that of the form; the sentence is for whoever asked."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)

"""Keep somebody from a case: what both a supervisor's exclusion and a declared conflict of interest do at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.protect_location import tell_of_custody
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, Person
from victimcare.store import audit, case_lists, cases, kept_forms, protections, staff
from victimcare.store.vault import Vault

OF_THE_CRIME = "They are connected to somebody in this crime, and excluded from each case of it."
_WHY_HELD = "held by a supervisor, as the officer before gave the case up"
_WHAT = "exclude from case of the same crime"
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
    custody_passes = protection is not None and protection.custodian_id == person_id
    if custody_passes:
        why, case_id = WHY_CUSTODIAN, stored.id
        protections.end(connection, case_id=case_id, reason=why, by=by, now=now, vault=vault)
        protections.begin(
            connection, case_id=case_id, custodian_id=custodian_id, reason=why, by=by, now=now, vault=vault
        )
    case_lists.exclude(connection, stored.id, person_id, reason=reason, by=by, at=now, vault=vault)
    if custody_passes:
        tell_of_custody(connection, stored.id, custodian_id, by=by, now=now)
    kept_forms.forget_of_case(connection, stored.case.ref, person_id=person_id)


def give_up(
    connection: Connection,
    stored: cases.StoredCase,
    person_id: str,
    *,
    reason: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
) -> None:
    """Keep them out; a case that they hold is held by a supervisor on duty, named on it where it is restricted.

    Raises `ListRefused` where nobody at all could hold it.
    """
    taker = _taker(connection, stored, person_id)
    if (stored.lists or NO_LISTS).bars(taker.person_id):
        case_lists.name_on(connection, stored.id, [taker.person_id], by=staff.SYSTEM, at=now)
    if stored.case.holder.officer_id == person_id:
        hand_on(connection, stored, taker, why=_WHY_HELD, by=staff.SYSTEM, now=now, law=law)
        cases.hold(connection, stored.id)
    keep_out(connection, stored, person_id, custodian_id=taker.person_id, reason=reason, by=by, now=now, vault=vault)


def keep_out_of_others(
    connection: Connection,
    stored: cases.StoredCase,
    person_id: str,
    *,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
) -> None:
    """Keep them out of every other victim's case of this crime, whoever may see those. Nobody is told of any.

    Why they are is said in a sentence of ours: what was written of one victim is not for another's supervisors.
    """
    for other in cases.others_of_crime(connection, stored):
        if person_id in (other.lists or NO_LISTS).excluded:
            continue
        give_up(connection, other, person_id, reason=OF_THE_CRIME, by=by, now=now, law=law, vault=vault)
        audit.write(connection, at=now, operation="alteration", what=_WHAT, person=by, case_ids=[other.id])


def _taker(connection: Connection, stored: cases.StoredCase, person_id: str) -> Taker:
    """Who may see the case first, then who would only have to be named on it; nobody who is excluded."""
    lists = stored.lists or NO_LISTS
    on_duty = [one for one in _supervisors(connection, stored) if one.person_id != person_id]
    may_hold = [one for one in on_duty if one.person_id not in lists.excluded]
    named = [one for one in may_hold if not lists.bars(one.person_id)]
    taker = next(iter(named or may_hold), None)
    if taker is None:
        raise ListRefused("reason", "Nobody else could hold this case: ring your supervisor")
    return taker


def _supervisors(connection: Connection, stored: cases.StoredCase) -> Iterator[Taker]:
    """On duty in the team, of the team, on duty elsewhere in the area, on duty anywhere."""
    team_id = stored.case.holder.team_id
    teams = staff.teams_on_duty(connection)
    yield from (Taker(team.duty_supervisor_id, team.team_id) for team in teams if team.team_id == team_id)
    yield from (Taker(person_id, team_id) for person_id in staff.present_supervisors(connection, team_id))
    nearest = sorted(teams, key=lambda team: (team.area != stored.case.area, team.team_id))
    yield from (Taker(team.duty_supervisor_id, team.team_id) for team in nearest)


class ListRefused(ValueError):
    """The lists of a case cannot be so. `field` is that of the form; the sentence is for whoever asked."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)

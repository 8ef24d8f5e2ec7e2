"""Say that one is connected to a party of a case: from that moment it does not exist for whoever said so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_out import ListRefused, Taker, hand_on, keep_out
from victimcare.commands.record_event import CaseChanged, open_for
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, Action, Person
from victimcare.store import audit, case_lists, cases, staff
from victimcare.store.vault import Vault

_WHY = "held by a supervisor, as the officer before gave the case up"


def declare_conflict(
    connection: Connection,
    *,
    ref: str,
    reason: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> None:
    """Exclude `by` themselves; a case that they hold goes to the supervisor on duty, to be handed on.

    If a restricted case has no supervisor left who may hold it, one who is on duty is named on it.
    Raises `NoSuchCase`, `CaseChanged`, `ListRefused` where nobody at all could hold the case.
    """
    stored = open_for(connection, ref, by, Action.DECLARE_CONFLICT)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    taker = _taker(connection, stored, by)
    lists = stored.lists or NO_LISTS
    if lists.bars(taker.person_id):
        case_lists.name_on(connection, stored.id, [taker.person_id], by=staff.SYSTEM, at=now)
    if stored.case.holder.officer_id == by.id:
        hand_on(connection, stored, taker, why=_WHY, by=staff.SYSTEM, now=now, law=law)
        cases.hold(connection, stored.id)
    keep_out(connection, stored, by.id, custodian_id=taker.person_id, reason=reason, by=by, now=now, vault=vault)
    audit.write(connection, at=now, operation="alteration", what="declare conflict", person=by, case_ids=[stored.id])


def _taker(connection: Connection, stored: cases.StoredCase, by: Person) -> Taker:
    """Who may see the case first, then who would only have to be named on it; nobody who is excluded."""
    lists = stored.lists or NO_LISTS
    on_duty = [one for one in _supervisors(connection, stored) if one.person_id != by.id]
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

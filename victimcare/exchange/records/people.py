"""Officers of the force's own list: who they are and in which team. Nobody is let in by a record."""

from __future__ import annotations

from typing import Any, cast

from victimcare.commands.keep_people import add_person, change_person
from victimcare.domain.allocation import Specialism
from victimcare.domain.people import Role
from victimcare.domain.position import Position
from victimcare.exchange.records.decisions import Decision, RecordRefused, Taking, said_before
from victimcare.exchange.records.differences import three_way
from victimcare.exchange.records.schema import OfficerRecord
from victimcare.store import staff, staffing


def add(taking: Taking, decision: Decision) -> tuple[dict[str, Any]]:
    """Add them. They hold cases from now on."""
    record = cast(OfficerRecord, decision.record)
    position = Position(Role.OFFICER, team_of(taking, record.team), _specialisms(record))
    person_id = add_person(
        taking.connection, name=record.name, email=record.email, position=position, by=staff.SYSTEM, now=taking.now
    )
    return ({"person_id": person_id},)


def change(taking: Taking, decision: Decision) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Write what changed at the source; what an administrator changed here stays."""
    kept = decision.kept
    record, before = cast(OfficerRecord, decision.record), cast(OfficerRecord, said_before(kept))
    person_id = str(kept.person_id)
    row = staffing.row_of(taking.connection, person_id)
    here: list[str] = []
    name = three_way("name", before.name, record.name, row.name, here)
    email = three_way("email", before.email, record.email, row.email, here)
    team = row.team_id
    if before.team != record.team:
        team = three_way("team", team_of(taking, before.team), team_of(taking, record.team), row.team_id, here)
    known = staff.specialisms_of(row.specialisms)
    specialisms = three_way("specialisms", _specialisms(before), _specialisms(record), known, here)
    change_person(
        taking.connection,
        person_id=person_id,
        name=name,
        email=email,
        position=Position(Role(row.role), team, specialisms if row.role == Role.OFFICER else frozenset()),
        seen=staffing.seen_of(row),
        by=staff.SYSTEM,
        now=taking.now,
    )
    return {"person_id": person_id}, tuple(here)


def team_of(taking: Taking, name: str) -> str:
    """The team of this name. Raises `RecordRefused`."""
    found = [team_id for team_id, called in staff.team_names(taking.connection).items() if called == name]
    if len(found) != 1:
        raise RecordRefused("team", "there is no team of this name here")
    return found[0]


def _specialisms(record: OfficerRecord) -> frozenset[Specialism]:
    return frozenset(Specialism(code) for code in record.specialisms)

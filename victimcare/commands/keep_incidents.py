"""The register of incidents: what went wrong with personal data, whether the Commissioner was told, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.commands.watch_incidents import tell_of_recorded
from victimcare.domain.incident import Decision
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store import audit, incidents
from victimcare.store.cases import NoSuchCase
from victimcare.store.incidents import NoSuchIncident
from victimcare.store.vault import Vault


def record_incident(
    connection: Connection,
    *,
    found_at: datetime,
    words: str,
    refs: Sequence[str],
    by: Person,
    now: datetime,
    vault: Vault,
) -> str:
    """Store what happened to which cases, all of which `by` may see, and tell whoever keeps it; its id.

    Raises `IncidentRefused`.
    """
    _check(by)
    if found_at > now:
        raise IncidentRefused("found_time", "it cannot have been found after now")
    try:
        case_ids = sorted({open_for(connection, ref, by, Action.SEE_CASE).id for ref in sorted(set(refs))})
    except NoSuchCase as unknown:
        raise IncidentRefused("refs", f"there is no case {unknown.ref}, or it is not yours to see") from None
    incident_id = incidents.add(
        connection,
        team_id=by.team_id,
        found_at=found_at,
        words=words,
        case_ids=case_ids,
        by=by.id,
        at=now,
        vault=vault,
    )
    tell_of_recorded(connection, incident_id, now=now)
    _write_down(connection, "record incident", case_ids, by, now)
    return incident_id


def decide_incident(
    connection: Connection, *, incident_id: str, decision: Decision, why: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Write whether the Commissioner was told; decided once. Raises `NoSuchIncident`, `IncidentRefused`."""
    _check(by)
    if incidents.load(connection, incident_id, team_id=by.team_id).decision is not None:
        raise IncidentRefused("decision", "it was decided already")
    incidents.decide(connection, incident_id, decision=decision.value, why=why, by=by.id, at=now, vault=vault)
    _write_down(connection, "decide on incident", incidents.cases_of(connection, incident_id), by, now)


def close_incident(connection: Connection, *, incident_id: str, by: Person, now: datetime) -> None:
    """Close it. Raises `NoSuchIncident`, `IncidentRefused` where nobody has decided about the Commissioner."""
    _check(by)
    if incidents.load(connection, incident_id, team_id=by.team_id).decision is None:
        raise IncidentRefused("decision", "decide first whether the Information Commissioner is told")
    incidents.close(connection, incident_id, by=by.id, at=now)
    _write_down(connection, "close incident", incidents.cases_of(connection, incident_id), by, now)


def _check(by: Person) -> None:
    if scope_of(by, Action.KEEP_INCIDENTS) is None:
        raise NoSuchIncident


def _write_down(connection: Connection, what: str, case_ids: Sequence[int], by: Person, now: datetime) -> None:
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=case_ids)


class IncidentRefused(RuntimeError):
    """What was asked cannot be done with an incident as it is now; `field` is what to correct."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)

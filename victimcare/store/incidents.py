"""The register of incidents in the database: what happened and what was decided are sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, text, update

from victimcare.store.many import insert_rows
from victimcare.store.sealed_words import sealed_in
from victimcare.store.tables import OPEN_INCIDENT, Incident, IncidentCase
from victimcare.store.vault import Vault

INCIDENTS = Incident.__table__  # type: ignore[attr-defined]
INCIDENT_CASES = IncidentCase.__table__  # type: ignore[attr-defined]
_UNDECIDED = and_(text(OPEN_INCIDENT), INCIDENTS.c.decision.is_(None))
WHAT, WHY = INCIDENTS.c.sealed, INCIDENTS.c.sealed_decision


def add(
    connection: Connection,
    *,
    team_id: str | None,
    found_at: datetime,
    words: str,
    case_ids: Sequence[int],
    by: str,
    at: datetime,
    vault: Vault,
) -> str:
    """Store an incident and return its id."""
    incident_id = secrets.token_hex(8)
    values = {"id": incident_id, "team_id": team_id, "found_at": found_at, "recorded_by": by, "recorded_at": at}
    sealed = {"sealed": sealed_in(WHAT, incident_id, words, vault)}
    connection.execute(insert(INCIDENTS).values(**values, **sealed))
    insert_rows(connection, INCIDENT_CASES, [{"incident_id": incident_id, "case_id": each} for each in case_ids])
    return incident_id


def load(connection: Connection, incident_id: str, *, team_id: str | None) -> Any:
    """An incident of this team that is not closed, locked. Raises `NoSuchIncident`."""
    wanted = select(INCIDENTS).where(INCIDENTS.c.id == incident_id, INCIDENTS.c.team_id == team_id)
    row = connection.execute(wanted.where(INCIDENTS.c.closed_at.is_(None)).with_for_update()).first()
    if row is None:
        raise NoSuchIncident
    return row


def undecided(connection: Connection) -> Sequence[Any]:
    """The incidents of every team about which nobody has decided whether the Commissioner is told."""
    wanted = select(INCIDENTS.c.id, INCIDENTS.c.team_id, INCIDENTS.c.found_at, INCIDENTS.c.recorded_by)
    return connection.execute(wanted.where(_UNDECIDED).order_by(INCIDENTS.c.found_at, INCIDENTS.c.id)).all()


def undecided_one(connection: Connection, incident_id: str) -> Any:
    """The one of this id; None where it was decided."""
    return connection.execute(select(INCIDENTS).where(INCIDENTS.c.id == incident_id, _UNDECIDED)).first()


def cases_of(connection: Connection, incident_id: str) -> list[int]:
    """The ids of the cases that it touched."""
    wanted = select(INCIDENT_CASES.c.case_id).where(INCIDENT_CASES.c.incident_id == incident_id)
    return list(connection.execute(wanted).scalars())


def decide(
    connection: Connection, incident_id: str, *, decision: str, why: str, by: str, at: datetime, vault: Vault
) -> None:
    """Write whether the Commissioner was told, and why."""
    sealed = {"sealed_decision": sealed_in(WHY, incident_id, why, vault)}
    values = {"decision": decision, "decided_by": by, "decided_at": at, **sealed}
    connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == incident_id).values(values))


def close(connection: Connection, incident_id: str, *, by: str, at: datetime) -> None:
    """Write that nothing of it is to be done any more."""
    connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == incident_id).values(closed_by=by, closed_at=at))


class NoSuchIncident(LookupError):
    """No such incident of this team, or it was closed."""

    def __init__(self) -> None:
        super().__init__("there is no such incident of your team that is open")

"""The system of a court, registered in the demonstration. It has no secret that anybody knows: an administrator gives
it one, and can then ask as in docs/integration.md."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.api_scopes import SCOPES_OF
from victimcare.domain.people import Role
from victimcare.exchange.demonstration.people import AREAS
from victimcare.store import api_clients, installation
from victimcare.store.staff import SYSTEM

SYSTEM_ID = "court-system-1"
_COURT = "hmcts"


def register_court(connection: Connection, *, at: datetime) -> None:
    """Register it for all areas, with all that a court can ask for."""
    row = {"id": SYSTEM_ID, "name": "Court results, all areas", "role": Role.API_CLIENT.value}
    installation.add_staff(connection, teams=[], people=[{**row, "areas": "\n".join(sorted(AREAS))}])
    api_clients.add_client(
        connection,
        SYSTEM_ID,
        agency=_COURT,
        source="",
        scopes=SCOPES_OF[_COURT],
        secret=secrets.token_urlsafe(32),
        by=SYSTEM,
        at=at,
    )

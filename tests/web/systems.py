"""Systems of other agencies, registered at a site, and what they ask as they would: with a token and no cookie."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tests.web.casework import PEOPLE, Casework
from victimcare.commands.keep_api_clients import NewClient, give_client_secret, register_client
from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.api_scopes import SCOPES_OF, ApiScope


@dataclass(frozen=True)
class System:
    """A system as its own people know it."""

    id: str
    secret: str


def register(
    casework: Casework,
    agency: str = "hmcts",
    *,
    areas: Collection[str] = ("E01",),
    service: str | None = None,
    scopes: Collection[ApiScope] | None = None,
) -> System:
    """Register a system, by default with all that its agency can have, and give it a secret."""
    asked = SCOPES_OF[agency] if scopes is None else scopes
    of_service = agency == SUPPORT_SERVICE
    new = NewClient(f"Example {agency}", agency, asked, frozenset(() if of_service else areas), service)
    how = {"by": PEOPLE["administrator"], "now": casework.site.clock.now}
    with casework.site.database.writing() as connection:
        client_id = register_client(connection, new=new, **how)
        return System(client_id, give_client_secret(connection, client_id=client_id, **how))

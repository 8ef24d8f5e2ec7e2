"""Systems of other agencies, registered at a site, and what they ask as they would: with a token and no cookie."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from clients.python.victimcare_api import Agency
from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.site import ADDRESS
from victimcare.commands.keep_api_clients import NewClient, give_client_secret, register_client
from victimcare.commands.keep_webhooks import NewWebhook, give_signing_secret, keep_webhook
from victimcare.domain.agencies import OWN_AGENCY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import SCOPES_OF, ApiScope
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.events_out import TOLD_TO, Told

LATE = MONDAY - timedelta(days=20)


@dataclass(frozen=True)
class System:
    """A system as its own people know it."""

    id: str
    secret: str
    signs: str = ""


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
    of_no_area = agency in (SUPPORT_SERVICE, OWN_AGENCY)
    source = "rms" if agency == OWN_AGENCY else ""
    new = NewClient(f"Example {agency}", agency, asked, frozenset(() if of_no_area else areas), service, source)
    how = {"by": PEOPLE["administrator"], "now": casework.site.clock.now}
    with casework.site.database.writing() as connection:
        client_id = register_client(connection, new=new, **how)
        return System(client_id, give_client_secret(connection, client_id=client_id, **how))


def told_system(
    casework: Casework,
    agency: str = "hmcts",
    *,
    url: str = "https://court.example/told",
    kinds: Collection[Told] | None = None,
    signing: bool = True,
    **more: Any,
) -> System:
    """Register a system, and let it be told at this address of all that its agency can be, or of these kinds."""
    system = register(casework, agency, **more)
    new = NewWebhook(url, TOLD_TO[agency] if kinds is None else kinds)
    how = {"client_id": system.id, "by": PEOPLE["administrator"], "now": casework.site.clock.now}
    with casework.site.database.writing() as connection:
        keep_webhook(connection, new=new, loopback=True, **how)
        signs = give_signing_secret(connection, vault=casework.vault, **how) if signing else ""
    return replace(system, signs=signs)


def client_of(casework: Casework, system: System) -> Agency:
    """The client of the system, that asks the site with no server between, and never waits."""
    clock = casework.site.clock
    return Agency(
        ADDRESS,
        system.id,
        system.secret,
        http=casework.site.browser().client,
        tries=1,
        clock=lambda: clock.now.timestamp(),
    )


def token_of(casework: Casework, system: System, scope: str | None = None) -> str:
    """A token that the system was given."""
    form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
    answer = casework.site.browser().client.post("/api/v1/token", data=form, auth=(system.id, system.secret))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def ask(casework: Casework, token: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """What the API answers to whoever shows this token, with a key of its own for each write."""
    sent = {"Authorization": f"Bearer {token}"}
    if method == "POST":
        sent["Idempotency-Key"] = uuid.uuid4().hex
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    more = {} if body is None else {"json": body}
    return casework.site.browser().client.request(method, path, headers=sent, **more)


def listed_hearing(casework: Casework, name: str = "Wren Sample", *, hearing: str = "trial", **more: Any) -> str:
    """A case of which the court owes the result of a hearing whose day is past; the reference."""
    ref = casework.case(name, at=LATE, **more)
    casework.record(ref, EventKind.SUSPECT_CHARGED, LATE, subject="Suspect 1")
    on = {"hearing_on": MONDAY.date() - timedelta(days=3), "hearing_type": hearing}
    casework.record(ref, EventKind.HEARING_LISTED, LATE, received=LATE, subject="Hearing 1", **on)
    return ref


def outcome(**changes: Any) -> dict[str, Any]:
    """The body of an outcome of the trial, as the court says it."""
    said = {
        "kind": "court_outcome_received",
        "happened_at": "2026-05-15T15:00:00Z",
        "subject": "Hearing 1",
        "details": {"outcome": "guilty"},
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}

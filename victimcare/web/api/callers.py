"""Who asks at the API: a system of an agency, by the token that it shows. Cookies count for nothing here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from victimcare.commands.sign_in import network_of
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store import api_clients
from victimcare.store.api_clients import StoredToken
from victimcare.store.database import Database
from victimcare.web.api.problems import Refused
from victimcare.web.api.rate import Rate
from victimcare.web.deps import REQUEST_ID, address_of, instant_of, write_down
from victimcare.web.policies import Asks, Audience, ForSystems

_TOLD_APART = 16
_BAD_TOKENS_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """A system that showed a good token, as the table of policies knows it, and what the token is good for."""

    person: Person
    scopes: frozenset[ApiScope]
    at: datetime

    @property
    def recipient(self) -> str:
        """To whom what it reads is disclosed."""
        if self.person.agency is not None:
            return f"agency {self.person.agency}"
        return f"service {self.person.service_id}"


class Rates:
    """How often each system may ask, and each network with tokens that are none."""

    def __init__(self, a_minute: int) -> None:
        self.of_systems = Rate(a_minute)
        self.of_strangers = Rate(_BAD_TOKENS_A_MINUTE)


class SystemMay(ForSystems):
    """Only a system whose token has this scope, and whose role in the table of policies has this action."""

    def __init__(self, needs: Action, scope: ApiScope) -> None:
        super().__init__(needs)
        self.scope = scope

    def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Not `async`: it asks the database."""
        caller = _caller(request, self.needs)
        request.state.asks = Asks(caller.person, caller.at, self.needs)
        if self.scope not in caller.scopes or not self.allows(caller.person):
            challenge = f'Bearer realm="victimcare", error="insufficient_scope", scope="{self.scope.value}"'
            said = "Your token is not good for this: it needs the scope that the challenge names."
            refused = Refused(403, "not-in-scope", said, headers={"WWW-Authenticate": challenge})
            refused.add_note(f"{self.needs.value}: not allowed")
            raise refused
        request.state.caller = caller

    def allows(self, person: Person) -> bool:
        """Whether the system may use the route at all."""
        return isinstance(self.needs, Action) and scope_of(person, self.needs) is not None


class OpenToSystems(ForSystems):
    """Whatever asks: where a token is taken, the contract read, and at addresses that are none."""

    def __init__(self) -> None:
        super().__init__(Audience.MACHINE)

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Nothing is asked for."""


def system_may(action: Action, scope: ApiScope) -> Any:
    """For a route's `dependencies`."""
    return Depends(SystemMay(action, scope))


def open_to_systems() -> Any:
    """For a route's `dependencies`."""
    return Depends(OpenToSystems())


def _caller(request: Request, needs: Action | Audience) -> Caller:
    at, database = instant_of(request), request.app.state.database
    rates: Rates = request.app.state.rates
    shown = _token_of(request)
    found = _token(database, shown, request) if shown else None
    if found is None or not found.is_good(at):
        _slow_down(rates.of_strangers.seconds_to_wait(network_of(address_of(request)), at))
        if found is not None:  # whose it was is known: what it is refused is written down as theirs
            request.state.asks = Asks(found.person, at, needs)
        challenge = 'Bearer realm="victimcare"' + (', error="invalid_token"' if shown else "")
        said = "Show a token that is good now: take one at /api/v1/token."
        raise Refused(401, "no-good-token", said, headers={"WWW-Authenticate": challenge})
    _slow_down(rates.of_systems.seconds_to_wait(found.person.id, at))
    system = replace(found.person, sign_in=found.id[:_TOLD_APART], request_id=request.scope.get(REQUEST_ID))
    return Caller(system, found.scopes, at)


def _token(database: Database, shown: str, request: Request) -> StoredToken | None:
    with database.reading() as connection:
        request.app.state.law_in_force.read(connection)
        return api_clients.token(connection, shown)


def _token_of(request: Request) -> str:
    shown = request.headers.getlist("authorization")
    kind, _, token = shown[0].partition(" ") if len(shown) == 1 else ("", "", "")
    return token if kind.lower() == "bearer" and token.isascii() else ""


def _slow_down(seconds: int) -> None:
    if seconds:
        said = f"You ask too often: wait {seconds} seconds."
        raise Refused(429, "too-often", said, headers={"Retry-After": str(seconds)})


async def caller(request: Request) -> Caller:
    """Who asks, as the policy of the route found it; a route without one has nobody."""
    found: Caller = request.state.caller
    return found


TheCaller = Annotated[Caller, Depends(caller)]


class Disclosure:
    """Writes down what a system reads, of which cases, before the bytes leave. Raises `CannotAudit`."""

    def __init__(self, request: Request, caller: TheCaller) -> None:
        self._request, self._caller = request, caller

    def __call__(self, what: str, case_ids: Sequence[int]) -> None:
        """Call it when the read is over, before the answer is made."""
        row = {"what": what, "person": self._caller.person, "case_ids": case_ids}
        write_down(self._request, operation="disclosure", recipient=self._caller.recipient, **row)


DisclosedToSystem = Annotated[Disclosure, Depends(Disclosure)]

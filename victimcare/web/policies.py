"""Who may ask for what. Every route declares its policy, and the service does not start with one that has none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from enum import Enum
from hmac import compare_digest
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from victimcare.domain.people import Action, Person, scope_of
from victimcare.settings import Settings
from victimcare.web.deps import NotSignedIn, TheVisit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


API = "/api/"
"""Addresses for the systems of other agencies. As at `CALLBACKS`, no cookie and no form of a browser counts there."""
CALLBACKS = "/callbacks/"
"""Addresses for machines: they show a token of their own, and no cookie or form of a browser counts there."""


class Audience(Enum):
    """Who may see a page that is about no case and nobody's work."""

    ANYONE = "anyone"
    SIGNED_IN = "anybody signed in"
    MACHINE = "a machine that shows its token"


class Asks(NamedTuple):
    """Who asks, person or system, when, and what the route needs."""

    person: Person
    at: datetime
    needs: Action | Audience


def who_asks(request: Request) -> Asks | None:
    """As the policy of the route found it; None where nobody is known, or there is no such route."""
    found: Asks | None = getattr(request.state, "asks", None)
    return found


async def sent_token(request: Request) -> AsyncIterator[str]:
    """The token in the form that was sent; empty where there is none."""
    if request.method in SAFE_METHODS:
        yield ""
        return
    async with request.form() as form:
        token = form.get("csrf_token", "")
        yield token if isinstance(token, str) else ""


class Policy:
    """What a person must be allowed to do to use a route. Forms must carry the token of their sign-in too."""

    def __init__(self, needs: Action | Audience) -> None:
        self.needs = needs

    async def __call__(self, request: Request, visit: TheVisit, token: Annotated[str, Depends(sent_token)]) -> None:
        if self.needs is not Audience.ANYONE and visit.person is None:
            raise NotSignedIn
        if visit.person is not None and self.needs is not Audience.ANYONE:
            request.state.asks = Asks(visit.person, visit.at, self.needs)
        if request.method not in SAFE_METHODS and not compare_digest(token.encode(), visit.csrf_token.encode()):
            raise FormNotOurs
        if visit.person is not None and not self.allows(visit.person):
            raise NotAllowed(visit.person, self.needs)

    def allows(self, person: Person) -> bool:
        """Whether the person may use the route at all; which cases they reach is for the queries to say."""
        return isinstance(self.needs, Audience) or scope_of(person, self.needs) is not None


class MachineWithToken(Policy):
    """Only a machine, by the token agreed with it, which is a setting. Without one there is no such page."""

    def __init__(self, token: Callable[[Settings], str | None]) -> None:
        super().__init__(Audience.MACHINE)
        self._token = token

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        agreed, shown = self._token(request.app.state.settings), request.headers.get("authorization", "")
        if not agreed or not compare_digest(shown.encode(), f"Bearer {agreed}".encode()):
            raise HTTPException(404)


def policy(action: Action) -> Any:
    """For a route's `dependencies`: only those who may do `action`."""
    return Depends(Policy(action))


def public() -> Any:
    """For a route's `dependencies`: anyone, signed in or not."""
    return Depends(Policy(Audience.ANYONE))


def machine(token: Callable[[Settings], str | None]) -> Any:
    """For a route's `dependencies`: only the machine that shows this token. What it sends goes to `CALLBACKS`."""
    return Depends(MachineWithToken(token))


def signed_in() -> Any:
    """For a route's `dependencies`: anybody signed in, whatever their role."""
    return Depends(Policy(Audience.SIGNED_IN))


class ForSystems(Policy):
    """The base of the policies at `API` (`web/api/callers.py`): a route is there if, and only if, it has such a one."""


def assert_every_route_has_a_policy(app: FastAPI) -> None:
    """Raise `NoPolicy` for a route without one, and for anything mounted beside the static files.

    Also for one at `API` that asks for a person's sign-in, and for one elsewhere that asks for a system's token.
    """
    seen = 0
    for route in iter_route_contexts(app.routes):
        original = route.original_route
        if isinstance(original, Mount):
            if original.path != "/static":
                raise NoPolicy(original.path)
            continue
        seen += 1
        dependant = getattr(route, "dependant", None)
        found = [call for call in _calls(dependant) if isinstance(call, Policy)] if dependant is not None else []
        of_systems = (route.path or "").startswith(API)
        if not found or any(isinstance(call, ForSystems) is not of_systems for call in found):
            raise NoPolicy(route.path)
    if not seen:
        raise NoPolicy("any route: none was found")


def _calls(dependant: Dependant) -> Iterable[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


class NoPolicy(RuntimeError):
    """A route says nothing about who may use it: the service does not start."""

    def __init__(self, path: str | None) -> None:
        super().__init__(f"no policy is declared for {path}")


class NotAllowed(Exception):
    """The person's role does not do this."""

    def __init__(self, person: Person, needs: Action | Audience) -> None:
        self.person = person
        self.needs = needs
        super().__init__(f"your role ({person.role.value}) does not include this page")


class FormNotOurs(Exception):
    """The form did not carry the token of this sign-in."""

    def __init__(self) -> None:
        super().__init__("this form was not sent from a page of this sign-in")

"""What routes ask for: the clock, who is here, the law, the database.

Transactions are opened in the route, so that it is plain to see that a redirect is sent only after the commit:

    with database.writing() as connection:
        record_event(connection, ...)
    return redirect(...)

What only hands something over is `async`, so that it costs no turn in a thread; what asks the database is not.
What every other asks for takes the request alone: each thing asked for is worked out anew for each that asks for it.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Protocol

import structlog
from fastapi import Depends, Request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.sign_in_life import has_ended, is_proved
from victimcare.queries.incidents import clocks_of
from victimcare.settings import Settings
from victimcare.store import audit, sign_ins
from victimcare.store.covers import with_cover
from victimcare.store.database import Database
from victimcare.store.faults import Fault, fault_of
from victimcare.store.law_in_force import LawInForce
from victimcare.store.vault import Vault
from victimcare.web.identity_provider import IdentityProvider
from victimcare.web.notices import Told
from victimcare.web.visits import WITHOUT_RECORDS, Visit, nobody_known

logger = structlog.get_logger()

_TOUCH_AFTER = timedelta(minutes=1)
_TOLD_APART = 16

REQUEST_ID = "victimcare.request_id"
"""Where the scope of a request has its reference."""

Clock = Callable[[], datetime]
"""What tells the time, as an aware UTC instant."""


def utc_now() -> datetime:
    """The clock of every page, unless the application was made with another."""
    return datetime.now(UTC)


async def now(request: Request) -> datetime:
    """The instant of this request."""
    return instant_of(request)


def instant_of(request: Request) -> datetime:
    """The clock is read once for each request, whoever asks first."""
    if not hasattr(request.state, "now"):
        clock: Clock = request.app.state.clock
        request.state.now = clock()
    at: datetime = request.state.now
    return at


async def settings(request: Request) -> Settings:
    """How this installation is set up."""
    found: Settings = request.app.state.settings
    return found


async def database(request: Request) -> Database:
    """The one database."""
    found: Database = request.app.state.database
    return found


async def law(request: Request) -> Law:
    """The editions of the Code and the working days, as they were in force when this visit was read."""
    kept: LawInForce = request.app.state.law_in_force
    return kept.law


async def ladder(request: Request) -> Ladder:
    """Who hears of duties, and when."""
    found: Ladder = request.app.state.ladder
    return found


async def vault(request: Request) -> Vault:
    """Where numbers and addresses are sealed."""
    found: Vault = request.app.state.vault
    return found


async def provider(request: Request) -> IdentityProvider | None:
    """The identity provider of the force; None where people sign in here."""
    found: IdentityProvider | None = request.app.state.provider
    return found


Now = Annotated[datetime, Depends(now)]
TheSettings = Annotated[Settings, Depends(settings)]
TheDatabase = Annotated[Database, Depends(database)]
TheLaw = Annotated[Law, Depends(law)]
TheLadder = Annotated[Ladder, Depends(ladder)]
TheVault = Annotated[Vault, Depends(vault)]
TheProvider = Annotated[IdentityProvider | None, Depends(provider)]


async def today(at: Now) -> date:
    """The date in London."""
    return london_date(at)


Today = Annotated[date, Depends(today)]


async def turn() -> AsyncIterator[None]:
    """Held while a password is checked or hashed, which takes 64 MB and most of a processor."""
    yield


ONE_OF_TWO = Depends(turn, scope="function", max_concurrency=2)


def visit(request: Request) -> Visit:
    """The visit that this request is part of, kept for the page in `request.state.visit`."""
    at, state = instant_of(request), request.app.state
    settings: Settings = state.settings
    try:
        request.state.visit = _visit(request, at, state.database, settings)
    except DBAPIError as broken:
        does_without = request.method == "GET" and request.url.path in WITHOUT_RECORDS
        if not does_without or fault_of(broken) is not Fault.AWAY:
            raise
        request.state.visit = nobody_known(at, request.cookies.get(cookie_name(settings), ""))
    made: Visit = request.state.visit
    return made


def _visit(request: Request, at: datetime, database: Database, settings: Settings) -> Visit:
    token = request.cookies.get(cookie_name(settings), "")
    with database.reading() as connection:
        session = sign_ins.session(connection, token) if token else None
        request.app.state.law_in_force.read(connection)
        told: Told = request.app.state.notices.read(connection, at)
        person = with_cover(connection, _audited(request, session, at), on=london_date(at)) if session else None
        clocks = clocks_of(connection, person) if person else ()
    ended = None
    if session and has_ended(created_at=session.created_at, last_seen_at=session.last_seen_at, now=at):
        session, ended = None, session
    if session is not None and at - session.last_seen_at >= _TOUCH_AFTER:
        _touch(database, session.id, at)
    token = token or secrets.token_urlsafe(32)
    return Visit(
        at=at,
        token=token,
        csrf_token=session.csrf_token if session else sign_ins.form_token(token),
        person=person if session else None,
        session_id=session.id if session else None,
        demonstration=told.demonstration,
        notices=told.notices,
        clocks=clocks if session else (),
        session=session,
        ended=ended,
    )


def _touch(database: Database, session_id: str, at: datetime) -> None:
    """Where that cannot be written, pages without a case are shown all the same; the sign-in ends the sooner."""
    try:
        with database.writing() as connection:
            sign_ins.touch_session(connection, session_id, at=at)
    except (DBAPIError, NoConnectionFree) as broken:
        logger.error("sign-in not noted as used", error=type(broken).__name__)


def _audited(request: Request, session: sign_ins.StoredSession, at: datetime) -> Person:
    """Who it is, with what the audit says beside them: the beginning of the sign-in's id tells it from others."""
    emergency = session.emergency_at(at)
    return replace(
        session.person,
        emergency_case=emergency.case_id if emergency else None,
        sign_in=session.id[:_TOLD_APART],
        request_id=request.scope.get(REQUEST_ID),
    )


TheVisit = Annotated[Visit, Depends(visit)]


async def current_person(visit: TheVisit) -> Person:
    """Who is signed in. Raises `NotSignedIn`."""
    if visit.person is None:
        raise NotSignedIn
    return visit.person


CurrentPerson = Annotated[Person, Depends(current_person)]


async def proved_person(visit: TheVisit, person: CurrentPerson) -> Person:
    """Who is signed in and proved so within the last minutes. Raises `NotSignedIn`, `ProofNeeded`."""
    if visit.session is None or not is_proved(visit.session.proved_at, now=visit.at):
        raise ProofNeeded
    return person


ProvedPerson = Annotated[Person, Depends(proved_person)]
"""For what somebody else at an unlocked screen must not do: giving secrets, breaking the glass."""


async def consultation(request: Request, person: CurrentPerson) -> Callable[[str, Sequence[int]], None]:
    """A function that writes down which cases were looked at: call it when the read is over, before the page is made.

    `consulted("case list", case_ids)` commits by itself; where it cannot, the page is not shown (503).
    """

    def consulted(what: str, case_ids: Sequence[int]) -> None:
        write_down(request, operation="consultation", what=what, person=person, case_ids=case_ids)

    return consulted


async def disclosure(request: Request, person: CurrentPerson) -> Disclose:
    """The same for what leaves the service: a file, or a page made to be printed."""

    def disclosed(what: str, case_ids: Sequence[int] = (), *, to: str | None = None) -> None:
        row = {"what": what, "person": person, "case_ids": case_ids, "recipient": to}
        write_down(request, operation="disclosure", **row)

    return disclosed


class Disclose(Protocol):
    """Writes down that something leaves the service, of which cases, and to whom (a code) where that is known."""

    def __call__(self, what: str, case_ids: Sequence[int] = (), *, to: str | None = None) -> None: ...


def write_down(request: Request, **row: Any) -> None:
    """Write one row of the audit, in a transaction of its own. Raises `CannotAudit`."""
    database: Database = request.app.state.database
    try:
        with database.writing() as connection:
            audit.write(connection, at=instant_of(request), **row)
    except Exception as broken:
        raise CannotAudit from broken


Consulted = Annotated[Callable[[str, Sequence[int]], None], Depends(consultation)]
Disclosed = Annotated[Disclose, Depends(disclosure)]


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else "unknown"


def cookie_name(settings: Settings) -> str:
    """`__Host-` makes the browser refuse the cookie without Secure, or from another host."""
    return "__Host-victimcare" if settings.cookie_secure else "victimcare"


class NotSignedIn(Exception):
    """Nobody is signed in, or the sign-in ended."""

    def __init__(self) -> None:
        super().__init__("sign in to see this page")


class ProofNeeded(Exception):
    """Whoever is signed in must first prove again that it is they."""

    def __init__(self) -> None:
        super().__init__("prove first that it is you")


class CannotAudit(RuntimeError):
    """What was read could not be written down, so it is not shown."""

    def __init__(self) -> None:
        super().__init__("this page cannot be shown, because who looked at it could not be recorded")

"""Putting the web application together. It is ready to serve, or it is not made at all."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from functools import cache, partial

from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.datastructures import State
from starlette.types import ASGIApp

from victimcare.domain.law import Law
from victimcare.editions.escalation import ladder_of
from victimcare.queries.job_runs import job_notices
from victimcare.settings import Settings
from victimcare.store.database import Database
from victimcare.store.law_in_force import LawInForce
from victimcare.store.row_names import RowNames
from victimcare.store.vault import Vault
from victimcare.web import errors
from victimcare.web.api.bodies import DeclaredTooMuch
from victimcare.web.api.callers import Rates
from victimcare.web.api.deprecation import SaysWhatEnds
from victimcare.web.deps import Clock, utc_now
from victimcare.web.identity_provider import provider_of
from victimcare.web.metrics import Measured
from victimcare.web.notices import NoticeBoard, Notices
from victimcare.web.pages import page_environment
from victimcare.web.policies import assert_every_route_has_a_policy
from victimcare.web.routes import ROUTERS
from victimcare.web.security import NoTraceback, SameOrigin, SecurityHeaders
from victimcare.web.static_files import Static

LARGEST_BODY = 1_000_000


class WebApp(FastAPI):
    """FastAPI with the security headers around everything, its own refusals included."""

    def build_middleware_stack(self) -> ASGIApp:
        """The headers first of all."""
        return SecurityHeaders(DeclaredTooMuch(SaysWhatEnds(super().build_middleware_stack())))


def create_app(
    *,
    settings: Settings,
    law: Law,
    database: Database,
    vault: Vault,
    notices: Notices | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The application. `notices` replaces what every page tells: jobs that have not run, mail that has not left.

    The clock is not an override of a dependency: with any of those FastAPI takes every signature apart at each request.

    Raises `NoPolicy` where a route does not say who may use it, `ProviderNotSet` and `BadMapping` for half a provider,
    `BadEdition` for a ladder that cannot be trusted.
    """
    app = copy(_assembled())
    app.state = State()
    app.state.settings = settings
    app.state.law_in_force = LawInForce(law)
    app.state.database = database
    app.state.clock = clock
    app.state.vault = vault
    app.state.row_names = RowNames(vault)
    app.state.provider = provider_of(settings)
    app.state.ladder = ladder_of(settings.escalation, small_numbers_below=settings.small_numbers_below)
    app.state.rates = Rates(settings.api_requests_a_minute)
    app.state.notices = NoticeBoard(notices or partial(_job_notices, app.state.law_in_force))
    app.state.static_files = _static()
    app.state.pages = page_environment()
    return app


def _job_notices(kept: LawInForce, connection: Connection, now: datetime) -> tuple[str, ...]:
    return job_notices(connection, now, kept.law)


@cache
def _assembled() -> WebApp:
    """The routes and what is around them: once a process, for taking every signature apart takes long."""
    app = WebApp(title="victimcare", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=LARGEST_BODY)
    app.add_middleware(SameOrigin, refuse=errors.not_same_origin)
    app.add_middleware(NoTraceback, answer=errors.unexpected)
    app.add_middleware(Measured)
    errors.add_error_pages(app)
    app.mount("/static", _static().app(), name="static")
    for router in ROUTERS:
        # Not `include_router`, which asks each router in turn, and the one that answers once more for its route.
        app.router.routes.extend(router.routes)
    assert_every_route_has_a_policy(app)
    return app


@cache
def _static() -> Static:
    return Static()

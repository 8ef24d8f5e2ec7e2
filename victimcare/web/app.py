"""Putting the web application together. It is ready to serve, or it is not made at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.types import ASGIApp

from victimcare.domain.law import Law
from victimcare.settings import Settings
from victimcare.store.database import Database
from victimcare.web import errors
from victimcare.web.pages import page_environment
from victimcare.web.policies import assert_every_route_has_a_policy
from victimcare.web.routes import ROUTERS
from victimcare.web.security import NoTraceback, SameOrigin, SecurityHeaders
from victimcare.web.static_files import Static

LARGEST_BODY = 1_000_000

Notices = Callable[[Connection, datetime], Iterable[str]]


class WebApp(FastAPI):
    """FastAPI with the security headers around everything, its own refusals included."""

    def build_middleware_stack(self) -> ASGIApp:
        """The headers first of all."""
        return SecurityHeaders(super().build_middleware_stack())


def no_notices(_connection: Connection, _now: datetime) -> Iterable[str]:
    """Nothing that everybody must know."""
    return ()


def create_app(*, settings: Settings, law: Law, database: Database, notices: Notices = no_notices) -> FastAPI:
    """The application. `notices` says what every page must tell (a job that has not run).

    Raises `NoPolicy` where a route does not say who may use it.
    """
    app = WebApp(title="victimcare", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=LARGEST_BODY)
    app.state.settings = settings
    app.state.law = law
    app.state.database = database
    app.state.notices = notices
    app.state.static_files = Static()
    app.state.pages = page_environment()
    app.add_middleware(SameOrigin, refuse=errors.not_same_origin)
    app.add_middleware(NoTraceback, answer=errors.unexpected)
    errors.add_error_pages(app)
    app.mount("/static", app.state.static_files.app(), name="static")
    for router in ROUTERS:
        app.include_router(router)
    assert_every_route_has_a_policy(app)
    return app

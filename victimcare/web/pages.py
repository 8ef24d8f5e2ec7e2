"""Turning a frozen view and its template into a response."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment
from jinja2_fragments import render_block

from victimcare.domain.people import Action, Person, Role, scope_of
from victimcare.presentation.environment import environment
from victimcare.web.deps import cookie_name
from victimcare.web.visits import Visit

if TYPE_CHECKING:
    from victimcare.settings import Settings
    from victimcare.web.forms import Submitted

TEMPLATES = Path(__file__).parent / "templates"

_NAVIGATION = (
    ("Today", "/", Action.SEE_OWN_WORK),
    ("Witness care", "/witness-care", Action.SEE_WITNESS_CARE),
    ("Cases", "/cases", Action.SEE_CASE),
    ("Take a message", "/messages/new", Action.TAKE_MESSAGE),
    ("Team", "/team", Action.SEE_TEAM),
    ("Incidents", "/incidents", Action.SEE_INCIDENTS),
    ("Records", "/retention", Action.REVIEW_RECORDS),
    ("Board", "/board", Action.SEE_BOARD),
    ("Jobs", "/jobs", Action.SEE_JOBS),
    ("People", "/people", Action.KEEP_PEOPLE),
    ("Restricted cases", "/keepers", Action.NAME_KEEPER),
    ("Directory", "/directory", Action.KEEP_DIRECTORY),
    ("Referrals", "/referrals", Action.SEE_REFERRAL),
    ("The Code", "/code", Action.CHECK_CODE),
    ("Emergency access", "/emergency-reviews", Action.REVIEW_EMERGENCIES),
    ("Who looks", "/access-alerts", Action.REVIEW_ALERTS),
)
_HOMES = {
    Role.OFFICER: "/",
    Role.SUPERVISOR: "/team",
    Role.BOARD: "/board",
    Role.ADMINISTRATOR: "/jobs",
    Role.DIRECTORY_EDITOR: "/directory",
    Role.PRIVACY_REVIEWER: "/emergency-reviews",
    Role.CODE_LEAD: "/code",
    Role.SERVICE_USER: "/referrals",
    Role.WITNESS_CARE: "/witness-care",
    Role.BOARD_MEMBER: "/board",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation. `current`: "page" on that page, "true" on one below it, else empty."""

    text: str
    href: str
    current: str


@cache
def page_environment() -> Environment:
    """The environment of the pages, with the templates that it has read."""
    return environment([TEMPLATES])


def render(
    request: Request,
    template: str,
    view: Any = None,
    *,
    block: str | None = None,
    form: Submitted[Any] | None = None,
    status: int = 200,
) -> Response:
    """The page made of `template` and `view`; only its `block` where htmx asks for it.

    Templates see `view`, `form`, `visit`, `navigation`, `home`, `static` (the address of a static file)
    and `named` (what a row of a table is called in an address).
    """
    state = request.app.state
    visit: Visit | None = getattr(request.state, "visit", None)
    person = visit.person if visit else None
    context = {
        "view": view,
        "form": form,
        "visit": visit,
        "form_key": secrets.token_urlsafe(16),
        "navigation": navigation(person, request.url.path),
        "home": home_of(person),
        "sees_files": person is not None and scope_of(person, Action.SEE_FILE) is not None,
        "asks_for_replays": person is not None and scope_of(person, Action.RECKON_ANEW) is not None,
        "static": state.static_files.address,
        "force_name": state.settings.force_name,
        "named": state.row_names.name,
    }
    if block is not None and wants_block(request):
        html = render_block(state.pages, template, block, context)
    else:
        html = state.pages.get_template(template).render(context)
    response = HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request"})
    if visit is not None and visit.token != request.cookies.get(cookie_name(state.settings)):
        set_cookie(response, state.settings, visit.token)
    return response


def redirect(url: str) -> Response:
    """303: the answer to a form that did what was asked. Call it after the transaction is committed."""
    return RedirectResponse(url, status_code=303)


def wants_block(request: Request) -> bool:
    """Whether htmx asks for a part of the page; a page restored from its history is whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def navigation(person: Person | None, path: str) -> list[Link]:
    """The pages that the person's role includes."""
    if person is None:
        return []
    return [
        Link(text, href, _current(href, path))
        for text, href, action in _NAVIGATION
        if scope_of(person, action) is not None
    ]


def home_of(person: Person | None) -> str:
    """Where the person's day starts; the sign-in page knows where that is for whoever is signed in."""
    return _HOMES.get(person.role, "/") if person else "/sign-in"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser its token. The sign-in's age is kept on the server, so the cookie has none."""
    response.set_cookie(
        cookie_name(settings), token, httponly=True, secure=settings.cookie_secure, samesite="lax", path="/"
    )


def _current(href: str, path: str) -> str:
    if href == path:
        return "page"
    return "true" if href != "/" and path.startswith(f"{href}/") else ""

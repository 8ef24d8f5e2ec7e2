"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.sign_in import begin_sign_in, finish_sign_in
from victimcare.commands.sign_out import sign_out
from victimcare.exchange.demonstration.people import PASSPHRASE, USERNAMES
from victimcare.web.browsers import browser_of
from victimcare.web.deps import (
    ONE_OF_TWO,
    Now,
    TheDatabase,
    TheSettings,
    TheVault,
    TheVisit,
    address_of,
    cookie_name,
)
from victimcare.web.forms import Button, Form, Password, Sent, Submitted, blank
from victimcare.web.pages import home_of, redirect, render, set_cookie
from victimcare.web.policies import public, signed_in
from victimcare.web.visits import Visit

router = APIRouter()

WRONG = "The user name, the password or the code is not right"
TOO_OFTEN = "There were too many failed attempts. Wait 15 minutes, then try again"


class SignInForm(Form):
    """User name, password and second factor, and where the person was going."""

    username: str = Field(title="User name", description="Enter your user name", max_length=100)
    password: Password = Field(title="Password", description="Enter your password", max_length=1000)
    code: str = Field("", title="Code", max_length=40)
    next: str = Field("/", title="Next page", max_length=500)


@dataclass(frozen=True, slots=True)
class SignInView:
    """The sign-in page; in a demonstration it says how to sign in to it."""

    next: str
    provider: bool = False
    local: bool = True
    accounts: tuple[str, ...] = ()
    passphrase: str = ""
    cannot_stay: bool = False
    """The page came without HTTPS, and a browser keeps what it is given at a sign-in over HTTPS alone."""


@router.get("/sign-in", dependencies=[public()])
def sign_in_page(request: Request, visit: TheVisit, next: str = "/") -> Response:
    """Ask who it is; somebody signed in goes on."""
    if visit.person is not None:
        return redirect(local_path(next, home_of(visit.person)))
    return render(request, "sign_in/sign_in.html", _view(request, next, visit), form=blank(SignInForm))


@router.post("/sign-in", dependencies=[public(), ONE_OF_TWO])
def submit(
    request: Request,
    form: Sent[SignInForm],
    database: TheDatabase,
    settings: TheSettings,
    visit: TheVisit,
    vault: TheVault,
) -> Response:
    """Sign in."""
    if form.values is None:
        return _again(request, form, visit, 422)
    asked = form.values
    with database.writing() as connection:
        only = None if settings.oidc_issuer is None else settings.emergency_username or ""
        attempt = begin_sign_in(
            connection, username=asked.username, address=address_of(request), now=visit.at, only=only
        )
    matches = attempt.matches(asked.password)
    with database.writing() as connection:
        opened = finish_sign_in(
            connection, attempt=attempt, matches=matches, code=asked.code, browser=browser_of(request), vault=vault
        )
    if attempt.throttled:
        return _again(request, form.with_error("username", TOO_OFTEN), visit, 429)
    if opened is None:
        return _again(request, form.with_error("username", WRONG), visit, 422)
    response = redirect(local_path(asked.next, home_of(opened.person)))
    set_cookie(response, settings, opened.token)
    return response


@router.post("/sign-in/stay", dependencies=[signed_in()])
def stay(form: Sent[Button], visit: TheVisit) -> Response:
    """Stay signed in: the question counts as use, like any other."""
    return Response(status_code=204)


@router.post("/sign-out", dependencies=[signed_in()])
def sign_out_here(
    form: Sent[Button], database: TheDatabase, settings: TheSettings, visit: TheVisit, now: Now
) -> Response:
    """Sign out, and let the browser forget everything that it kept."""
    if visit.person is not None and visit.session_id is not None:
        with database.writing() as connection:
            sign_out(connection, session_id=visit.session_id, by=visit.person, now=now)
    response = redirect("/signed-out" if settings.oidc_issuer else "/sign-in")
    response.delete_cookie(cookie_name(settings), secure=settings.cookie_secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def local_path(path: str, home: str) -> str:
    """`path` where it is one of ours; else, and for the start page, `home`."""
    ours = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if ours and path != "/" and not set(path) & {"\\", " "} else home


def _again(request: Request, form: Submitted[SignInForm], visit: Visit, status: int) -> Response:
    return render(request, "sign_in/sign_in.html", _view(request, form.text("next"), visit), form=form, status=status)


def _view(request: Request, next: str, visit: Visit) -> SignInView:
    there, settings = local_path(next, "/"), request.app.state.settings
    cannot_stay = settings.cookie_secure and request.url.scheme != "https"
    if visit.demonstration:
        return SignInView(there, accounts=USERNAMES, passphrase=PASSPHRASE, cannot_stay=cannot_stay)
    elsewhere = settings.oidc_issuer is not None
    local = not elsewhere or settings.emergency_username is not None
    return SignInView(there, provider=elsewhere, local=local, cannot_stay=cannot_stay)

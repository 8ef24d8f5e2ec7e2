"""Signing in by the identity provider of the force: there, and back. Nothing changes before the way back."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.arrive import TurnedAway, arrive, turn_away
from victimcare.commands.sign_out import sign_out
from victimcare.domain.claims import Arrival, ClaimsRefused, arrival
from victimcare.web.browsers import browser_of
from victimcare.web.deps import TheDatabase, TheProvider, TheSettings, TheVault, TheVisit
from victimcare.web.errors import error_page
from victimcare.web.identity_provider import Errand, IdentityProvider, NotOurErrand, TokenRefused
from victimcare.web.pages import home_of, redirect, render, set_cookie
from victimcare.web.policies import public
from victimcare.web.routes.sign_in import local_path

router = APIRouter(dependencies=[public()])

_NOT_LET_IN = "You are not let in"
_TEXT = 4000


@dataclass(frozen=True, slots=True)
class SignedOutView:
    """Where to sign out of the provider too; None where it has no page for it."""

    address: str | None


@router.get("/sign-in/provider")
def there(
    visit: TheVisit,
    provider: TheProvider,
    settings: TheSettings,
    vault: TheVault,
    next: str = "/",
    anew: bool = False,
) -> Response:
    """To the provider; `anew`, to type one's password there again. Where none is set, to our own page."""
    if provider is None:
        return redirect("/sign-in")
    errand = provider.errand(local_path(next[:500], "/"), now=visit.at, anew=anew)
    response = redirect(provider.address(errand, browser_token=visit.token, vault=vault))
    set_cookie(response, settings, visit.token)  # what the way back is bound to
    return response


@router.get("/sign-in/provider/back")
def back(
    request: Request,
    visit: TheVisit,
    provider: TheProvider,
    settings: TheSettings,
    database: TheDatabase,
    vault: TheVault,
    state: str = "",
    code: str = "",
    iss: str | None = None,
) -> Response:
    """Back from the provider: whoever it vouches for is signed in, if the force's mapping knows what they are."""
    if provider is None:
        return redirect("/sign-in")
    try:
        errand = provider.back_from(state[:_TEXT], browser_token=visit.token, vault=vault, now=visit.at)
        who = _vouched_for(provider, errand, code[:_TEXT], iss, visit)
    except (NotOurErrand, TokenRefused, ClaimsRefused) as refused:
        why = _why(refused)
        with database.writing() as connection:
            turn_away(connection, why=why, person_id=None, now=visit.at)
        return _refused(request, str(refused))
    with database.writing() as connection:
        opened = arrive(connection, who=who, browser=browser_of(request), now=visit.at)
        if not isinstance(opened, TurnedAway) and visit.person is not None and visit.session_id is not None:
            sign_out(connection, session_id=visit.session_id, by=visit.person, now=visit.at)
    if isinstance(opened, TurnedAway):
        return _refused(request, opened.why)
    response = redirect(local_path(errand.next, home_of(opened.person)))
    set_cookie(response, settings, opened.token)
    return response


@router.get("/signed-out")
def signed_out(request: Request, provider: TheProvider) -> Response:
    """After signing out here: the provider still knows who sits at this computer."""
    if provider is None:
        return redirect("/sign-in")
    return render(request, "sign_in/signed_out.html", SignedOutView(provider.sign_out_address))


def _vouched_for(provider: IdentityProvider, errand: Errand, code: str, issuer: str | None, visit: TheVisit) -> Arrival:
    """Raises `ProviderFailed`, `TokenRefused`, `ClaimsRefused`."""
    if not code:
        raise TokenRefused("no code")
    return arrival(provider.claims(errand, code=code, issuer=issuer, now=visit.at), provider.mapping)


def _why(refused: NotOurErrand | TokenRefused | ClaimsRefused) -> str:
    """For the audit, in words of ours: of what the provider said, nothing."""
    if isinstance(refused, TokenRefused):
        return f"token refused ({refused.what})"
    return "not sent away from here" if isinstance(refused, NotOurErrand) else "claims not known"


def _refused(request: Request, why: str) -> Response:
    begun = f"{why[:1].upper()}{why[1:]}"
    return error_page(request, 403, _NOT_LET_IN, (begun if begun.endswith(".") else f"{begun}.",))

"""Proving again who one is, before something that an unlocked screen must not do."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.prove_again import prove_again
from victimcare.commands.sign_in import begin_sign_in
from victimcare.web.deps import ONE_OF_TWO, CurrentPerson, Now, TheDatabase, TheVault, TheVisit, address_of
from victimcare.web.forms import Sent, Submitted, blank
from victimcare.web.pages import home_of, redirect, render
from victimcare.web.policies import signed_in
from victimcare.web.routes.sign_in import TOO_OFTEN, WRONG, SignInForm, local_path

router = APIRouter(prefix="/sign-in/again", dependencies=[signed_in()])


@dataclass(frozen=True, slots=True)
class ProofView:
    """Where the person goes on to."""

    next: str
    demonstration: bool
    provider: bool
    local: bool


@router.get("")
def ask(request: Request, visit: TheVisit, next: str = "/") -> Response:
    """Ask for it."""
    return render(request, "sign_in/again.html", _view(request, visit, next), form=blank(SignInForm))


@router.post("", dependencies=[ONE_OF_TWO])
def prove(
    request: Request,
    form: Sent[SignInForm],
    person: CurrentPerson,
    visit: TheVisit,
    database: TheDatabase,
    now: Now,
    vault: TheVault,
) -> Response:
    """Check it, and go on."""
    values = form.values
    if values is None:
        return _again(request, form, visit, 422)
    with database.writing() as connection:
        attempt = begin_sign_in(connection, username=values.username, address=address_of(request), now=now)
    matches = attempt.matches(values.password)
    with database.writing() as connection:
        proved = prove_again(
            connection,
            attempt=attempt,
            matches=matches,
            code=values.code,
            by=person,
            session_id=visit.session_id or "",
            vault=vault,
        )
    if attempt.throttled:
        return _again(request, form.with_error("username", TOO_OFTEN), visit, 429)
    if not proved:
        return _again(request, form.with_error("username", WRONG), visit, 422)
    return redirect(local_path(values.next, home_of(person)))


def _again(request: Request, form: Submitted[SignInForm], visit: TheVisit, status: int) -> Response:
    return render(request, "sign_in/again.html", _view(request, visit, form.text("next")), form=form, status=status)


def _view(request: Request, visit: TheVisit, next: str) -> ProofView:
    settings = request.app.state.settings
    elsewhere = settings.oidc_issuer is not None
    local = not elsewhere or settings.emergency_username is not None
    return ProofView(local_path(next, "/"), visit.demonstration, elsewhere, local)

"""Proving again who one is, before something that an unlocked screen must not do."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.prove_again import prove_again
from victimcare.commands.sign_in import begin_sign_in
from victimcare.web.deps import ONE_OF_TWO, CurrentPerson, Now, TheDatabase, TheProvider, TheVault, TheVisit
from victimcare.web.forms import Form, Password, Sent, Submitted, blank
from victimcare.web.pages import home_of, redirect, render
from victimcare.web.policies import signed_in
from victimcare.web.routes.sign_in import TOO_OFTEN, WRONG, address_of, local_path

router = APIRouter(prefix="/sign-in/again", dependencies=[signed_in()])


class ProofForm(Form):
    """User name, password and second factor, and where the person was going."""

    username: str = Field(title="User name", description="Enter your user name", max_length=100)
    password: Password = Field(title="Password", description="Enter your password", max_length=1000)
    code: str = Field("", title="Code", max_length=40)
    next: str = Field("/", title="Next page", max_length=500)


@dataclass(frozen=True, slots=True)
class ProofView:
    """Where the person goes on to."""

    next: str
    demonstration: bool
    provider: bool


@router.get("")
def ask(request: Request, visit: TheVisit, provider: TheProvider, next: str = "/") -> Response:
    """Ask for it."""
    view = ProofView(local_path(next, "/"), visit.demonstration, provider is not None)
    return render(request, "sign_in/again.html", view, form=blank(ProofForm))


@router.post("", dependencies=[ONE_OF_TWO])
def prove(
    request: Request,
    form: Sent[ProofForm],
    person: CurrentPerson,
    visit: TheVisit,
    database: TheDatabase,
    now: Now,
    vault: TheVault,
    provider: TheProvider,
) -> Response:
    """Check it, and go on."""
    values = form.values
    if values is None:
        return _again(request, form, visit, provider, 422)
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
        return _again(request, form.with_error("username", TOO_OFTEN), visit, provider, 429)
    if not proved:
        return _again(request, form.with_error("username", WRONG), visit, provider, 422)
    return redirect(local_path(values.next, home_of(person)))


def _again(
    request: Request, form: Submitted[ProofForm], visit: TheVisit, provider: TheProvider, status: int
) -> Response:
    view = ProofView(local_path(form.text("next"), "/"), visit.demonstration, provider is not None)
    return render(request, "sign_in/again.html", view, form=form, status=status)

"""Changing one's own password."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.change_password import begin_change, change_password
from victimcare.commands.passwords import HASHER, SHORTEST, PasswordRefused, check_new_password
from victimcare.web.deps import ONE_OF_TWO, CurrentPerson, Now, TheDatabase, TheSettings, TheVault, TheVisit, address_of
from victimcare.web.errors import sentence
from victimcare.web.forms import Form, Password, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import signed_in
from victimcare.web.routes.sign_in import TOO_OFTEN

router = APIRouter(prefix="/password", dependencies=[signed_in()])

WRONG = "The password that you have now or the code is not right"


class PasswordForm(Form):
    """The password and second factor of now, and the password to be."""

    password: Password = Field(title="Password", description="Enter the password that you have now", max_length=1000)
    code: str = Field("", title="Code", max_length=40)
    new_password: Password = Field(title="New password", description="Enter a new password", max_length=1000)


@router.get("")
def ask(request: Request) -> Response:
    """An empty form."""
    return render(request, "sign_in/password.html", SHORTEST, form=blank(PasswordForm))


@router.post("", dependencies=[ONE_OF_TWO])
def change(
    request: Request,
    form: Sent[PasswordForm],
    person: CurrentPerson,
    visit: TheVisit,
    database: TheDatabase,
    settings: TheSettings,
    now: Now,
    vault: TheVault,
) -> Response:
    """Change it."""
    values = form.values
    if values is None:
        return _again(request, form)
    try:
        check_new_password(values.new_password, about=[settings.force_name, person.name])
    except PasswordRefused as refused:
        return _again(request, form.with_error("new_password", sentence(refused).removesuffix(".")))
    with database.writing() as connection:
        attempt = begin_change(connection, by=person, address=address_of(request), now=now)
    matches = attempt.matches(values.password)
    new_hash = HASHER.hash(values.new_password) if matches else ""
    with database.writing() as connection:
        changed = change_password(
            connection,
            attempt=attempt,
            matches=matches,
            code=values.code,
            new_hash=new_hash,
            by=person,
            session_id=visit.session_id or "",
            vault=vault,
        )
    if attempt.throttled:
        return _again(request, form.with_error("password", TOO_OFTEN), status=429)
    return redirect("/sign-ins") if changed else _again(request, form.with_error("password", WRONG))


def _again(request: Request, form: Submitted[PasswordForm], *, status: int = 422) -> Response:
    return render(request, "sign_in/password.html", SHORTEST, form=form, status=status)

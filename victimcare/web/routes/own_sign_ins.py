"""Somebody's own sign-ins: where they are signed in, and ending that."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.sign_out import end_own_sign_in, sign_out_everywhere
from victimcare.queries.own_sign_ins import OwnSignIn, own_sign_ins
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheVisit
from victimcare.web.forms import Form, Sent
from victimcare.web.pages import redirect, render
from victimcare.web.policies import signed_in

router = APIRouter(prefix="/sign-ins", dependencies=[signed_in()])


class EndForm(Form):
    """Which of them to end."""

    sign_in: str = Field(title="Sign-in", description="Choose one of your sign-ins", pattern=r"^[0-9a-f]{64}$")


class EverywhereForm(Form):
    """A button: nothing is typed."""


@dataclass(frozen=True, slots=True)
class OwnSignInsView:
    """All of them."""

    sign_ins: tuple[OwnSignIn, ...]


@router.get("")
def mine(request: Request, person: CurrentPerson, visit: TheVisit, database: TheDatabase, now: Now) -> Response:
    """Where the person is signed in."""
    return render(request, "sign_in/own.html", _view(person, visit, database, now))


@router.post("/end")
def end_one(
    request: Request,
    form: Sent[EndForm],
    person: CurrentPerson,
    visit: TheVisit,
    database: TheDatabase,
    now: Now,
) -> Response:
    """End one of them."""
    if form.values is None:
        return render(request, "sign_in/own.html", _view(person, visit, database, now), form=form, status=422)
    with database.writing() as connection:
        end_own_sign_in(connection, session_id=form.values.sign_in, by=person, now=now)
    return redirect("/sign-ins")


@router.post("/end-all")
def end_all(form: Sent[EverywhereForm], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """End all of them, this one too."""
    with database.writing() as connection:
        sign_out_everywhere(connection, by=person, now=now)
    return redirect("/sign-in")


def _view(person: CurrentPerson, visit: TheVisit, database: TheDatabase, now: Now) -> OwnSignInsView:
    with database.reading() as connection:
        found = own_sign_ins(connection, person=person, session_id=visit.session_id or "", now=now)
    return OwnSignInsView(found)

"""Whom to ask at other agencies, kept by administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.keep_agencies import keep_agency_contact
from victimcare.commands.keep_people import PersonChanged
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action, Person
from victimcare.queries.agencies import AgencyHere, agencies_here
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLadder, TheLaw
from victimcare.web.errors import sentence
from victimcare.web.forms import Form, Sent, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/people/agencies", dependencies=[policy(Action.KEEP_PEOPLE)])

AgencyCode = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]


class ContactForm(Form):
    """The contact of an agency. `seen` is the version that the administrator had before them."""

    seen: int = Field(title="Version", ge=0, le=2**31 - 1)
    email: str = Field("", title="E-mail address", max_length=200, pattern=r"^[!-?A-~]+@[0-9A-Za-z.-]+$")


@dataclass(frozen=True, slots=True)
class AgenciesView:
    """Every other agency, and how late what it owes is when its contact is asked (working days)."""

    agencies: tuple[AgencyHere, ...]
    asked_at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AgencyView:
    """One of them."""

    agency: AgencyHere


@router.get("")
def all_agencies(
    request: Request, person: CurrentPerson, database: TheDatabase, law: TheLaw, ladder: TheLadder
) -> Response:
    """Every other agency."""
    view = AgenciesView(_agencies(database, person, law), ladder.agencies_asked_at)
    return render(request, "people/agencies.html", view)


@router.get("/{agency}")
def one_agency(
    request: Request, agency: AgencyCode, person: CurrentPerson, database: TheDatabase, law: TheLaw
) -> Response:
    """Whom to ask there."""
    view = AgencyView(_agency(database, person, law, agency))
    form = blank(ContactForm, seen=str(view.agency.seen), email=view.agency.email or "")
    return render(request, "people/agency.html", view, form=form)


@router.post("/{agency}")
def keep(
    request: Request,
    agency: AgencyCode,
    form: Sent[ContactForm],
    person: CurrentPerson,
    database: TheDatabase,
    law: TheLaw,
    now: Now,
) -> Response:
    """Write it; an empty field takes the contact away."""
    view = AgencyView(_agency(database, person, law, agency))
    values = form.values
    if values is None:
        return render(request, "people/agency.html", view, form=form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            keep_agency_contact(
                connection, agency=agency, email=values.email or None, seen=values.seen, by=person, now=now
            )
    except PersonChanged as refused:
        form = form.with_error("", sentence(refused).removesuffix("."))
        return render(request, "people/agency.html", view, form=form, status=409)
    return redirect("/people/agencies")


def _agencies(database: TheDatabase, person: Person, law: TheLaw) -> tuple[AgencyHere, ...]:
    with database.reading() as connection:
        return agencies_here(connection, person=person, law=law)


def _agency(database: TheDatabase, person: Person, law: TheLaw, code: str) -> AgencyHere:
    found = next((agency for agency in _agencies(database, person, law) if agency.code == code), None)
    if found is None:
        raise HTTPException(404)
    return found

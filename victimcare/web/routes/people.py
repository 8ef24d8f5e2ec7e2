"""Who works here and how they sign in: for administrators. From here no case can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypedDict

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from victimcare.commands.invite import GOOD_FOR
from victimcare.commands.keep_people import (
    HasLeft,
    LastAdministrator,
    PersonChanged,
    StillHolds,
    add_person,
    allow_signing_in,
    change_person,
    end_sign_ins,
    give_secret,
    note_left,
    note_returned,
    stop_signing_in,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.allocation import SPECIALISM_WORDS as SPECIALISMS
from victimcare.domain.allocation import Specialism
from victimcare.domain.people import ROLES, Action, Person, Role
from victimcare.domain.position import Position, PositionRefused
from victimcare.queries.areas import areas_to_choose, services, teams
from victimcare.queries.people import OnePerson, SomebodyHere, one_person, people
from victimcare.web.deps import CurrentPerson, Now, ProvedPerson, TheDatabase, TheVault, Today
from victimcare.web.errors import sentence
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/people", dependencies=[policy(Action.KEEP_PEOPLE)])

PersonId = Annotated[str, Path(alias="who", pattern=r"^[0-9A-Za-z_-]{1,40}$")]
Options = tuple[tuple[str, str], ...]


class PersonForm(Form):
    """What somebody is here. `seen` stands for the row that the administrator had before them."""

    seen: str = Field("", title="Version", max_length=40)
    name: str = Field(title="Name", description="Enter their name", max_length=100)
    email: str = Field("", title="Work e-mail address", max_length=200, pattern=r"^[!-?A-~]+@[0-9A-Za-z.-]+$")
    role: Role = Field(title="Role", description="Choose a role")
    team: str = Field("", title="Team", max_length=64)
    service: str = Field("", title="Service", max_length=64)
    areas: list[str] = Field([], title="Areas", max_length=60)
    specialisms: list[Specialism] = Field(
        [], title="Specialisms", description="Choose from what is listed", max_length=9
    )


class Change(StrEnum):
    """What is done to somebody's signing in, or noted of them, with one button."""

    STOP = "stop"
    ALLOW = "allow"
    END = "end-sign-ins"
    LEFT = "left"
    RETURNED = "returned"


class ButtonForm(Form):
    """A button: nothing is typed."""


class Kept(TypedDict):
    """What every command on somebody is told."""

    person_id: str
    by: Person
    now: Now


_COMMANDS: dict[Change, Callable[..., None]] = {
    Change.STOP: stop_signing_in,
    Change.ALLOW: allow_signing_in,
    Change.END: end_sign_ins,
    Change.LEFT: note_left,
    Change.RETURNED: note_returned,
}
_REFUSALS = (HasLeft, LastAdministrator, StillHolds)


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody."""

    people: tuple[SomebodyHere, ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody, or (None) somebody new; and after it was made, the one-time secret to give them."""

    one: OnePerson | None
    teams: Options
    services: Options
    areas: Options
    secret: str = ""
    secret_days: int = GOOD_FOR.days
    roles: Options = tuple((role.value, role.in_words) for role in ROLES)
    specialisms: Options = tuple((each.value, SPECIALISMS[each].capitalize()) for each in Specialism)


@router.get("")
def everybody(request: Request, person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """Everybody who works here, or did."""
    with database.reading() as connection:
        found = people(connection, person=person, now=now)
    return render(request, "people/list.html", PeopleView(found))


@router.get("/new")
def new_person(request: Request, database: TheDatabase) -> Response:
    """An empty form."""
    return render(request, "people/person.html", _new_view(database), form=blank(PersonForm))


@router.post("")
def add(request: Request, form: Sent[PersonForm], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """Add somebody, and go on to giving them a secret."""
    view = _new_view(database)
    if form.values is None:
        return _again(request, view, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            person_id = add_person(connection, **_asked(form.values), by=person, now=now)
    except PositionRefused as refused:
        return _again(request, view, form.with_error(refused.field, refused.message))
    return redirect(f"/people/{person_id}")


@router.get("/{who}")
def one(
    request: Request, person_id: PersonId, person: CurrentPerson, database: TheDatabase, now: Now, today: Today
) -> Response:
    """What somebody is here, what they hold, and how they sign in."""
    view = _view(database, person, person_id, now, today)
    return render(request, "people/person.html", view, form=_filled(view))


@router.post("/{who}")
def change(
    request: Request,
    person_id: PersonId,
    form: Sent[PersonForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
) -> Response:
    """Write what they are from now on."""
    view = _view(database, person, person_id, now, today)
    if form.values is None:
        return _again(request, view, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            asked, seen = _asked(form.values), form.values.seen
            change_person(connection, person_id=person_id, **asked, seen=seen, by=person, now=now)
    except PositionRefused as refused:
        return _again(request, view, form.with_error(refused.field, refused.message))
    except PersonChanged as refused:
        return _again(request, view, form.with_error("", _words(refused)), status=409)
    except (LastAdministrator, StillHolds) as refused:
        return _again(request, view, _refused(form, refused, "role"))
    return redirect(f"/people/{person_id}")


@router.post("/{who}/secret")
def secret(
    request: Request,
    person_id: PersonId,
    form: Sent[ButtonForm],
    person: ProvedPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
    vault: TheVault,
) -> Response:
    """Show a one-time secret for them, this once."""
    made = ""
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            made = give_secret(connection, person_id=person_id, by=person, now=now, vault=vault)
    except HasLeft as refused:
        view = _view(database, person, person_id, now, today)
        return _again(request, view, _refused(_filled(view), refused, ""))
    view = _view(database, person, person_id, now, today, made)
    return render(request, "people/person.html", view, form=_filled(view))


@router.post("/{who}/{what}")
def do(
    request: Request,
    person_id: PersonId,
    what: Change,
    form: Sent[ButtonForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
) -> Response:
    """Stop or allow their signing in, end their sign-ins, note that they left or are back."""
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            _COMMANDS[what](connection, **Kept(person_id=person_id, by=person, now=now))
    except _REFUSALS as refused:
        view = _view(database, person, person_id, now, today)
        return _again(request, view, _refused(_filled(view), refused, ""))
    return redirect(f"/people/{person_id}")


class Asked(TypedDict):
    """What the form says that somebody is."""

    name: str
    email: str | None
    position: Position


def _asked(values: PersonForm) -> Asked:
    """Raises `PositionRefused`."""
    trained, served = frozenset(values.specialisms), frozenset(values.areas)
    position = Position(values.role, values.team or None, trained, values.service or None, served)
    return Asked(name=values.name, email=values.email or None, position=position)


def _filled(view: PersonView) -> Submitted[PersonForm]:
    if view.one is None:
        return blank(PersonForm)
    them = view.one.somebody
    return blank(
        PersonForm,
        seen=view.one.seen,
        name=them.name,
        email=them.email or "",
        role=them.role.value,
        team=them.team_id or "",
        service=them.service_id or "",
        areas=sorted(them.areas),
        specialisms=sorted(them.specialisms),
    )


def _refused(form: Submitted[PersonForm], refused: Exception, field: str) -> Submitted[PersonForm]:
    said = refused.held.sentences if isinstance(refused, StillHolds) else (_words(refused),)
    for each in said:
        form = form.with_error(field, each)
    return form


def _words(refused: Exception) -> str:
    return sentence(refused).removesuffix(".")


def _new_view(database: TheDatabase) -> PersonView:
    with database.reading() as connection:
        return PersonView(None, teams(connection), services(connection), areas_to_choose(connection))


def _view(
    database: TheDatabase, person: CurrentPerson, person_id: str, now: Now, today: Today, made: str = ""
) -> PersonView:
    with database.reading() as connection:
        found = one_person(connection, person=person, person_id=person_id, now=now, today=today)
        return PersonView(found, teams(connection), services(connection), areas_to_choose(connection), made)


def _again(request: Request, view: PersonView, form: Submitted[PersonForm], *, status: int = 422) -> Response:
    return render(request, "people/person.html", view, form=form, status=status)

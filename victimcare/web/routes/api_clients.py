"""The systems of other agencies that may ask this one: for administrators. From here no case can be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from victimcare.commands.keep_api_clients import (
    ClientRefused,
    NewClient,
    disable_client,
    enable_client,
    give_client_secret,
    register_client,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Action
from victimcare.queries.api_clients import (
    ClientHere,
    OneClient,
    agencies_with_systems,
    api_clients_here,
    one_api_client,
)
from victimcare.queries.areas import areas_to_choose, services
from victimcare.web.deps import CurrentPerson, Now, ProvedPerson, TheDatabase, TheLaw
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/people/systems", dependencies=[policy(Action.KEEP_API_CLIENTS)])

SystemId = Annotated[str, Path(alias="system", pattern=r"^[0-9a-f]{12}$")]
Options = tuple[tuple[str, str], ...]


class SystemForm(Form):
    """A system to register."""

    name: str = Field(title="Name", description="Enter a name for the system", max_length=100)
    agency: str = Field(title="Agency", description="Choose an agency", max_length=40)
    service: str = Field("", title="Service", max_length=64)
    source: str = Field("", title="What its records are known as", max_length=30)
    areas: list[str] = Field([], title="Areas", max_length=60)
    scopes: list[ApiScope] = Field([], title="Scopes", description="Choose from what is listed", max_length=4)


class Switch(StrEnum):
    """Whether it is answered."""

    DISABLE = "disable"
    ENABLE = "enable"


@dataclass(frozen=True, slots=True)
class SystemsView:
    """Every system."""

    systems: tuple[ClientHere, ...]


@dataclass(frozen=True, slots=True)
class NewSystemView:
    """What there is to choose from."""

    agencies: Options
    services: Options
    areas: Options
    scopes: Options = tuple((each.value, each.in_words) for each in ApiScope)


@dataclass(frozen=True, slots=True)
class SystemView:
    """One system; and after it was made, its secret."""

    one: OneClient
    secret: str = field(default="", repr=False)


@router.get("")
def every_system(request: Request, person: CurrentPerson, database: TheDatabase, law: TheLaw) -> Response:
    """Every system that is registered."""
    with database.reading() as connection:
        found = api_clients_here(connection, person=person, law=law)
    return render(request, "people/systems.html", SystemsView(found))


@router.get("/new")
def new_system(request: Request, database: TheDatabase, law: TheLaw) -> Response:
    """An empty form."""
    return render(request, "people/new_system.html", _choices(database, law), form=blank(SystemForm))


@router.post("")
def register(
    request: Request, form: Sent[SystemForm], person: CurrentPerson, database: TheDatabase, law: TheLaw, now: Now
) -> Response:
    """Register it, and go on to giving it a secret."""
    if form.values is None:
        return _again(request, database, law, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            client_id = register_client(connection, new=_new(form.values), by=person, now=now)
    except ClientRefused as refused:
        return _again(request, database, law, form.with_error(refused.field, refused.message))
    return redirect(f"/people/systems/{client_id}")


@router.get("/{system}")
def one_system(
    request: Request, system: SystemId, person: CurrentPerson, database: TheDatabase, law: TheLaw, now: Now
) -> Response:
    """What it may ask for, and whether it is answered."""
    with database.reading() as connection:
        found = one_api_client(connection, person=person, client_id=system, law=law, now=now)
    return render(request, "people/system.html", SystemView(found))


@router.post("/{system}/secret")
def secret(
    request: Request,
    system: SystemId,
    form: Sent[Button],
    person: ProvedPerson,
    database: TheDatabase,
    law: TheLaw,
    now: Now,
) -> Response:
    """Give it a secret, shown this once, in place of the one that it had."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        made = give_client_secret(connection, client_id=system, by=person, now=now)
    with database.reading() as connection:
        found = one_api_client(connection, person=person, client_id=system, law=law, now=now)
    return render(request, "people/system.html", SystemView(found, made))


@router.post("/{system}/{what}")
def switch(
    system: SystemId, what: Switch, form: Sent[Button], person: CurrentPerson, database: TheDatabase, now: Now
) -> Response:
    """Answer it nothing any more, at once; or answer it again."""
    command = disable_client if what is Switch.DISABLE else enable_client
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        command(connection, client_id=system, by=person, now=now)
    return redirect(f"/people/systems/{system}")


def _new(values: SystemForm) -> NewClient:
    return NewClient(
        name=values.name,
        agency=values.agency,
        scopes=frozenset(values.scopes),
        areas=frozenset(values.areas),
        service_id=values.service or None,
        source=values.source,
    )


def _choices(database: TheDatabase, law: TheLaw) -> NewSystemView:
    with database.reading() as connection:
        return NewSystemView(
            agencies=tuple(agencies_with_systems(law).items()),
            services=services(connection),
            areas=areas_to_choose(connection),
        )


def _again(request: Request, database: TheDatabase, law: TheLaw, form: Submitted[SystemForm]) -> Response:
    return render(request, "people/new_system.html", _choices(database, law), form=form, status=422)

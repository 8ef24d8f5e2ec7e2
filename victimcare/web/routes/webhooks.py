"""Where a system of another agency is told something, and what came of it: for administrators, who reach no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.keep_webhooks import (
    NewWebhook,
    WebhookRefused,
    give_signing_secret,
    keep_webhook,
    start_telling,
    stop_telling,
    tell_again,
    tell_test,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.events_out import Told
from victimcare.domain.people import Action, Person
from victimcare.domain.webhook_address import LONGEST
from victimcare.queries.webhooks import ToldSystem, told_system
from victimcare.web.deps import CurrentPerson, Now, ProvedPerson, TheDatabase, TheSettings, TheVault
from victimcare.web.forms import Button as Press
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.routes.api_clients import SystemId

router = APIRouter(prefix="/people/systems/{system}/events", dependencies=[policy(Action.KEEP_API_CLIENTS)])

OUTCOMES: Mapping[str, str] = {
    "answered": "Not taken",
    "not_allowed": "Its name is of no public address",
    "not_found": "Its name is not known",
    "unreached": "It could not be reached",
    "too_long": "It took too long",
    "unsafe": "Its certificate is not good",
    "broken": "The connection broke",
}


class WebhookForm(Form):
    """Where it is told, and of what."""

    url: str = Field(title="Address", description="Enter an address that begins with https://", max_length=LONGEST)
    kinds: list[Told] = Field([], title="What it is told of", description="Choose from what is listed", max_length=6)


class SecretForm(Form):
    """Another secret; `at_once` where somebody else may know the one of before."""

    at_once: list[Literal["yes"]] = Field([], title="End the one of before at once", max_length=1)


class What(StrEnum):
    """What a button does."""

    STOP = "stop"
    START = "start"
    TEST = "test"
    AGAIN = "again"


_COMMANDS = {What.STOP: stop_telling, What.START: start_telling, What.TEST: tell_test, What.AGAIN: tell_again}


@dataclass(frozen=True, slots=True)
class ToldView:
    """One system; and after it was made, what signs what it is told."""

    told: ToldSystem
    secret: str = field(default="", repr=False)
    outcomes: Mapping[str, str] = field(default_factory=lambda: OUTCOMES)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What it can be told of."""
        return tuple((kind.value, kind.in_words) for kind in self.told.choices)


@router.get("")
def told(request: Request, system: SystemId, person: CurrentPerson, database: TheDatabase) -> Response:
    """Where it is told, of what, and the last attempts."""
    view = _view(database, system, person)
    return render(request, "people/system_events.html", ToldView(view), form=_filled(view))


@router.post("")
def keep(
    request: Request,
    system: SystemId,
    form: Sent[WebhookForm],
    person: CurrentPerson,
    database: TheDatabase,
    settings: TheSettings,
    now: Now,
) -> Response:
    """Say where it is told, and of what."""
    if form.values is None:
        return _again(request, database, system, person, form)
    new = NewWebhook(form.values.url.strip(), frozenset(form.values.kinds))
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            loopback = settings.webhooks_to_loopback
            keep_webhook(connection, client_id=system, new=new, by=person, now=now, loopback=loopback)
    except WebhookRefused as refused:
        return _again(request, database, system, person, form.with_error(refused.field, refused.message))
    return redirect(f"/people/systems/{system}/events")


@router.post("/secret")
def secret(
    request: Request,
    system: SystemId,
    form: Sent[SecretForm],
    person: ProvedPerson,
    database: TheDatabase,
    vault: TheVault,
    now: Now,
) -> Response:
    """Make a secret that signs what it is told, and show it this once."""
    if form.values is None:
        return _again(request, database, system, person, form)
    at_once = bool(form.values.at_once)
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        made = give_signing_secret(connection, client_id=system, by=person, now=now, vault=vault, at_once=at_once)
    view = _view(database, system, person)
    return render(request, "people/system_events.html", ToldView(view, made), form=_filled(view))


@router.post("/{what}")
def press(
    system: SystemId, what: What, form: Sent[Press], person: CurrentPerson, database: TheDatabase, now: Now
) -> Response:
    """Stop telling it, start again, send a test, send again what it missed."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        _COMMANDS[what](connection, client_id=system, by=person, now=now)
    return redirect(f"/people/systems/{system}/events")


def _view(database: TheDatabase, system: str, person: Person) -> ToldSystem:
    with database.reading() as connection:
        return told_system(connection, person=person, client_id=system)


def _filled(view: ToldSystem) -> Submitted[WebhookForm]:
    if view.webhook is None:
        return blank(WebhookForm)
    return blank(WebhookForm, url=view.webhook.url, kinds=[kind.value for kind in view.webhook.kinds])


def _again(
    request: Request,
    database: TheDatabase,
    system: str,
    person: Person,
    form: Submitted[WebhookForm] | Submitted[SecretForm],
) -> Response:
    view = ToldView(_view(database, system, person))
    return render(request, "people/system_events.html", view, form=form, status=422)

"""The directory of services, kept by the Police and Crime Commissioner's office. From here no case can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from victimcare.commands.keep_directory import (
    BadCertificate,
    DirectoryChanged,
    NameTaken,
    add_service,
    change_service,
    retire_service,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.directory import CAPACITY_IN_WORDS, Delivery
from victimcare.domain.people import Action
from victimcare.domain.support_needs import SUPPORT_NEEDS
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.presentation.languages import LANGUAGES
from victimcare.queries.areas import areas
from victimcare.queries.directory import Directory, Entry, directory, directory_entry
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, Today
from victimcare.web.directory_forms import ServiceForm, service_asked, service_form
from victimcare.web.forms import FieldRefused, Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/directory", dependencies=[policy(Action.KEEP_DIRECTORY)])

ServiceId = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,40}$")]
Options = tuple[tuple[str, str], ...]


class RetireForm(Form):
    """Taking a service out of use."""

    version: int = Field(title="Version", ge=0, le=2**31 - 1)


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """The list of entries, in words."""

    directory: Directory
    needs: dict[str, str]
    languages: dict[str, str]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """The form of an entry: a new one, or `entry`."""

    entry: Entry | None
    areas: Options
    needs: Options = tuple(SUPPORT_NEEDS.items())
    languages: Options = tuple((code, name) for code, name in LANGUAGES.items() if code != "en")
    capacities: Options = tuple((capacity.value, words) for capacity, words in CAPACITY_IN_WORDS.items())


@router.get("")
def entries(request: Request, person: CurrentPerson, database: TheDatabase, today: Today) -> Response:
    """Every service, those to be checked again first."""
    with database.reading() as connection:
        found = directory(connection, person=person, today=today, policy=published_referral_policy())
    return render(request, "directory/list.html", DirectoryView(found, dict(SUPPORT_NEEDS), dict(LANGUAGES)))


@router.get("/new")
def new_entry(request: Request, database: TheDatabase) -> Response:
    """An empty form."""
    view = _view(database, None)
    return render(request, "directory/entry.html", view, form=blank(ServiceForm, capacity="free", version="0"))


@router.post("")
def add(request: Request, form: Sent[ServiceForm], person: CurrentPerson, database: TheDatabase, now: Now) -> Response:
    """Add an entry."""
    view = _view(database, None)
    if form.values is None:
        return _again(request, view, form)
    try:
        service = service_asked(form.values, "", areas=dict(view.areas))
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            add_service(connection, service=service, by=person, now=now)
    except (FieldRefused, NameTaken, BadCertificate) as refused:
        return _again(request, view, form.with_error(*_field_and_sentence(refused)))
    return redirect("/directory")


@router.get("/{service_id}")
def one_entry(
    request: Request, service_id: ServiceId, person: CurrentPerson, database: TheDatabase, today: Today
) -> Response:
    """The form of an entry as it is."""
    view = _entry_view(database, person, service_id, today)
    entry = view.entry
    form = service_form(entry.service, entry.version) if entry else blank(ServiceForm, delivery=Delivery.PRINT.value)
    return render(request, "directory/entry.html", view, form=form)


@router.post("/{service_id}")
def change(
    request: Request,
    service_id: ServiceId,
    form: Sent[ServiceForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
) -> Response:
    """Write an entry as it is now; it counts as checked today."""
    view = _entry_view(database, person, service_id, today)
    if form.values is None:
        return _again(request, view, form)
    try:
        service = service_asked(form.values, service_id, areas=dict(view.areas))
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            change_service(connection, service=service, seen_version=form.values.version, by=person, now=now)
    except (FieldRefused, NameTaken, BadCertificate) as refused:
        return _again(request, view, form.with_error(*_field_and_sentence(refused)))
    except DirectoryChanged as refused:
        return _again(request, view, form.with_error("", _sentence(refused)), status=409)
    return redirect("/directory")


@router.post("/{service_id}/retire")
def retire(
    request: Request,
    service_id: ServiceId,
    form: Sent[RetireForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
) -> Response:
    """Take a service out of use. It stays on record."""
    view = _entry_view(database, person, service_id, today)
    entry = view.entry
    if form.values is None or entry is None:
        return _again(request, view, _with_errors_of(form, entry))
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            retire_service(connection, service_id=service_id, seen_version=form.values.version, by=person, now=now)
    except DirectoryChanged as refused:
        shown = service_form(entry.service, entry.version).with_error("", _sentence(refused))
        return _again(request, view, shown, status=409)
    return redirect("/directory")


def _with_errors_of(form: Submitted[RetireForm], entry: Entry | None) -> Submitted[ServiceForm]:
    shown = service_form(entry.service, entry.version) if entry else blank(ServiceForm, delivery=Delivery.PRINT.value)
    for error in form.errors:
        shown = shown.with_error("", error.message)
    return shown


def _again(request: Request, view: ServiceView, form: Submitted[ServiceForm], *, status: int = 422) -> Response:
    return render(request, "directory/entry.html", view, form=form, status=status)


def _entry_view(database: TheDatabase, person: CurrentPerson, service_id: str, today: Today) -> ServiceView:
    policy = published_referral_policy()
    with database.reading() as connection:
        found = directory_entry(connection, person=person, service_id=service_id, today=today, policy=policy)
    return _view(database, found)


def _view(database: TheDatabase, entry: Entry | None) -> ServiceView:
    with database.reading() as connection:
        known = set(areas(connection)) | (entry.service.areas if entry else frozenset())
    return ServiceView(entry, tuple((area, area) for area in sorted(known)))


def _field_and_sentence(refused: FieldRefused | NameTaken | BadCertificate) -> tuple[str, str]:
    if isinstance(refused, FieldRefused):
        return refused.field, refused.message
    return "name" if isinstance(refused, NameTaken) else "certificate", _sentence(refused)


def _sentence(refused: Exception) -> str:
    words = str(refused)
    return f"{words[:1].upper()}{words[1:]}"

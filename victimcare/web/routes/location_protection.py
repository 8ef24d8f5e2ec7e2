"""Protecting where a victim can be found, for one custodian to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.protect_location import CannotBeCustodian, lift_protection, protect_location
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails, custodians
from victimcare.queries.notes import location_told
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()
_SHORTEST_REASON = 15


class LiftForm(Form):
    """Why a protection ends."""

    reason: str = Field(
        title="Reason",
        description=f"Enter the reason, in {_SHORTEST_REASON} characters or more",
        min_length=_SHORTEST_REASON,
        max_length=300,
    )


class ProtectForm(LiftForm):
    """Who alone may know, and why."""

    custodian: str = Field(title="Custodian", description="Choose the custodian", max_length=80)


F = TypeVar("F", bound=LiftForm)


@dataclass(frozen=True, slots=True)
class ProtectionView:
    """The protection that holds now, if any, and who can be its custodian."""

    case: CasePage
    details: ContactDetails
    reason: str
    custodians: tuple[tuple[str, str], ...]


@router.get("/cases/{ref}/contact-details/protection", dependencies=[policy(Action.PROTECT_LOCATION)])
def protection_page(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts) -> Response:
    """Whether the location is protected, and the form to protect it or to end that."""
    return _page(request, ref, cases, contacts, blank(ProtectForm))


@router.post("/cases/{ref}/contact-details/protection", dependencies=[policy(Action.PROTECT_LOCATION)])
def protect(
    request: Request,
    ref: CaseRef,
    form: Sent[ProtectForm],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """Protect it from now on."""
    form = without_location(form, ref, contacts)
    if form.values is not None:
        try:
            with contacts.trying("protect location") as connection:
                use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
                asked = form.values
                protect_location(
                    connection,
                    ref=ref,
                    custodian_id=asked.custodian,
                    reason=asked.reason,
                    by=contacts.person,
                    now=contacts.now,
                    vault=contacts.vault,
                )
            return redirect(f"/cases/{ref}/contact-details?done=protected")
        except CannotBeCustodian:
            form = form.with_error("custodian", "Choose the case officer, or a supervisor of the team")
    return _page(request, ref, cases, contacts, form, status=422)


@router.get("/cases/{ref}/contact-details/protection/lift", dependencies=[policy(Action.PROTECT_LOCATION)])
def lift_page(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts) -> Response:
    """The form to end it."""
    return _page(request, ref, cases, contacts, blank(LiftForm), "lift")


@router.post("/cases/{ref}/contact-details/protection/lift", dependencies=[policy(Action.PROTECT_LOCATION)])
def lift(
    request: Request,
    ref: CaseRef,
    form: Sent[LiftForm],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """End the protection."""
    form = without_location(form, ref, contacts)
    if form.values is None:
        return _page(request, ref, cases, contacts, form, "lift", status=422)
    with contacts.trying("lift protection of location") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        reason, by, now = form.values.reason, contacts.person, contacts.now
        lift_protection(connection, ref=ref, reason=reason, by=by, now=now, vault=contacts.vault)
    return redirect(f"/cases/{ref}/contact-details?done=lifted")


def without_location(form: Submitted[F], ref: str, contacts: TheContacts) -> Submitted[F]:
    """A reason is read by many, so it tells no place: not even when asked."""
    if form.values is None:
        return form
    reason, person = form.values.reason, contacts.person
    with contacts.database.reading() as connection:
        told = location_told(connection, person=person, ref=ref, words=reason, vault=contacts.vault)
    return form.with_error("reason", f"Reason must not tell {' or '.join(told)}") if told else form


def _page(
    request: Request,
    ref: str,
    cases: TheCases,
    contacts: TheContacts,
    form: Submitted[F],
    page: Literal["protection", "lift"] = "protection",
    *,
    status: int = 200,
) -> Response:
    with contacts.database.reading() as connection:
        choice = custodians(connection, person=contacts.person, ref=ref)
    details = contacts.read(ref)
    if details.protection is not None and not details.may_protect:
        with contacts.trying("see protection of location"):
            raise LocationProtected(details.protection.custodian_name)
    reason = details.protection.reason(contacts.vault) if details.protection else ""
    view = ProtectionView(cases.read(ref), details, reason, choice)
    template = {"protection": "contact_details/protection.html", "lift": "contact_details/lift.html"}[page]
    return render(request, template, view, form=form, status=status)

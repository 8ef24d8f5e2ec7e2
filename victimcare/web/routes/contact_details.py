"""How a victim can be reached: what is known of each way, keeping it, and opening one on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response

from victimcare.commands.add_contact_point import NewPoint, add_contact_point, add_suspects_point
from victimcare.commands.judge_contact_point import confirm_contact_point, mark_unsafe, someone_else_answered
from victimcare.commands.open_contact_point import Opened, reveal_contact_point
from victimcare.commands.use_form import use_form
from victimcare.domain.hearing_times import SAFE_AT
from victimcare.domain.people import Action
from victimcare.domain.safe_contact import PointKind, PointRefused
from victimcare.queries.before_contact import BeforeContact
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails, PointView
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_detail_forms import (
    KINDS,
    YES_NO,
    ConfirmForm,
    PointForm,
    SuspectsPointForm,
    checked,
    typed_use,
    use_typed,
)
from victimcare.web.contact_reading import PointId, TheContacts
from victimcare.web.forms import Button, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(dependencies=[policy(Action.KEEP_CONTACT_DETAILS)])

DONE = {
    "added": "Contact detail added",
    "confirmed": "Confirmed as safe",
    "unsafe": "Marked as not safe",
    "someone_else": "Someone else answered: it is not to be used until the victim confirms it again",
    "suspect": "The suspect’s contact detail was added",
    "protected": "The location is protected",
    "lifted": "The location is no longer protected",
}
Done = Literal["added", "confirmed", "unsafe", "someone_else", "suspect", "protected", "lifted"]


@dataclass(frozen=True, slots=True)
class DetailsView:
    """Every way to reach the victim. `done`: what was just done, in words."""

    case: CasePage
    details: ContactDetails
    done: str = ""


@dataclass(frozen=True, slots=True)
class PointPage:
    """One of them; `opened` only in the answer to the request that opened it, `before` only in the page before that."""

    case: CasePage
    details: ContactDetails
    point: PointView | None
    opened: Opened | None = None
    before: BeforeContact | None = None
    kinds: tuple[tuple[str, str], ...] = KINDS
    yes_no: tuple[tuple[str, str], ...] = YES_NO
    safe_at: tuple[tuple[str, str], ...] = tuple(SAFE_AT.items())


@router.get("/cases/{ref}/contact-details")
def details_page(
    request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts, done: Done | None = None
) -> Response:
    """Every way to reach the victim, masked: how it stands and how it is used safely."""
    view = DetailsView(cases.read(ref), contacts.read(ref), DONE.get(done or "", ""))
    return render(request, "contact_details/list.html", view)


@router.get("/cases/{ref}/contact-details/new")
def new_point(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts, instead_of: str = "") -> Response:
    """The form for another one, or for one that takes another's place."""
    initial: dict[str, str] = {}
    if instead_of:
        _, point = contacts.point(ref, instead_of)
        initial = {"kind": point.kind.value, "instead_of": point.id, "version": str(point.version)}
    return _form_page(request, ref, cases, contacts, blank(PointForm, **initial), instead_of)


@router.post("/cases/{ref}/contact-details")
def add(request: Request, ref: CaseRef, form: Sent[PointForm], cases: TheCases, contacts: TheContacts) -> Response:
    """Keep it sealed; the one whose place it takes is not to be used from the same moment."""
    form = checked(form)
    if form.values is None:
        return _form_page(request, ref, cases, contacts, form, form.text("instead_of"), status=422)
    asked = form.values
    new = NewPoint(PointKind(asked.kind), asked.value, use_typed(asked), confirmed=asked.confirmed == "yes")
    with contacts.trying("add contact point") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        add_contact_point(
            connection,
            ref=ref,
            new=new,
            by=contacts.person,
            now=contacts.now,
            vault=contacts.vault,
            supersedes=asked.instead_of,
            seen_version=asked.version,
        )
    return _done(ref, "added")


@router.get("/cases/{ref}/contact-details/suspect")
def new_suspects_point(request: Request, ref: CaseRef, cases: TheCases, contacts: TheContacts) -> Response:
    """The form for where a suspect is reached."""
    view = PointPage(cases.read(ref), contacts.open(ref), None)
    return render(request, "contact_details/suspect.html", view, form=blank(SuspectsPointForm))


@router.post("/cases/{ref}/contact-details/suspect")
def add_suspects(
    request: Request, ref: CaseRef, form: Sent[SuspectsPointForm], cases: TheCases, contacts: TheContacts
) -> Response:
    """Keep it, to compare the victim's with."""
    form = checked(form)
    if form.values is None:
        view = PointPage(cases.read(ref), contacts.open(ref), None)
        return render(request, "contact_details/suspect.html", view, form=form, status=422)
    asked = form.values
    with contacts.trying("add suspect's contact point") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        add_suspects_point(
            connection,
            ref=ref,
            suspect=asked.suspect,
            kind=PointKind(asked.kind),
            value=asked.value,
            by=contacts.person,
            now=contacts.now,
            vault=contacts.vault,
        )
    return _done(ref, "suspect")


@router.get("/cases/{ref}/contact-details/{point}")
def before_showing(request: Request, ref: CaseRef, point: PointId, cases: TheCases, contacts: TheContacts) -> Response:
    """How to use it safely, and whether anything has changed: asked before it is shown."""
    details, found = contacts.point(ref, point)
    view = PointPage(cases.read(ref), details, found, before=contacts.before(ref))
    return render(request, "contact_details/point.html", view)


@router.post("/cases/{ref}/contact-details/{point}/show")
def show(
    request: Request,
    ref: CaseRef,
    point: PointId,
    form: Sent[Button],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """Show it once: written down first, and sending the form again shows nothing."""
    details, found = contacts.point(ref, point)
    case = cases.read(ref)
    with contacts.trying(f"reveal contact point {point}") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        opened = reveal_contact_point(
            connection,
            ref=ref,
            point_id=point,
            by=contacts.person,
            now=contacts.now,
            vault=contacts.vault,
            policy=contacts.policy,
        )
    return render(request, "contact_details/shown.html", PointPage(case, details, found, opened))


@router.get("/cases/{ref}/contact-details/{point}/confirm")
def confirm_form(request: Request, ref: CaseRef, point: PointId, cases: TheCases, contacts: TheContacts) -> Response:
    """The form that asks how it is used safely, with what is known of it."""
    details, found = contacts.point(ref, point)
    form = blank(ConfirmForm, version=str(found.version), **typed_use(found))
    return render(request, "contact_details/confirm.html", PointPage(cases.read(ref), details, found), form=form)


@router.post("/cases/{ref}/contact-details/{point}/confirm")
def confirm(
    request: Request,
    ref: CaseRef,
    point: PointId,
    form: Sent[ConfirmForm],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """The victim says that it is safe."""
    if form.values is not None:
        try:
            with contacts.trying(f"confirm contact point {point}") as connection:
                use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
                confirm_contact_point(
                    connection,
                    ref=ref,
                    point_id=point,
                    use=use_typed(form.values),
                    by=contacts.person,
                    now=contacts.now,
                    vault=contacts.vault,
                    seen_version=form.values.version,
                )
            return _done(ref, "confirmed")
        except PointRefused as refused:
            form = form.with_error("", f"It cannot be confirmed: {refused}")
    details, found = contacts.point(ref, point)
    view = PointPage(cases.read(ref), details, found)
    return render(request, "contact_details/confirm.html", view, form=form, status=422)


@router.post("/cases/{ref}/contact-details/{point}/unsafe")
def unsafe(ref: CaseRef, point: PointId, form: Sent[Button], contacts: TheContacts) -> Response:
    """It is not safe: one tap."""
    with contacts.trying(f"mark contact point {point} unsafe") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        mark_unsafe(connection, ref=ref, point_id=point, by=contacts.person, now=contacts.now)
    return _done(ref, "unsafe")


@router.post("/cases/{ref}/contact-details/{point}/someone-else")
def someone_else(ref: CaseRef, point: PointId, form: Sent[Button], contacts: TheContacts) -> Response:
    """Somebody else answered: one tap."""
    with contacts.trying(f"someone else answered at contact point {point}") as connection:
        use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
        someone_else_answered(connection, ref=ref, point_id=point, by=contacts.person, now=contacts.now)
    return _done(ref, "someone_else")


def _form_page(
    request: Request,
    ref: str,
    cases: TheCases,
    contacts: TheContacts,
    form: Submitted[PointForm],
    instead_of: str,
    *,
    status: int = 200,
) -> Response:
    details = contacts.open(ref)
    replaced = details.point(instead_of) if instead_of else None
    if instead_of and replaced is None:
        raise HTTPException(404)
    view = PointPage(cases.read(ref), details, replaced)
    return render(request, "contact_details/new.html", view, form=form, status=status)


def _done(ref: str, what: str) -> Response:
    return redirect(f"/cases/{ref}/contact-details?done={what}")

"""Giving a victim all that is held on them: prepared item by item, approved and let out by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.share_record import (
    WHY_LEFT_OUT,
    PackChanged,
    PackRefused,
    approve_record,
    prepare_record,
    release_record,
    withdraw_record,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.presentation.record_pack import MEDIA_TYPE, pack_bytes
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import location_told
from victimcare.queries.subject_access import HeldItem, RecordView, Share, lines_to_show, record_held, who_looked
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.errors import sentence
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/cases/{ref}/record")
GIVE = "give"
_DONE = {
    "prepared": "It is prepared. Somebody else must approve it",
    "approved": "It is approved. It can leave now",
    "withdrawn": "It is withdrawn",
}
_BETWEEN = "|"


class PrepareForm(Form):
    """Who gets it, and for each item whether it is given: its key, and why it is left out."""

    recipient: Literal["victim", "representative"] = Field(title="Who gets it", description="Choose who gets it")
    recipient_name: str = Field("", title="Name of the representative", max_length=120)
    decided: list[str] = Field([], title="Decisions", description="Decide about each item")


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What is held and what was decided of it. `kept_apart` is for officers, and never given."""

    case: CasePage
    held: RecordView
    reasons: tuple[tuple[str, str], ...]
    done: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    def given(self, item: HeldItem) -> list[list[tuple[str, str]]]:
        """The lines that would be given."""
        return lines_to_show(item, Share.GIVEN)

    def of_others(self, item: HeldItem) -> list[list[tuple[str, str]]]:
        """The lines that are about somebody else: struck out."""
        return lines_to_show(item, Share.THIRD_PARTY)

    def kept_apart(self, item: HeldItem) -> list[list[tuple[str, str]]]:
        """The lines that are for officers only."""
        return lines_to_show(item, Share.OFFICERS)


@router.get("", dependencies=[policy(Action.PREPARE_RECORD)])
def record(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    contacts: TheContacts,
    done: Literal["", "prepared", "approved", "withdrawn"] = "",
) -> Response:
    """All that is held, and the form of the next step."""
    return _page(request, ref, cases, contacts, blank(PrepareForm), done=_DONE.get(done, ""))


@router.post("", dependencies=[policy(Action.PREPARE_RECORD)])
def prepare(
    request: Request, ref: CaseRef, form: Sent[PrepareForm], cases: TheCases, contacts: TheContacts
) -> Response:
    """Prepare it, every item decided."""
    values = form.values
    if values is None:
        return _page(request, ref, cases, contacts, form, status=422)
    chosen = _chosen(form)
    undecided = [key for key, why in chosen.items() if why != GIVE and why not in WHY_LEFT_OUT]
    if undecided or not chosen:
        form = form.with_error("decided", "Decide about each item whether it is given, or why it is not")
    if values.recipient == "representative" and not values.recipient_name:
        form = form.with_error("recipient_name", "Enter the name of the representative")
    with contacts.database.reading() as connection:
        words: dict[str, Any] = {"words": values.recipient_name, "person": contacts.person, "vault": contacts.vault}
        told = location_told(connection, ref=ref, **words)
    if told:
        form = form.with_error("recipient_name", f"Name of the representative must not tell {' or '.join(told)}")
    if form.values is None:
        return _page(request, ref, cases, contacts, form, status=422)
    decided = {key: "" if why == GIVE else why for key, why in chosen.items()}
    who: dict[str, Any] = {"recipient": values.recipient, "recipient_name": values.recipient_name}
    return _do(
        request,
        ref,
        form,
        cases,
        contacts,
        lambda connection, how: prepare_record(connection, **who, decided=decided, vault=contacts.vault, **how),
        "prepared",
    )


@router.post("/approve", dependencies=[policy(Action.RELEASE_RECORD)])
def approve(request: Request, ref: CaseRef, form: Sent[Button], cases: TheCases, contacts: TheContacts) -> Response:
    """Approve it as the second person. Raises `OwnPack`."""
    return _do(
        request,
        ref,
        form,
        cases,
        contacts,
        lambda connection, how: approve_record(connection, vault=contacts.vault, **how),
        "approved",
    )


@router.post("/withdraw", dependencies=[policy(Action.PREPARE_RECORD)])
def withdraw(request: Request, ref: CaseRef, form: Sent[Button], cases: TheCases, contacts: TheContacts) -> Response:
    """Take it back."""
    return _do(request, ref, form, cases, contacts, withdraw_of, "withdrawn")


def withdraw_of(connection: Any, how: dict[str, Any]) -> None:
    """As the command, of what every command here is told."""
    withdraw_record(connection, **how)


@router.post("/release", dependencies=[policy(Action.RELEASE_RECORD)])
def release(request: Request, ref: CaseRef, form: Sent[Button], cases: TheCases, contacts: TheContacts) -> Response:
    """Let it leave: it is made now, of what was approved, and kept nowhere. Raises `OwnPack`."""
    given: list[HeldItem] = []

    def leave(connection: Any, how: dict[str, Any]) -> None:
        given.extend(release_record(connection, vault=contacts.vault, **how))
        given.append(who_looked(connection, person=contacts.person, ref=ref))

    answer = _do(request, ref, form, cases, contacts, leave, "")
    if not given:
        return answer
    force, code = request.app.state.settings.force_name, request.app.state.law_in_force.law.code
    content = pack_bytes(ref=ref, items=given, at=contacts.now, force=force, code=code)
    headers = {"Content-Disposition": f'attachment; filename="record-{ref}.zip"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _do(
    request: Request,
    ref: str,
    form: Submitted[Any],
    cases: TheCases,
    contacts: TheContacts,
    command: Callable[[Any, dict[str, Any]], object],
    done: str,
) -> Response:
    try:
        with contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            command(connection, {"ref": ref, "by": contacts.person, "now": contacts.now})
    except (PackRefused, PackChanged) as refused:
        form = form.with_error("decided", sentence(refused).removesuffix("."))
        return _page(request, ref, cases, contacts, form, status=409)
    return redirect(f"/cases/{ref}/record?done={done}")


def _chosen(form: Submitted[Any]) -> dict[str, str]:
    """What was chosen of each item, by its key."""
    pairs = (value.rpartition(_BETWEEN) for value in form.typed.get("decided", ()) if _BETWEEN in value)
    return {key: why for key, _, why in pairs}


def _page(
    request: Request,
    ref: str,
    cases: TheCases,
    contacts: TheContacts,
    form: Submitted[Any],
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    case = cases.read(ref)
    with contacts.database.reading() as connection:
        held = record_held(connection, person=cases.person, ref=ref, vault=contacts.vault)
    contacts.consulted("record held", [held.case_id])
    view = RecordPage(case, held, tuple(WHY_LEFT_OUT.items()), done, _chosen(form))
    return render(request, "record/record.html", view, form=form, status=status)

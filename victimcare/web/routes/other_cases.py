"""Other cases of the same person: suggested, proposed, confirmed by a second person, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.link_cases import (
    CONFIDENCE,
    WHY_LINKED,
    AlreadyLinked,
    NoSuchLink,
    NotOnePerson,
    confirm_link,
    propose_link,
    undo_link,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.other_cases import OtherCases, other_cases
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now, TheDatabase, TheVault
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()
_WHY_UNDONE = {
    "another_person": "It is another person",
    "victim_asked": "The victim asked for it",
    "mistake": "A mistake",
}


class LinkForm(Form):
    """Which case is of the same person, and how it is known."""

    other: str = Field(title="Case", description="Choose a case", max_length=20)
    reason: Literal[tuple(WHY_LINKED)] = Field(  # type: ignore[valid-type]
        title="Reason", description="Choose how you know"
    )
    confidence: Literal[tuple(CONFIDENCE)] = Field(  # type: ignore[valid-type]
        title="How sure", description="Say how sure you are"
    )


class SettleForm(Form):
    """What becomes of a link: "confirm", or why it is taken back."""

    link_id: int = Field(title="Link", ge=1, le=2**31 - 1)
    what: Literal[("confirm", *_WHY_UNDONE)] = Field(  # type: ignore[valid-type]
        title="What to do", description="Choose what to do with the link"
    )


@dataclass(frozen=True, slots=True)
class OthersView:
    """The other cases, and what can be chosen."""

    case: CasePage
    others: OtherCases
    reasons: tuple[tuple[str, str], ...] = tuple(WHY_LINKED.items())
    confidence: tuple[tuple[str, str], ...] = tuple(CONFIDENCE.items())
    why_undone: tuple[tuple[str, str], ...] = tuple(_WHY_UNDONE.items())


@router.get("/cases/{ref}/other-cases", dependencies=[policy(Action.RECORD_EVENT)])
def others_page(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """What may be the same person, and what is said to be."""
    return _page(request, ref, cases, blank(LinkForm), 200)


@router.post("/cases/{ref}/other-cases", dependencies=[policy(Action.RECORD_EVENT)])
def propose(
    request: Request,
    ref: CaseRef,
    form: Sent[LinkForm],
    cases: TheCases,
    database: TheDatabase,
    vault: TheVault,
    now: Now,
) -> Response:
    """Propose a link with one of the cases suggested."""
    if form.values is None:
        return _page(request, ref, cases, form, 422)
    said = form.values
    if said.other not in {other.ref for other in _read(cases, ref)[1].suggested}:
        return _page(request, ref, cases, form.with_error("other", "Choose one of the cases suggested"), 422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=cases.person, now=now)
            propose_link(
                connection,
                ref=ref,
                other_ref=said.other,
                reason=said.reason,
                confidence=said.confidence,
                by=cases.person,
                now=now,
                vault=vault,
            )
    except (NotOnePerson, AlreadyLinked) as refused:
        return _page(request, ref, cases, form.with_error("other", str(refused).capitalize()), 422)
    return redirect(f"/cases/{ref}/victim?done=linked")


@router.post("/cases/{ref}/other-cases/link", dependencies=[policy(Action.RECORD_EVENT)])
def settle(
    request: Request,
    ref: CaseRef,
    form: Sent[SettleForm],
    cases: TheCases,
    database: TheDatabase,
    vault: TheVault,
    now: Now,
) -> Response:
    """Confirm a link as the second person, or take it back."""
    if form.values is None:
        return _page(request, ref, cases, form, 422)
    link_id, what, by = form.values.link_id, form.values.what, cases.person
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=by, now=now)
            if what == "confirm":
                confirm_link(connection, ref=ref, link_id=link_id, by=by, now=now, vault=vault)
            else:
                undo_link(connection, ref=ref, link_id=link_id, why=what, by=by, now=now)
    except (NotOnePerson, NoSuchLink) as refused:
        return _page(request, ref, cases, form.with_error("", str(refused).capitalize()), 422)
    return redirect(f"/cases/{ref}/victim?done=linked")


def _page(
    request: Request, ref: str, cases: TheCases, form: Submitted[LinkForm] | Submitted[SettleForm], status: int
) -> Response:
    case, others = _read(cases, ref)
    return render(request, "victim/other_cases.html", OthersView(case, others), form=form, status=status)


def _read(cases: TheCases, ref: str) -> tuple[CasePage, OtherCases]:
    case = cases.read(ref)
    with cases.database.reading() as connection:
        others = other_cases(connection, person=cases.person, ref=ref)
    cases.consulted("other cases", [case.case_id, *others.case_ids])
    return case, others

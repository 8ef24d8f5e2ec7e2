"""How long cases are kept: what is proposed for disposal, deciding about a case, holds, and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.dispose_of_case import (
    DisposalRefused,
    HeldAlready,
    NotHeld,
    dispose_of_case,
    keep_case,
    lift_hold,
    place_hold,
    undo_disposal,
)
from victimcare.commands.propose_disposal import MoreThanAgreed, agree_to_run, survey
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.domain.retention import Finding, RetentionPolicy, SamePersonTwice
from victimcare.editions.retention import published_retention
from victimcare.queries.case_page import CasePage
from victimcare.queries.retention import CaseRetention, RetentionPage, case_retention, retention_page
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, Today
from victimcare.web.errors import sentence
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Button, Sent, Submitted, blank
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.routes.location_protection import LiftForm, without_location

router = APIRouter(dependencies=[policy(Action.REVIEW_RECORDS)])

RunId = Annotated[int, row_of("retention_run", "run_id")]
DisposalId = Annotated[int, row_of("disposal", "disposal_id")]
Decision = Literal["dispose", "keep", "hold"]
Done = Literal["", "disposed", "undone", "agreed", "released"]
_DONE = {
    "disposed": "The case is disposed of. Nobody finds it any more",
    "undone": "The case is there again, as it was",
    "agreed": "You agreed. Somebody else must agree too before anything is proposed",
    "released": "Two people agreed: the cases are proposed below",
}
_OF_CASE = {"kept": "The case is kept", "held": "The case is on hold", "lifted": "The hold has ended"}
_AFTER = {
    "dispose": "/retention?done=disposed",
    "keep": "/cases/{ref}/retention?done=kept",
    "hold": "/cases/{ref}/retention?done=held",
}
SAID = {
    Finding.DUE: "It is due by this rule.",
    Finding.NOT_YET: "It is not due.",
    Finding.HELD: "It is on hold: no rule touches it.",
    Finding.WAITS: "It would be due, and something in it is still to be done.",
    Finding.KEPT: "It would be due, and somebody decided to keep it longer.",
    Finding.UNDATED: "The day from which the rule counts is not known, so it is never due.",
}


class HoldForm(LiftForm):
    """Why a hold is placed or lifted."""

    what: Literal["place", "lift"] = Field(title="What to do", description="Choose what to do")


class DecisionForm(LiftForm):
    """What becomes of a case that is due, and why."""

    decision: Literal["dispose", "keep", "hold"] = Field(
        title="Decision", description="Choose what becomes of the case"
    )
    until_on: CountedDay | None = Field(None, title="Keep until", description="Enter the day until which it is kept")


@dataclass(frozen=True, slots=True)
class RetentionView:
    """The page of a team."""

    page: RetentionPage
    policy: RetentionPolicy
    today: date
    done: str = ""


@dataclass(frozen=True, slots=True)
class CaseRetentionView:
    """The page of one case."""

    case: CasePage
    kept: CaseRetention
    says: str
    undo_days: int
    done: str = ""


@router.get("/retention")
def retention(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    consulted: Consulted,
    done: Done = "",
) -> Response:
    """What waits for a decision, what can be had back, and what was erased."""
    return _page(request, person, database, today, consulted, done=_DONE.get(done, ""))


@router.post("/retention/runs/{run_id}/agree")
def agree(
    request: Request,
    run_id: RunId,
    form: Sent[Button],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
    consulted: Consulted,
) -> Response:
    """Agree that a run proposes more than one may by itself. Raises `NoSuchRun`."""
    with database.reading() as connection:
        found = survey(connection, policy=published_retention(), today=today)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            released = agree_to_run(connection, run_id=run_id, found=found, by=person, now=now)
    except (SamePersonTwice, MoreThanAgreed) as refused:
        wrong = form.with_error("", sentence(refused).removesuffix("."))
        return _page(request, person, database, today, consulted, form=wrong, status=422)
    return redirect(f"/retention?done={'released' if released else 'agreed'}")


@router.post("/retention/disposals/{disposal_id}/undo")
def undo(
    disposal_id: DisposalId, form: Sent[Button], person: CurrentPerson, database: TheDatabase, now: Now
) -> Response:
    """Have a case back. Raises `NoSuchDisposal`."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        undo_disposal(connection, disposal_id=disposal_id, by=person, now=now)
    return redirect("/retention?done=undone")


@router.get("/cases/{ref}/retention")
def of_case(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    contacts: TheContacts,
    done: Literal["", "kept", "held", "lifted"] = "",
) -> Response:
    """How long this case is kept, and the forms to decide and to hold."""
    return _case_page(request, ref, cases, contacts, blank(DecisionForm), done=_OF_CASE.get(done, ""))


@router.post("/cases/{ref}/retention")
def decide(
    request: Request, ref: CaseRef, form: Sent[DecisionForm], cases: TheCases, contacts: TheContacts
) -> Response:
    """Dispose of the case, or keep it until a day."""
    form = without_location(form, ref, contacts)
    if form.values is not None and form.values.decision == "keep" and form.values.until_on is None:
        form = form.with_error("until_on", "Enter the day until which it is kept")
    asked = form.values
    if asked is None:
        return _case_page(request, ref, cases, contacts, form, status=422)
    how: dict[str, Any] = {
        "ref": ref,
        "reason": asked.reason,
        "by": contacts.person,
        "now": contacts.now,
        "vault": contacts.vault,
    }
    try:
        with contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            if asked.decision == "hold":
                place_hold(connection, **how)
            elif asked.decision == "keep" and asked.until_on is not None:
                keep_case(connection, until_on=asked.until_on, **how)
            else:
                dispose_of_case(connection, policy=published_retention(), **how)
    except (DisposalRefused, HeldAlready) as refused:
        field = "until_on" if asked.decision == "keep" else "decision"
        form = form.with_error(field, sentence(refused).removesuffix("."))
        return _case_page(request, ref, cases, contacts, form, status=422)
    return redirect(_AFTER[asked.decision].format(ref=ref))


@router.post("/cases/{ref}/retention/hold")
def hold(request: Request, ref: CaseRef, form: Sent[HoldForm], cases: TheCases, contacts: TheContacts) -> Response:
    """Place a hold on the case, or lift the one that it has."""
    form = without_location(form, ref, contacts)
    asked = form.values
    if asked is None:
        return _case_page(request, ref, cases, contacts, form, status=422)
    command = place_hold if asked.what == "place" else lift_hold
    try:
        with contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            command(
                connection,
                ref=ref,
                reason=asked.reason,
                by=contacts.person,
                now=contacts.now,
                vault=contacts.vault,
            )
    except (HeldAlready, NotHeld) as refused:
        form = form.with_error("reason", sentence(refused).removesuffix("."))
        return _case_page(request, ref, cases, contacts, form, status=422)
    return redirect(f"/cases/{ref}/retention?done={'held' if asked.what == 'place' else 'lifted'}")


def _page(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    consulted: Consulted,
    *,
    form: Submitted[Button] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    with database.reading() as connection:
        page = retention_page(connection, person=person)
    listed = [case.case_id for case in page.proposed] + [case.case_id for case in page.disposed]
    consulted("cases due for disposal", listed)
    view = RetentionView(page, published_retention(), today, done)
    return render(request, "retention/retention.html", view, form=form, status=status)


def _case_page(
    request: Request,
    ref: str,
    cases: TheCases,
    contacts: TheContacts,
    form: Submitted[DecisionForm] | Submitted[HoldForm],
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    case = cases.read(ref)
    with contacts.database.reading() as connection:
        kept = case_retention(connection, person=cases.person, ref=ref, today=cases.today, vault=contacts.vault)
    says = SAID[kept.review.finding]
    view = CaseRetentionView(case, kept, says, published_retention().undo_days, done)
    return render(request, "retention/case.html", view, form=form, status=status)

"""Saying that one is connected to a party of a case: it is gone from that moment, and somebody else has it."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.declare_conflict import declare_conflict
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.forms import Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.routes.who_may_see import Concerns, ListsView, TheLists, said_at_the_field, why

router = APIRouter()


class ConflictForm(CaseForm, MayTellLocation):
    """How the person is connected to somebody in the case."""

    reason: str = why("how you are connected to somebody in this case")
    concerns: Concerns = Field(title="Whom it concerns", description="Choose whom it concerns")


@router.get("/cases/{ref}/conflict", dependencies=[policy(Action.DECLARE_CONFLICT)])
def conflict_form(request: Request, ref: CaseRef, cases: TheCases, lists: TheLists) -> Response:
    """What will happen, and the form."""
    view = lists.view(cases.read(ref))
    return render(request, "who_may_see/conflict.html", view, form=opened(ConflictForm, view.case))


@router.post("/cases/{ref}/conflict", dependencies=[policy(Action.DECLARE_CONFLICT)])
def declare(ref: CaseRef, form: Sent[ConflictForm], writer: TheCaseWriter, lists: TheLists) -> Response:
    """Give the case up."""

    def record(connection: Any, asked: ConflictForm, how: Any) -> None:
        declare_conflict(
            connection, reason=asked.reason, of_crime=asked.concerns is Concerns.CRIME, vault=writer.vault, **how
        )

    def view(case: CasePage, changed: tuple[Any, ...]) -> ListsView:
        return lists.view(case, changed)

    return writer.write(
        ref,
        form,
        FormPage("who_may_see/conflict.html", view, words=("reason",)),
        asked=lambda asked, case: asked,
        record=partial(said_at_the_field, record),
        done="/given-up",
    )


@router.get("/given-up", dependencies=[policy(Action.SEE_OWN_WORK)])
def given_up(request: Request) -> Response:
    """That the case is theirs no longer: its own pages are gone for them."""
    return render(request, "who_may_see/given_up.html")

"""Deciding whether another list of bank holidays changes what was late, or in time, when it came into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.people import Action
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now, TheLaw
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.routes.endings import DutyKey

router = APIRouter()


class VerdictForm(CaseForm):
    """What the supervisor decides."""

    verdict: Literal["stands", "follows"] = Field(title="Decision", description="Choose by which day it is judged")


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The duty, None where there is nothing to decide; `another_must`: why this person may not."""

    case: CasePage
    duty: DutyView | None
    key: str
    another_must: str
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/cases/{ref}/duties/{duty}/verdict", dependencies=[policy(Action.DECIDE_GOOD_REASON)])
def verdict_form(request: Request, ref: CaseRef, duty: DutyKey, cases: TheCases) -> Response:
    """By which day is it judged? Who comes too late reads that somebody has decided."""
    case = cases.read(ref)
    if not case.has_duty(duty):
        raise HTTPException(404)
    view = _view(case, (), key=duty, person_id=cases.person.id)
    return render(request, "duties/verdict.html", view, form=opened(VerdictForm, view.case))


@router.post("/cases/{ref}/duties/{duty}/verdict", dependencies=[policy(Action.DECIDE_GOOD_REASON)])
def decide_verdict(
    ref: CaseRef, duty: DutyKey, form: Sent[VerdictForm], writer: TheCaseWriter, now: Now, law: TheLaw
) -> Response:
    """Record the decision."""
    return writer.write(
        ref,
        form,
        FormPage("duties/verdict.html", partial(_view, key=duty, person_id=writer.person.id)),
        asked=lambda values, case: _asked(values, case, duty, now, law.calendar.number),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded={EventKind.VERDICT_DECIDED.value}",
    )


def _asked(asked: VerdictForm, case: CasePage, key: str, now: datetime, number: int) -> NewEvent:
    duty = case.undecided(key)
    if duty is None or duty.otherwise_on is None:
        raise FieldRefused("verdict", "There is nothing to decide any longer")
    details = {"verdict": asked.verdict, "new_day": duty.otherwise_on, "list": number}
    named = [DutyNamed(duty.rule, duty.news_version)]
    return NewEvent(EventKind.VERDICT_DECIDED, Moment.instant(now), details=details, duties=named)


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, key: str, person_id: str) -> VerdictView:
    held = person_id == case.officer_id
    another_must = "You are the case officer of this case, so somebody else must decide." if held else ""
    return VerdictView(case, case.undecided(key), key, another_must, changed)

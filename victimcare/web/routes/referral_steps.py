"""What became of a referral that was sent: each step after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.take_referral_step import NewStep, take_referral_step
from victimcare.domain.people import Action
from victimcare.domain.referral import STEP_IN_WORDS, Referral, Step
from victimcare.domain.support_needs import REFUSED_BECAUSE
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.support_reading import EventKey, SupportReader, TheSupport
from victimcare.web.typed_dates import TimeTyped, typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter(prefix="/cases/{ref}/support/referrals/{key}")

StepName = Literal["received", "accepted", "refused", "contacted", "started", "ended"]


class StepForm(CaseForm):
    """When a step was taken; the reason where it is a refusal."""

    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    reason: str = Field("", title="Why it was refused", description="Choose why it was refused", max_length=40)


@dataclass(frozen=True, slots=True)
class StepView:
    """The form of one step of a referral."""

    case: CasePage
    referral: Referral
    step: StepName
    title: str
    reasons: tuple[tuple[str, str], ...]
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/{step}", dependencies=[policy(Action.RECORD_EVENT)])
def step_form(request: Request, key: EventKey, step: StepName, reader: TheSupport, today: Today) -> Response:
    """The form of one step, today's date filled in."""
    case = reader.case()
    view = _step_view(case, (), reader=reader, key=key, step=step)
    form = opened(StepForm, case, **typed_parts("happened_on", today))
    return render(request, "support/step.html", view, form=form)


@router.post("/{step}", dependencies=[policy(Action.RECORD_EVENT)])
def take_step(
    ref: CaseRef,
    key: EventKey,
    step: StepName,
    form: Sent[StepForm],
    reader: TheSupport,
    writer: TheCaseWriter,
    now: Now,
) -> Response:
    """Record the step."""
    taken = Step[step.upper()]

    def asked(values: StepForm, _case: CasePage) -> NewStep:
        happened = moment_typed(values.happened_on, values.happened_time, now=now)
        return NewStep(key, taken, happened, values.reason or None)

    return writer.write(
        ref,
        form,
        FormPage("support/step.html", partial(_step_view, reader=reader, key=key, step=step)),
        asked=asked,
        record=lambda connection, wanted, how: take_referral_step(connection, step=wanted, **how),
        done=f"/cases/{ref}/support?recorded={taken.value.value}",
    )


def _step_view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, key: str, step: StepName
) -> StepView:
    referral = reader.page().file.support.referral(key)
    if not case.may_record:
        raise HTTPException(404)
    reasons = tuple(REFUSED_BECAUSE.items()) if step == "refused" else ()
    return StepView(case, referral, step, STEP_IN_WORDS[Step[step.upper()]], reasons, changed)

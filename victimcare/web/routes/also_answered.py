"""Linking a contact to a duty that it answered too, though nobody ticked it then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.kinds.contact import CHANNEL, UNWRITTEN
from victimcare.domain.people import Action
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import UNWRITTEN_OPTIONS, Unwritten, answers_of, unwritten_because
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()
ContactKey = Annotated[str, Path(max_length=64)]


class AlsoAnsweredForm(CaseForm):
    """What the contact answered too."""

    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)
    unwritten: Unwritten = Field("", title="In writing")


@dataclass(frozen=True, slots=True)
class AlsoAnsweredView:
    """The contact, with the open duties that a contact can answer."""

    case: CasePage
    contact: TimelineEntry
    duties: tuple[DutyView, ...]
    changed: tuple[TimelineEntry, ...] = ()
    unwritten: tuple[tuple[str, str], ...] = UNWRITTEN_OPTIONS


@router.get("/cases/{ref}/contacts/{key}/answers", dependencies=[policy(Action.SEE_FILE)])
def also_answered_form(request: Request, ref: CaseRef, key: ContactKey, cases: TheCases) -> Response:
    """What else did it answer? Nothing is ticked."""
    view = _view(cases.read(ref), (), key=key)
    return render(request, "contacts/answers.html", view, form=opened(AlsoAnsweredForm, view.case))


@router.post("/cases/{ref}/contacts/{key}/answers", dependencies=[policy(Action.SEE_FILE)])
def also_answered(
    ref: CaseRef, key: ContactKey, form: Sent[AlsoAnsweredForm], writer: TheCaseWriter, now: Now
) -> Response:
    """Link them: each is answered as of the day of the contact."""
    return writer.write(
        ref,
        form,
        FormPage("contacts/answers.html", partial(_view, key=key)),
        asked=lambda values, case: _asked(values, case, key, now),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded=also_answered",
    )


def _asked(asked: AlsoAnsweredForm, case: CasePage, key: str, now: datetime) -> NewEvent:
    view = _view(case, (), key=key)
    answers = answers_of(view.duties, asked.duties, asked.told)
    if not answers:
        raise FieldRefused("duties", "Tick what it answered")
    channel, why = str(view.contact.event.details.get(CHANNEL)), asked.unwritten
    unwritten = unwritten_because(view.duties, asked.duties, channel=channel, said=why)
    link = {"contact": key, **({UNWRITTEN: unwritten} if unwritten else {})}
    return NewEvent(EventKind.ALSO_ANSWERED, Moment.instant(now), details=link, duties=answers)


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, key: str) -> AlsoAnsweredView:
    contact = case.entry(key)
    if contact is None or contact.kind is not EventKind.CONTACT_MADE or not contact.stands or not case.may_record:
        raise HTTPException(404)
    return AlsoAnsweredView(case, contact, case.answerable_by(EventKind.CONTACT_MADE), changed)

"""Correcting what was recorded: what was wrong, what is right, which deadlines move, and only then saving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.code import Edition
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, EventKind, KindFacts
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import refuse_no_word_of_writing
from victimcare.web.case_forms import FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.correction_forms import (
    CorrectionForm,
    Options,
    correction_form_of,
    correction_of,
    differences,
    filled_in,
    typed_details,
    ways,
)
from victimcare.web.deps import Now, TheLaw, TheSettings, Today
from victimcare.web.event_forms import SUBJECT_WORDS, options_of, refuse_unknown_choices
from victimcare.web.forms import FieldRefused, TheFormData, read
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()
EventKey = Annotated[str, Path(max_length=64)]


def choices(kind: EventKind, law: TheLaw, settings: TheSettings, today: Today) -> Options:
    """What can be chosen for each detail that the form shows."""
    offered = options_of(kind, law.code.on(today), {"police": settings.force_name})
    return {detail.name: offered[detail.name] for detail in typed_details(kind)}


TheOptions = Annotated[Options, Depends(choices)]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """The form that corrects `entry`, filled in with what was recorded."""

    case: CasePage
    entry: TimelineEntry
    options: Options
    changed: tuple[TimelineEntry, ...] = ()

    @property
    def facts(self) -> KindFacts:
        """What is always true of the kind of the event."""
        return EVENT_KINDS[self.entry.kind]

    @property
    def details(self) -> tuple[Detail, ...]:
        """The details that the form shows."""
        return typed_details(self.entry.kind)

    @property
    def subject_words(self) -> str:
        """What the event is about, in words."""
        return SUBJECT_WORDS.get(self.facts.subject or "", "")

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """What can have been wrong."""
        return ways(self.entry.event)

    @property
    def named(self) -> list[tuple[str, str]]:
        """The duties that the event names: value and title."""
        values = [f"{duty.rule}:{duty.start}" for duty in self.entry.event.duties]
        return list(zip(values, self.entry.answers, strict=True))

    def differences(self, correction: NewEvent) -> Sequence[tuple[str, str, str]]:
        """What the correction puts right: name, before, after."""
        return differences(self.entry.event, correction, self.options)


@router.get("/cases/{ref}/corrections/{kind}/{key}", dependencies=[policy(Action.RECORD_EVENT)])
def correction_form(
    request: Request, ref: CaseRef, kind: EventKind, key: EventKey, options: TheOptions, cases: TheCases
) -> Response:
    """What was wrong, and what is right?"""
    view = _view(cases.read(ref), (), kind=kind, key=key, options=options)
    form = opened(correction_form_of(kind), view.case, **filled_in(view.entry.event))
    return render(request, "corrections/new.html", view, form=form)


@router.post("/cases/{ref}/corrections/{kind}/{key}", dependencies=[policy(Action.RECORD_EVENT)])
def correct(
    ref: CaseRef,
    kind: EventKind,
    key: EventKey,
    options: TheOptions,
    data: TheFormData,
    writer: TheCaseWriter,
    law: TheLaw,
    now: Now,
) -> Response:
    """Show which deadlines move, then record the correction: on every case of the crime where it happened to it."""
    page: FormPage[NewEvent] = FormPage(
        "corrections/new.html",
        partial(_view, kind=kind, key=key, options=options),
        check_template="corrections/check.html",
        events=lambda correction: [correction],
    )
    return writer.write(
        ref,
        refuse_unknown_choices(read(correction_form_of(kind), data), options),
        page,
        asked=lambda values, case: _asked(values, _entry(case, kind, key), law.code.on(london_date(now)), now),
        record=lambda connection, event, how: record_event(connection, event=event, **how),
        done=f"/cases/{ref}?recorded={kind.value}&corrected=true",
    )


def _asked(asked: CorrectionForm, entry: TimelineEntry, code: Edition, now: datetime) -> NewEvent:
    if entry.corrected:
        raise FieldRefused("correction", "This was corrected meanwhile: correct the latest word on it instead")
    right = correction_of(entry.event, asked, now=now)
    refuse_no_word_of_writing(entry.event, right, code)
    return right


def _view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, kind: EventKind, key: str, options: Options
) -> CorrectionView:
    return CorrectionView(case, _entry(case, kind, key), options, changed)


def _entry(case: CasePage, kind: EventKind, key: str) -> TimelineEntry:
    """The event to correct; there is no such page for one that this person may not correct, or that is not there."""
    entry = case.entry(key)
    if entry is None or entry.kind is not kind or not case.may_correct(kind):
        raise HTTPException(404)
    return entry

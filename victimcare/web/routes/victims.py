"""Adding a victim to a crime that is recorded already: a case of their own, with a case officer from that moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field, create_model

from victimcare.commands.add_victim import JoiningVictim, add_victim
from victimcare.domain.allocation import NobodyOnDuty, Specialism
from victimcare.domain.code import Edition
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action
from victimcare.domain.who_counts import VictimBasis
from victimcare.presentation.languages import LANGUAGES
from victimcare.queries.case_page import CasePage
from victimcare.queries.opened_cases import added_case
from victimcare.queries.timeline import TimelineEntry
from victimcare.queries.victims_of_crime import VictimOfCrime, victims_of_crime
from victimcare.web.case_forms import CaseForm, FormPage, OnThisCase, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.crime_forms import TRAINED, fields_of_victims, victims_named
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import FieldRefused, Submitted, TheFormData, read
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.routes.crimes import OpenedView
from victimcare.web.typed_dates import TimeTyped, typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter()


class JoiningForm(CaseForm):
    """When somebody was recorded as a victim, and what their case asks of an officer; who they are is `OneVictim`."""

    happened_on: CountedDay = Field(title="Date", description="Enter the date on which they were recorded")
    happened_time: TimeTyped | None = Field(None, title="Time")
    needs: list[Literal["domestic_abuse", "sexual_violence"]] = Field([], title="What the officer must be trained for")


_ONE: Mapping[str, Any] = fields_of_victims(1)
OneVictim: type[JoiningForm] = create_model("OneVictim", __base__=JoiningForm, **_ONE)


@dataclass(frozen=True, slots=True)
class JoiningView:
    """What can be chosen, and the victims of the crime that the person sees."""

    case: CasePage
    known: tuple[VictimOfCrime, ...]
    bases: tuple[VictimBasis, ...]
    changed: tuple[TimelineEntry, ...] = ()
    victims: int = 1
    trained: Sequence[tuple[str, str]] = TRAINED
    languages: Sequence[tuple[str, str]] = tuple(LANGUAGES.items())


@router.get("/cases/{ref}/victims/new", dependencies=[policy(Action.RECORD_EVENT)])
def joining_form(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """The form: recorded as a victim today, unless somebody says otherwise."""
    view = _view(cases.read(ref), (), cases=cases)
    form = opened(OneVictim, view.case, basis_1="direct", language_1="en", **typed_parts("happened_on", cases.today))
    return render(request, "victims/new.html", view, form=form)


@router.post("/cases/{ref}/victims", dependencies=[policy(Action.RECORD_EVENT)])
def add(ref: CaseRef, data: TheFormData, writer: TheCaseWriter) -> Response:
    """Open their case, and go to the page that says who the case officer is, and why."""
    added: list[str] = []

    def record(connection: Any, joining: JoiningVictim, how: OnThisCase) -> None:
        try:
            added.append(add_victim(connection, joining=joining, vault=writer.vault, **how).case.ref)
        except NobodyOnDuty as nobody:
            sentence = str(nobody)
            raise FieldRefused("name_1", sentence[:1].upper() + sentence[1:]) from None

    today = writer.cases.today
    edition = writer.law.code.on(today)
    return writer.write(
        ref,
        _checked(read(OneVictim, data), edition, today),
        FormPage("victims/new.html", partial(_view, cases=writer.cases)),
        asked=partial(_asked, writer=writer),
        record=record,
        done=lambda: f"/cases/{ref}/victims/added?case={added[0]}",
    )


@router.get("/cases/{ref}/victims/added", dependencies=[policy(Action.RECORD_EVENT)])
def added_page(request: Request, ref: CaseRef, cases: TheCases, case: str = "") -> Response:
    """The case officer of a victim whom this person added to the crime of this case, and why."""
    cases.read(ref)
    with cases.database.reading() as connection:
        found = added_case(connection, person=cases.person, ref=ref, added_ref=case)
    if found is None:
        return redirect(f"/cases/{ref}")
    return render(request, "crimes/opened.html", OpenedView((found,), beside=ref))


def _checked(form: Submitted[JoiningForm], edition: Edition, today: date) -> Submitted[JoiningForm]:
    """The form with what is wrong with the victim named in it."""
    if form.values is None:
        return form
    return victims_named(form, form.values, 1, edition=edition, today=today)[0]


def _asked(values: JoiningForm, case: CasePage, *, writer: TheCaseWriter) -> JoiningVictim:
    if case.status == "void":
        raise FieldRefused("name_1", "This case is void: add the victim from another case of the crime")
    joined = moment_typed(values.happened_on, values.happened_time, now=writer.now)
    began = [entry.on for entry in case.timeline if entry.kind is EventKind.CRIME_REPORTED and entry.stands]
    if began and joined.on < min(began):
        raise FieldRefused("happened_on", "Date must not be before the crime was reported")
    edition, form = writer.law.code.on(writer.cases.today), Submitted(OneVictim, {}, values)
    (victim,) = victims_named(form, values, 1, edition=edition, today=writer.cases.today)[1]
    return JoiningVictim(victim, joined, frozenset(Specialism(need) for need in values.needs))


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, cases: TheCases) -> JoiningView:
    with cases.database.reading() as connection:
        known = victims_of_crime(connection, person=cases.person, ref=case.ref)
    cases.consulted("victims of the crime", [each.case_id for each in known])
    return JoiningView(case, known, cases.law.code.on(cases.today).victim_bases, changed)

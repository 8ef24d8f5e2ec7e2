"""Assessing a victim's needs: first what was answered, then which deadlines move, then the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.assess_needs import NeedsAnswers, assess_needs, found_by, needs_event
from victimcare.domain.code import Edition
from victimcare.domain.needs import Found, Ground, criteria_of_age
from victimcare.domain.needs_asked import AGENCIES, COMMUNICATION, DISABILITY, INTERPRETER, MEASURES, STAGES
from victimcare.domain.people import Action
from victimcare.presentation.languages import LANGUAGES
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.queries.victim_page import VictimPage
from victimcare.web.case_forms import CheckedForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts
from victimcare.web.victim_reading import TheVictims

router = APIRouter()
Options = tuple[tuple[str, str], ...]


class NeedsForm(CheckedForm, MayTellLocation):
    """What was asked and answered. `criteria` are codes of the edition."""

    agency: Literal[tuple(AGENCIES)] = Field(  # type: ignore[valid-type]
        title="Agency", description="Choose who assesses"
    )
    stage: Literal[tuple(STAGES)] = Field(  # type: ignore[valid-type]
        title="Stage", description="Choose the stage"
    )
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    language: Literal[tuple(LANGUAGES)] = Field(  # type: ignore[valid-type]
        title="Language", description="Choose a language"
    )
    interpreter: Literal[tuple(INTERPRETER)] = Field(  # type: ignore[valid-type]
        title="Interpreter", description="Say whether an interpreter is needed"
    )
    communication: list[Literal[tuple(COMMUNICATION)]] = Field(  # type: ignore[valid-type]
        [], title="Communication"
    )
    disability: list[Literal[tuple(DISABILITY)]] = Field([], title="Disability")  # type: ignore[valid-type]
    criteria: list[str] = Field([], title="Categories", max_length=40)
    measures: list[Literal[tuple(MEASURES)]] = Field([], title="Special measures")  # type: ignore[valid-type]
    supporter: str = Field("", title="Who may support them", max_length=120)


@dataclass(frozen=True, slots=True)
class NeedsView:
    """What can be chosen. `grounds` leave out what the date of birth decides; `suggested` is what the basis says."""

    case: CasePage
    victim: VictimPage
    grounds: tuple[Ground, ...]
    suggested: str
    changed: tuple[TimelineEntry, ...] = ()
    stages: Options = tuple(STAGES.items())
    languages: Options = tuple(LANGUAGES.items())
    interpreter: Options = tuple(INTERPRETER.items())
    communication: Options = tuple(COMMUNICATION.items())
    disability: Options = tuple(DISABILITY.items())
    measures: Options = tuple(MEASURES.items())

    @property
    def agencies(self) -> Options:
        """Whose assessment it can be: for a witness care officer that of their unit alone."""
        return tuple((code, name) for code, name in AGENCIES.items() if self.case.may_record or code != "police")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded, and what it comes to."""

    answers: NeedsAnswers
    found: Found
    tier_title: str


@router.get("/cases/{ref}/needs", dependencies=[policy(Action.RECORD_AT_COURT)])
def needs_form(request: Request, ref: CaseRef, victims: TheVictims, today: Today) -> Response:
    """The form, with the language known so far and today's date."""
    case = victims.cases.read(ref)
    view = _view(case, (), victims=victims)
    language = case.language if case.language in LANGUAGES else "other"
    form = opened(NeedsForm, case, language=language, **typed_parts("happened_on", today))
    return render(request, "victim/needs.html", view, form=form)


@router.post("/cases/{ref}/needs", dependencies=[policy(Action.RECORD_AT_COURT)])
def assess(
    ref: CaseRef, form: Sent[NeedsForm], writer: TheCaseWriter, victims: TheVictims, today: Today, now: Now
) -> Response:
    """Show what it changes, and once that was seen record it."""
    page: FormPage[Asked] = FormPage(
        "victim/needs.html",
        partial(_view, victims=victims),
        check_template="victim/needs_check.html",
        events=lambda asked: [needs_event(asked.answers, asked.found, now=now)],
        words=["supporter"],
    )
    return writer.write(
        ref,
        form,
        page,
        asked=lambda values, case: _asked(values, case, victims, today),
        record=lambda connection, asked, how: assess_needs(
            connection, answers=asked.answers, vault=writer.vault, **how
        ),
        done=f"/cases/{ref}/victim?done=needs",
    )


def _asked(values: NeedsForm, case: CasePage, victims: TheVictims, today: date) -> Asked:
    if values.happened_on > today:
        raise FieldRefused("happened_on", "Date must be today or in the past")
    law = victims.cases.law
    offered = {c.id for ground in _offered(law.code.on(today), case.born_on) for c in ground.criteria}
    if set(values.criteria) - offered:
        raise FieldRefused("criteria", "Choose from the categories shown")
    answers = NeedsAnswers(
        agency=values.agency,
        stage=values.stage,
        assessed_on=values.happened_on,
        language=values.language,
        interpreter=values.interpreter,
        communication=values.communication,
        disability=values.disability,
        criteria=values.criteria,
        measures=values.measures,
        supporter=values.supporter,
    )
    with victims.cases.database.reading() as connection:
        found = found_by(connection, ref=case.ref, answers=answers, law=law)
    return Asked(answers, found, law.code.on(today).tier_title(found.tier))


def _view(case: CasePage, changed: Sequence[TimelineEntry], *, victims: TheVictims) -> NeedsView:
    victim = victims.victim(case.ref)
    offered = _offered(victims.cases.law.code.on(victims.cases.today), case.born_on)
    suggests = victim.basis.suggests if victim.basis else None
    title = next((c.title for ground in offered for c in ground.criteria if c.id == suggests), "")
    return NeedsView(case, victim, offered, title, tuple(changed))


def _offered(edition: Edition, born_on: date | None) -> tuple[Ground, ...]:
    """The categories to ask of: of childhood only where no date of birth decides it."""
    grounds = edition.grounds
    of_age = criteria_of_age(grounds)
    return tuple(g for g in grounds if born_on is None or not of_age >= {c.id for c in g.criteria})

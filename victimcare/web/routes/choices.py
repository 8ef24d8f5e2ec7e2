"""How the victim chose to hear: what follows is seen first, then recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.choose_hearing import HearingChoice, choice_events, choose_hearing
from victimcare.commands.record_event import NewEvent
from victimcare.domain.hearing_choices import MEANS, TIMES, HowOften, interval_of
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.queries.victim_page import VictimPage, how_often_in_words
from victimcare.web.case_forms import CheckedForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Now
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.victim_reading import TheVictims

router = APIRouter()


class ChoicesForm(CheckedForm):
    """What the victim chose. `interval_days` is for an interval of their own."""

    how_often: HowOften = Field(title="How often", description="Choose how often they want to hear")
    interval_days: int | None = Field(
        None, title="Days", description="Days must be a whole number from 1 to 366", ge=1, le=366
    )
    means: list[Literal[tuple(MEANS)]] = Field([], title="Means")  # type: ignore[valid-type]
    times: list[Literal[tuple(TIMES)]] = Field([], title="Times")  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """What can be chosen; the force's own interval is offered as its policy."""

    case: CasePage
    victim: VictimPage
    how_often: tuple[tuple[str, str], ...]
    changed: tuple[TimelineEntry, ...] = ()
    means: tuple[tuple[str, str], ...] = tuple(MEANS.items())
    times: tuple[tuple[str, str], ...] = tuple(TIMES.items())


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded, and in words."""

    choice: HearingChoice
    events: Sequence[NewEvent]
    words: tuple[tuple[str, str], ...]


@router.get("/cases/{ref}/choices", dependencies=[policy(Action.RECORD_EVENT)])
def choices_form(request: Request, ref: CaseRef, victims: TheVictims) -> Response:
    """The form; what was chosen before is on the victim's page."""
    case = victims.cases.read(ref)
    return render(request, "victim/choices.html", _view(case, (), victims=victims), form=opened(ChoicesForm, case))


@router.post("/cases/{ref}/choices", dependencies=[policy(Action.RECORD_EVENT)])
def choose(ref: CaseRef, form: Sent[ChoicesForm], writer: TheCaseWriter, victims: TheVictims, now: Now) -> Response:
    """Show what follows, and once that was seen record it."""

    def asked(values: ChoicesForm, case: CasePage) -> Asked:
        if (values.how_often is HowOften.OTHER) != (values.interval_days is not None):
            raise FieldRefused(
                "interval_days", "Enter the days between contacts for another interval, and only for that"
            )
        every = victims.victim(ref).policy.contact_every
        days = interval_of(values.how_often, policy_days=every, other_days=values.interval_days)
        choice = HearingChoice(values.how_often, days, values.means, values.times)
        with victims.cases.database.reading() as connection:
            events = choice_events(connection, ref=ref, choice=choice, now=now)
        return Asked(choice, events, _in_words(choice))

    page: FormPage[Asked] = FormPage(
        "victim/choices.html",
        partial(_view, victims=victims),
        check_template="victim/choices_check.html",
        events=lambda asked: asked.events,
    )
    return writer.write(
        ref,
        form,
        page,
        asked=asked,
        record=lambda connection, asked, how: choose_hearing(connection, choice=asked.choice, **how),
        done=f"/cases/{ref}/victim?done=choices",
    )


def _in_words(choice: HearingChoice) -> tuple[tuple[str, str], ...]:
    return (
        ("How often", how_often_in_words(choice.how_often, choice.interval_days)),
        ("By", ", ".join(MEANS[code] for code in choice.means)),
        ("At these times", ", ".join(TIMES[code] for code in choice.times)),
    )


def _view(case: CasePage, changed: Sequence[TimelineEntry], *, victims: TheVictims) -> ChoicesView:
    victim = victims.victim(case.ref)
    every = victim.policy.contact_every
    days = {HowOften.POLICY: every}
    options = tuple((each.value, how_often_in_words(each, days.get(each))) for each in HowOften)
    return ChoicesView(case, victim, options, tuple(changed))

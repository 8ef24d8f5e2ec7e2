"""Who is told of a case beside the victim, and what; and who must never be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.tell_person import (
    NewPersonToTell,
    NobodyToTell,
    NothingToTell,
    SuspectIsNeverTold,
    stop_telling,
    tell_person,
)
from victimcare.domain.people import Action
from victimcare.domain.who_counts import TELLS, TOLD_AS, WHY_ENDED, ToldAs
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.queries.victim_page import VictimPage
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Today
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.victim_reading import TheVictims

router = APIRouter()
_ROLES = tuple((role.value, TOLD_AS[role]) for role in ToldAs if role is not ToldAs.VICTIM)


class PersonForm(CaseForm, MayTellLocation):
    """Somebody to be told, or never to be."""

    name: str = Field(title="Name", description="Enter their name", max_length=120)
    told_as: Literal[tuple(role for role, _ in _ROLES)] = Field(  # type: ignore[valid-type]
        title="Who they are", description="Choose who they are"
    )
    is_suspect: Literal["yes", "no"] = Field(
        title="Suspect", description="Say whether they are a suspect in this crime"
    )
    tells: list[Literal[tuple(TELLS)]] = Field([], title="What they are told")  # type: ignore[valid-type]


class EndForm(CaseForm):
    """Somebody who is told no more, and why."""

    person_id: int = Field(title="Person", description="Choose who is told no more", ge=1, le=2**31 - 1)
    why: Literal[tuple(WHY_ENDED)] = Field(title="Why", description="Choose why")  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class PeopleView:
    """The form, and who is told now."""

    case: CasePage
    victim: VictimPage
    changed: tuple[TimelineEntry, ...] = ()
    roles: tuple[tuple[str, str], ...] = _ROLES
    tells: tuple[tuple[str, str], ...] = tuple(TELLS.items())
    why: tuple[tuple[str, str], ...] = tuple(WHY_ENDED.items())


@router.get("/cases/{ref}/told", dependencies=[policy(Action.RECORD_EVENT)])
def person_form(request: Request, ref: CaseRef, victims: TheVictims) -> Response:
    """The form to add somebody who is told."""
    case = victims.cases.read(ref)
    return render(request, "victim/told.html", _view(case, (), victims=victims), form=opened(PersonForm, case))


@router.post("/cases/{ref}/told", dependencies=[policy(Action.RECORD_EVENT)])
def add(ref: CaseRef, form: Sent[PersonForm], writer: TheCaseWriter, victims: TheVictims, today: Today) -> Response:
    """Add somebody who is told."""
    return writer.write(
        ref,
        form,
        FormPage("victim/told.html", partial(_view, victims=victims), words=["name"]),
        asked=lambda values, case: _asked(values, today),
        record=lambda connection, person, how: tell_person(
            connection, ref=how["ref"], person=person, by=how["by"], now=how["now"], vault=writer.vault
        ),
        done=f"/cases/{ref}/victim?done=told",
    )


@router.get("/cases/{ref}/told/end", dependencies=[policy(Action.RECORD_EVENT)])
def end_form(request: Request, ref: CaseRef, victims: TheVictims) -> Response:
    """The form to end telling somebody."""
    case = victims.cases.read(ref)
    return render(request, "victim/told_end.html", _view(case, (), victims=victims), form=opened(EndForm, case))


@router.post("/cases/{ref}/told/end", dependencies=[policy(Action.RECORD_EVENT)])
def end(ref: CaseRef, form: Sent[EndForm], writer: TheCaseWriter, victims: TheVictims) -> Response:
    """End telling somebody, from today."""

    def asked(values: EndForm, case: CasePage) -> EndForm:
        if values.person_id not in {person.id for person in victims.victim(case.ref).people}:
            raise FieldRefused("person_id", str(NobodyToTell()).capitalize())
        return values

    return writer.write(
        ref,
        form,
        FormPage("victim/told_end.html", partial(_view, victims=victims)),
        asked=asked,
        record=lambda connection, ended, how: stop_telling(
            connection, ref=how["ref"], person_id=ended.person_id, why=ended.why, by=how["by"], now=how["now"]
        ),
        done=f"/cases/{ref}/victim?done=told",
    )


def _asked(values: PersonForm, today: date) -> NewPersonToTell:
    is_suspect = values.is_suspect == "yes"
    if is_suspect and values.tells:
        raise FieldRefused("tells", str(SuspectIsNeverTold()).capitalize())
    if not is_suspect and not values.tells:
        raise FieldRefused("tells", str(NothingToTell()).capitalize())
    return NewPersonToTell(values.name, values.told_as, values.tells, today, is_suspect=is_suspect)


def _view(case: CasePage, changed: Sequence[TimelineEntry], *, victims: TheVictims) -> PeopleView:
    return PeopleView(case, victims.victim(case.ref), tuple(changed))

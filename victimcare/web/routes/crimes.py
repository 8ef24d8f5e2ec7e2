"""Recording a crime: a case for each of its victims, with a case officer from that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from victimcare.commands.record_crime import CrimeAlreadyRecorded, doubtful_report, record_crime
from victimcare.commands.use_form import use_form
from victimcare.domain.allocation import NobodyOnDuty
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.people import Action
from victimcare.domain.who_counts import VictimBasis
from victimcare.presentation.languages import LANGUAGES
from victimcare.queries.areas import areas
from victimcare.queries.opened_cases import OpenedCase, opened_cases
from victimcare.web.crime_forms import (
    MOST_VICTIMS,
    TRAINED,
    CrimeForm,
    crime_form,
    new_crime,
    victims_asked,
    with_another_victim,
)
from victimcare.web.day_check import ask_day
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.forms import Submitted, TheFormData, blank, read
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CrimeView:
    """What can be chosen on the form, and for how many victims it has fields."""

    areas: tuple[str, ...]
    bases: tuple[VictimBasis, ...]
    victims: int
    types: tuple[str, ...] = CRIME_TYPES
    trained: tuple[tuple[str, str], ...] = TRAINED
    languages: tuple[tuple[str, str], ...] = tuple(LANGUAGES.items())
    most: int = MOST_VICTIMS


@dataclass(frozen=True, slots=True)
class OpenedView:
    """The cases that were opened; `beside`: the case from which a victim was added to its crime."""

    cases: tuple[OpenedCase, ...]
    beside: str = ""


@router.get("/crimes/new", dependencies=[policy(Action.RECORD_CRIME)])
def new(request: Request, database: TheDatabase, law: TheLaw, today: Today) -> Response:
    """The form, for one victim; both days are today unless somebody says otherwise."""
    dates = {**typed_parts("reported_on", today), **typed_parts("recorded_on", today)}
    form = blank(crime_form(1), victims="1", basis_1="direct", language_1="en", **dates)
    return render(request, "crimes/new.html", _view(database, law, 1, today), form=form)


@router.post("/crimes", dependencies=[policy(Action.RECORD_CRIME)])
def record(
    request: Request,
    data: TheFormData,
    database: TheDatabase,
    person: CurrentPerson,
    law: TheLaw,
    vault: TheVault,
    now: Now,
    today: Today,
) -> Response:
    """Record the crime and say who the case officer of each victim is, and why."""
    victims = victims_asked({name: [str(value)] for name, value in data.multi_items()})
    form: Submitted[CrimeForm] = read(crime_form(victims), data)
    view = _view(database, law, victims, today)
    if form.text("add") and victims < MOST_VICTIMS:
        more = with_another_victim(form, victims)
        return render(request, "crimes/new.html", _view(database, law, victims + 1, today), form=more)
    form, crime = new_crime(form, areas=view.areas, edition=law.code.on(today), now=now, today=today)
    if crime is None:
        return render(request, "crimes/new.html", view, form=form, status=422)
    if form.text("sure") == "no":
        return render(request, "crimes/new.html", view, form=form)
    try:
        if form.text("sure") != "yes" and (doubt := doubtful_report(crime, law, now=now)):
            return ask_day(request, form, doubt, action="/crimes")
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            stored = record_crime(connection, crime=crime, by=person, now=now, law=law, vault=vault)
            case_ids = [case.id for case in stored]
            opened = opened_cases(connection, person=person, case_ids=case_ids)
    except (CrimeAlreadyRecorded, NobodyOnDuty, EventRefused, DayOutsideCalendar) as refused:
        sentence = str(refused).rstrip(".")
        form = form.with_error(_field_of(refused), f"{sentence[:1].upper()}{sentence[1:]}")
        return render(request, "crimes/new.html", view, form=form, status=422)
    return render(request, "crimes/opened.html", OpenedView(opened))


def _field_of(refused: Exception) -> str:
    if isinstance(refused, CrimeAlreadyRecorded):
        return "crime_ref"
    return "area" if isinstance(refused, NobodyOnDuty) else "reported_on"


def _view(database: TheDatabase, law: TheLaw, victims: int, today: date) -> CrimeView:
    with database.reading() as connection:
        return CrimeView(areas(connection), law.code.on(today).victim_bases, victims)

"""The form on which a crime and its victims are recorded: so many victims as the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, create_model

from victimcare.commands.record_crime import NewCrime, NewVictim
from victimcare.domain.allocation import Specialism
from victimcare.domain.code import Edition
from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.days_of_a_crime import birth_wrong, incident_wrong, recording_wrong
from victimcare.domain.journey import Value
from victimcare.presentation.languages import LANGUAGES
from victimcare.web.day_check import MayDoubtDay
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import F, FieldRefused, Submitted
from victimcare.web.location_check import Label
from victimcare.web.typed_dates import DateTyped, TimeTyped
from victimcare.web.typed_moments import moment_typed

MOST_VICTIMS = 6
SOURCE = "recorded here"
TRAINED = (("domestic_abuse", "Domestic abuse"), ("sexual_violence", "Sexual violence"))
"""What an officer can be asked to be trained for; of a child, training follows from the date of birth."""
_OF_A_VICTIM = ("name", "basis", "born_on", "language", "contact")


def _crime_reference(typed: str) -> str:
    """As the record management system prints it: capitals, single spaces."""
    return " ".join(typed.upper().split())


class CrimeForm(MayDoubtDay):
    """What is said of the crime. `victims` is how many victims the page has fields for."""

    crime_ref: Annotated[str, AfterValidator(_crime_reference)] = Field(
        title="Crime reference", description="Enter the crime reference", max_length=40
    )
    crime_type: Literal[CRIME_TYPES] = Field(  # type: ignore[valid-type]
        title="Type of crime", description="Choose the type of crime"
    )
    area: str = Field(title="Area", description="Choose the area", max_length=80)
    needs: list[Literal["domestic_abuse", "sexual_violence"]] = Field([], title="What the officer must be trained for")
    offender_under_18: Literal["yes", "no", ""] = Field("", title="Offender under 18")
    incident_on: CountedDay | None = Field(None, title="Day of the incident")
    reported_on: CountedDay = Field(title="Date reported", description="Enter the date on which it was reported")
    reported_time: TimeTyped | None = Field(None, title="Time reported")
    recorded_on: CountedDay = Field(title="Date recorded", description="Enter the date on which it was recorded")
    recorded_time: TimeTyped | None = Field(None, title="Time recorded")
    victims: int = Field(1, title="Victims", ge=1, le=MOST_VICTIMS)
    add: Literal["yes", ""] = Field("", title="Add another victim")


@cache
def crime_form(victims: int) -> type[CrimeForm]:
    """The form's model with fields for so many victims."""
    return create_model(f"CrimeFormOf{victims}", __base__=CrimeForm, **fields_of_victims(victims))


def fields_of_victims(victims: int) -> dict[str, Any]:
    """The fields of so many victims, as `create_model` takes them."""
    fields: dict[str, Any] = {}
    for number in range(1, victims + 1):
        whose = f"of victim {number}" if victims > 1 else "of the victim"
        fields[f"name_{number}"] = (str, Field("", title=f"Name {whose}", max_length=120))
        fields[f"basis_{number}"] = (
            str,
            Field("direct", title=f"Basis {whose}", description="Choose why they count as a victim", max_length=40),
        )
        fields[f"born_on_{number}"] = (DateTyped | None, Field(None, title=f"Date of birth {whose}"))
        fields[f"language_{number}"] = (
            Literal[tuple(LANGUAGES)],
            Field("en", title=f"Language {whose}", description="Choose a language"),
        )
        fields[f"contact_{number}"] = (Label, Field("", title=f"Named contact {whose}", max_length=120))
    return fields


def victims_asked(typed: Mapping[str, Sequence[str]]) -> int:
    """For how many victims the page that was sent had fields; 1 where it does not say."""
    said = next(iter(typed.get("victims", ())), "")
    return int(said) if said in {str(number) for number in range(1, MOST_VICTIMS + 1)} else 1


def with_another_victim(form: Submitted[CrimeForm], victims: int) -> Submitted[CrimeForm]:
    """The same page with what was typed, no error, and fields for one victim more."""
    more = min(victims + 1, MOST_VICTIMS)
    typed = {name: values for name, values in form.typed.items() if name != "add"}
    return Submitted(crime_form(more), {**typed, "victims": [str(more)]})


def new_crime(
    form: Submitted[CrimeForm], *, areas: Sequence[str], edition: Edition, now: datetime, today: date
) -> tuple[Submitted[CrimeForm], NewCrime | None]:
    """What the form asks to record, or the form with what is wrong with it."""
    if form.values is None:
        return form, None
    said = form.values
    moments = {}
    for what in ("reported", "recorded"):
        try:
            on, at = getattr(said, f"{what}_on"), getattr(said, f"{what}_time")
            moments[what] = moment_typed(on, at, now=now)
        except FieldRefused as wrong:
            field = f"{what}_time" if wrong.field == "happened_time" else f"{what}_on"
            form = form.with_error(field, wrong.message.replace(" must", f" {what} must"))
    if wrong_day := recording_wrong(said.recorded_on, said.reported_on):
        form = form.with_error("recorded_on", f"Date recorded {wrong_day}")
    if wrong_day := incident_wrong(said.incident_on, said.reported_on):
        form = form.with_error("incident_on", f"Day of the incident {wrong_day}")
    if said.area not in areas:
        form = form.with_error("area", "Choose the area")
    form, victims = victims_named(form, said, said.victims, edition=edition, today=today)
    if form.values is None:
        return form, None
    report: dict[str, Value] = {"incident_on": said.incident_on} if said.incident_on else {}
    if said.offender_under_18:
        report["offender_under_18"] = said.offender_under_18 == "yes"
    crime = NewCrime(
        source=SOURCE,
        source_ref=said.crime_ref,
        crime_type=said.crime_type,
        area=said.area,
        reported=moments["reported"],
        recorded=moments["recorded"],
        victims=victims,
        needs=frozenset(Specialism(need) for need in said.needs),
        report=report,
    )
    return form, crime


def victims_named(
    form: Submitted[F], said: F, many: int, *, edition: Edition, today: date
) -> tuple[Submitted[F], list[NewVictim]]:
    """The victims named in `fields_of_victims` of `said`, and the form with what is wrong with them.

    One after the first of whom nothing was typed is none.
    """
    victims = []
    for number in range(1, many + 1):
        name, basis_id, born_on, language, contact = (getattr(said, f"{f}_{number}") for f in _OF_A_VICTIM)
        if not name and (number == 1 or born_on or contact):
            whose = f"of victim {number}" if many > 1 else "of the victim"
            form = form.with_error(f"name_{number}", f"Enter the name {whose}")
        basis = edition.basis(basis_id)
        if basis is None:
            form = form.with_error(f"basis_{number}", "Choose why they count as a victim")
        elif not basis.is_person and name and not contact:
            form = form.with_error(
                f"contact_{number}", "Enter who to contact at the business: the Code asks for a name"
            )
        elif basis.is_person and contact:
            form = form.with_error(f"contact_{number}", "Only a business has a named contact: leave it empty")
        if wrong := birth_wrong(born_on, today):
            form = form.with_error(f"born_on_{number}", f"Date of birth {wrong}")
        if name:
            victims.append(NewVictim(name, born_on=born_on, basis=basis_id, language=language, contact=contact or None))
    return form, victims

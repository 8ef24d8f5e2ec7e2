"""The register of incidents: what went wrong with personal data, with its 72 hours as a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.keep_incidents import IncidentRefused, close_incident, decide_incident, record_incident
from victimcare.commands.use_form import use_form
from victimcare.domain.calendar import london_date
from victimcare.domain.incident import DECISIONS, Decision
from victimcare.domain.people import Action, Person, scope_of
from victimcare.domain.references import case_reference
from victimcare.queries.incidents import IncidentView, incidents
from victimcare.queries.notes import location_told_of_any
from victimcare.web.contact_reading import TheContacts
from victimcare.web.errors import sentence
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import TimeTyped, london_instant, typed_parts

router = APIRouter(prefix="/incidents")

IncidentId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_DONE = {"recorded": "It is in the register", "decided": "The decision is recorded", "closed": "It is closed"}


class IncidentForm(Form):
    """What happened, when it was found, and to which cases."""

    found_on: CountedDay = Field(title="Day on which it was found", description="Enter the day on which it was found")
    found_time: TimeTyped = Field(
        title="Time at which it was found", description="Enter the time at which it was found"
    )
    words: str = Field(title="What happened", description="Enter what happened", min_length=15, max_length=5_000)
    refs: str = Field("", title="Cases", max_length=2_000)


class DecisionForm(Form):
    """Whether the Commissioner was told, and why."""

    decision: Decision = Field(title="Decision", description="Choose whether they were told")
    why: str = Field(title="Why", description="Enter why, in 15 characters or more", min_length=15, max_length=2_000)


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The register."""

    incidents: tuple[IncidentView, ...]
    now: datetime
    may_keep: bool
    done: str = ""


@dataclass(frozen=True, slots=True)
class OneView:
    """One of it, and what can be decided."""

    incident: IncidentView
    now: datetime
    may_keep: bool
    decisions: tuple[tuple[str, str], ...]


@router.get("", dependencies=[policy(Action.SEE_INCIDENTS)])
def register(
    request: Request, contacts: TheContacts, done: Literal["", "recorded", "decided", "closed"] = ""
) -> Response:
    """Every incident that the person may see."""
    found = _read(contacts)
    view = RegisterView(found, contacts.now, _may_keep(contacts.person), _DONE.get(done, ""))
    return render(request, "incidents/register.html", view)


@router.get("/new", dependencies=[policy(Action.KEEP_INCIDENTS)])
def new_incident(request: Request, contacts: TheContacts) -> Response:
    """The form of a new one."""
    form = blank(IncidentForm, **typed_parts("found_on", london_date(contacts.now)))
    return render(request, "incidents/new.html", None, form=form)


@router.post("", dependencies=[policy(Action.KEEP_INCIDENTS)])
def record(request: Request, form: Sent[IncidentForm], contacts: TheContacts) -> Response:
    """Record it. A case that they may not see is said to be none."""
    values = form.values
    if values is None:
        return render(request, "incidents/new.html", None, form=form, status=422)
    refs = [case_reference(each) for each in values.refs.replace(",", "\n").splitlines() if each.strip()]
    with contacts.database.reading() as connection:
        how: dict[str, Any] = {"person": contacts.person, "vault": contacts.vault}
        told = location_told_of_any(connection, refs=refs, words=values.words, **how)
    if told:
        form = form.with_error("words", f"What happened must not tell {' or '.join(told)}")
        return render(request, "incidents/new.html", None, form=form, status=422)
    try:
        found_at = london_instant(values.found_on, values.found_time)
        with contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            record_incident(
                connection,
                found_at=found_at,
                words=values.words,
                refs=refs,
                by=contacts.person,
                now=contacts.now,
                vault=contacts.vault,
            )
    except IncidentRefused as refused:
        form = form.with_error(refused.field, sentence(refused).removesuffix("."))
    except ValueError as impossible:
        form = form.with_error("found_time", f"Time {impossible}")
    if form.values is None:
        return render(request, "incidents/new.html", None, form=form, status=422)
    return redirect("/incidents?done=recorded")


@router.get("/{incident_id}", dependencies=[policy(Action.SEE_INCIDENTS)])
def one(request: Request, incident_id: IncidentId, contacts: TheContacts) -> Response:
    """One incident, and the form of the next step."""
    return _one(request, incident_id, contacts, blank(DecisionForm))


@router.post("/{incident_id}/decision", dependencies=[policy(Action.KEEP_INCIDENTS)])
def decide(request: Request, incident_id: IncidentId, form: Sent[DecisionForm], contacts: TheContacts) -> Response:
    """Record whether the Commissioner was told."""
    values = form.values
    if values is None:
        return _one(request, incident_id, contacts, form, status=422)
    how: dict[str, Any] = {"decision": values.decision, "why": values.why, "vault": contacts.vault}
    return _do(
        request,
        incident_id,
        form,
        contacts,
        lambda connection, of: decide_incident(connection, **how, **of),
        "decided",
    )


@router.post("/{incident_id}/close", dependencies=[policy(Action.KEEP_INCIDENTS)])
def close(request: Request, incident_id: IncidentId, form: Sent[Button], contacts: TheContacts) -> Response:
    """Close it."""
    return _do(request, incident_id, form, contacts, lambda connection, of: close_incident(connection, **of), "closed")


def _do(
    request: Request,
    incident_id: str,
    form: Submitted[Any],
    contacts: TheContacts,
    command: Callable[[Any, dict[str, Any]], object],
    done: str,
) -> Response:
    try:
        with contacts.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            command(connection, {"incident_id": incident_id, "by": contacts.person, "now": contacts.now})
    except IncidentRefused as refused:
        form = form.with_error(refused.field, sentence(refused).removesuffix("."))
        return _one(request, incident_id, contacts, form, status=422)
    return redirect(f"/incidents?done={done}")


def _one(
    request: Request, incident_id: str, contacts: TheContacts, form: Submitted[Any], *, status: int = 200
) -> Response:
    found = next((each for each in _read(contacts) if each.id == incident_id), None)
    if found is None:
        raise HTTPException(404)
    view = OneView(found, contacts.now, _may_keep(contacts.person), tuple(DECISIONS.items()))
    return render(request, "incidents/incident.html", view, form=form, status=status)


def _read(contacts: TheContacts) -> tuple[IncidentView, ...]:
    with contacts.database.reading() as connection:
        found = incidents(connection, person=contacts.person, vault=contacts.vault)
    contacts.consulted("register of incidents", [case_id for each in found for case_id in each.case_ids])
    return found


def _may_keep(person: Person) -> bool:
    return scope_of(person, Action.KEEP_INCIDENTS) is not None

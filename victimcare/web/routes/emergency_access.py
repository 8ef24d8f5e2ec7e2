"""Opening a case in an emergency that is not one's to see: with a reason, for an hour, and others know at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from victimcare.commands.emergency_alerts import refuse_emergency
from victimcare.commands.open_in_emergency import (
    Emergency,
    EmergencyRefused,
    NoSuchEmergency,
    end_emergency,
    open_in_emergency,
)
from victimcare.commands.take_message import case_reference
from victimcare.commands.use_form import use_form
from victimcare.domain.emergency_access import SHORTEST_REASON, Refusal
from victimcare.domain.people import Action
from victimcare.domain.sign_in_life import is_proved
from victimcare.editions.force_policy import published_policy
from victimcare.web.deps import CurrentPerson, Now, ProvedPerson, TheDatabase, TheVault, TheVisit
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/emergency-access", dependencies=[policy(Action.OPEN_IN_EMERGENCY)])

Number = Annotated[int, row_of("emergency_access", "number")]
_SAID = {
    Refusal.NO_REASON: ("reason", "Choose the reason"),
    Refusal.SHORT_REASON: ("words", f"Enter what the emergency is, in {SHORTEST_REASON} characters or more"),
    Refusal.NOT_PROVED: ("", "Prove first that it is you"),
    Refusal.SECOND_CASE: ("ref", "You have another case open in an emergency: end that first"),
    Refusal.NO_SUCH_CASE: ("ref", "There is no case of this reference that can be opened so"),
}


class EmergencyForm(Form):
    """Which case and why. What is missing is refused by the command, which others are told of."""

    ref: str = Field("", title="Case reference", max_length=40)
    reason: str = Field("", title="Reason", max_length=40)
    words: str = Field("", title="What is the emergency", max_length=1_000)


@dataclass(frozen=True, slots=True)
class EmergencyPage:
    """The reasons to choose from. `prove`: the person must prove first who they are."""

    prove: bool = False
    reasons: Mapping[str, str] = field(default_factory=lambda: published_policy().emergencies)


@router.get("")
def emergency_form(
    request: Request, person: ProvedPerson, ref: Annotated[str, Query(pattern=r"^[0-9A-Za-z-]{0,20}$")] = ""
) -> Response:
    """What it means, and the form. Raises `ProofNeeded`."""
    return render(request, "emergency_access/open.html", EmergencyPage(), form=blank(EmergencyForm, ref=ref))


@router.post("")
def open_case(
    request: Request,
    form: Sent[EmergencyForm],
    person: CurrentPerson,
    visit: TheVisit,
    database: TheDatabase,
    now: Now,
    vault: TheVault,
) -> Response:
    """Open it, or refuse it with 403, which is written down and told to others."""
    if form.values is None:
        return _refused(request, form, 422)
    ref = case_reference(form.values.ref)
    reason = form.values.reason if form.values.reason in published_policy().emergencies else ""
    proved = visit.session is not None and is_proved(visit.session.proved_at, now=now)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            open_in_emergency(
                connection,
                emergency=Emergency(ref, reason, form.values.words),
                proved=proved,
                by=person,
                session_id=visit.session_id or "",
                now=now,
                vault=vault,
            )
    except EmergencyRefused as refused:
        with database.writing() as connection:
            refuse_emergency(connection, why=refused.why, ref=ref, by=person, now=now)
        at, said = _SAID[refused.why]
        return _refused(request, form.with_error(at, said), 403, prove=refused.why is Refusal.NOT_PROVED)
    return redirect(f"/cases/{ref}")


@router.post("/{number}/end")
def end(
    number: Number, form: Sent[Button], person: CurrentPerson, visit: TheVisit, database: TheDatabase, now: Now
) -> Response:
    """End it before its hour is over. Raises `NoSuchEmergency`, `EmergencyRefused`."""
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            end_emergency(connection, number=number, by=person, session_id=visit.session_id or "", now=now)
    except EmergencyRefused as refused:
        with database.writing() as connection:
            refuse_emergency(connection, why=refused.why, ref=refused.ref, by=person, now=now)
        raise NoSuchEmergency from refused
    return redirect("/")


def _refused(request: Request, form: Submitted[EmergencyForm], status: int, *, prove: bool = False) -> Response:
    return render(request, "emergency_access/open.html", EmergencyPage(prove), form=form, status=status)

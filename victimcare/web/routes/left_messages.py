"""Messages for case officers: taking one without opening the case, reading them, and answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from victimcare.commands.answer_message import answer_message
from victimcare.commands.place_message import NoSuchCase, place_message
from victimcare.commands.take_message import Caller, Left, NoSuchTeam, Said, take_message
from victimcare.commands.use_form import use_form
from victimcare.domain.left_messages import WANTS
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.areas import teams
from victimcare.queries.case_page import CasePage
from victimcare.queries.left_messages import (
    LeftMessageView,
    WaitingMessages,
    messages_left_in,
    messages_overdue,
    messages_unplaced,
)
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()
MessageId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_FITS = {
    Left.FITS_NONE: "No case fits this. Check the spelling, take something away, or ask for a reference",
    Left.FITS_SEVERAL: "More than one case fits this. Ask for something more: a reference, the name, or the number",
}


class MessageForm(MayTellLocation):
    """Who rings and what they want. `team` is asked only where no one case fits."""

    name: str = Field("", title="Name", max_length=120)
    case_ref: str = Field("", title="Case reference", max_length=40)
    crime_ref: str = Field("", title="Crime reference", max_length=40)
    phone: str = Field("", title="Telephone number", max_length=40)
    wants: Literal[tuple(WANTS)] = Field(  # type: ignore[valid-type]
        title="What they want", description="Choose what they want"
    )
    words: str = Field("", title="What they said", max_length=2_000)
    safe_to_ring: Literal["yes", "no"] = Field(
        title="Safe to ring back", description="Say whether it is safe to ring them on the number on file"
    )
    team: str = Field("", title="Team", max_length=64)

    @property
    def caller(self) -> Caller:
        """What the caller said of themselves."""
        return Caller(name=self.name, case_ref=self.case_ref, crime_ref=self.crime_ref, phone=self.phone)


class AnsweredForm(Form):
    """That a message was answered."""


class PlaceForm(Form):
    """The case that a message is about."""

    ref: str = Field(title="Case reference", description="Enter the case reference", max_length=40)


@dataclass(frozen=True, slots=True)
class NewMessageView:
    """What can be chosen. `teams`: with whose supervisors it can be left, where no one case fits."""

    wants: tuple[tuple[str, str], ...] = tuple(WANTS.items())
    teams: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseMessagesView:
    """The messages of a case, and whether one was just answered."""

    case: CasePage
    messages: tuple[LeftMessageView, ...]
    today: date
    answered: bool


@dataclass(frozen=True, slots=True)
class TeamMessagesView:
    """What supervisors look after: messages without a case, and those not answered in time."""

    today: date
    unplaced: tuple[LeftMessageView, ...]
    overdue: WaitingMessages
    placed: bool


@router.get("/messages/new", dependencies=[policy(Action.TAKE_MESSAGE)])
def message_form(request: Request) -> Response:
    """Somebody rings, and their case officer is not there."""
    return render(request, "left_messages/new.html", NewMessageView(), form=blank(MessageForm))


@router.post("/messages", dependencies=[policy(Action.TAKE_MESSAGE)])
def take(
    request: Request,
    form: Sent[MessageForm],
    database: TheDatabase,
    person: CurrentPerson,
    law: TheLaw,
    vault: TheVault,
    now: Now,
) -> Response:
    """Leave it, and say by when somebody answers: not with whom, and nothing of the case."""
    if goes_back(form):
        return render(request, "left_messages/new.html", NewMessageView(), form=form)
    values = form.values
    if values is not None and values.caller == Caller():
        form = form.with_error("name", "Enter a name, a reference or the number from which they ring")
    if form.values is None or values is None:
        return _again(request, form, database)
    told = told_in(values.words)
    if to_ask(form, told):
        return ask(request, form, told, action="/messages")
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            taken = take_message(
                connection,
                said=Said(values.words, values.caller),
                wants=values.wants,
                safe_to_ring=values.safe_to_ring == "yes",
                team_id=values.team or None,
                by=person,
                now=now,
                law=law,
                policy=published_policy(),
                vault=vault,
            )
    except NoSuchTeam:
        return _again(request, form.with_error("team", "Choose a team"), database)
    if taken.left in _FITS:
        return _again(request, form.with_error("name", _FITS[taken.left]), database)
    return render(request, "left_messages/taken.html", taken)


@dataclass(frozen=True, slots=True)
class TeamMessages:
    """Reads what the team's supervisors look after, and writes down that it was read."""

    person: CurrentPerson
    database: TheDatabase
    today: Today
    law: TheLaw
    vault: TheVault
    consulted: Consulted

    def view(self, *, placed: bool = False) -> TeamMessagesView:
        """What waits with the supervisors, and what the officers have not answered in time."""
        asked: dict[str, Any] = {"person": self.person, "today": self.today, "calendar": self.law.calendar}
        with self.database.reading() as connection:
            unplaced = messages_unplaced(connection, vault=self.vault, **asked)
            overdue = messages_overdue(connection, **asked)
        self.consulted("messages of the team", overdue.case_ids)
        return TeamMessagesView(self.today, unplaced, overdue, placed)


TheTeamMessages = Annotated[TeamMessages, Depends(TeamMessages)]


@router.get("/messages", dependencies=[policy(Action.SEE_TEAM)])
def team_messages(request: Request, messages: TheTeamMessages, placed: bool = False) -> Response:
    """What waits with the team's supervisors, and what its officers have not answered in time."""
    return render(request, "left_messages/team.html", messages.view(placed=placed), form=blank(PlaceForm))


@router.post("/messages/{message_id}/case", dependencies=[policy(Action.REASSIGN)])
def place(
    request: Request, message_id: MessageId, form: Sent[PlaceForm], messages: TheTeamMessages, now: Now
) -> Response:
    """Give a message to the case that it is about. Raises `NoMessageWaits`, `AnsweredAlready`."""
    if form.values is not None:
        try:
            with messages.database.writing() as connection:
                use_form(connection, form_key=form.form_key, by=messages.person, now=now)
                place_message(
                    connection,
                    message_id=message_id,
                    ref=form.values.ref,
                    by=messages.person,
                    now=now,
                    vault=messages.vault,
                )
            return redirect("/messages?placed=true")
        except NoSuchCase:
            pass
    # Several forms are on the page: the error is said at the field of this one.
    form = Submitted(form.model, form.typed).with_error(
        f"ref-{message_id}", "Enter the reference of a case of your team"
    )
    return render(request, "left_messages/team.html", messages.view(), form=form, status=422)


@router.get("/cases/{ref}/left-messages", dependencies=[policy(Action.SEE_FILE)])
def messages_of_case(
    request: Request,
    ref: CaseRef,
    cases: TheCases,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    vault: TheVault,
    answered: bool = False,
) -> Response:
    """Every message that the victim left, those to answer first."""
    case = cases.read(ref)
    with database.reading() as connection:
        found = messages_left_in(connection, person=person, ref=ref, today=today, calendar=law.calendar, vault=vault)
    view = CaseMessagesView(case, found, today, answered)
    return render(request, "left_messages/list.html", view, form=blank(AnsweredForm))


@router.post("/cases/{ref}/left-messages/{message_id}/answered", dependencies=[policy(Action.SEE_FILE)])
def answered(
    ref: CaseRef,
    message_id: MessageId,
    form: Sent[AnsweredForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
) -> Response:
    """It waits no longer."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        answer_message(connection, ref=ref, message_id=message_id, by=person, now=now)
    return redirect(f"/cases/{ref}/left-messages?answered=true")


def _again(request: Request, form: Submitted[MessageForm], database: TheDatabase) -> Response:
    """The form with what is wrong; with whom else it can be left, once it is plain that no one case fits."""
    stuck = form.error("name") in _FITS.values() or form.error("team") or form.text("team")
    with database.reading() as connection:
        view = NewMessageView(teams=teams(connection) if stuck else ())
    return render(request, "left_messages/new.html", view, form=form, status=422)

"""Pages made to be printed: the victim's own record, and the case in short for staff. No location is ever on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.left_messages import LeftMessageView, messages_left_in
from victimcare.queries.notes import NoteView, case_notes
from victimcare.queries.timeline import TimelineEntry
from victimcare.queries.victim_page import VictimPage
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Disclosed, TheVault
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.victim_reading import TheVictims

router = APIRouter()
_CONTACTS = (EventKind.CONTACT_MADE, EventKind.CONTACT_ATTEMPTED)


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """What can be printed of a case."""

    case: CasePage


@dataclass(frozen=True, slots=True)
class RecordView:
    """What was promised to the victim, and what was done: for their own file, or a complaint."""

    case: CasePage
    duties: tuple[DutyView, ...]
    contacts: tuple[TimelineEntry, ...]
    messages: tuple[LeftMessageView, ...]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The case in short, without the notes that tell a location."""

    case: CasePage
    victim: VictimPage
    notes: tuple[NoteView, ...]


@router.get("/cases/{ref}/print", dependencies=[policy(Action.PRINT_CASE)])
def choose(request: Request, ref: CaseRef, cases: TheCases) -> Response:
    """What is to be printed?"""
    return render(request, "printing/choose.html", ChoiceView(cases.read(ref, Action.PRINT_CASE)))


@router.get("/cases/{ref}/print/record", dependencies=[policy(Action.PRINT_CASE)])
def record(request: Request, ref: CaseRef, cases: TheCases, vault: TheVault, disclosed: Disclosed) -> Response:
    """The victim's own record."""
    case = cases.read(ref, Action.PRINT_CASE)
    with cases.database.reading() as connection:
        messages = messages_left_in(
            connection, person=cases.person, ref=ref, today=cases.today, calendar=cases.law.calendar, vault=vault
        )
    disclosed("print the victim's record", [case.case_id], to="victim")
    return render(request, "printing/record.html", RecordView(case, _owed(case), _contacts(case), messages))


@router.get("/cases/{ref}/print/summary", dependencies=[policy(Action.PRINT_CASE)])
def summary(request: Request, ref: CaseRef, victims: TheVictims, vault: TheVault, disclosed: Disclosed) -> Response:
    """The case in short, for staff."""
    victims.cases.read(ref, Action.PRINT_CASE)
    case, victim = victims.read(ref)
    reader = victims.cases
    with reader.database.reading() as connection:
        notes = case_notes(connection, person=reader.person, ref=ref, vault=vault, with_locations=False)
    disclosed("print the case", [case.case_id], to="staff")
    return render(request, "printing/summary.html", SummaryView(case, victim, notes))


def _owed(case: CasePage) -> tuple[DutyView, ...]:
    """Everything owed to the victim that has a day, in the order of the days."""
    duties = (*case.open_duties, *case.waiting, *case.ended_duties)
    of_the_victim = [duty for duty in duties if duty.owed_to_victim and duty.due_on is not None]
    return tuple(sorted(of_the_victim, key=lambda duty: (duty.due_on or date.max, duty.rule)))


def _contacts(case: CasePage) -> tuple[TimelineEntry, ...]:
    return tuple(entry for entry in reversed(case.timeline) if entry.kind in _CONTACTS and entry.stands)

"""Letters to the victim: opened with their address to be printed, and then posted."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.send_message import PrintedLetter, post_letter, print_letter
from victimcare.commands.use_form import use_form
from victimcare.commands.write_message import MessageRefused
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import Now, TheLaw
from victimcare.web.forms import Sent
from victimcare.web.message_pages import MessageId, NothingToSay, change_message, refused_message
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with its address, shown once to be printed."""

    case: CasePage
    letter: PrintedLetter


@router.post("/cases/{ref}/messages/{message_id}/print", dependencies=[policy(Action.RECORD_CONTACT)])
def show_letter(
    request: Request,
    ref: CaseRef,
    message_id: MessageId,
    form: Sent[NothingToSay],
    cases: TheCases,
    contacts: TheContacts,
) -> Response:
    """The letter with its address, ready to print: written down first."""
    case = cases.read(ref)
    try:
        with contacts.trying(f"print letter {message_id}", ref) as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            letter = print_letter(
                connection,
                ref=ref,
                message_id=message_id,
                by=contacts.person,
                now=contacts.now,
                vault=contacts.vault,
                policy=contacts.policy,
            )
    except MessageRefused as refused:
        return refused_message(request, case, contacts, str(refused))
    return render(request, "messages/letter.html", LetterView(case, letter))


@router.post("/cases/{ref}/messages/{message_id}/posted", dependencies=[policy(Action.RECORD_CONTACT)])
def posted(
    request: Request,
    ref: CaseRef,
    message_id: MessageId,
    form: Sent[NothingToSay],
    cases: TheCases,
    contacts: TheContacts,
    law: TheLaw,
    now: Now,
) -> Response:
    """It was posted: the contact is recorded."""
    person, vault = contacts.person, contacts.vault
    return change_message(
        request,
        ref,
        cases,
        contacts,
        form,
        "posted",
        lambda connection: post_letter(
            connection, ref=ref, message_id=message_id, by=person, now=now, law=law, vault=vault
        ),
    )

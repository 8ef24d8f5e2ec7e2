"""Letters to the victim: opened with their address to be printed, and then posted."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.send_message import PrintedLetter, post_letter, print_letter
from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import TheLaw
from victimcare.web.forms import Button, Sent
from victimcare.web.message_pages import MessageId, TheMessages, back_to_messages
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with its address, shown once to be printed."""

    case: CasePage
    letter: PrintedLetter


@router.post("/cases/{ref}/messages/{message_id}/print", dependencies=[policy(Action.SEE_FILE)])
def show_letter(
    request: Request, ref: CaseRef, message_id: MessageId, form: Sent[Button], messages: TheMessages
) -> Response:
    """The letter with its address, ready to print: written down first."""
    letters: list[PrintedLetter] = []
    return messages.change(
        ref,
        message_id,
        form,
        "print letter",
        lambda connection, how: letters.append(print_letter(connection, policy=messages.contacts.policy, **how)),
        lambda case: render(request, "messages/letter.html", LetterView(case, letters[0])),
    )


@router.post("/cases/{ref}/messages/{message_id}/posted", dependencies=[policy(Action.SEE_FILE)])
def posted(ref: CaseRef, message_id: MessageId, form: Sent[Button], messages: TheMessages, law: TheLaw) -> Response:
    """It was posted: the contact is recorded."""
    return messages.change(
        ref,
        message_id,
        form,
        "post letter",
        lambda connection, how: post_letter(connection, law=law, **how),
        back_to_messages("posted"),
    )

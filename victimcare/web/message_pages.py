"""The page of what was written to the victim of a case, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypedDict

from fastapi import Depends, Path, Request, Response
from sqlalchemy import Connection

from victimcare.commands.use_form import use_form
from victimcare.commands.write_message import MessageRefused
from victimcare.domain.messages import MessageTemplate
from victimcare.domain.people import Person
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.messages import MessageView, case_messages
from victimcare.store.vault import Vault
from victimcare.web.case_reading import TheCases
from victimcare.web.contact_reading import TheContacts
from victimcare.web.forms import Button, Submitted
from victimcare.web.message_forms import CHANNEL_WORDS, answerable
from victimcare.web.pages import redirect, render

MessageId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@dataclass(frozen=True, slots=True)
class MessagesView:
    """What was written, and what can be: each template with the open duties that it answers."""

    case: CasePage
    messages: tuple[MessageView, ...]
    templates: tuple[tuple[MessageTemplate, tuple[DutyView, ...]], ...]
    titles: dict[str, str]
    channel_words: dict[str, str]
    done: str
    refused: str = ""


class OnThisMessage(TypedDict):
    """What every command on a message is told beside its own business."""

    ref: str
    message_id: str
    by: Person
    now: datetime
    vault: Vault


@dataclass(frozen=True, slots=True)
class MessageChanger:
    """Does what a button says with a message, or shows the page with the reason why it was not done."""

    request: Request
    cases: TheCases
    contacts: TheContacts

    def change(
        self,
        ref: str,
        message_id: str,
        form: Submitted[Button],
        what: str,
        command: Callable[[Connection, OnThisMessage], None],
        answer: Callable[[CasePage], Response],
    ) -> Response:
        """Do it in one transaction, then `answer`. Raises `NoSuchCase`, `NoSuchMessage`."""
        case, contacts = self.cases.read(ref), self.contacts
        how = OnThisMessage(ref=ref, message_id=message_id, by=contacts.person, now=contacts.now, vault=contacts.vault)
        try:
            with contacts.trying(f"{what} {message_id}") as connection:
                use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
                command(connection, how)
        except MessageRefused as refused:
            view = messages_view(case, contacts, "", refused=f"This was not done: {refused}")
            return render(self.request, "messages/messages.html", view, status=409)
        return answer(case)


TheMessages = Annotated[MessageChanger, Depends(MessageChanger)]


def back_to_messages(done: str) -> Callable[[CasePage], Response]:
    """Answer with the list of messages, which says what was done."""
    return lambda case: redirect(f"/cases/{case.ref}/messages?done={done}")


def messages_view(case: CasePage, contacts: TheContacts, done: str, refused: str = "") -> MessagesView:
    """What was written, and what can be: those that answer an open duty first."""
    with contacts.database.reading() as connection:
        messages = case_messages(connection, person=contacts.person, ref=case.ref, vault=contacts.vault)
    templates = published_messages()[FIRST].templates
    open_duties = answerable(case)
    by_hand = [template for template in templates.values() if template.id != ASKS_FEEDBACK]  # has a page of its own
    answered = [(t, tuple(duty for duty in open_duties if duty.rule in t.answers)) for t in by_hand]
    return MessagesView(
        case=case,
        messages=messages,
        templates=tuple(sorted(answered, key=lambda pair: not pair[1])),
        titles={template.id: template.title for template in templates.values()},
        channel_words={channel.value: words for channel, words in CHANNEL_WORDS.items()},
        done=done,
        refused=refused,
    )

"""The page of what was written to the victim of a case, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request, Response
from sqlalchemy import Connection

from victimcare.commands.use_form import use_form
from victimcare.commands.write_message import MessageRefused
from victimcare.domain.messages import MessageTemplate
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.queries.case_page import CasePage, DutyView
from victimcare.queries.messages import MessageView, case_messages
from victimcare.web.case_reading import TheCases
from victimcare.web.contact_reading import TheContacts
from victimcare.web.forms import Form, Submitted
from victimcare.web.message_forms import CHANNEL_WORDS, answerable
from victimcare.web.pages import redirect, render

MessageId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


class NothingToSay(Form):
    """A button."""


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


def change_message(
    request: Request,
    ref: str,
    cases: TheCases,
    contacts: TheContacts,
    form: Submitted[NothingToSay],
    done: str,
    change: Callable[[Connection], None],
) -> Response:
    """Do what a button says with a message, in one transaction. Raises `NoSuchCase`, `NoSuchMessage`."""
    case = cases.read(ref)
    try:
        with contacts.trying(f"message {done}", ref) as connection:
            use_form(connection, form_key=form.form_key, by=contacts.person, now=contacts.now)
            change(connection)
    except MessageRefused as refused:
        return refused_message(request, case, contacts, str(refused))
    return redirect(f"/cases/{ref}/messages?done={done}")


def refused_message(request: Request, case: CasePage, contacts: TheContacts, why: str) -> Response:
    """The page with the reason why it was not done."""
    view = messages_view(case, contacts, "", refused=f"This was not done: {why}")
    return render(request, "messages/messages.html", view, status=409)


def messages_view(case: CasePage, contacts: TheContacts, done: str, refused: str = "") -> MessagesView:
    """What was written, and what can be: those that answer an open duty first."""
    with contacts.database.reading() as connection:
        messages = case_messages(connection, person=contacts.person, ref=case.ref, vault=contacts.vault)
    templates = published_messages()[FIRST].templates
    open_duties = answerable(case)
    answered = [(t, tuple(duty for duty in open_duties if duty.rule in t.answers)) for t in templates.values()]
    return MessagesView(
        case=case,
        messages=messages,
        templates=tuple(sorted(answered, key=lambda pair: not pair[1])),
        titles={template.id: template.title for template in templates.values()},
        channel_words={channel.value: words for channel, words in CHANNEL_WORDS.items()},
        done=done,
        refused=refused,
    )

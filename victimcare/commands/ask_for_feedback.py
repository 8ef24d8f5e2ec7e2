"""Ask a victim how it was for them: in a way that is safe and that they chose, and only where they may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.commands.contact_access import note_change, open_contacts
from victimcare.commands.open_contact_point import PointWithheld, standing_of_point
from victimcare.commands.record_event import open_for
from victimcare.commands.write_message import NewMessage, write_message
from victimcare.domain.calendar import london_date
from victimcare.domain.feedback import FeedbackRefused, Survey, shown_number
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.law import Law
from victimcare.domain.messages import Channel, Draft, Fact, draft
from victimcare.domain.people import Action, Person
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.editions.message_templates import published_messages
from victimcare.store import contact_choices, contact_points, feedback, messages, outbox
from victimcare.store.cases import VICTIMS, StoredCase
from victimcare.store.feedback import NewRequest
from victimcare.store.feedback_due import VictimToAsk, point_due
from victimcare.store.vault import Vault

PHONE = "phone"
"""Somebody rings and asks: what is noted beside the channels of messages."""
_BY_PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Asking:
    """By which point, as what (a channel, or `PHONE`) and in which language; `facts` are what the letter says of it."""

    point_id: str
    written_as: str
    language: str
    facts: Mapping[Fact, str | date]


def ask_for_feedback(
    connection: Connection,
    *,
    ref: str,
    asking: Asking,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    policy: ForcePolicy,
    survey: Survey,
) -> str:
    """Write to the victim, or note that they are rung; the number under which they answer.

    Raises `NoSuchCase`, `FeedbackRefused`, `LocationProtected`, `NoSuchPoint`, `PointWithheld`, `MessageRefused`.
    """
    stored = open_for(connection, ref, by, Action.ASK_FOR_FEEDBACK)
    born_on = connection.execute(select(VICTIMS.c.born_on).where(VICTIMS.c.id == stored.victim_id)).scalar_one()
    whose = VictimToAsk(stored.id, stored.case.journey, born_on)
    due = point_due(connection, whose, survey=survey, today=london_date(now))
    number = feedback.new_number(connection)
    message_id = None
    if asking.written_as == PHONE:
        _check_call(connection, stored, asking, by=by, now=now, policy=policy)
    else:
        message = _message(connection, asking, number, survey=survey, vault=vault)
        of_case = {"ref": ref, "message": message, "by": by, "now": now}
        message_id = write_message(connection, **of_case, law=law, vault=vault, policy=policy)  # type: ignore[arg-type]
    request = NewRequest(
        case_id=stored.id,
        number=number,
        point=due.point.code,
        channel=asking.written_as,
        message_id=message_id,
        team_id=stored.holder.team_id,
        area=stored.case.area,
        asked_on=london_date(now) if message_id is None else None,
    )
    feedback.add(connection, request, by=by.id, at=now)
    note_change(connection, stored, what="ask for feedback", by=by, now=now)
    return number


def take_back(connection: Connection, *, ref: str, by: Person, now: datetime, survey: Survey) -> None:
    """Whom somebody rang was not reached, or should not be asked after all: then nobody was asked.

    Raises `NoSuchCase`, and `FeedbackRefused` where nothing waits, a message has left, or it is too late.
    """
    stored = open_for(connection, ref, by, Action.ASK_FOR_FEEDBACK)
    row = feedback.waiting(connection, stored.id)
    if row is None:
        raise FeedbackRefused("nobody waits for an answer")
    if row.message_id is not None and not _withdraw(connection, row.message_id, now=now):
        raise FeedbackRefused("the message has left: who has it may answer")
    if row.asked_on is not None and london_date(now) > survey.answered_by(row.asked_on):
        raise FeedbackRefused("the time to answer is over, and that they were asked is counted")
    feedback.end(connection, row.id, ended_as="taken_back", by=by.id, at=now)
    note_change(connection, stored, what="take back asking for feedback", by=by, now=now)


def stop_asking(connection: Connection, *, ref: str, by: Person, now: datetime) -> None:
    """The victim does not want to be asked: what has not left does not leave. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.RECORD_CONTACT)
    opt_out(connection, stored.id, by=by, now=now)
    note_change(connection, stored, what="stop asking for feedback", by=by, now=now)


def opt_out(connection: Connection, case_id: int, *, by: Person, now: datetime) -> None:
    """Keep that they do not want to be asked, and withdraw what has not left."""
    feedback.opt_out(connection, case_id, by=by.id, at=now)
    row = feedback.waiting(connection, case_id)
    if row is not None and row.message_id is not None and _withdraw(connection, row.message_id, now=now):
        feedback.end(connection, row.id, ended_as="taken_back", by=by.id, at=now)


def ask_again(connection: Connection, *, ref: str, by: Person, now: datetime) -> None:
    """The victim may be asked after all. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.RECORD_CONTACT)
    feedback.opt_in(connection, stored.id, at=now)
    note_change(connection, stored, what="allow asking for feedback", by=by, now=now)


def _withdraw(connection: Connection, message_id: str, *, now: datetime) -> bool:
    """Withdraw the message if it has not left; whether it has not."""
    if not messages.waits(connection, message_id):
        return False
    on_paper = not outbox.has_message(connection, message_id)
    if not on_paper and not outbox.withdraw_message(connection, message_id):
        return False
    messages.settle(connection, message_id, withdrawn_at=now)
    return True


def _check_call(
    connection: Connection, stored: StoredCase, asking: Asking, *, by: Person, now: datetime, policy: ForcePolicy
) -> None:
    open_contacts(connection, ref=stored.case.ref, by=by)
    verdict = standing_of_point(connection, stored, asking.point_id, now, policy)
    if not verdict.allowed:
        raise PointWithheld(verdict)
    if not contact_choices.chosen(connection, stored.id, stored.case.journey).wants(_BY_PHONE):
        raise FeedbackRefused("the victim does not want to be rung")


def _message(connection: Connection, asking: Asking, number: str, *, survey: Survey, vault: Vault) -> NewMessage:
    """The message that asks. A text message has the number, so others must not see it on a locked screen."""
    channel = Channel(asking.written_as)
    if channel is Channel.TEXT and not contact_points.safe_use(connection, asking.point_id, vault).preview_safe:
        raise FeedbackRefused("others may see a text message there: ask in another way")
    language = published_messages()[asking.language]
    words = draft(
        language.templates[ASKS_FEEDBACK],
        language,
        {**asking.facts, **facts_of(number, asking.language, survey)},
        channel=channel,
        preview_is_safe=True,
    )
    subject = "" if channel is Channel.TEXT else words.subject
    return NewMessage(ASKS_FEEDBACK, language.id, channel, asking.point_id, Draft(subject, words.body))


def facts_of(number: str, language: str, survey: Survey) -> dict[Fact, str | date]:
    """What the letter says beside what is known of the case."""
    questions = (question.in_language(language) or question.words for question in survey.questions)
    return {
        Fact.FEEDBACK_NUMBER: shown_number(number),
        Fact.FEEDBACK_QUESTIONS: "\n".join(f"{place}. {words}" for place, words in enumerate(questions, 1)),
        Fact.FEEDBACK_REPLY: survey.reply_to.get(language) or survey.reply_to["en"],
    }

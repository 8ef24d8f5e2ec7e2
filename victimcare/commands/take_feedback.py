"""Take what a victim answers, by the number in their letter: without seeing the case, and never as its officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.ask_for_feedback import opt_out
from victimcare.commands.record_event import open_for
from victimcare.domain.calendar import london_date
from victimcare.domain.feedback import FeedbackAnswer, FeedbackRefused, Survey, number_meant
from victimcare.domain.people import Action, Person
from victimcare.store import audit, case_lists, feedback, notes
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault

_UNKNOWN = "No letter has this number. Ask them to read it out again"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a victim says: an answer to each question, or to none; their words; and whether they want no more of it."""

    given: Mapping[str, FeedbackAnswer]
    words: str = field(default="", repr=False)
    no_more: bool = False


def take_feedback(
    connection: Connection, *, number: str, answers: Answers, by: Person, now: datetime, vault: Vault, survey: Survey
) -> None:
    """Keep the answers, once and for good. Whoever takes them learns nothing of the case.

    Raises `FeedbackRefused` with a sentence: a number that is none, the person's own case, answered before, too late.
    """
    row = feedback.numbered(connection, number_meant(number))
    if row is None or case_lists.lists_of(connection, [row.case_id])[row.case_id].bars(by.id):
        if row is not None:
            _refused(connection, row, by=by, now=now)
        raise FeedbackRefused(_UNKNOWN)
    if row.officer_id in by.acts_as:
        raise FeedbackRefused("You are the case officer of this victim, or stand in for them: somebody else takes this")
    if row.ended_at is not None or row.asked_on is None:
        raise FeedbackRefused("This number was answered already, or is no longer to be answered")
    if london_date(now) > survey.answered_by(row.asked_on):
        raise FeedbackRefused(
            "The time to answer is over. Thank them, and take a message if they want to say something"
        )
    if answers.given and answers.given.keys() != {question.code for question in survey.questions}:
        raise ValueError("every question is answered, and no other")
    if not answers.given and not answers.no_more:
        raise ValueError("they answered nothing")
    feedback.end(connection, row.id, ended_as="answered" if answers.given else "declined", by=by.id, at=now)
    if answers.given:
        feedback.keep_answers(connection, row.id, answers.given)
    if answers.given and answers.words:
        tells = bool(notes.what_tells_location(connection, case_id=row.case_id, words=answers.words, vault=vault))
        feedback.keep_words(connection, row.id, answers.words, contains_location=tells, vault=vault)
    if answers.no_more:
        opt_out(connection, row.case_id, by=by, now=now)
    audit.write(connection, at=now, operation="collection", what="take feedback", person=by, case_ids=[row.case_id])


def read_feedback(
    connection: Connection, *, request_id: int, themes: frozenset[str], by: Person, now: datetime
) -> None:
    """Say what the words of a victim are about: of a case of the supervisor's team that is not theirs.

    Raises `NoSuchCase`, and `FeedbackRefused` where somebody has read them.
    """
    ref = feedback.case_with_words(connection, request_id)
    stored = open_for(connection, ref, by, Action.READ_FEEDBACK)
    if stored.holder.officer_id in by.acts_as:
        raise NoSuchCase(ref)
    if not feedback.note_read(connection, request_id, themes, by=by.id, at=now):
        raise FeedbackRefused("Somebody has read this already, and said what it is about")
    audit.write(connection, at=now, operation="alteration", what="read feedback", person=by, case_ids=[stored.id])


def _refused(connection: Connection, row: object, *, by: Person, now: datetime) -> None:
    """Somebody who is kept from the case had its number: that is written down, and nobody is told more than that."""
    case_ids = [row.case_id]  # type: ignore[attr-defined]
    what = {"operation": "access", "what": "take feedback", "outcome": "refused"}
    audit.write(connection, at=now, person=by, case_ids=case_ids, **what)

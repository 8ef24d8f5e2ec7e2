"""Ask the supervisor about a case, answer, and say that the answer was read. Nothing is edited or deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import questions
from victimcare.store.notes import what_tells_location
from victimcare.store.vault import Vault


def ask_supervisor(connection: Connection, *, ref: str, words: str, by: Person, now: datetime, vault: Vault) -> str:
    """Store the question, at once on the team's page; its id. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    tells = bool(what_tells_location(connection, case_id=stored.id, words=words, vault=vault))
    question_id = questions.add(
        connection, case_id=stored.id, words=words, contains_location=tells, by=by.id, at=now, vault=vault
    )
    note_change(connection, stored, what="ask supervisor", by=by, now=now)
    return question_id


def answer_question(
    connection: Connection, *, ref: str, question_id: str, words: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Store the answer. Raises `NoSuchCase`, `NothingToAnswer`; nobody answers what they asked themselves."""
    stored = open_for(connection, ref, by, Action.ANSWER_QUESTION)
    if questions.asker(connection, question_id) == by.id:
        raise NothingToAnswer("you asked this yourself: another supervisor must answer")
    tells = bool(what_tells_location(connection, case_id=stored.id, words=words, vault=vault))
    answered = questions.answer(
        connection, question_id, case_id=stored.id, words=words, contains_location=tells, by=by.id, at=now, vault=vault
    )
    if not answered:
        raise NothingToAnswer("this question waits no longer: somebody answered it meanwhile")
    note_change(connection, stored, what="answer question", by=by, now=now)


def read_answer(connection: Connection, *, ref: str, question_id: str, by: Person, now: datetime) -> None:
    """Note that the answer was read. Raises `NoSuchCase`, `NothingToAnswer`."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    if not questions.mark_read(connection, question_id, case_id=stored.id, at=now):
        raise NothingToAnswer("there is no answer here that waits to be read")
    note_change(connection, stored, what="read answer", by=by, now=now)


class NothingToAnswer(RuntimeError):
    """There is no such question, or it waits for this no longer."""

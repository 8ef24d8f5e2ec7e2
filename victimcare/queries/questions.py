"""Questions to supervisors: those of a case, those that wait in a team, and the answers that an officer has to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, text

from victimcare.domain.people import Action, Person
from victimcare.queries.scope import HELD_BY_THEM, OF_TEAM_AT_LAST, as_holder, as_of_team, case_row
from victimcare.store import protections
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.questions import QUESTIONS, words_of
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import TO_ANSWER, TO_READ
from victimcare.store.vault import Vault

_ANSWERED_BY = PEOPLE.alias("answered_by_person")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its answer, if there is one. Words are None where they tell a protected location."""

    id: str
    words: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    contains_location: bool
    asked_by: str
    asked_by_id: str
    asked_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """That a question of this case waits, or its answer. `by`: who asked, or answered."""

    id: str
    case_id: int
    ref: str
    victim_name: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WaitingQuestions:
    """The oldest of them, and how many there are in all."""

    rows: tuple[WaitingQuestion, ...]
    total: int

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that is listed."""
        return tuple(row.case_id for row in self.rows)


def case_questions(connection: Connection, *, person: Person, ref: str, vault: Vault) -> tuple[QuestionView, ...]:
    """The questions of this case, the newest first. Raises `NoSuchCase`, `DoesNotOpen`."""
    case = case_row(connection, person, ref, Action.SEE_FILE)
    protection = protections.current(connection, case.id)
    withheld = protection is not None and protection.withholds_from(person)
    joined = QUESTIONS.join(PEOPLE, PEOPLE.c.id == QUESTIONS.c.asked_by).outerjoin(
        _ANSWERED_BY, _ANSWERED_BY.c.id == QUESTIONS.c.answered_by
    )
    names = (PEOPLE.c.name.label("asker"), _ANSWERED_BY.c.name.label("answerer"))
    wanted = select(QUESTIONS, *names).select_from(joined).where(QUESTIONS.c.case_id == case.id)
    rows = connection.execute(wanted.order_by(QUESTIONS.c.asked_at.desc(), QUESTIONS.c.id))
    return tuple(_view(row, vault, withheld=withheld) for row in rows)


def questions_in_team(connection: Connection, *, person: Person, limit: int = 20) -> WaitingQuestions:
    """The questions that wait for an answer in the person's team."""
    asked = {**as_of_team(person, Action.ANSWER_QUESTION), "limit": limit}
    return _listed(connection.execute(_IN_TEAM, asked).all())


def answers_to_read(connection: Connection, *, person: Person, limit: int = 20) -> WaitingQuestions:
    """The answers that nobody has read yet in the cases that the person holds or covers."""
    return _listed(connection.execute(_TO_READ, {**as_holder(person), "limit": limit}).all())


def _waiting(condition: ColumnElement[bool], by: Any, at: Any) -> Select[Any]:
    joined = (
        QUESTIONS.join(CASES, CASES.c.id == QUESTIONS.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == by)
    )
    columns = (
        QUESTIONS.c.id,
        CASES.c.id.label("case_id"),
        CASES.c.ref,
        VICTIMS.c.name.label("victim_name"),
        PEOPLE.c.name.label("by"),
        at.label("at"),
        func.count().over().label("total"),
    )
    wanted = select(*columns).select_from(joined).where(condition)
    return wanted.order_by(at, QUESTIONS.c.id).limit(bindparam("limit"))


# Made once, as those of the worklist.
_IN_TEAM = _waiting(text(TO_ANSWER) & OF_TEAM_AT_LAST, QUESTIONS.c.asked_by, QUESTIONS.c.asked_at)
_TO_READ = _waiting(text(TO_READ) & HELD_BY_THEM, QUESTIONS.c.answered_by, QUESTIONS.c.answered_at)


def _listed(rows: Any) -> WaitingQuestions:
    found = tuple(WaitingQuestion(row.id, row.case_id, row.ref, row.victim_name, row.by, row.at) for row in rows)
    return WaitingQuestions(found, rows[0].total if rows else 0)


def _view(row: Any, vault: Vault, *, withheld: bool) -> QuestionView:
    hidden = withheld and row.contains_location
    words, answer = (None, None) if hidden else words_of(row, vault)
    return QuestionView(
        id=row.id,
        words=words,
        answer=answer,
        contains_location=row.contains_location,
        asked_by=row.asker,
        asked_by_id=row.asked_by,
        asked_at=row.asked_at,
        answered_by=row.answerer,
        answered_at=row.answered_at,
        is_read=row.read_at is not None,
    )

"""Questions to supervisors in the database: their words and the answers' are sealed like notes."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, literal, or_, select, text, update

from victimcare.store.tables import TO_ANSWER, TO_READ, SupervisorQuestion
from victimcare.store.vault import Vault

QUESTIONS = SupervisorQuestion.__table__  # type: ignore[attr-defined]


def add(
    connection: Connection, *, case_id: int, words: str, contains_location: bool, by: str, at: datetime, vault: Vault
) -> str:
    """Store a question and return its id."""
    question_id = secrets.token_hex(8)
    values = {
        "id": question_id,
        "case_id": case_id,
        "asked_by": by,
        "asked_at": at,
        "sealed": vault.seal(words, row_id=f"{question_id}:question"),
        "contains_location": contains_location,
    }
    connection.execute(insert(QUESTIONS).values(**values))
    return question_id


def answer(
    connection: Connection,
    question_id: str,
    *,
    case_id: int,
    words: str,
    contains_location: bool,
    by: str,
    at: datetime,
    vault: Vault,
) -> bool:
    """Store the answer; False where it was answered already, or the case has no such question."""
    values = {
        "sealed_answer": vault.seal(words, row_id=f"{question_id}:answer"),
        "contains_location": or_(QUESTIONS.c.contains_location, literal(contains_location)),
        "answered_by": by,
        "answered_at": at,
    }
    waiting = (QUESTIONS.c.id == question_id) & (QUESTIONS.c.case_id == case_id) & text(TO_ANSWER)
    return connection.execute(update(QUESTIONS).where(waiting).values(**values)).rowcount == 1


def mark_read(connection: Connection, question_id: str, *, case_id: int, at: datetime) -> bool:
    """Note that the answer was read; False where there is none to read."""
    unread = (QUESTIONS.c.id == question_id) & (QUESTIONS.c.case_id == case_id) & text(TO_READ)
    return connection.execute(update(QUESTIONS).where(unread).values(read_at=at)).rowcount == 1


def asker(connection: Connection, question_id: str) -> str | None:
    """Who asked it."""
    found: str | None = connection.execute(
        select(QUESTIONS.c.asked_by).where(QUESTIONS.c.id == question_id)
    ).scalar_one_or_none()
    return found


def words_of(row: Any, vault: Vault) -> tuple[str, str | None]:
    """What a row asks, and what it was answered. Raises `DoesNotOpen`."""
    asked = vault.open(row.sealed, row_id=f"{row.id}:question")
    answered = vault.open(row.sealed_answer, row_id=f"{row.id}:answer") if row.sealed_answer else None
    return asked, answered

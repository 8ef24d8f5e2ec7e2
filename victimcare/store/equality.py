"""What victims answered when asked of their characteristics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete

from victimcare.store.many import insert_rows
from victimcare.store.tables import EqualityAnswer

EQUALITY = EqualityAnswer.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question: "recorded" with a category or words of their own, or "prefers_not_to_say"."""

    characteristic: str
    answer: str
    category: str | None = None
    words: str = ""


def put(connection: Connection, victim_id: int, answers: Sequence[Answer], *, by: str, at: datetime) -> None:
    """The answers in place of those there were; what is not among them was not asked yet."""
    connection.execute(delete(EQUALITY).where(EQUALITY.c.victim_id == victim_id))
    rows = [
        {
            "victim_id": victim_id,
            "characteristic": each.characteristic,
            "answer": each.answer,
            "category": each.category,
            "words": each.words,
            "recorded_by": by,
            "recorded_at": at,
        }
        for each in answers
    ]
    insert_rows(connection, EQUALITY, rows)

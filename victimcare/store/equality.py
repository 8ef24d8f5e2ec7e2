"""What victims answered when asked of their characteristics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select

from victimcare.store.many import insert_rows
from victimcare.store.sealed_words import sealed_in
from victimcare.store.tables import EqualityAnswer
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WordsReader

EQUALITY = EqualityAnswer.__table__  # type: ignore[attr-defined]
_WORDS = EQUALITY.c.sealed_words


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question: "recorded" with a category or words of their own, or "prefers_not_to_say"."""

    characteristic: str
    answer: str
    category: str | None = None
    words: str = field(default="", repr=False)


def answers_of(connection: Connection, victim_id: int, reader: WordsReader) -> dict[str, Answer]:
    """The answers by characteristic, as far as the reader may read them. Raises `DoesNotOpen`."""
    rows = connection.execute(select(EQUALITY).where(EQUALITY.c.victim_id == victim_id))
    return {
        row.characteristic: Answer(
            row.characteristic,
            row.answer,
            row.category,
            reader.read(_WORDS, _row(victim_id, row.characteristic), row.sealed_words),
        )
        for row in rows
    }


def put(
    connection: Connection, victim_id: int, answers: Sequence[Answer], *, by: str, at: datetime, vault: Vault
) -> None:
    """The answers in place of those there were; what is not among them was not asked yet."""
    connection.execute(delete(EQUALITY).where(EQUALITY.c.victim_id == victim_id))
    rows = [
        {
            "victim_id": victim_id,
            "characteristic": each.characteristic,
            "answer": each.answer,
            "category": each.category,
            "sealed_words": sealed_in(_WORDS, _row(victim_id, each.characteristic), each.words, vault)
            if each.words
            else None,
            "recorded_by": by,
            "recorded_at": at,
        }
        for each in answers
    ]
    insert_rows(connection, EQUALITY, rows)


def _row(victim_id: int, characteristic: str) -> str:
    """What stays the same when the answers are given again, which makes new rows."""
    return f"{victim_id}:{characteristic}"

"""Who is told of a case beside the victim, and who must never be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from victimcare.domain.who_counts import EVERYTHING, TELLS, TOLD_AS, ToldAs
from victimcare.store.people_to_tell import NAME, PEOPLE_TO_TELL
from victimcare.store.words_reader import WordsReader


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody beside the victim who is told, or must never be; `tells` in words."""

    id: int
    name: str
    told_as: ToldAs
    title: str
    tells: tuple[str, ...]
    is_suspect: bool
    from_on: date
    until_on: date | None

    @property
    def hears_everything(self) -> bool:
        """Whether they are told all that the victim is told."""
        return TELLS[EVERYTHING] in self.tells


def people_told(words: WordsReader) -> tuple[ToldPerson, ...]:
    """Everybody who was ever named in this case, in the order of their days. Raises `DoesNotOpen`."""
    found = select(PEOPLE_TO_TELL).where(PEOPLE_TO_TELL.c.case_id == words.case_id)
    rows = words.connection.execute(found.order_by(PEOPLE_TO_TELL.c.from_on, PEOPLE_TO_TELL.c.id))
    return tuple(
        ToldPerson(
            id=row.id,
            name=words.read(NAME, row.id, row.sealed_name),
            told_as=ToldAs(row.told_as),
            title=TOLD_AS[ToldAs(row.told_as)],
            tells=in_words(row.tells, TELLS),
            is_suspect=row.is_suspect,
            from_on=row.from_on,
            until_on=row.until_on,
        )
        for row in rows
    )


def in_words(codes: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Codes as they stand in a column, with commas between them, in their words."""
    return tuple(known.get(code, code) for code in codes.split(",") if code)

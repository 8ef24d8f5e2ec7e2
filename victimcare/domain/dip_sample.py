"""Looking at a few cases of each officer each month, so that what was done well is checked and not only when.

Which cases is chance, and the same chance for whoever asks again: see `drawn`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SAMPLE_SIZE = 5
"""Cases of each officer in each month."""


class Answer(StrEnum):
    """What is answered to a question about the quality of a case."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return {Answer.YES: "Yes", Answer.NO: "No", Answer.CANNOT_TELL: "Cannot tell from the case"}[self]


@dataclass(frozen=True, slots=True)
class QualityQuestion:
    """A question that is asked of every case drawn: its code, and in words."""

    code: str
    words: str


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month of a year, in London dates."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month in which a London date lies."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, code: str) -> Month | None:
        """The month of a code such as "2026-05"; None for what is none."""
        year, _, number = code.partition("-")
        if not (len(year) == 4 and len(number) == 2 and year.isdecimal() and number.isdecimal() and year.isascii()):
            return None
        month = cls(int(year), int(number)) if number.isascii() else None
        return month if month and 1 <= month.number <= 12 and month.year >= 2000 else None

    @property
    def code(self) -> str:
        """As it is stored and stands in an address."""
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def before(self) -> Month:
        """The month before."""
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    @property
    def after(self) -> Month:
        """The month after."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)


def drawn(refs: Iterable[str], *, team_id: str, officer_id: str, month: Month, size: int = SAMPLE_SIZE) -> list[str]:
    """The cases, by reference, that are looked at of those that the officer held in this team in the month.

    Each reference is hashed (SHA-256) after team, month and officer, and the lowest hashes are drawn. Every case is as
    likely as any other, whatever order the database gives them in, whoever draws gets the same, and a case that is
    taken away changes nothing but its own place.
    """

    def place(ref: str) -> str:
        return hashlib.sha256("\n".join((team_id, month.code, officer_id, ref)).encode()).hexdigest()

    return sorted(set(refs), key=lambda ref: (place(ref), ref))[:size]


def complete(answers: Mapping[str, str], questions: Iterable[QualityQuestion]) -> bool:
    """Whether every question is answered, and nothing else."""
    return answers.keys() == {question.code for question in questions}

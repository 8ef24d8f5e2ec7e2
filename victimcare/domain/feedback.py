"""Asking victims how it was for them: when, what, and from when on the answers may be counted.

Nobody is asked twice for one point of their journey, nor more often than the force says, nor once they said that they
do not want to be. An answer is taken for so many days after the asking, and a quarter is shown only when that time is
over for everybody who was asked in it: so its figures never change, and two looks at them tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Precision
from victimcare.domain.quarter import Quarter

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 8
_MONTHS = 12


class FeedbackAnswer(StrEnum):
    """What is answered to a question."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    RATHER_NOT_SAY = "rather_not_say"

    @property
    def in_words(self) -> str:
        """As it is said on pages and in letters."""
        return {"yes": "Yes", "partly": "Partly", "no": "No", "rather_not_say": "Rather not say"}[self.value]


@dataclass(frozen=True, slots=True)
class FeedbackQuestion:
    """A question to victims: its code, in English, and in other languages by their ids."""

    code: str
    words: str
    translated: Mapping[str, str]

    def in_language(self, language: str) -> str | None:
        """The question in this language; None where nobody has put it into that."""
        return self.words if language == "en" else self.translated.get(language)


@dataclass(frozen=True, slots=True)
class Theme:
    """What words of victims can be about: its code, and in words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class AgreedPoint:
    """When victims are asked: so many days after any of these kinds of event."""

    code: str
    words: str
    after: frozenset[EventKind]
    days: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What the force decided of asking victims. All days are calendar days.

    `ask_within` days from when somebody may be asked, it is too late to ask of that point; `months_between` is the
    least between two askings; `answers_for` days from the asking an answer is taken; `shown_after` days from its end a
    quarter may be shown; `reply_to` says how to answer.
    """

    questions: tuple[FeedbackQuestion, ...]
    themes: tuple[Theme, ...]
    points: tuple[AgreedPoint, ...]
    ask_within: int
    months_between: int
    answers_for: int
    shown_after: int
    reply_to: Mapping[str, str]

    def point(self, code: str) -> AgreedPoint | None:
        """The point of this code; None for one that is no more."""
        return next((point for point in self.points if point.code == code), None)

    def answered_by(self, asked_on: date) -> date:
        """The last London date on which the answer of somebody asked on that day is taken."""
        return asked_on + timedelta(days=self.answers_for)

    def shown_from(self, quarter: Quarter) -> date:
        """The first London date on which the quarter's figures are shown."""
        return quarter.until_on + timedelta(days=self.shown_after)

    def newest_quarter(self, today: date) -> Quarter:
        """The newest quarter of which figures are shown."""
        quarter = Quarter.of(today)
        while self.shown_from(quarter) > today:
            quarter = quarter.next(-1)
        return quarter


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody was asked, or is about to be: for which point, on which London date."""

    point: str
    on: date


@dataclass(frozen=True, slots=True)
class DueToAsk:
    """That a victim may be asked now: for which point, of what day, and until when."""

    point: AgreedPoint
    happened_on: date
    until_on: date


def due_to_ask(chains: Iterable[EventChain], asked: Sequence[Asked], *, survey: Survey, today: date) -> DueToAsk | None:
    """The agreed point for which the victim may be asked today (London date), the latest there is; None where none."""
    if any(_too_soon(one.on, today, survey.months_between) for one in asked):
        return None
    reached: list[DueToAsk] = []
    for chain in chains:
        event = chain.current
        if not chain.happened or event.happened.precision is Precision.MONTH:
            continue
        for point in survey.points:
            from_on = event.happened.on + timedelta(days=point.days)
            until_on = from_on + timedelta(days=survey.ask_within)
            before = any(one.point == point.code and one.on >= event.happened.on for one in asked)
            if event.kind in point.after and from_on <= today <= until_on and not before:
                reached.append(DueToAsk(point, event.happened.on, until_on))
    return max(reached, key=lambda due: (due.happened_on, due.point.code), default=None)


def _too_soon(last_on: date, today: date, months: int) -> bool:
    return months_on(last_on, months) > today


def months_on(day: date, months: int) -> date:
    """The day so many months later; the last of the month where that has no such day."""
    number = day.month - 1 + months
    year, month = day.year + number // _MONTHS, number % _MONTHS + 1
    after = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def number_of(chosen: Sequence[int]) -> str:
    """The number under which somebody answers, of as many random bytes as it has signs: none that are misread."""
    return "".join(_ALPHABET[one % len(_ALPHABET)] for one in chosen)


def shown_number(number: str) -> str:
    """As it stands in a letter: "7F3K 9QRT"."""
    half = NUMBER_LENGTH // 2
    return f"{number[:half]} {number[half:]}"


def number_meant(typed: str) -> str:
    """The number that somebody read out: without spaces and dashes, in capitals."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


class FeedbackRefused(ValueError):
    """The victim may not be asked now, or an answer cannot be taken; `why` is for people."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)

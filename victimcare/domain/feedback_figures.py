"""What victims answered in a quarter, as it may be published: nobody is found by what is shown, also by subtraction.

How many answered is one number, and every question splits the same answers. So it is shown plainly, with nothing hidden
beside it that it could give away: a group of which few answered is put together with the smallest others until enough
did, and where few did not answer, nowhere does it say how many were asked. What is hidden within a question then lies
between sums that are known anyway (`domain/breakdown.py`), and no question tells anything of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from victimcare.domain.breakdown import protect_breakdown, protect_row
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD, Count, Suppressed, is_small
from victimcare.domain.suppression import ProtectedParts

ANSWERS = tuple(FeedbackAnswer)
OTHERS = ""
"""Stands for the groups that are too small to be shown by themselves."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How many victims of a group were asked, and what those who answered said: by question, a count of each answer."""

    asked: int
    answered: int
    said: Mapping[str, Sequence[int]]

    def __post_init__(self) -> None:
        if any(sum(counts) != self.answered for counts in self.said.values()):
            raise ValueError("whoever answers, answers every question")


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A group as it may be shown. `said` has, by question, a count of each of `ANSWERS`; none where all is hidden."""

    group: str
    asked: Count
    answered: Count
    said: Mapping[str, ProtectedParts]

    def said_yes(self, question: str) -> tuple[Count, Count]:
        """How many said yes, of how many who answered: also of those who would rather not say."""
        return self.said[question].parts[ANSWERS.index(FeedbackAnswer.YES)], self.answered


@dataclass(frozen=True, slots=True)
class HeardTable:
    """A quarter: the line of all, and the groups of a breakdown that add up to it; none where it shows no group."""

    all: HeardLine
    groups: tuple[HeardLine, ...]


def publish_heard(groups: Mapping[str, Heard], *, questions: Sequence[str], threshold: int = THRESHOLD) -> HeardTable:
    """The groups and their sum as they may be shown."""
    total = _together(list(groups.values()), questions)
    if is_small(total.answered, threshold):
        hidden = {question: ProtectedParts((SUPPRESSED,) * len(ANSWERS), SUPPRESSED) for question in questions}
        return HeardTable(HeardLine(OTHERS, shown_alone(total.asked, threshold), SUPPRESSED, hidden), ())
    shown = _large_enough(groups, questions, threshold)
    tells_asked = not any(_tells_who_did_not(heard, threshold) for heard in (total, *shown.values()))
    said = {question: protect_row(total.said[question], threshold) for question in questions}
    line = HeardLine(OTHERS, total.asked if tells_asked else SUPPRESSED, total.answered, said)
    return HeardTable(line, tuple(_split(line, shown, threshold)))


def _split(line: HeardLine, groups: Mapping[str, Heard], threshold: int) -> Iterator[HeardLine]:
    """The groups, each question split by itself between how many answered in each, which is shown."""
    if not groups:
        return
    split = {
        question: protect_breakdown(
            parts, [heard.said[question] for heard in groups.values()], threshold, rows_are_known=True
        )
        for question, parts in line.said.items()
    }
    for place, (name, heard) in enumerate(groups.items()):
        asked = SUPPRESSED if isinstance(line.asked, Suppressed) else heard.asked
        yield HeardLine(name, asked, heard.answered, {question: rows[place] for question, rows in split.items()})


def shown_alone(count: int, threshold: int = THRESHOLD) -> Count:
    """A count that adds up to nothing that is shown."""
    return SUPPRESSED if is_small(count, threshold) else count


def _tells_who_did_not(heard: Heard, threshold: int) -> bool:
    """Whether a few did not answer: whoever has both sums subtracts them."""
    return is_small(heard.asked - heard.answered, threshold)


def _large_enough(groups: Mapping[str, Heard], questions: Sequence[str], threshold: int) -> dict[str, Heard]:
    """The groups by name, the small ones put together with the smallest of the others; none where one would be left."""
    asked = {name: heard for name, heard in sorted(groups.items()) if heard.asked}
    shown = {name: heard for name, heard in asked.items() if heard.answered >= threshold}
    small = [heard for name, heard in asked.items() if name not in shown]
    while shown and small and _together(small, questions).answered < threshold:
        small.append(shown.pop(min(shown, key=lambda name: (shown[name].answered, name))))
    if small:
        shown[OTHERS] = _together(small, questions)
    return shown if len(shown) > 1 else {}


def _together(groups: Sequence[Heard], questions: Sequence[str]) -> Heard:
    said = {question: [sum(column) for column in _columns(groups, question)] for question in questions}
    return Heard(sum(heard.asked for heard in groups), sum(heard.answered for heard in groups), said)


def _columns(groups: Sequence[Heard], question: str) -> Sequence[Sequence[int]]:
    return [[heard.said[question][place] for heard in groups] for place in range(len(ANSWERS))]

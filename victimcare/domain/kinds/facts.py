"""What there is to say of a kind of event, and short ways to say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where in the journey a kind belongs; the value is its heading."""

    REPORT = "Report and needs"
    SUPPORT = "Support and choices"
    INVESTIGATION = "Investigation"
    DECISION = "Police and CPS decisions"
    COURT = "Court"
    AFTER_SENTENCE = "After sentence"
    COMPLAINT = "Complaint"
    CONTACT = "Contact"
    DUTY = "Ending a duty"
    CASE = "The case"


class DetailType(StrEnum):
    """How a detail is typed; events hold codes, dates and labels, never words about people."""

    CODE = "code"
    DATE = "date"
    YES_NO = "yes_no"
    NUMBER = "number"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Detail:
    """One typed detail of an event; an optional detail that is absent is not yet known."""

    name: str
    label: str
    type: DetailType
    choices: Mapping[str, str] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is always true of a kind of event.

    `sentence` completes "... on Friday 22 May 2026" in an explanation. `of_crime`: it happened to the crime, so
    every victim of that crime has it. `received`: it reaches the agency that owes a duty by being received.
    """

    title: str
    sentence: str
    stage: Stage
    subject: str | None = None
    of_crime: bool = False
    received: bool = False
    details: tuple[Detail, ...] = ()


DECIDERS: Mapping[str, str] = {"police": "Police", "cps": "Crown Prosecution Service"}


def choice(name: str, label: str, choices: Mapping[str, str], *, required: bool = False) -> Detail:
    """A detail that is one of several codes."""
    return Detail(name, label, DetailType.CODE, choices, required)


def of_suspect(title: str, sentence: str, stage: Stage, *details: Detail) -> KindFacts:
    """Something that happened to the crime and is about one suspect."""
    return KindFacts(title, sentence, stage, subject="suspect", of_crime=True, details=details)


def from_court(title: str, sentence: str, *details: Detail, subject: str = "hearing") -> KindFacts:
    """News of the court: it happened to the crime and is received by the agency that tells the victim."""
    return KindFacts(title, sentence, Stage.COURT, subject, of_crime=True, received=True, details=details)

"""Written messages to victims: templates in plain words, filled in from the case.

What is not known of the case, and what only the officer can say, stands as a blank in square brackets. Nothing may be
sent while a blank is left. A message that is sent answers the duties that it was written for; that it was delivered
never means that it was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from victimcare.domain.event_kinds import EventKind

_FACT = re.compile(r"\{([a-z_]+)\}")
_BLANK = re.compile(r"\[[^\[\]\n]+\]")


class Fact(StrEnum):
    """What a template can say of a case; the value is its name in `{braces}`."""

    VICTIM = "victim"
    READER = "reader"
    """Whom it is written to: the victim, or who is told in their place."""
    OFFICER = "officer"
    FORCE = "force"
    REFERENCE = "reference"
    DAY = "day"
    """The day of what the message tells: of the news that started the duty."""
    HEARING_DAY = "hearing_day"
    REVIEW_BY = "review_by"
    """The last day to ask for a review of a decision not to prosecute or charge."""
    SENTENCE_REVIEW_BY = "sentence_review_by"
    FEEDBACK_NUMBER = "feedback_number"
    """Under which a victim who is asked how it was for them answers."""
    FEEDBACK_QUESTIONS = "feedback_questions"
    FEEDBACK_REPLY = "feedback_reply"


class Channel(StrEnum):
    """How a written message goes out."""

    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One message in one language. `answers` are rules of the Code, `tells` what it tells of those that list it.

    `about` are kinds of event of which it tells where the Code names no duty to tell. `text` is the same as a text
    message: it says no more than that there is news. What is `urgent` concerns the
    victim's safety: it waits for a time that is safe, and not for one that they chose.
    """

    id: str
    title: str
    body: str
    text: str
    answers: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    urgent: bool = False
    about: frozenset[EventKind] = frozenset()


@dataclass(frozen=True, slots=True)
class MessageLanguage:
    """A language with its templates by id, and what every message in it shares.

    `about_another` follows the greeting where it is not the victim who reads. `read_by`: the second speaker who has
    read all of its words; None where nobody has yet.
    """

    id: str
    title: str
    months: tuple[str, ...]
    date_pattern: str
    subject: str
    neutral_text: str
    greeting: str
    about_another: str
    closing: str
    blanks: Mapping[Fact, str]
    templates: Mapping[str, MessageTemplate] = field(default_factory=dict)
    read_by: str | None = None

    def in_words(self, day: date) -> str:
        """The London date in this language."""
        return self.date_pattern.format(day=day.day, month=self.months[day.month - 1], year=day.year)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it would go out. The subject never says what it is about."""

    subject: str
    body: str

    @property
    def blanks(self) -> tuple[str, ...]:
        """What is still to be filled in, as it stands in the text."""
        return blanks_in(self.body)


def draft(
    template: MessageTemplate,
    language: MessageLanguage,
    facts: Mapping[Fact, str | date],
    *,
    channel: Channel,
    preview_is_safe: bool = False,
) -> Draft:
    """The template filled in with what is known.

    A text message says only that there is news; where others may see it on the telephone's locked screen
    (`preview_is_safe` false), not even whose it is about.
    """
    if channel is Channel.TEXT:
        body = template.text if preview_is_safe else language.neutral_text
    else:
        is_victim = facts.get(Fact.READER) == facts.get(Fact.VICTIM)
        opening = language.greeting if is_victim else f"{language.greeting}\n\n{language.about_another}"
        body = f"{opening}\n\n{template.body.strip()}\n\n{language.closing}"
    return Draft(language.subject, _FACT.sub(lambda found: _said(Fact(found[1]), language, facts), body))


def facts_named(words: str) -> frozenset[str]:
    """The names in braces that a template uses."""
    return frozenset(_FACT.findall(words))


def blanks_in(words: str) -> tuple[str, ...]:
    """What is still to be filled in, as it stands in the text, each once."""
    return tuple(dict.fromkeys(_BLANK.findall(words)))


def _said(fact: Fact, language: MessageLanguage, facts: Mapping[Fact, str | date]) -> str:
    known = facts.get(fact)
    if not known:
        return f"[{language.blanks[fact]}]"
    return language.in_words(known) if isinstance(known, date) else known

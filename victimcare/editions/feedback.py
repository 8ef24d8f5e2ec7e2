"""What victims are asked, when, and what their words are sorted by: read from its file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.feedback import AgreedPoint, FeedbackQuestion, Survey, Theme
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.editions.reading import Table, read_document

PUBLISHED_SURVEY = Path(__file__).with_name("feedback.toml")
ASKS_FEEDBACK = "feedback"
"""The id of the message that asks: it answers no duty, and is no contact."""


@cache
def published_survey() -> Survey:
    """The survey shipped with the program; read once. Raises `BadEdition`."""
    return load_survey(PUBLISHED_SURVEY)


def load_survey(path: Path) -> Survey:
    """The survey in this file. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    answers_for = document.number("answers_for_days", least=1)
    survey = Survey(
        questions=tuple(_question(entry) for entry in _entries(document, "question")),
        themes=tuple(Theme(*_code_and_words(entry)) for entry in _entries(document, "theme")),
        points=tuple(_point(entry) for entry in _entries(document, "point")),
        ask_within=document.number("ask_within_days", least=1),
        months_between=document.number("months_between", least=1),
        answers_for=answers_for,
        # A quarter shown while answers can still come in could be looked at twice, and the difference would be theirs.
        shown_after=document.number("shown_after_days", least=answers_for + 1),
        reply_to=_reply_to(document.table("reply_to")),
    )
    document.finish()
    return survey


def _entries(document: Table, kind: str) -> list[Table]:
    entries = document.tables(kind)
    if not entries:
        raise document.bad(kind, "there must be one at least")
    codes = [entry.text("code") for entry in entries]
    for number, entry in enumerate(entries):
        if codes[number] in codes[:number]:
            raise entry.bad("code", f"there is a {kind} {codes[number]} already")
    return entries


def _code_and_words(entry: Table) -> tuple[str, str]:
    read = entry.text("code"), entry.text("words")
    entry.finish()
    return read


def _question(entry: Table) -> FeedbackQuestion:
    others = [language for language in published_messages() if language != FIRST]
    translated = {language: entry.text(language) for language in others if entry.has(language)}
    return FeedbackQuestion(*_code_and_words(entry), translated)


def _point(entry: Table) -> AgreedPoint:
    point = AgreedPoint(
        code=entry.text("code"),
        words=entry.text("words"),
        after=entry.codes("after", EventKind, "kind of event"),
        days=entry.number("days", least=0),
    )
    if not point.after:
        raise entry.bad("after", "it must list a kind of event")
    entry.finish()
    return point


def _reply_to(table: Table) -> dict[str, str]:
    words = {FIRST: table.text(FIRST)}
    words |= {language: table.text(language) for language in published_messages() if table.has(language)}
    table.finish()
    return words

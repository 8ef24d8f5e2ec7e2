"""The words of messages to victims, read from one file a language (`messages/en.toml`, `messages/pl.toml`).

The English file says which duties each message answers and what it tells of them; the others only put it into words,
and need not have every message. A file names in `read_by` the second speaker who read it; without, the officer is told
that nobody did.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.messages import Fact, MessageLanguage, MessageTemplate, facts_named
from victimcare.editions.reading import BadEdition, Table, read_document

FIRST = "en"
"""The language that has every message."""
_FOLDER = Path(__file__).with_name("messages")
_MONTHS = 12


@cache
def published_messages() -> Mapping[str, MessageLanguage]:
    """Every language shipped with the program, by id, English first; read once. Raises `BadEdition`."""
    return load_messages(_FOLDER)


@cache
def written_for() -> Mapping[str, str]:
    """The id of the message that answers each rule for which one is written."""
    return {rule: each.id for each in published_messages()[FIRST].templates.values() for rule in each.answers}


def written_about(kind: EventKind) -> MessageTemplate | None:
    """The message that tells of this kind of event, where the Code names no duty to tell; None where none does."""
    return next((each for each in published_messages()[FIRST].templates.values() if kind in each.about), None)


def load_messages(folder: Path) -> Mapping[str, MessageLanguage]:
    """The languages whose files are in the folder, English first. Raises `BadEdition`: file, entry, field, problem."""
    first = _language(folder / f"{FIRST}.toml", None)
    others = sorted(path for path in folder.glob("*.toml") if path.stem != FIRST)
    return {FIRST: first, **{path.stem: _language(path, first.templates) for path in others}}


def _language(path: Path, first: Mapping[str, MessageTemplate] | None) -> MessageLanguage:
    document = read_document(path)
    months = document.value("months")
    if not isinstance(months, list) or len(months) != _MONTHS or not all(isinstance(month, str) for month in months):
        raise document.bad("months", "it must list the names of the twelve months")
    language = MessageLanguage(
        id=path.stem,
        title=document.text("title"),
        months=tuple(months),
        date_pattern=document.text("date_pattern"),
        subject=_plain(document, "subject"),
        neutral_text=_words(document, "neutral_text"),
        greeting=_words(document, "greeting"),
        about_another=_words(document, "about_another"),
        closing=_words(document, "closing"),
        blanks=_blanks(document.table("blanks")),
        templates=_templates(document, first),
        read_by=document.text("read_by", otherwise="") or None,
    )
    document.finish()
    return language


def _blanks(table: Table) -> Mapping[Fact, str]:
    blanks = {fact: table.text(fact.value) for fact in Fact}
    table.finish()
    return blanks


def _templates(document: Table, first: Mapping[str, MessageTemplate] | None) -> Mapping[str, MessageTemplate]:
    templates: dict[str, MessageTemplate] = {}
    for table in document.entries("message"):
        template = _template(table, first)
        if template.id in templates:
            raise table.bad("id", "another message has the same id")
        templates[template.id] = template
    if not templates:
        raise document.bad("message", "there is none")
    return templates


def _template(table: Table, first: Mapping[str, MessageTemplate] | None) -> MessageTemplate:
    message_id = table.text("id")
    original = first.get(table.known("id", message_id, first, "message")) if first is not None else None
    template = MessageTemplate(
        id=message_id,
        title=table.text("title"),
        body=_words(table, "body"),
        text=_words(table, "text"),
        answers=original.answers if original else _listed(table, "answers"),
        tells=original.tells if original else _listed(table, "tells"),
        urgent=original.urgent if original else table.flag("urgent"),
        about=original.about if original else table.codes("about", EventKind, "kind of event"),
    )
    table.finish()
    return template


def _listed(table: Table, field: str) -> frozenset[str]:
    words = table.value(field) if table.has(field) else []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise table.bad(field, "it must be a list of words")
    return frozenset(words)


def _words(table: Table, field: str) -> str:
    words = table.text(field)
    for name in sorted(facts_named(words)):
        table.known(field, name, tuple(Fact), "fact")
    return words


def _plain(table: Table, field: str) -> str:
    """Words that say nothing of the case: others see them before the message is opened."""
    words = table.text(field)
    if facts_named(words):
        raise table.bad(field, "it must hold nothing of the case")
    return words


__all__ = ["FIRST", "BadEdition", "load_messages", "published_messages", "written_about", "written_for"]

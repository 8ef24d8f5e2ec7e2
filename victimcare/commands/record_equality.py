"""Keep what a victim answered of their characteristics: apart from the journey, and in no list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.people import Action, Person
from victimcare.store import audit, equality
from victimcare.store.equality import Answer
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WordsReader, words_for

__all__ = ["Answer", "record_equality"]


def record_equality(
    connection: Connection, *, ref: str, answers: Sequence[Answer], by: Person, now: datetime, vault: Vault
) -> None:
    """Keep these answers in place of the earlier ones. Raises `NoSuchCase`, `DoesNotOpen`.

    Earlier words that `by` may not read, for they tell a protected location, stay where nothing was put in their place.
    """
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    reader = words_for(connection, stored.id, by, vault)
    hidden = _hidden_words(connection, stored.victim_id, reader)
    kept = [replace(each, words=each.words or hidden.get(each.characteristic, "")) for each in answers]
    equality.put(connection, stored.victim_id, kept, by=by.id, at=now, vault=vault)
    audit.write(
        connection, at=now, operation="alteration", what="record equality answers", person=by, case_ids=[stored.id]
    )


def _hidden_words(connection: Connection, victim_id: int, reader: WordsReader) -> dict[str, str]:
    """The words, by characteristic, that are not for this reader."""
    in_full = equality.answers_of(connection, victim_id, replace(reader, without_places=False))
    return {name: answer.words for name, answer in in_full.items() if reader.withholds(answer.words)}

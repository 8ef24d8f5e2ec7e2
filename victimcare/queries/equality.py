"""What the victim of one case answered of their characteristics."""

from __future__ import annotations

from sqlalchemy import Connection

from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row
from victimcare.store.equality import Answer, answers_of
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WITHHELD, words_for

__all__ = ["WITHHELD", "Answer", "equality_answers"]


def equality_answers(connection: Connection, *, person: Person, ref: str, vault: Vault) -> dict[str, Answer]:
    """The answers by characteristic; one that is absent was not asked yet. Raises `NoSuchCase`, `DoesNotOpen`."""
    row = case_row(connection, person, ref, Action.SEE_FILE)
    return answers_of(connection, row.victim_id, words_for(connection, row.id, person, vault))

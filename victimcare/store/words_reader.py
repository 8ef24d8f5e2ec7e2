"""Reading the sealed words of a case: of a location that is protected, nobody but its custodian reads any that tell it.

Whether words tell it is looked at as they are read, so that it holds for words written before there was a protection,
and for addresses recorded after the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection

from victimcare.domain.people import Person
from victimcare.store import protections
from victimcare.store.notes import what_tells_location
from victimcare.store.sealed_words import opened_from
from victimcare.store.vault import Vault

WITHHELD = "Not shown: it tells where the victim can be found"


@dataclass(frozen=True, slots=True)
class WordsReader:
    """Opens the sealed words of one case. `without_places`: none that tell where the victim can be found."""

    connection: Connection
    case_id: int
    vault: Vault
    without_places: bool

    def read(self, column: Column[Any], row: int | str, sealed: bytes | None) -> str:
        """The words, or that they are not shown. Raises `DoesNotOpen`."""
        words = opened_from(column, row, sealed, self.vault)
        return WITHHELD if self.withholds(words) else words

    def withholds(self, words: str) -> bool:
        """Whether these words are not for whoever reads."""
        if not self.without_places or not words:
            return False
        return bool(what_tells_location(self.connection, case_id=self.case_id, words=words, vault=self.vault))


def words_for(connection: Connection, case_id: int, person: Person, vault: Vault) -> WordsReader:
    """The reader of a case's words for a person who may see the case."""
    protection = protections.current(connection, case_id)
    return WordsReader(connection, case_id, vault, protection is not None and protection.withholds_from(person))


def words_to_share(connection: Connection, case_id: int, vault: Vault) -> WordsReader:
    """The same for what leaves the service: no word that tells a location, protected or not."""
    return WordsReader(connection, case_id, vault, without_places=True)

"""What somebody said about an event of a case, for whoever decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from victimcare.queries.notes import NoteView, case_notes
from victimcare.web.deps import CurrentPerson, TheDatabase, TheVault


@dataclass(frozen=True, slots=True)
class NotesReader:
    """Reads what was said about an event of a case."""

    person: CurrentPerson
    database: TheDatabase
    vault: TheVault

    def about(self, ref: str, event_key: str) -> NoteView | None:
        """The note about this event, if there is one. Raises `NoSuchCase`, `DoesNotOpen`."""
        with self.database.reading() as connection:
            notes = case_notes(connection, person=self.person, ref=ref, vault=self.vault)
        return next((note for note in notes if note.event_key == event_key), None)


TheNotes = Annotated[NotesReader, Depends(NotesReader)]

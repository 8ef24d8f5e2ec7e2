"""Propose an edition of the Code, and refuse one that was proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.code import Edition
from victimcare.domain.law import Law
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.next_edition import BadSuccessor, check_successor
from victimcare.domain.people import Action, Person, may
from victimcare.editions.loader import BadEdition, read_edition
from victimcare.store import audit, code_editions
from victimcare.store.code_editions import NoSuchEdition
from victimcare.store.installation import is_demonstration

__all__ = [
    "LARGEST",
    "BadEdition",
    "BadSuccessor",
    "EditionSource",
    "NoSuchEdition",
    "NotTheirEdition",
    "ProposedEdition",
    "propose_edition",
    "readable_edition",
    "refuse_edition",
]

LARGEST = 500_000
"""Characters of an edition; that of 2021 has some 60,000."""


class EditionSource(StrEnum):
    """Where an edition came from."""

    FILE = "file"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class ProposedEdition:
    """What became of an edition that was given; `anew` is false where the same text waited for a decision already."""

    number: int
    edition: str
    anew: bool


def readable_edition(connection: Connection, *, text: str, law: Law, now: datetime) -> Edition:
    """The edition of this text, where it can follow the last on the day of `now`. Raises `BadEdition`, `BadSuccessor`.

    An invented edition is only taken by a demonstration.
    """
    if len(text) > LARGEST:
        raise BadSuccessor("edition", f"it is longer than {LARGEST:,} characters")
    edition = read_edition(text)
    check_successor(law.code, edition, today=london_date(now))
    if edition.fictional and not is_demonstration(connection):
        raise BadSuccessor("edition.fictional", "it is invented, and this is no demonstration")
    if told := told_in(text):
        raise BadSuccessor("edition", f"leave out {' and '.join(told)}: it is about the law, and about nobody")
    return edition


def propose_edition(
    connection: Connection, *, text: str, source: EditionSource, by: Person, now: datetime, law: Law
) -> ProposedEdition:
    """Keep the edition, as it was written, for somebody to decide on; nothing changes before that.

    Raises `BadEdition` and `BadSuccessor`, for one that cannot be trusted, and `NotTheirEdition`.
    """
    check_may(by)
    text = as_in_its_file(text)
    edition = readable_edition(connection, text=text, law=law, now=now)
    waiting = code_editions.proposed(connection)
    if waiting is not None and waiting.sha256 == code_editions.hash_of(text):
        return ProposedEdition(waiting.id, edition.id, anew=False)
    number = code_editions.add_edition(connection, edition, text, source=source.value, by=by.id, at=now)
    what = f"propose edition {number} of the Code"
    audit.write(connection, at=now, operation="collection", what=what, person=by)
    return ProposedEdition(number, edition.id, anew=True)


def as_in_its_file(text: str) -> str:
    """The text with the ends of lines that a file has: what a browser sends has others, and its hash would differ."""
    return text.strip().replace("\r\n", "\n") + "\n"


def refuse_edition(connection: Connection, *, number: int, by: Person, now: datetime) -> None:
    """Say that this proposed edition is not to come into force. Raises `NoSuchEdition`, `NotTheirEdition`."""
    check_may(by)
    code_editions.decide(connection, number, state="refused", by=by.id, at=now)
    what = f"refuse edition {number} of the Code"
    audit.write(connection, at=now, operation="alteration", what=what, person=by)


def check_may(by: Person) -> None:
    """Raise `NotTheirEdition` for somebody whose role does not keep the editions."""
    if not may(by, Action.CHECK_CODE):
        raise NotTheirEdition(by)


class NotTheirEdition(PermissionError):
    """Somebody whose role does not keep the editions asked to."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not keep the editions of the Code")

"""Asking victims how it was for them, in the database: whom, what they answered, and who does not want to be asked."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from victimcare.domain.calendar import london_date
from victimcare.domain.feedback import NUMBER_LENGTH, Asked, FeedbackAnswer, number_of
from victimcare.store.cases import CASES, NOT_DISPOSED
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import FeedbackGiven, FeedbackOptOut, FeedbackRequest, FeedbackTheme
from victimcare.store.vault import Vault

REQUESTS = FeedbackRequest.__table__  # type: ignore[attr-defined]
GIVEN = FeedbackGiven.__table__  # type: ignore[attr-defined]
THEMES = FeedbackTheme.__table__  # type: ignore[attr-defined]
OPT_OUTS = FeedbackOptOut.__table__  # type: ignore[attr-defined]

NOT_TAKEN_BACK = func.coalesce(REQUESTS.c.ended_as, "") != "taken_back"
"""A condition on `feedback_request`: the victim was asked, or is about to be."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """Asking a victim of a point, under a number; `asked_on` (London date) where it is done, None where it leaves."""

    case_id: int
    number: str
    point: str
    channel: str
    message_id: str | None
    team_id: str
    area: str
    asked_on: date | None


def new_number(connection: Connection) -> str:
    """A number that no other request has, and that nobody guesses."""
    while True:
        number = number_of(secrets.token_bytes(NUMBER_LENGTH))
        if connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.number == number)).first() is None:
            return number


def add(connection: Connection, request: NewRequest, *, by: str, at: datetime) -> int:
    """Store it and return its id."""
    values = {name: getattr(request, name) for name in NewRequest.__slots__}
    written = {"written_by": by, "written_at": at, "contains_location": False}
    return int(connection.execute(insert(REQUESTS).values(values | written).returning(REQUESTS.c.id)).scalar_one())


def asked_of(rows: Iterable[Any]) -> list[Asked]:
    """What the rows of a case say of when it was asked for what; of one that has not left, when it was written."""
    return [Asked(row.point, row.asked_on or london_date(row.written_at)) for row in rows]


def of_case(connection: Connection, case_id: int) -> list[Any]:
    """The rows of this case that were not taken back, the newest first."""
    mine = (REQUESTS.c.case_id == case_id) & NOT_TAKEN_BACK
    return list(connection.execute(select(REQUESTS).where(mine).order_by(REQUESTS.c.id.desc())))


def numbered(connection: Connection, number: str) -> Any:
    """The request of this number with its case, locked; None where there is none, or its case was disposed of."""
    joined = REQUESTS.join(CASES, CASES.c.id == REQUESTS.c.case_id)
    wanted = select(REQUESTS, CASES.c.ref, CASES.c.officer_id).select_from(joined)
    return connection.execute(
        wanted.where(REQUESTS.c.number == number, NOT_DISPOSED).with_for_update(of=REQUESTS)
    ).first()


def waiting(connection: Connection, case_id: int) -> Any:
    """The newest request of the case that waits for its answer, locked; None where none does."""
    mine = (REQUESTS.c.case_id == case_id) & REQUESTS.c.ended_at.is_(None)
    return connection.execute(
        select(REQUESTS).where(mine).order_by(REQUESTS.c.id.desc()).limit(1).with_for_update()
    ).first()


def left(connection: Connection, message_id: str, *, on: date) -> None:
    """The message that asks has gone out on this London date."""
    of_message = (REQUESTS.c.message_id == message_id) & REQUESTS.c.ended_at.is_(None)
    connection.execute(update(REQUESTS).where(of_message).values(asked_on=on))


def take_back(connection: Connection, *, message_id: str, by: str, at: datetime) -> None:
    """The message that asks never arrived, or will not go: nobody was asked."""
    of_message = (REQUESTS.c.message_id == message_id) & REQUESTS.c.ended_at.is_(None)
    end = {"ended_at": at, "ended_as": "taken_back", "ended_by": by, "asked_on": None}
    connection.execute(update(REQUESTS).where(of_message).values(end))


def end(connection: Connection, request_id: int, *, ended_as: str, by: str, at: datetime) -> None:
    """It waits no longer: answered, declined, or taken back, and then nobody was asked."""
    values: dict[str, Any] = {"ended_at": at, "ended_as": ended_as, "ended_by": by}
    if ended_as == "taken_back":
        values["asked_on"] = None
    connection.execute(update(REQUESTS).where(REQUESTS.c.id == request_id).values(values))


def keep_answers(connection: Connection, request_id: int, answers: Mapping[str, FeedbackAnswer]) -> None:
    """Store the answer to each question."""
    rows = [{"request_id": request_id, "question": code, "answer": given.value} for code, given in answers.items()]
    connection.execute(insert(GIVEN), rows)


def keep_words(connection: Connection, request_id: int, words: str, *, contains_location: bool, vault: Vault) -> None:
    """Seal what they said in their own words."""
    sealed = sealed_in(REQUESTS.c.sealed_words, request_id, words, vault)
    values = {"sealed_words": sealed, "contains_location": contains_location}
    connection.execute(update(REQUESTS).where(REQUESTS.c.id == request_id).values(values))


def words_of(row: Any, vault: Vault) -> str:
    """What they said; empty where nothing. Raises `DoesNotOpen`."""
    return opened_from(REQUESTS.c.sealed_words, row.id, row.sealed_words, vault)


def case_with_words(connection: Connection, request_id: int) -> str:
    """The reference of the case whose victim said something here; empty, which no case has, where nobody did."""
    joined = REQUESTS.join(CASES, CASES.c.id == REQUESTS.c.case_id)
    said = (REQUESTS.c.id == request_id) & REQUESTS.c.sealed_words.is_not(None)
    return connection.execute(select(CASES.c.ref).select_from(joined).where(said)).scalar() or ""


def note_read(connection: Connection, request_id: int, themes: Collection[str], *, by: str, at: datetime) -> bool:
    """Note who read the words, and what they are about; False where somebody has read them."""
    unread = (REQUESTS.c.id == request_id) & REQUESTS.c.read_at.is_(None)
    if connection.execute(update(REQUESTS).where(unread).values(read_at=at, read_by=by)).rowcount != 1:
        return False
    if themes:
        connection.execute(insert(THEMES), [{"request_id": request_id, "theme": theme} for theme in sorted(themes)])
    return True


def opted_out(connection: Connection, case_id: int) -> datetime | None:
    """Since when (UTC) the victim does not want to be asked; None where they did not say so, or no longer."""
    standing = (OPT_OUTS.c.case_id == case_id) & OPT_OUTS.c.until_at.is_(None)
    return connection.execute(select(OPT_OUTS.c.from_at).where(standing).limit(1)).scalar()


def opt_out(connection: Connection, case_id: int, *, by: str, at: datetime) -> None:
    """They do not want to be asked; said again, it changes nothing."""
    if opted_out(connection, case_id) is None:
        connection.execute(insert(OPT_OUTS).values(case_id=case_id, from_at=at, recorded_by=by))


def opt_in(connection: Connection, case_id: int, *, at: datetime) -> None:
    """They may be asked again."""
    standing = (OPT_OUTS.c.case_id == case_id) & OPT_OUTS.c.until_at.is_(None)
    connection.execute(update(OPT_OUTS).where(standing).values(until_at=at))


def make_anonymous(connection: Connection, case_id: int) -> None:
    """Leave of a case's requests what figures count: no words, no message, and no number that somebody has."""
    rows = connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.case_id == case_id)).scalars().all()
    for request_id in rows:
        values = {"message_id": None, "sealed_words": None, "number": f"erased-{request_id}"}
        connection.execute(update(REQUESTS).where(REQUESTS.c.id == request_id).values(values))

"""What the decision on keeping a case rests on, read for many cases at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select, text

from victimcare.domain.retention import KeptRecord, ended_on, last_recorded_on
from victimcare.store.access_alerts import ALERTS
from victimcare.store.case_links import LINKS
from victimcare.store.cases import CASES, NOT_DISPOSED, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.incidents import INCIDENT_CASES, INCIDENTS
from victimcare.store.journeys import journeys_of
from victimcare.store.left_messages import MESSAGES as LEFT_MESSAGES
from victimcare.store.legal_holds import STANDING
from victimcare.store.messages import MESSAGES
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import OUTGOING
from victimcare.store.questions import QUESTIONS
from victimcare.store.tables import (
    OPEN_AND_COUNTED,
    OPEN_INCIDENT,
    STANDING_DISPOSAL,
    TO_ANSWER,
    TO_READ,
    TO_REVIEW,
    UNANSWERED,
    UNCONFIRMED_LINK,
    UNSETTLED,
    Disposal,
)

DISPOSALS = Disposal.__table__  # type: ignore[attr-defined]
_CHUNK = 500
_OVER = ("closed", "void")
_NOT_GONE = "event_key IS NULL AND withdrawn_at IS NULL"
_OPEN_INCIDENTS = select(INCIDENTS.c.id).where(text(OPEN_INCIDENT))
_WAITING: tuple[Select[Any], ...] = (
    select(DUES.c.case_id).where(text(OPEN_AND_COUNTED)),
    select(ALERTS.c.case_id).where(text(TO_REVIEW)),
    select(LEFT_MESSAGES.c.case_id).where(text(UNANSWERED)),
    select(QUESTIONS.c.case_id).where(text(f"({TO_ANSWER} OR {TO_READ})")),
    select(OUTBOX.c.case_id).where(text(UNSETTLED)),
    select(MESSAGES.c.case_id).where(text(_NOT_GONE)),
    select(OUTGOING.c.case_id).where(text(_NOT_GONE)),
    select(INCIDENT_CASES.c.case_id).where(INCIDENT_CASES.c.incident_id.in_(_OPEN_INCIDENTS)),
    select(LINKS.c.case_id).where(text(UNCONFIRMED_LINK)),
    select(LINKS.c.other_id).where(text(UNCONFIRMED_LINK)),
)


@dataclass(frozen=True, slots=True)
class CaseToReview:
    """A case that is over, and what its keeping rests on."""

    id: int
    ref: str
    record: KeptRecord


def over(connection: Connection, *, opened_until: date) -> list[int]:
    """The ids of the cases that are over, were opened by this day, and of which nothing is proposed."""
    proposed = select(DISPOSALS.c.case_id).where(text(STANDING_DISPOSAL))
    wanted = select(CASES.c.id).where(CASES.c.opened_on <= opened_until, CASES.c.status.in_(_OVER), NOT_DISPOSED)
    return list(connection.execute(wanted.where(CASES.c.id.not_in(proposed)).order_by(CASES.c.id)).scalars())


def kept_records(connection: Connection, case_ids: Sequence[int]) -> Iterator[CaseToReview]:
    """These cases, disposed of or not, in the order of their ids."""
    for first in range(0, len(case_ids), _CHUNK):
        yield from _some(connection, case_ids[first : first + _CHUNK])


def case_count(connection: Connection) -> int:
    """How many cases there are that are not disposed of."""
    return int(connection.execute(select(func.count()).select_from(CASES).where(NOT_DISPOSED)).scalar_one())


def _some(connection: Connection, case_ids: Sequence[int]) -> Iterator[CaseToReview]:
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    columns = (CASES.c.id, CASES.c.ref, CASES.c.status, CASES.c.crime_type, VICTIMS.c.born_on)
    rows = connection.execute(select(*columns).select_from(joined).where(CASES.c.id.in_(case_ids)).order_by(CASES.c.id))
    found = rows.all()
    journeys = journeys_of(connection, {row.id: row.ref for row in found})
    held = _among(connection, STANDING, case_ids)
    waiting = {case_id for wanted in _WAITING for case_id in _among(connection, wanted, case_ids)}
    kept = _kept_until(connection, case_ids)
    for row in found:
        journey = journeys[row.id]
        record = KeptRecord(
            status=row.status,
            crime_type=row.crime_type,
            ended_on=ended_on(journey),
            last_recorded_on=last_recorded_on(journey),
            born_on=row.born_on,
            held=row.id in held,
            waits=row.id in waiting,
            kept_until_on=kept.get(row.id),
        )
        yield CaseToReview(row.id, row.ref, record)


def _among(connection: Connection, wanted: Select[Any], case_ids: Sequence[int]) -> set[int]:
    return set(connection.execute(wanted.where(wanted.selected_columns[0].in_(case_ids))).scalars())


def _kept_until(connection: Connection, case_ids: Sequence[int]) -> dict[int, date]:
    last = select(DISPOSALS.c.case_id, func.max(DISPOSALS.c.kept_until_on)).where(
        DISPOSALS.c.case_id.in_(case_ids), DISPOSALS.c.kept_until_on.is_not(None)
    )
    rows = connection.execute(last.group_by(DISPOSALS.c.case_id))
    return {row[0]: row[1] for row in rows}

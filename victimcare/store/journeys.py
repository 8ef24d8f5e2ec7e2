"""Journeys in the database: event rows to domain events and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from victimcare.domain.counted_journeys import DayOf
from victimcare.domain.event_kinds import EVENT_KINDS, DetailType, EventKind
from victimcare.domain.journey import Correction, DutyNamed, Journey, JourneyEvent, Moment, Precision, Value
from victimcare.store.tables import JourneyEventRow

EVENTS = JourneyEventRow.__table__  # type: ignore[attr-defined]
_DATE_DETAILS: Mapping[EventKind, tuple[str, ...]] = {
    kind: tuple(detail.name for detail in facts.details if detail.type is DetailType.DATE)
    for kind, facts in EVENT_KINDS.items()
}
_KINDS = {kind.value: kind for kind in EventKind}
_compact = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_PRECISIONS = {precision.value: precision for precision in Precision}


def event_row(
    event: JourneyEvent,
    *,
    case_id: int,
    recorded_by: str,
    source: str = "recorded",
    crime_event_key: str | None = None,
) -> dict[str, Any]:
    """The row of one event."""
    received = event.received
    return {
        "key": event.key,
        "case_id": case_id,
        "kind": str(event.kind),
        "happened_on": event.happened.on,
        "happened_at": event.happened.at,
        "precision": str(event.happened.precision),
        "received_on": received.on if received else None,
        "received_at": received.at if received else None,
        "recorded_at": event.recorded_at,
        "recorded_by": recorded_by,
        "subject": event.subject,
        "details": _details_text(event.details),
        "duties": duties_text(event.duties),
        "corrects": event.corrects,
        "correction": str(event.correction) if event.correction else None,
        "crime_event_key": crime_event_key,
        "source": source,
        "contacts_recorded": event.contacts_recorded,
        "as_history": event.as_history,
    }


def event_of(row: Any) -> JourneyEvent:
    """The event of one row of `journey_event`."""
    kind = _KINDS[row.kind]
    received = None
    if row.received_on is not None:
        received = _moment(row.received_on, row.received_at, Precision.DAY)
    optional: dict[str, Any] = {}
    if row.details:
        optional["details"] = _details(kind, row.details)
    if row.duties:
        optional["duties"] = duties_of(row.duties)
    return JourneyEvent(
        key=row.key,
        kind=kind,
        happened=_moment(row.happened_on, row.happened_at, _PRECISIONS[row.precision]),
        recorded_at=row.recorded_at,
        received=received,
        subject=row.subject,
        corrects=row.corrects,
        correction=Correction(row.correction) if row.correction else None,
        contacts_recorded=row.contacts_recorded,
        as_history=row.as_history,
        **optional,
    )


def journeys_of(
    connection: Connection, cases: Mapping[int, str], only: ColumnElement[bool] | None = None
) -> dict[int, Journey]:
    """The journeys of these cases (id to reference), by case id; of each only the events that `only` chooses."""
    events: dict[int, list[JourneyEvent]] = {case_id: [] for case_id in cases}
    for ids in _chunks(list(cases), 500):
        statement = select(EVENTS).where(EVENTS.c.case_id.in_(ids)).order_by(EVENTS.c.case_id, EVENTS.c.id)
        if only is not None:
            statement = statement.where(only)
        for row in connection.execute(statement):
            events[row.case_id].append(event_of(row))
    return {case_id: Journey(cases[case_id], tuple(found)) for case_id, found in events.items()}


def days_of(connection: Connection, where: ColumnElement[bool]) -> Iterator[tuple[int, DayOf]]:
    """What the events that `where` chooses come to, without the rest of their journeys: each as it stands corrected.

    Each with the id of its case.

    `where` must choose all corrections of what it chooses, as one on the case and the kind does.
    """
    columns = (EVENTS.c.case_id, EVENTS.c.key, EVENTS.c.kind, EVENTS.c.happened_on, EVENTS.c.precision)
    wanted = select(*columns, EVENTS.c.corrects, EVENTS.c.correction, EVENTS.c.details).where(where)
    rows = connection.execute(wanted.order_by(EVENTS.c.recorded_at, EVENTS.c.key)).all()
    corrects = {row.key: row.corrects for row in rows}
    standing: dict[str, Any] = {}
    for row in rows:
        root = row.key
        while corrects[root] is not None:
            root = corrects[root]
        if row.key != root or root not in standing:  # the last correction counts, whatever was recorded when
            standing[root] = row
    for row in standing.values():
        if row.correction != Correction.NEVER_HAPPENED:
            result = json.loads(row.details).get("result", "") if row.details and '"result"' in row.details else ""
            yield row.case_id, DayOf(_KINDS[row.kind], row.happened_on, _PRECISIONS[row.precision], result)


def recorders_of(connection: Connection, case_id: int) -> dict[str, str]:
    """Who recorded each event of the case: the person's id by the event's key."""
    rows = connection.execute(select(EVENTS.c.key, EVENTS.c.recorded_by).where(EVENTS.c.case_id == case_id))
    return {row.key: row.recorded_by for row in rows}


def _moment(on: date, at: datetime | None, precision: Precision) -> Moment:
    return Moment(on, at, Precision.INSTANT if at is not None else precision)


def _details_text(details: Mapping[str, Value]) -> str | None:
    if not details:
        return None
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in details.items()}
    return _compact(plain)


def _details(kind: EventKind, text: str) -> dict[str, Value]:
    details: dict[str, Value] = json.loads(text)
    for name in _DATE_DETAILS[kind]:
        if name in details:
            details[name] = date.fromisoformat(str(details[name]))
    return details


def duties_text(duties: Sequence[DutyNamed]) -> str | None:
    """Duties named, as a column holds them; None for none."""
    if not duties:
        return None
    return _compact([[duty.rule, duty.start, sorted(duty.told)] for duty in duties])


def duties_of(text: str) -> tuple[DutyNamed, ...]:
    return tuple(DutyNamed(rule, start, frozenset(told)) for rule, start, told in json.loads(text))


def _chunks(ids: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (ids[index : index + size] for index in range(0, len(ids), size))

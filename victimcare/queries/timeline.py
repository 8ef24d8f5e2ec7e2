"""The journey as a timeline: everything recorded, newest first; corrections shown as corrections, never as edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.code import VictimsCode
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind
from victimcare.domain.explanation import in_words
from victimcare.domain.journey import Correction, DutyNamed, Journey, JourneyEvent, Precision, Value
from victimcare.domain.law import Law
from victimcare.editions.outcome_types import outcome_types
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE, TEAMS

_HIDDEN = frozenset({"contact", "request"})
_PLACES = frozenset({"team", "why"})
_ORDER = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An event on the timeline. `at` (UTC) is None where the time of day is not known.

    `corrected`: a later correction took its place. `correction`: what this one says of an earlier one.
    `as_history`: it happened to the crime before this victim was recorded.
    """

    event: JourneyEvent
    key: str
    kind: EventKind
    title: str
    on: date
    at: datetime | None
    month_only: bool
    received_on: date | None
    recorded_at: datetime
    by: str
    by_id: str
    subject: str | None
    details: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    correction: Correction | None
    corrected: bool
    as_history: bool

    @property
    def stands(self) -> bool:
        """Whether it is the last word on an event, and says that it happened."""
        return not self.corrected and self.correction is not Correction.NEVER_HAPPENED


def timeline(
    connection: Connection, case_id: int, journey: Journey, law: Law, *, without_places: bool = False
) -> tuple[TimelineEntry, ...]:
    """Every event of the journey, newest first; `without_places` no team of an officer, for it is that of an area."""
    recorders = select(EVENTS.c.key, PEOPLE.c.id, PEOPLE.c.name).join(PEOPLE, PEOPLE.c.id == EVENTS.c.recorded_by)
    by = {row.key: row for row in connection.execute(recorders.where(EVENTS.c.case_id == case_id))}
    labels = _labels(connection, journey)
    chains = journey.chains().values()
    current = {chain.versions[-1] for chain in chains}
    history = {version for chain in chains if chain.is_history for version in chain.versions}
    entries = (
        TimelineEntry(
            event=event,
            key=event.key,
            kind=event.kind,
            title=EVENT_KINDS[event.kind].title,
            on=event.happened.on,
            at=event.happened.at,
            month_only=event.happened.precision is Precision.MONTH,
            received_on=event.received.on if event.received else None,
            recorded_at=event.recorded_at,
            by=by[event.key].name,
            by_id=by[event.key].id,
            subject=event.subject,
            details=_details_in_words(event, labels, _HIDDEN | _PLACES if without_places else _HIDDEN),
            answers=tuple(_duty_in_words(named, law.code) for named in event.duties),
            correction=event.correction,
            corrected=event.key not in current,
            as_history=event.key in history,
        )
        for event in journey.events
    )
    return tuple(sorted(entries, key=_newest_last, reverse=True))


def _newest_last(entry: TimelineEntry) -> tuple[date, datetime, int, str]:
    """Of what was recorded in one go, such as a report and its recording, the order is that of the kinds."""
    return entry.on, entry.at or entry.recorded_at, _ORDER[entry.kind], entry.key


def _labels(connection: Connection, journey: Journey) -> dict[str, str]:
    """The names of the officers and teams that the journey's assignments name by id."""
    assigned = [event.details for event in journey.events if event.kind is EventKind.OFFICER_ASSIGNED]
    officers = {str(details["officer"]) for details in assigned}
    officers |= {str(event.details["second_person"]) for event in journey.events if "second_person" in event.details}
    teams = {str(details["team"]) for details in assigned}
    names = {
        row.id: row.name
        for row in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(officers)))
    }
    names.update(
        {row.id: row.name for row in connection.execute(select(TEAMS.c.id, TEAMS.c.name).where(TEAMS.c.id.in_(teams)))}
    )
    return names


def _details_in_words(
    event: JourneyEvent, labels: Mapping[str, str], hidden: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    known = {detail.name: detail for detail in EVENT_KINDS[event.kind].details}
    return tuple(
        (known[name].label, _value_in_words(known[name], value, labels))
        for name, value in event.details.items()
        if name in known and name not in hidden and value != ""
    )


def _value_in_words(detail: Detail, value: Value, labels: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return in_words(value)
    if detail.type is DetailType.CODE and detail.choices:
        return detail.choices.get(str(value), str(value))
    if detail.name == "outcome_type" and str(value) in outcome_types():
        return outcome_types()[str(value)].words
    return labels.get(str(value), str(value))


def _duty_in_words(named: DutyNamed, code: VictimsCode) -> str:
    for edition in code.known:
        if edition.has_rule(named.rule):
            return edition.rule(named.rule).marked_title
    return named.rule

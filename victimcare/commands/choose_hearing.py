"""Record how a victim chose to hear, with what follows of it for the journey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearing_choices import HowOften, kinds_that_follow
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.store import audit, cases, contact_choices
from victimcare.store.cases import CaseChanged


@dataclass(frozen=True, slots=True)
class HearingChoice:
    """What the victim chose; `interval_days` are calendar days, None where there is no regular contact."""

    how_often: HowOften
    interval_days: int | None
    means: Sequence[str] = ()
    times: Sequence[str] = ()


def choice_events(connection: Connection, *, ref: str, choice: HearingChoice, now: datetime) -> list[NewEvent]:
    """The events that make the choice so, from this instant. Raises `NoSuchCase`."""
    return _events(connection, cases.look_at(connection, ref), choice, now)


def choose_hearing(
    connection: Connection,
    *,
    ref: str,
    choice: HearingChoice,
    by: Person,
    now: datetime,
    law: Law,
    seen_version: int | None = None,
) -> None:
    """Keep the choice and record its events. Raises `NoSuchCase`, `CaseChanged`, `EventRefused`."""
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    events = _events(connection, stored, choice, now)
    row = {
        "case_id": stored.id,
        "from_on": london_date(now),
        "how_often": choice.how_often.value,
        "interval_days": choice.interval_days,
        "means": ",".join(choice.means),
        "times": ",".join(choice.times),
        "recorded_by": by.id,
        "recorded_at": now,
    }
    contact_choices.add(connection, row)
    for event in events:
        record_event(connection, ref=ref, event=event, by=by, now=now, law=law)
    audit.write(connection, at=now, operation="alteration", what="choose how to hear", person=by, case_ids=[stored.id])


def _events(connection: Connection, stored: cases.StoredCase, choice: HearingChoice, now: datetime) -> list[NewEvent]:
    before = contact_choices.chosen(connection, stored.id, stored.case.journey)
    follow = kinds_that_follow(choice.how_often, choice.interval_days, stored.case.journey.chains().values())
    events = [NewEvent(kind, Moment.instant(now), details=dict(details)) for kind, details in follow]
    if (frozenset(choice.means), frozenset(choice.times)) != (before.means, before.times):
        events.append(NewEvent(EventKind.PREFERENCE_CHANGED, Moment.instant(now)))
    return events

"""Tell people of duties that reach a step of the ladder: rows of the outbox, each effect once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.calendar import LONDON, WorkingCalendar, london_date
from victimcare.domain.ladder import Ladder, Step, Told, age_on, due_when_reached, told_at
from victimcare.domain.people import NO_LISTS
from victimcare.domain.reminders import Recipient, recipients
from victimcare.store import audit, case_lists, digests, outbox, reminding
from victimcare.store.reminding import Here
from victimcare.store.staff import SYSTEM

FIRST_LOOK_BACK = 5
"""Working days. What reached its step longer before the first run is on the worklists, not in anybody's mail."""
_STILL_BEING_WRITTEN = timedelta(minutes=5)
"""An event has the instant at which its writing began: one of before the last run may have come after it."""
_GATHERED_WITHIN = timedelta(minutes=15)
"""Longer than a run takes to write: a digest that left sooner would leave without what is still being written."""

Place = tuple[datetime, int | None]
"""When a notice may leave, and the id of the digest with which it does, if with any."""


def duties_at_a_step(
    connection: Connection,
    *,
    reached_at: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    ladder: Ladder,
    own_agency: str,
    urgent_only: bool = False,
) -> list[Any]:
    """The duties that have reached a step since the run that succeeded at `reached_at`, or that came to be at one.

    Other agencies' duties are waited for, and nobody here is told of them. With `urgent_only`, those of cases that
    changed and that stand at an urgent step.
    """
    today = london_date(now)
    since = looked_back_to(reached_at, today=today, calendar=calendar)
    asked: dict[str, Any] = {"own_agency": own_agency, "today": today}
    rows: list[Any] = []
    if not urgent_only:
        spans = [due_when_reached(at, after=since, today=today, calendar=calendar) for at in ladder.ages]
        rows += reminding.duties_due_between(connection, spans, **asked)
    if reached_at is not None:
        rows += reminding.duties_of_changed_cases(connection, since=written_since(reached_at), **asked)
    duties = {reminding.duty_key(row): row for row in rows}
    standing = ((duties[key], step_of(duties[key], now, calendar, ladder)) for key in sorted(duties))
    return [row for row, step in standing if step is not None and (step.urgent or not urgent_only)]


def looked_back_to(reached_at: datetime | None, *, today: date, calendar: WorkingCalendar) -> date:
    """The working day after which what reached a step is told of."""
    if reached_at is None:
        return calendar.working_day_from(today, -FIRST_LOOK_BACK)
    return calendar.working_day_from(london_date(reached_at), 0)


def written_since(reached_at: datetime) -> datetime:
    """The instant from which on an event may be one that the run that succeeded at `reached_at` did not see."""
    return reached_at - _STILL_BEING_WRITTEN


def step_of(duty: Any, now: datetime, calendar: WorkingCalendar, ladder: Ladder) -> Step | None:
    """The step at which the duty of a row stands."""
    age = age_on(london_date(now), due_on=duty.due_on, calendar=calendar)
    return ladder.step_at(age, rule=duty.rule, right=duty.right_number)


def remind(
    connection: Connection, *, duties: Sequence[Any], now: datetime, calendar: WorkingCalendar, ladder: Ladder
) -> int:
    """Put into the outbox what is to be told of these duties at the step where they stand; how many were new.

    A step of which somebody was told already is not told again, whoever holds the case by now.
    """
    case_ids = [duty.case_id for duty in duties]
    told = reminding.steps_told(connection, case_ids)
    lists = case_lists.lists_of(connection, sorted({duty.case_id for duty in duties if duty.has_lists}))
    here = reminding.who_is_here(connection, duties, today=london_date(now))
    digest_of = _Digests(connection, here, now, calendar, ladder)
    rows: list[Mapping[str, Any]] = []
    for duty in duties:
        step, fired = step_of(duty, now, calendar, ladder), told.get(reminding.duty_key(duty), reminding.StepsTold())
        if step is not None and step.code not in fired.written:
            hear = told_at(step, ladder.steps(duty.rule, duty.right_number), fired.left)
            chosen = recipients(
                hear,
                holder=here.holder(duty),
                chain=here.chain(duty.holder_team_id),
                lists=lists.get(duty.case_id, NO_LISTS),
            )
            rows += [notice_row(duty, step.code, hear, one, now, digest_of.place(one, step)) for one in chosen]
    added = outbox.add(connection, rows)
    if added:
        audit.write(connection, at=now, operation="consultation", what="remind", person=SYSTEM, case_ids=case_ids)
    return added


class _Digests:
    """With whose digest a notice leaves, if with any, and when. An urgent one goes alone, and one to an inbox."""

    def __init__(
        self, connection: Connection, here: Here, now: datetime, calendar: WorkingCalendar, ladder: Ladder
    ) -> None:
        self._connection, self._alone, self._now = connection, here.alone, now
        self._at_once = ladder.hours.next_open(now, calendar)
        first = ladder.hours.next_open(now + _GATHERED_WITHIN, calendar)
        day_after = datetime.combine(london_date(first) + timedelta(days=1), time(0), LONDON)
        self._opens = (first, ladder.hours.next_open(day_after.astimezone(UTC), calendar))
        self._known: dict[str, Place] = {}

    def place(self, chosen: Recipient, step: Step) -> Place:
        """The instant at which it may leave, and the digest's id."""
        if step.urgent or chosen.person_id is None or chosen.person_id in self._alone:
            return self._at_once, None
        if chosen.person_id not in self._known:
            self._known[chosen.person_id] = self._open(chosen.person_id)
        return self._known[chosen.person_id]

    def _open(self, person_id: str) -> Place:
        for opens_at in self._opens:
            # One a day: what comes up after it has gone waits for the next.
            on = london_date(opens_at)
            found = digests.open_digest(self._connection, person_id, on=on, now=self._now, leaves_at=opens_at)
            if found is not None:
                return opens_at, found
        return self._at_once, None


def told_as_of(stored: str) -> list[Told]:
    """As what people are told of a step, as a row of the outbox says it."""
    return [Told(code) for code in stored.split()]


def notice_row(
    duty: Any, step: str, told_as: Sequence[Told], chosen: Recipient, now: datetime, place: Place
) -> Mapping[str, Any]:
    """The row of the outbox that tells this person of the duty at a step.

    `told_as`: as what anybody is told of that step; `place`: when it leaves, and with which digest.
    """
    leaves_at, digest_id = place
    return {
        "case_id": duty.case_id,
        "rule": duty.rule,
        "start_key": duty.start_key,
        "step": step,
        "due_on": duty.due_on,
        "told_as": " ".join(told_as),
        "recipient_id": chosen.person_id,
        "team_id": duty.holder_team_id if chosen.person_id is None else None,
        "digest_id": digest_id,
        "created_at": now,
        "next_try_at": leaves_at,
        "reference": secrets.token_hex(16),
        "status": "waiting",
        "attempts": 0,
    }

"""Find what the force's own watches have to tell of: the same steps, notices and readers as of duties."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.remind import looked_back_to, step_of, written_since
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.ladder import Ladder, due_when_reached
from victimcare.store import watching
from victimcare.store.reminding import changed_cases, duty_key
from victimcare.store.watching import Watched


def watched_at_a_step(
    connection: Connection,
    *,
    reached_at: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    ladder: Ladder,
) -> list[Watched]:
    """What has reached a step since the run that succeeded at `reached_at`, or came to be at one."""
    today = london_date(now)
    since = looked_back_to(reached_at, today=today, calendar=calendar)
    spans = {
        watch: [
            due_when_reached(step.at, after=since, today=today, calendar=calendar) for step in ladder.steps(watch, 0)
        ]
        for watch in ladder.watches
    }
    found = watching.watched_between(connection, spans, ladder=ladder, calendar=calendar, today=today)
    if reached_at is not None:
        changed = changed_cases(connection, since=written_since(reached_at))
        found += watching.watched_in(connection, changed, ladder=ladder, calendar=calendar, today=today)
    standing = {duty_key(one): one for one in found if step_of(one, now, calendar, ladder) is not None}
    return [standing[key] for key in sorted(standing)]

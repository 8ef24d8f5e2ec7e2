"""Why duties of the demonstration were late, as their case officers said: of most of them, as in a force that asks.

Each was found late on the morning after its day, as the job finds it: where nobody has said why since, the supervisor
is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection, bindparam, select, update

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.calendar import london_date
from victimcare.store import breach_causes, newly_late
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import StoredCase

_CAUSES = ("workload", "overlooked", "not_reached", "news_late", "decision_awaited", "nobody_stood_in", "victim_asked")
_WEIGHTS = (9, 6, 6, 4, 2, 2, 1)
_SAID = 0.95
_DAYS_UNTIL_SAID = 9
_MORNING, _A_DAY = time(0, 10), timedelta(days=1)


def say_why_late(connection: Connection, stored: Sequence[StoredCase], *, at: datetime) -> None:
    """Write the breaches of these cases, and the causes that were given of them by `at`."""
    cases = {case.id: case.case for case in stored}
    newly_late.write_breaches(connection, list(cases), today=london_date(at), now=at)
    _find_each_in_its_morning(connection, list(cases))
    for breach in breach_causes.without_cause(connection, list(cases), owed_by=OWN_AGENCY):
        case = cases[breach.case_id]
        chance = Random(f"{case.ref} {breach.rule} {breach.start_key}")  # noqa: S311 - the same duty, the same cause
        after = timedelta(days=chance.randint(1, _DAYS_UNTIL_SAID))
        said_at = datetime.combine(breach.due_on, time(15), UTC) + after
        if said_at < at and chance.random() < _SAID:
            [cause] = chance.choices(_CAUSES, _WEIGHTS)
            by = breach.officer_id or case.holder.officer_id
            breach_causes.give(
                connection, breach.id, case_id=breach.case_id, cause=cause, note_id=None, by=by, at=said_at
            )


def _find_each_in_its_morning(connection: Connection, case_ids: Sequence[int]) -> None:
    found = connection.execute(select(BREACHES.c.id, BREACHES.c.due_on).where(BREACHES.c.case_id.in_(case_ids)))
    mornings = [{"breach": row.id, "at": datetime.combine(row.due_on, _MORNING, UTC) + _A_DAY} for row in found]
    if mornings:
        of_it = update(BREACHES).where(BREACHES.c.id == bindparam("breach"))
        connection.execute(of_it.values(found_at=bindparam("at")), mornings)

"""Which supervisor was on duty in a team on a day: whoever was in the evening, as with who held a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.store.database import is_sqlite
from victimcare.store.staff import TEAMS
from victimcare.store.tables import FormerDuty

_FORMER = FormerDuty.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The supervisors on duty of some teams: now, and those before, by the London date on which another took over."""

    now: dict[str, str | None]
    former: dict[str, dict[date, str | None]]

    def on(self, team_id: str, day: date) -> str | None:
        """Who was on duty at the end of `day` (London date); None where nobody was."""
        ended = [until_on for until_on in self.former.get(team_id, {}) if until_on > day]
        return self.former[team_id][min(ended)] if ended else self.now.get(team_id)


def on_duty_in(connection: Connection, team_ids: Iterable[str]) -> OnDuty:
    """Who is and was on duty in these teams."""
    wanted = sorted(set(team_ids))
    now = connection.execute(select(TEAMS.c.id, TEAMS.c.duty_supervisor_id).where(TEAMS.c.id.in_(wanted)))
    found = OnDuty({row.id: row.duty_supervisor_id for row in now}, {})
    for row in connection.execute(select(_FORMER).where(_FORMER.c.team_id.in_(wanted))):
        found.former.setdefault(row.team_id, {})[row.until_on] = row.supervisor_id
    return found


def end_duty(connection: Connection, team_id: str, supervisor_id: str | None, *, on: date) -> None:
    """Keep who was on duty until somebody else took over on `on`; on one day the first of several changes counts."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    row = {"team_id": team_id, "until_on": on, "supervisor_id": supervisor_id}
    connection.execute(dialect.insert(_FORMER).values(row).on_conflict_do_nothing())

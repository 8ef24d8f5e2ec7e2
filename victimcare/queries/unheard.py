"""Duties of which nobody was here to hear: counts by team, for the team's supervisors and those who keep teams."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select, text, true

from victimcare.domain.people import Action, Person, scope_of
from victimcare.queries.scope import open_to_viewer
from victimcare.store.case_lists import has_lists
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import TEAMS
from victimcare.store.tables import OPEN_AND_COUNTED


@dataclass(frozen=True, slots=True)
class Unheard:
    """How many open duties of a team nobody heard of. Without an inbox nobody was told at all.

    Of `kept_from_inbox` no inbox was told: somebody who may read it is kept from the case.
    """

    team_name: str
    duties: int
    has_inbox: bool
    kept_from_inbox: int = 0


def unheard(connection: Connection, *, person: Person) -> tuple[Unheard, ...]:
    """Of the person's own team, of every team for those who keep them; nothing for anybody else.

    What somebody is kept from is not counted for them.

    It ends when the duties end, for until then somebody has to see to them.
    """
    every_team = scope_of(person, Action.KEEP_PEOPLE) is not None
    if not every_team and scope_of(person, Action.SEE_TEAM) is None:
        return ()
    asked = {} if every_team else {"team_id": person.team_id, "viewer": person.id}
    rows = connection.execute(_counted(every_team), asked)
    return tuple(Unheard(row.name, int(row.duties), bool(row.inbox), int(row.kept)) for row in rows)


@cache  # made once, as those of the worklist
def _counted(every_team: bool) -> Select[Any]:
    of_team = (OUTBOX.c.team_id == bindparam("team_id")) & open_to_viewer(CASES.c.id)
    still_open = and_(
        DUES.c.case_id == OUTBOX.c.case_id,
        DUES.c.rule == OUTBOX.c.rule,
        DUES.c.start_key == OUTBOX.c.start_key,
        DUES.c.due_on == OUTBOX.c.due_on,
    )
    joined = OUTBOX.join(DUES, still_open).join(TEAMS, TEAMS.c.id == OUTBOX.c.team_id)
    joined = joined.join(CASES, CASES.c.id == OUTBOX.c.case_id)
    duties = func.count(func.distinct(DUES.c.start_key + DUES.c.rule))
    counted = (
        select(TEAMS.c.name, TEAMS.c.inbox, has_lists(DUES.c.case_id).label("has_lists"), duties.label("duties"))
        .select_from(joined)
        .where(OUTBOX.c.team_id.is_not(None), text(OPEN_AND_COUNTED), OUTBOX.c.status != "cancelled")
        .where(true() if every_team else of_team)
        .group_by(TEAMS.c.id, TEAMS.c.name, TEAMS.c.inbox, DUES.c.case_id)
    ).subquery()
    kept = func.sum(case((counted.c.has_lists, counted.c.duties), else_=0)).label("kept")
    of_teams = select(counted.c.name, counted.c.inbox, func.sum(counted.c.duties).label("duties"), kept)
    return of_teams.group_by(counted.c.name, counted.c.inbox).order_by(counted.c.name)

"""The register of incidents: for supervisors that of their team with its words, for administrators all without."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from victimcare.domain.incident import DECISIONS, Decision, TellingClock
from victimcare.domain.people import Action, Person, scope_of
from victimcare.queries.scope import visible_cases
from victimcare.store.cases import CASES
from victimcare.store.incidents import INCIDENT_CASES, INCIDENTS, WHAT, WHY, undecided
from victimcare.store.sealed_words import opened_from
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident. `words`, `why` and `refs` are empty for those who see no case; `cases` counts all it touched."""

    id: str
    clock: TellingClock
    recorded_by: str
    recorded_at: datetime
    cases: int
    case_ids: tuple[int, ...]
    refs: tuple[str, ...]
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be done."""
        return self.closed_at is None


def incidents(connection: Connection, *, person: Person, vault: Vault) -> tuple[IncidentView, ...]:
    """Those that the person may see, the newest first. Raises `DoesNotOpen`."""
    if scope_of(person, Action.SEE_INCIDENTS) is None:
        return ()
    keeps = scope_of(person, Action.KEEP_INCIDENTS) is not None
    wanted = select(INCIDENTS).order_by(INCIDENTS.c.found_at.desc(), INCIDENTS.c.id)
    if keeps:
        wanted = wanted.where(INCIDENTS.c.team_id == person.team_id)
    names = {row.id: row.name for row in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name))}
    rows = connection.execute(wanted).all()
    return tuple(_view(connection, row, names, person, vault if keeps else None) for row in rows)


def clocks_of(connection: Connection, person: Person) -> tuple[tuple[str, TellingClock], ...]:
    """The references and clocks of those about which the person is to decide, and nobody has."""
    if scope_of(person, Action.KEEP_INCIDENTS) is None:
        return ()
    waiting = undecided(connection)
    return tuple((row.id, TellingClock(row.found_at)) for row in waiting if row.team_id == person.team_id)


def _view(connection: Connection, row: Any, names: dict[str, str], person: Person, vault: Vault | None) -> IncidentView:
    mine = INCIDENT_CASES.c.incident_id == row.id
    count = connection.execute(select(func.count()).select_from(INCIDENT_CASES).where(mine)).scalar_one()
    joined = INCIDENT_CASES.join(CASES, CASES.c.id == INCIDENT_CASES.c.case_id)
    seen = select(CASES.c.id, CASES.c.ref).select_from(joined).where(mine, visible_cases(person))
    cases = connection.execute(seen.order_by(CASES.c.ref)).all() if vault else []
    return IncidentView(
        id=row.id,
        clock=TellingClock(row.found_at),
        recorded_by=names[row.recorded_by],
        recorded_at=row.recorded_at,
        cases=count,
        case_ids=tuple(case.id for case in cases),
        refs=tuple(case.ref for case in cases),
        decision=DECISIONS[Decision(row.decision)] if row.decision else None,
        decided_by=names.get(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
        closed_by=names.get(row.closed_by) if row.closed_by else None,
        closed_at=row.closed_at,
        words=opened_from(WHAT, row.id, row.sealed, vault) if vault else "",
        why=opened_from(WHY, row.id, row.sealed_decision, vault) if vault else "",
    )

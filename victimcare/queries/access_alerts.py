"""Signs of snooping for those who review them: who, what, on which day, and all that the person did on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select, text

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.emergency_access import review_overdue
from victimcare.domain.people import Action, Person, scope_of
from victimcare.domain.snooping import Sign
from victimcare.queries.snooping import Done, what_they_did
from victimcare.store.access_alerts import ALERTS, words_of
from victimcare.store.cases import CASES
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import TO_REVIEW
from victimcare.store.vault import Vault
from victimcare.store.words_reader import words_for

_REVIEWER = PEOPLE.alias("reviewer")
MOST = 100


@dataclass(frozen=True, slots=True)
class AlertView:
    """One of them. `overdue`: nobody reviewed it in time. `is_own`: it is about whoever looks, who cannot review it."""

    id: str
    who: str
    sign: Sign
    count: int
    looked_on: date
    case_id: int | None
    ref: str | None
    overdue: bool
    is_own: bool
    outcome: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertInFull:
    """One with what its person did on that day, and what a reviewer wrote."""

    view: AlertView
    did: tuple[Done, ...]
    words: str = field(repr=False)

    @property
    def case_ids(self) -> list[int]:
        """The cases whose references it shows."""
        return sorted({case_id for case_id in (self.view.case_id, *(done.case_id for done in self.did)) if case_id})


def access_alerts(
    connection: Connection, *, person: Person, today: date, calendar: WorkingCalendar
) -> tuple[AlertView, ...]:
    """Those to review, the oldest first, and then the last that were; none for those who do not review."""
    if scope_of(person, Action.REVIEW_ALERTS) is None:
        return ()
    waiting = _all().where(text(TO_REVIEW)).order_by(ALERTS.c.found_at, ALERTS.c.id)
    done = _all().where(ALERTS.c.reviewed_at.is_not(None)).order_by(ALERTS.c.reviewed_at.desc()).limit(MOST)
    return tuple(
        _view(row, person, today, calendar) for row in [*connection.execute(waiting), *connection.execute(done)]
    )


def one_alert(
    connection: Connection, *, person: Person, alert_id: str, today: date, calendar: WorkingCalendar, vault: Vault
) -> AlertInFull | None:
    """The one of this id, for those who review. Raises `DoesNotOpen`."""
    row = connection.execute(_all().where(ALERTS.c.id == alert_id)).first()
    if row is None or scope_of(person, Action.REVIEW_ALERTS) is None:
        return None
    did = what_they_did(connection, row.person_id, row.looked_on)
    return AlertInFull(_view(row, person, today, calendar), did, _words(connection, row, person, vault))


def _words(connection: Connection, row: Any, person: Person, vault: Vault) -> str:
    """What the reviewer wrote; of a case whose location is protected, for its custodian alone."""
    if row.case_id is None:
        return words_of(row, vault)
    return words_for(connection, row.case_id, person, vault).read(ALERTS.c.sealed_words, row.id, row.sealed_words)


def _all() -> Select[Any]:
    joined = (
        ALERTS.join(PEOPLE, PEOPLE.c.id == ALERTS.c.person_id)
        .outerjoin(CASES, CASES.c.id == ALERTS.c.case_id)
        .outerjoin(_REVIEWER, _REVIEWER.c.id == ALERTS.c.reviewed_by)
    )
    names = (CASES.c.ref, PEOPLE.c.name.label("who"), _REVIEWER.c.name.label("reviewer"))
    return select(ALERTS, *names).select_from(joined)


def _view(row: Any, person: Person, today: date, calendar: WorkingCalendar) -> AlertView:
    return AlertView(
        id=row.id,
        who=row.who,
        sign=Sign(row.sign),
        count=row.count,
        looked_on=row.looked_on,
        case_id=row.case_id,
        ref=row.ref,
        overdue=row.outcome is None and review_overdue(row.found_at, today, calendar),
        is_own=row.person_id == person.id,
        outcome=row.outcome,
        reviewed_by=row.reviewer,
        reviewed_at=row.reviewed_at,
    )

"""Signs of snooping for those who review them: who, what, on which day, and all that the person did on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select, text

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
    """One of them. `is_own`: it is about whoever looks, who does not review it."""

    id: str
    who: str
    sign: Sign
    count: int
    looked_on: date
    ref: str | None
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


def access_alerts(connection: Connection, *, person: Person) -> tuple[AlertView, ...]:
    """Those to review, the oldest first, and then the last that were; none for those who do not review."""
    if scope_of(person, Action.REVIEW_ALERTS) is None:
        return ()
    waiting = _all().where(text(TO_REVIEW)).order_by(ALERTS.c.found_at, ALERTS.c.id)
    done = _all().where(ALERTS.c.reviewed_at.is_not(None)).order_by(ALERTS.c.reviewed_at.desc()).limit(MOST)
    return tuple(_view(row, person) for row in [*connection.execute(waiting), *connection.execute(done)])


def one_alert(connection: Connection, *, person: Person, alert_id: str, vault: Vault) -> AlertInFull | None:
    """The one of this id, for those who review. Raises `DoesNotOpen`."""
    row = connection.execute(_all().where(ALERTS.c.id == alert_id)).first()
    if row is None or scope_of(person, Action.REVIEW_ALERTS) is None:
        return None
    did = what_they_did(connection, row.person_id, row.looked_on)
    return AlertInFull(_view(row, person), did, _words(connection, row, person, vault))


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


def _view(row: Any, person: Person) -> AlertView:
    return AlertView(
        id=row.id,
        who=row.who,
        sign=Sign(row.sign),
        count=row.count,
        looked_on=row.looked_on,
        ref=row.ref,
        is_own=row.person_id == person.id,
        outcome=row.outcome,
        reviewed_by=row.reviewer,
        reviewed_at=row.reviewed_at,
    )

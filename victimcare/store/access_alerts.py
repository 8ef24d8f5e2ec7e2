"""Alerts of snooping in the database; what a reviewer writes about one is sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, text, update

from victimcare.domain.snooping import Sign, Suspicion
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import TO_REVIEW, AccessAlert
from victimcare.store.vault import Vault

ALERTS = AccessAlert.__table__  # type: ignore[attr-defined]
_WORDS = ALERTS.c.sealed_words


class Kept(NamedTuple):
    """An alert, and who it is about."""

    id: str
    person_id: str


def add(connection: Connection, found: Sequence[Suspicion], *, looked_on: date, now: datetime) -> list[Kept]:
    """Keep those that are not known yet, and return them. A surname is asked about once a person and case, for ever."""
    known = _known(connection, sorted({each.person_id for each in found}), looked_on)
    new = [each for each in found if _key(each.person_id, each.sign, each.case_id, looked_on) not in known]
    rows = [_row(each, looked_on, now) for each in new]
    if rows:
        connection.execute(insert(ALERTS), rows)
    return [Kept(row["id"], row["person_id"]) for row in rows]


def review(
    connection: Connection, alert_id: str, *, outcome: str, words: str, by: str, now: datetime, vault: Vault
) -> bool:
    """Keep what a reviewer found; False where there is no such alert, or somebody reviewed it before."""
    values = {
        "outcome": outcome,
        "sealed_words": sealed_in(_WORDS, alert_id, words, vault),
        "reviewed_by": by,
        "reviewed_at": now,
    }
    waiting = (ALERTS.c.id == alert_id) & text(TO_REVIEW)
    return connection.execute(update(ALERTS).where(waiting).values(values)).rowcount == 1


def person_of(connection: Connection, alert_id: str) -> str | None:
    """Who it is about; None where there is no such alert."""
    found: str | None = connection.execute(select(ALERTS.c.person_id).where(ALERTS.c.id == alert_id)).scalar()
    return found


def words_of(row: Any, vault: Vault) -> str:
    """What the reviewer wrote. Raises `DoesNotOpen`."""
    return opened_from(_WORDS, row.id, row.sealed_words, vault)


def _row(found: Suspicion, looked_on: date, now: datetime) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "person_id": found.person_id,
        "sign": found.sign.value,
        "looked_on": looked_on,
        "count": found.count,
        "case_id": found.case_id,
        "found_at": now,
    }


def _known(connection: Connection, person_ids: Sequence[str], looked_on: date) -> set[tuple[Any, ...]]:
    of_them = ALERTS.c.person_id.in_(person_ids)
    that_day = (ALERTS.c.looked_on == looked_on) | (ALERTS.c.sign == Sign.SAME_NAME.value)
    return {
        _key(row.person_id, Sign(row.sign), row.case_id, row.looked_on)
        for row in connection.execute(select(ALERTS).where(of_them, that_day))
    }


def _key(person_id: str, sign: Sign, case_id: int | None, looked_on: date) -> tuple[Any, ...]:
    return person_id, sign, case_id, None if sign is Sign.SAME_NAME else looked_on

"""Derive the deadlines of some cases anew and compare them with those stored. Changes nothing."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from victimcare.domain.law import Law
from victimcare.store import dues
from victimcare.store.cases import CASES, stored_case
from victimcare.store.journeys import journeys_of


def check_sample(connection: Connection, *, law: Law, size: int) -> int:
    """How many due rows of `size` cases taken at random are not as derived."""
    rows = connection.execute(select(CASES).order_by(func.random()).limit(size)).all()
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    stored = dues.stored_rows(connection, list(journeys))
    derived = {}
    for row in rows:
        _, due_rows = dues.derive(row.id, stored_case(row, journeys[row.id]).case, law)
        derived.update({(due["case_id"], due["rule"], due["start_key"]): due for due in due_rows})
    return sum(stored.get(key) != derived.get(key) for key in stored.keys() | derived.keys())

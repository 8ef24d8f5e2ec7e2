"""Derive the deadlines of some cases anew and compare them with those stored. Changes nothing."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from victimcare.domain.law import Law
from victimcare.store import rebuilding
from victimcare.store.cases import CASES


def check_sample(connection: Connection, *, law: Law, size: int) -> int:
    """How many due rows of `size` cases taken at random are not as derived."""
    ids = connection.execute(select(CASES.c.id).order_by(func.random()).limit(size)).scalars().all()
    return len(rebuilding.differences(connection, list(ids), law=law))

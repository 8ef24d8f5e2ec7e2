"""Derive the deadlines of some cases anew and compare them with those stored. Changes nothing."""

from __future__ import annotations

from victimcare.domain.law import Law
from victimcare.store import rebuilding
from victimcare.store.database import Database


def check_projection(database: Database, *, law: Law, sample: int) -> int:
    """How many due rows of `sample` cases taken at random are not as derived."""
    return len(rebuilding.check(database, law=law, sample=sample))

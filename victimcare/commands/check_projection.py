"""Derive some cases anew and compare them with those stored. Changes nothing."""

from __future__ import annotations

from datetime import date

from victimcare.domain.law import Law
from victimcare.store import rebuilding
from victimcare.store.database import Database


def check_projection(database: Database, *, law: Law, sample: int, today: date) -> int:
    """How many rows of `sample` cases taken at random, their due rows or their own, are not as derived on `today`."""
    return len(rebuilding.check(database, law=law, sample=sample, today=today))

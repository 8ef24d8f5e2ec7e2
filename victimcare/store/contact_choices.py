"""How victims chose to hear, each choice kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from victimcare.domain.hearing_choices import Chosen, wants_nothing
from victimcare.domain.journey import Journey
from victimcare.store.tables import ContactChoice

CONTACT_CHOICES = ContactChoice.__table__  # type: ignore[attr-defined]


def chosen(connection: Connection, case_id: int, journey: Journey) -> Chosen:
    """How the victim wants to hear now: by their last choice, and unless they opted out of everything."""
    last = select(CONTACT_CHOICES).where(CONTACT_CHOICES.c.case_id == case_id).order_by(CONTACT_CHOICES.c.id.desc())
    row = connection.execute(last.limit(1)).first()
    means, times = (row.means, row.times) if row else ("", "")
    return Chosen(_codes(means), _codes(times), wants_nothing(journey.chains().values()))


def _codes(listed: str) -> frozenset[str]:
    return frozenset(code for code in listed.split(",") if code)


def add(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store one choice."""
    connection.execute(insert(CONTACT_CHOICES).values(dict(row)))

"""What the Code lead of a demonstration has checked so far: invented, and each says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.code import VictimsCode
from victimcare.domain.edition_entries import Finding, entries_of
from victimcare.exchange.demonstration.people import CODE_LEAD_ID
from victimcare.store import code_checks

_SOURCE = "Nothing: invented for this demonstration"
_FOUND = (Finding.AGREES, Finding.AGREES, Finding.DIFFERS, Finding.AGREES)


def add_code_checks(connection: Connection, code: VictimsCode, *, now: datetime) -> None:
    """The first few rules of the latest edition, one of them found different."""
    for days, (entry, finding) in enumerate(zip(entries_of(code.latest), _FOUND, strict=False), start=2):
        at = now - timedelta(days=days)
        code_checks.add(
            connection,
            edition=code.latest.id,
            entry=entry.id,
            entry_mark=entry.mark,
            finding=finding,
            source=_SOURCE,
            looked_on=london_date(at),
            difference="Invented, to show how a difference looks" if finding is Finding.DIFFERS else None,
            by=CODE_LEAD_ID,
            at=at,
        )

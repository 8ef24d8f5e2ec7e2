"""Say that an entry of an edition was compared with the Code itself, and what was found."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.code import VictimsCode
from victimcare.domain.edition_entries import Finding, entry_of
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, code_checks


def check_code(
    connection: Connection,
    *,
    code: VictimsCode,
    edition_id: str,
    entry_id: str,
    finding: Finding,
    source: str,
    looked_on: date,
    difference: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep it beside the entry; what the edition says is not changed by it. `looked_on` is a London date.

    Raises `UnknownEntry`, `CheckRefused`, `NotTheirCode`.
    """
    if not may(by, Action.CHECK_CODE):
        raise NotTheirCode(by)
    entry = entry_of(code, edition_id, entry_id)
    if (finding is Finding.DIFFERS) is not bool(difference):
        raise CheckRefused(
            "difference", "Enter what is different" if not difference else "Leave this empty where it agrees"
        )
    if looked_on > london_date(now):
        raise CheckRefused("looked_on", "Day on which you looked must be today or in the past")
    for field, words in (("source", source), ("difference", difference)):
        if told := told_in(words):
            raise CheckRefused(field, f"Leave out {' and '.join(told)}: this is about the law, and about nobody")
    code_checks.add(
        connection,
        edition=edition_id,
        entry=entry.id,
        entry_mark=entry.mark,
        finding=finding,
        source=source,
        looked_on=looked_on,
        difference=difference or None,
        by=by.id,
        at=now,
    )
    what = f"check {entry.id} of the edition {edition_id}: {finding}"
    audit.write(connection, at=now, operation="collection", what=what, person=by)


class CheckRefused(ValueError):
    """What was said of the check cannot be; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


class NotTheirCode(PermissionError):
    """Somebody whose role does not check the Code asked to."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not check the Code")

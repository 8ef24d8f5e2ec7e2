"""Whom to ask at other agencies, what they owe late, and when they were asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, or_, select, text, update

from victimcare.store.case_lists import has_lists
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX
from victimcare.store.tables import OPEN_AND_COUNTED, OPEN_AND_EXPECTED, AgencyContact

CONTACTS = AgencyContact.__table__  # type: ignore[attr-defined]
_AT_ONCE = 500
# Made once, as those of the worklist.
_CONTACTS = select(CONTACTS).order_by(CONTACTS.c.agency)
_ASKED_FOR = (
    select(OUTBOX.c.case_id, OUTBOX.c.rule, OUTBOX.c.start_key, OUTBOX.c.sent_at)
    .where(OUTBOX.c.case_id.in_(bindparam("case_ids", expanding=True)), OUTBOX.c.agency.is_not(None))
    .where(OUTBOX.c.status == "sent")
    .order_by(OUTBOX.c.sent_at)
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact of an agency. `version` counts its writes."""

    agency: str
    email: str
    version: int


def contacts(connection: Connection) -> dict[str, Contact]:
    """Every contact, by the code of its agency."""
    rows = connection.execute(_CONTACTS)
    return {row.agency: Contact(row.agency, row.email, row.version) for row in rows}


def keep(connection: Connection, agency: str, email: str | None, *, seen: int, by: str, at: datetime) -> bool:
    """Write the contact of an agency (None: there is none any more); False where it is not version `seen` (0: none)."""
    of_agency = (CONTACTS.c.agency == agency) & (CONTACTS.c.version == seen)
    if seen == 0:
        if connection.execute(select(CONTACTS.c.agency).where(CONTACTS.c.agency == agency)).first():
            return False
        if email:
            values = {"agency": agency, "email": email, "version": 1, "changed_by": by, "changed_at": at}
            connection.execute(insert(CONTACTS).values(values))
        return True
    if not email:
        return connection.execute(CONTACTS.delete().where(of_agency)).rowcount == 1
    values = {"email": email, "version": seen + 1, "changed_by": by, "changed_at": at}
    return connection.execute(update(CONTACTS).where(of_agency).values(values)).rowcount == 1


def owed_by_others(connection: Connection, spans: Iterable[tuple[date, date]], *, own_agency: str) -> list[Any]:
    """What other agencies owe, and has not come, due on a day of one of these spans (first and last London date)."""
    rows: list[Any] = []
    for span in spans:
        for standing in (OPEN_AND_COUNTED, OPEN_AND_EXPECTED):
            owed = _owed(standing, own_agency).where(DUES.c.due_on.between(*span))
            rows += connection.execute(owed)
    return rows


def owed_by_others_in(connection: Connection, case_ids: Sequence[int], *, own_agency: str) -> list[Any]:
    """The same of these cases, whenever it is due."""
    rows: list[Any] = []
    for start in range(0, len(case_ids), _AT_ONCE):
        some = DUES.c.case_id.in_(case_ids[start : start + _AT_ONCE])
        for standing in (OPEN_AND_COUNTED, OPEN_AND_EXPECTED):
            rows += connection.execute(_owed(standing, own_agency).where(some))
    return rows


def asked_for(connection: Connection, case_ids: Sequence[int]) -> dict[tuple[int, str, str], list[datetime]]:
    """When other agencies were asked for what they owe in these cases: by case, rule and start, the first ask first."""
    found: dict[tuple[int, str, str], list[datetime]] = {}
    for row in connection.execute(_ASKED_FOR, {"case_ids": list(case_ids)}):
        found.setdefault((row.case_id, row.rule, row.start_key), []).append(row.sent_at)
    return found


def _owed(standing: str, own_agency: str) -> Select[Any]:
    columns = (DUES, CASES.c.ref, has_lists(DUES.c.case_id).label("has_lists"))
    joined = DUES.join(CASES, CASES.c.id == DUES.c.case_id)
    to_others = or_(DUES.c.owed_by != own_agency)
    return select(*columns).select_from(joined).where(text(standing), to_others, CASES.c.status == "open")

"""Which cases another agency has something to do with: it owes something there now, or has recorded something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select, text, union

from victimcare.domain.case import Case, status_of
from victimcare.domain.people import CaseHolder, Person
from victimcare.store import protections
from victimcare.store.api_clients import CLIENTS
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.protections import PROTECTIONS
from victimcare.store.tables import BY_AN_AGENCY, OWED_BY_OTHERS

_PROTECTED = PROTECTIONS.alias("protected")


def concerning(agency: Any) -> Select[Any]:
    """The ids of the cases that concern this agency (its code, or what will say it): none for None."""
    both = union(_owed(agency), _recorded(agency)).subquery("concerning")
    return select(both.c.case_id)


def _owed(agency: Any) -> Select[Any]:
    return select(DUES.c.case_id).where(text(OWED_BY_OTHERS), DUES.c.owed_by == agency, DUES.c.counting.in_(_STANDS))


def _recorded(agency: Any) -> Select[Any]:
    systems = select(CLIENTS.c.person_id).where(CLIENTS.c.agency == agency)
    return select(EVENTS.c.case_id).where(text(BY_AN_AGENCY), EVENTS.c.recorded_by.in_(systems))


_STANDS = ("counted", "expected")
"""What is owed, or will be once a hearing is over: not what nobody knows yet."""


def concerns(connection: Connection, case_id: int, agency: str) -> bool:
    """Whether this case concerns this agency; it reads no other."""
    return bool(connection.execute(_CONCERNS, {"agency": agency, "case_id": case_id}).scalar())


_CONCERNS = select(
    _owed(bindparam("agency")).where(DUES.c.case_id == bindparam("case_id")).exists()
    | _recorded(bindparam("agency")).where(EVENTS.c.case_id == bindparam("case_id")).exists()
)
"""Made once: it is asked with every event of an agency."""


def holder_for_agency(connection: Connection, by: Person, case_id: int, case: Case, holder: CaseHolder) -> CaseHolder:
    """The holder of a case with what decides whether the system of an agency may read it, for `may`."""
    is_void = status_of(case.journey.chains().values()) == "void"
    agency = str(by.agency)
    theirs = by.agency is not None and not is_void and case.area in by.areas
    known_to = {agency} if theirs and concerns(connection, case_id, agency) else set()
    protected = protections.current(connection, case_id) is not None
    return replace(holder, concerns=frozenset(known_to), location_protected=protected)


def is_protected(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A condition: nobody but a custodian may learn where the victim of this case is."""
    now = (_PROTECTED.c.case_id == case_id) & _PROTECTED.c.lifted_at.is_(None)
    return select(_PROTECTED.c.id).where(now).correlate_except(_PROTECTED).exists()

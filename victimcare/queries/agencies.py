"""Other agencies: whom to ask there, and when they were asked for what they owe in a person's cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, scope_of
from victimcare.store import agency_contacts


@dataclass(frozen=True, slots=True)
class AgencyHere:
    """An agency of the Code. Without an `email` nobody is asked there. `seen` is the version of what is kept."""

    code: str
    name: str
    email: str | None
    seen: int


@dataclass(frozen=True, slots=True)
class Asked:
    """When other agencies were asked for what they owe, by case, rule and start; and which have a contact to ask."""

    times: Mapping[tuple[int, str, str], Sequence[datetime]]
    with_contact: frozenset[str]

    def of(self, case_id: int, rule: str, start_key: str) -> Sequence[datetime]:
        """The instants at which this was asked for, the first one first."""
        return self.times.get((case_id, rule, start_key), ())


def agencies_here(connection: Connection, *, person: Person, law: Law) -> tuple[AgencyHere, ...]:
    """Every agency of the Code but our own; none for those who do not keep people and teams."""
    if scope_of(person, Action.KEEP_PEOPLE) is None:
        return ()
    known = agency_contacts.contacts(connection)
    names = {code: name for edition in law.code.editions for code, name in edition.agencies.items()}
    return tuple(
        AgencyHere(code, name, found.email if (found := known.get(code)) else None, found.version if found else 0)
        for code, name in names.items()
        if code != OWN_AGENCY
    )


def agencies_asked(connection: Connection, *, case_ids: Sequence[int]) -> Asked:
    """When others were asked in these cases, which were read in scope."""
    times = agency_contacts.asked_for(connection, case_ids) if case_ids else {}
    return Asked(times, frozenset(agency_contacts.contacts(connection)))

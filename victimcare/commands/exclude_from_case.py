"""Exclude somebody from a case, who is connected to a party of it, and end that. A supervisor decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_out import ListRefused, Taker, hand_on, keep_out, keep_out_of_others
from victimcare.commands.reassign_cases import CannotTakeCases, who_takes
from victimcare.commands.record_event import CaseChanged, open_for
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, Action, Person
from victimcare.store import audit, case_lists, cases, staff
from victimcare.store.case_lists import ListedAs
from victimcare.store.vault import Vault

_WHY = "handed over by decision of a supervisor"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Whom to exclude and why, in words; and who takes the case where they hold it.

    `of_crime`: from every victim's case of the crime.
    """

    person_id: str
    reason: str
    new_officer_id: str = ""
    of_crime: bool = False


def exclude_from_case(
    connection: Connection,
    *,
    ref: str,
    exclusion: Exclusion,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> None:
    """From now on the case does not exist for them. A case that they hold goes to the new officer in the same moment.

    Another of the crime that they hold goes to its supervisor on duty, and `by` is not told of it.
    Raises `NoSuchCase`, `CaseChanged`, `ListRefused`.
    """
    if exclusion.of_crime:
        cases.load_with_crime(connection, ref)  # locked in their order
    stored = open_for(connection, ref, by, Action.KEEP_LISTS)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    _check(connection, stored, exclusion.person_id, by)
    if stored.case.holder.officer_id == exclusion.person_id:
        taker = _new_officer(connection, stored, exclusion, by, now)
        hand_on(connection, stored, taker, why=_WHY, by=by, now=now, law=law)
    whom, reason = exclusion.person_id, exclusion.reason
    keep_out(connection, stored, whom, custodian_id=by.id, reason=reason, by=by, now=now, vault=vault)
    audit.write(connection, at=now, operation="alteration", what="exclude from case", person=by, case_ids=[stored.id])
    if exclusion.of_crime:
        keep_out_of_others(connection, stored, whom, by=by, now=now, law=law, vault=vault)


def end_exclusion(connection: Connection, *, ref: str, person_id: str, by: Person, now: datetime) -> None:
    """Exclude them no longer. Raises `NoSuchCase`, `ListRefused`."""
    stored = open_for(connection, ref, by, Action.KEEP_LISTS)
    if not case_lists.take_off(connection, stored.id, person_id, ListedAs.EXCLUDED, by=by, at=now):
        raise ListRefused("person", "They are not excluded from this case now")
    audit.write(connection, at=now, operation="alteration", what="end exclusion", person=by, case_ids=[stored.id])


def _check(connection: Connection, stored: cases.StoredCase, person_id: str, by: Person) -> None:
    if person_id == by.id:
        raise ListRefused("person", "Declare your own conflict of interest instead")
    if not staff.goes_on_working(connection, person_id):
        raise ListRefused("person", "Choose somebody who works cases here")
    if person_id in (stored.lists or NO_LISTS).excluded:
        raise ListRefused("person", "They are excluded from this case already")


def _new_officer(
    connection: Connection, stored: cases.StoredCase, exclusion: Exclusion, by: Person, now: datetime
) -> Taker:
    if not exclusion.new_officer_id or exclusion.new_officer_id == exclusion.person_id:
        raise ListRefused("officer", "Choose who takes the case: whom you exclude holds it")
    try:
        found = who_takes(connection, exclusion.new_officer_id, by=by, today=london_date(now))
    except CannotTakeCases:
        raise ListRefused("officer", "Choose somebody of your team who is present") from None
    if (stored.lists or NO_LISTS).bars(found.officer_id):
        raise ListRefused("officer", "They are kept from this case: choose somebody else, or name them first")
    return Taker(found.officer_id, found.team_id)

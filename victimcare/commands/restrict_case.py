"""Restrict a case to people who are named, change who is, and lift it. A supervisor decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_out import ListRefused
from victimcare.commands.record_event import CaseChanged, open_for
from victimcare.domain.people import NO_LISTS, Action, Person, Role
from victimcare.store import audit, case_lists, cases, staff
from victimcare.store.case_lists import ListedAs
from victimcare.store.cases import NoSuchCase
from victimcare.store.staff import NoSuchPerson
from victimcare.store.vault import Vault


def restrict_case(
    connection: Connection,
    *,
    ref: str,
    names: Collection[str],
    reason: str,
    by: Person,
    now: datetime,
    vault: Vault,
    seen_version: int | None = None,
) -> None:
    """From now on only these people see the case, beside its officer and `by`; nobody who is excluded.

    Of a case that is restricted already, those who are named change, and the reason stays.
    Raises `NoSuchCase`, `CaseChanged`, `ListRefused`.
    """
    stored = open_for(connection, ref, by, Action.KEEP_LISTS)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    lists = stored.lists or NO_LISTS
    wanted = {*names, stored.case.holder.officer_id, by.id}
    _check(connection, wanted, lists.excluded)
    before = lists.restricted_to or frozenset()
    if lists.restricted_to is None:
        case_lists.restrict(connection, stored.id, reason=reason, by=by, at=now, vault=vault)
    case_lists.name_on(connection, stored.id, sorted(wanted - before), by=by, at=now)
    for person_id in sorted(before - wanted):
        case_lists.take_off(connection, stored.id, person_id, ListedAs.NAMED, by=by, at=now)
    _write_down(connection, stored, "restrict case", by, now)


def lift_restriction(connection: Connection, *, ref: str, by: Person, now: datetime) -> None:
    """Restrict it no longer; who is excluded stays so. Raises `NoSuchCase`."""
    stored = open_for(connection, ref, by, Action.KEEP_LISTS)
    case_lists.lift(connection, stored.id, by=by, at=now)
    _write_down(connection, stored, "lift restriction", by, now)


def name_keeper(connection: Connection, *, ref: str, supervisor_id: str, by: Person, now: datetime) -> None:
    """Name a supervisor of its team on a restricted case that no supervisor can see: by somebody who sees no cases.

    Raises `NoSuchCase` for every other case, `ListRefused`.
    """
    case_id = cases.id_of(connection, ref)
    if by.role is not Role.ADMINISTRATOR or case_id not in case_lists.without_keeper(connection):
        raise NoSuchCase(ref)
    stored = cases.load(connection, ref)
    try:
        chosen = staff.person(connection, supervisor_id)
    except NoSuchPerson:
        chosen = None
    of_team = chosen is not None and chosen.id in staff.present_supervisors(connection, stored.case.holder.team_id)
    if not of_team or supervisor_id in (stored.lists or NO_LISTS).excluded:
        raise ListRefused("supervisor", "Choose a supervisor of the team who may see the case")
    case_lists.name_on(connection, stored.id, [supervisor_id], by=by, at=now)
    _write_down(connection, stored, "name keeper", by, now)


def _check(connection: Connection, wanted: Collection[str], excluded: Collection[str]) -> None:
    if not set(wanted).isdisjoint(excluded):
        raise ListRefused("names", "Somebody whom you chose is excluded from this case: end that first")
    if not all(staff.goes_on_working(connection, person_id) for person_id in wanted):
        raise ListRefused("names", "Choose people who work cases here")


def _write_down(connection: Connection, stored: cases.StoredCase, what: str, by: Person, now: datetime) -> None:
    audit.write(connection, at=now, operation="alteration", what=what, person=by, case_ids=[stored.id])

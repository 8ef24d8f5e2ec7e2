"""Who is kept from a case: the lists of `domain.people.CaseLists`, and the same rule as a condition in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, insert, or_, select, update

from victimcare.domain.people import NO_LISTS, CaseLists, Person, Role
from victimcare.store.sealed_words import add_sealed, opened_from
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import CaseListing, CaseRestriction, CaseRow
from victimcare.store.vault import Vault

RESTRICTIONS = CaseRestriction.__table__  # type: ignore[attr-defined]
LISTINGS = CaseListing.__table__  # type: ignore[attr-defined]
_CASES = CaseRow.__table__  # type: ignore[attr-defined]
_KEEPER = PEOPLE.alias("keeper")
# Under names of their own, so that no statement around them takes them for its own tables.
_EXCLUDED, _RESTRICTED, _NAMED = LISTINGS.alias("excluded"), RESTRICTIONS.alias("restricted"), LISTINGS.alias("named")

Read = Callable[[Column[Any], int, bytes | None], str]
"""Opens the sealed words of a column and row, or says that they are not shown."""


class ListedAs(StrEnum):
    """What a listing says of somebody: may see a restricted case, or may not see this one."""

    NAMED = "named"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Listing:
    """Somebody on one of the lists of a case. Only an exclusion has a reason."""

    person_id: str
    name: str
    listed_as: ListedAs
    since_at: datetime
    set_by: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why a case is restricted, since when and by whom."""

    reason: str = field(repr=False)
    since_at: datetime
    set_by: str


def is_excluded(case_id: ColumnElement[int], person_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """A condition: this person is excluded from the case."""
    them = (_EXCLUDED.c.case_id == case_id) & (_EXCLUDED.c.person_id == person_id)
    now = _EXCLUDED.c.until_at.is_(None) & (_EXCLUDED.c.listed_as == ListedAs.EXCLUDED)
    return select(_EXCLUDED.c.id).where(them, now).correlate_except(_EXCLUDED).exists()


def is_outside_restriction(case_id: ColumnElement[int], person_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """A condition: the case is restricted, and this person is not named in it."""
    them = (_NAMED.c.case_id == _RESTRICTED.c.case_id) & (_NAMED.c.person_id == person_id)
    now = _NAMED.c.until_at.is_(None) & (_NAMED.c.listed_as == ListedAs.NAMED)
    named = select(_NAMED.c.id).where(them, now).correlate_except(_NAMED).exists()
    of_case = (_RESTRICTED.c.case_id == case_id) & _RESTRICTED.c.until_at.is_(None)
    return select(_RESTRICTED.c.id).where(of_case, ~named).correlate_except(_RESTRICTED).exists()


def is_open_to(case_id: ColumnElement[int], person_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """A condition: no list keeps this person from the case. `CaseLists.bars` in SQL, the other way round."""
    return ~is_excluded(case_id, person_id) & ~is_outside_restriction(case_id, person_id)


def is_restricted(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A condition: only those who are named see the case."""
    of_case = (_RESTRICTED.c.case_id == case_id) & _RESTRICTED.c.until_at.is_(None)
    return select(_RESTRICTED.c.id).where(of_case).correlate_except(_RESTRICTED).exists()


def has_lists(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A condition: the case is not as most are, and `lists_of` says who is kept from it."""
    listed = select(_EXCLUDED.c.id).where(_EXCLUDED.c.case_id == case_id, _EXCLUDED.c.until_at.is_(None))
    return or_(listed.correlate_except(_EXCLUDED).exists(), is_restricted(case_id))


def lists_of(connection: Connection, case_ids: Sequence[int]) -> dict[int, CaseLists]:
    """Who is kept from each of these cases."""
    if not case_ids:
        return {}
    listed = select(LISTINGS.c.case_id, LISTINGS.c.person_id, LISTINGS.c.listed_as)
    rows = connection.execute(listed.where(LISTINGS.c.case_id.in_(case_ids), LISTINGS.c.until_at.is_(None))).all()
    now = select(RESTRICTIONS.c.case_id).where(RESTRICTIONS.c.case_id.in_(case_ids), RESTRICTIONS.c.until_at.is_(None))
    restricted = set(connection.execute(now).scalars())
    return {case_id: _lists(rows, case_id, case_id in restricted) for case_id in case_ids}


def _lists(rows: Sequence[Any], case_id: int, restricted: bool) -> CaseLists:
    listed = [row for row in rows if row.case_id == case_id]
    excluded = frozenset(row.person_id for row in listed if row.listed_as == ListedAs.EXCLUDED)
    named = frozenset(row.person_id for row in listed if row.listed_as == ListedAs.NAMED)
    return CaseLists(excluded, named if restricted else None) if listed or restricted else NO_LISTS


def listings(connection: Connection, case_id: int, read: Read) -> tuple[Listing, ...]:
    """Everybody on a list of this case, by name, with why. Raises `DoesNotOpen`."""
    set_by = PEOPLE.alias("set_by")
    joined = LISTINGS.join(PEOPLE, PEOPLE.c.id == LISTINGS.c.person_id).join(set_by, set_by.c.id == LISTINGS.c.set_by)
    columns = (LISTINGS, PEOPLE.c.name, set_by.c.name.label("setter"))
    wanted = select(*columns).select_from(joined).where(LISTINGS.c.case_id == case_id, LISTINGS.c.until_at.is_(None))
    return tuple(
        Listing(
            row.person_id,
            row.name,
            ListedAs(row.listed_as),
            row.from_at,
            row.setter,
            read(LISTINGS.c.sealed_reason, row.id, row.sealed_reason),
        )
        for row in connection.execute(wanted.order_by(PEOPLE.c.name))
    )


def restriction(connection: Connection, case_id: int, read: Read) -> Restriction | None:
    """The restriction of this case, if there is one now. Raises `DoesNotOpen`."""
    joined = RESTRICTIONS.join(PEOPLE, PEOPLE.c.id == RESTRICTIONS.c.set_by)
    now = (RESTRICTIONS.c.case_id == case_id) & RESTRICTIONS.c.until_at.is_(None)
    row = connection.execute(select(RESTRICTIONS, PEOPLE.c.name).select_from(joined).where(now)).first()
    if row is None:
        return None
    reason = read(RESTRICTIONS.c.sealed_reason, row.id, row.sealed_reason)
    return Restriction(reason, row.from_at, row.name)


def restrict(connection: Connection, case_id: int, *, reason: str, by: Person, at: datetime, vault: Vault) -> None:
    """From now on only those who are named see the case."""
    values = {"case_id": case_id, "from_at": at, "set_by": by.id}
    add_sealed(connection, RESTRICTIONS, values, column=RESTRICTIONS.c.sealed_reason, words=reason, vault=vault)


def lift(connection: Connection, case_id: int, *, by: Person, at: datetime) -> None:
    """End the restriction and all that was named for it."""
    ended = {"until_at": at, "lifted_by": by.id}
    now = (RESTRICTIONS.c.case_id == case_id) & RESTRICTIONS.c.until_at.is_(None)
    connection.execute(update(RESTRICTIONS).where(now).values(ended))
    named = (LISTINGS.c.case_id == case_id) & (LISTINGS.c.listed_as == ListedAs.NAMED) & LISTINGS.c.until_at.is_(None)
    connection.execute(update(LISTINGS).where(named).values(ended))


def name_on(connection: Connection, case_id: int, person_ids: Sequence[str], *, by: Person, at: datetime) -> None:
    """Name these people, who are not, as those who may see a restricted case."""
    values = {"case_id": case_id, "listed_as": ListedAs.NAMED.value, "from_at": at, "set_by": by.id}
    rows = [{**values, "person_id": person_id} for person_id in sorted(set(person_ids))]
    if rows:
        connection.execute(insert(LISTINGS), rows)


def exclude(
    connection: Connection, case_id: int, person_id: str, *, reason: str, by: Person, at: datetime, vault: Vault
) -> None:
    """Keep somebody from the case from now on, whatever else says that they may see it."""
    values = {"case_id": case_id, "person_id": person_id, "listed_as": ListedAs.EXCLUDED.value}
    values |= {"from_at": at, "set_by": by.id}
    add_sealed(connection, LISTINGS, values, column=LISTINGS.c.sealed_reason, words=reason, vault=vault)


def copy(connection: Connection, *, from_case: int, to_case: int, by: Person, at: datetime, vault: Vault) -> None:
    """Keep from a case, which nobody is kept from, everybody who is kept from another."""
    read = partial(opened_from, vault=vault)
    why = restriction(connection, from_case, read)
    if why is not None:
        restrict(connection, to_case, reason=why.reason, by=by, at=at, vault=vault)
    listed = listings(connection, from_case, read)
    name_on(connection, to_case, [one.person_id for one in listed if one.listed_as is ListedAs.NAMED], by=by, at=at)
    for one in listed:
        if one.listed_as is ListedAs.EXCLUDED:
            exclude(connection, to_case, one.person_id, reason=one.reason, by=by, at=at, vault=vault)


def take_off(
    connection: Connection, case_id: int, person_id: str, listed_as: ListedAs, *, by: Person, at: datetime
) -> bool:
    """End that somebody is on this list; False where they are not."""
    them = (LISTINGS.c.case_id == case_id) & (LISTINGS.c.person_id == person_id) & LISTINGS.c.until_at.is_(None)
    ended = update(LISTINGS).where(them, LISTINGS.c.listed_as == listed_as.value)
    return connection.execute(ended.values(until_at=at, lifted_by=by.id)).rowcount == 1


def keepers_of(case_id: ColumnElement[int], team_id: ColumnElement[str]) -> Select[tuple[str, str]]:
    """Who may keep the lists of a case, id and name: the active supervisors of its team who are not kept from it."""
    of_team = (_KEEPER.c.team_id == team_id) & (_KEEPER.c.role == Role.SUPERVISOR.value) & _KEEPER.c.active
    wanted = select(_KEEPER.c.id, _KEEPER.c.name).where(of_team, is_open_to(case_id, _KEEPER.c.id))
    return wanted.correlate_except(_KEEPER)


def without_keeper(connection: Connection) -> dict[int, tuple[str, str]]:
    """The restricted cases that no supervisor can see any more: reference and team's id, by the case's number."""
    joined = RESTRICTIONS.join(_CASES, _CASES.c.id == RESTRICTIONS.c.case_id)
    wanted = select(_CASES.c.id, _CASES.c.ref, _CASES.c.team_id).select_from(joined)
    none_left = ~keepers_of(_CASES.c.id, _CASES.c.team_id).exists()
    # Sorted here: asked to sort them, SQLite goes through every case in the order of its reference.
    rows = connection.execute(wanted.where(RESTRICTIONS.c.until_at.is_(None), none_left)).all()
    return {row.id: (row.ref, row.team_id) for row in sorted(rows, key=lambda row: str(row.ref))}

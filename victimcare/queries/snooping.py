"""What everybody did with single cases on one day, from the audit, for `domain/snooping.py` to judge.

This is what the audit may be read for: to see that it was right to look (Data Protection Act 2018 s.62(4)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from victimcare.domain.calendar import LONDON
from victimcare.domain.emergency_access import Refusal
from victimcare.domain.name_search import words_of
from victimcare.domain.people import Role
from victimcare.domain.snooping import Deed, Did, PersonsDay
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.staff import PEOPLE

_REVEAL = "reveal contact point "
_LOOKS = ("case", "print the case", "print the victim's record")
_TAKE, _FITS = "take message", "take message: fits "
"""Whoever takes a message and is told that it fits no case or several has searched, by a name or a number."""
_NOT_OF_CASES = ("sign in", "prove again", "change password")
"""What is refused to whoever mistypes a password: guessing is slowed down, and tells nothing of a case."""
_OLD_PAGE = ": form not ours"
"""A page that was open while its person signed in anew has the token of the sign-in before."""
_OVERLAP = timedelta(hours=1)
"""Rows are numbered as their transactions begin to write: a neighbour may be earlier by less than this."""
_SHORTEST_SURNAME = 3
_CASES_AT_ONCE = 500


def everybodys_day(connection: Connection, on: date) -> list[PersonsDay]:
    """What each person did on this London date. Costs what was done that day, however long the audit is."""
    begins, ends = _instants_of(on)
    deeds: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for row in connection.execute(_rows_of(connection, begins, ends)):
        did = _what_it_was(row)
        if did is not None:
            deeds[row.person_id, row.role].append(Deed(row.at, did, row.case_id, theirs=row.basis != "none"))
    namesakes = _namesakes(connection, deeds)
    return [
        PersonsDay(who, role, tuple(_with_names(done, namesakes.get(who, ())))) for (who, role), done in deeds.items()
    ]


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did on a day, by the audit: with one case, or with none or several."""

    at: datetime
    what: str
    case_id: int | None
    ref: str | None
    refused: bool


def what_they_did(connection: Connection, person_id: str, on: date) -> tuple[Done, ...]:
    """All that a person did on this London date, in the order of time."""
    begins, ends = _instants_of(on)
    rows = _rows_of(connection, begins, ends).where(AUDIT.c.person_id == person_id).subquery()
    joined = rows.outerjoin(CASES, CASES.c.id == rows.c.case_id)
    listed = connection.execute(select(rows, CASES.c.ref).select_from(joined).order_by(rows.c.at)).all()
    return tuple(Done(row.at, row.what, row.case_id, row.ref, row.outcome == "refused") for row in listed)


_NO_PERSON = (Role.SYSTEM.value, Role.API_CLIENT.value)


def _instants_of(on: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(on, time.min, LONDON).astimezone(UTC)
    return begins, datetime.combine(on + timedelta(days=1), time.min, LONDON).astimezone(UTC)


def _rows_of(connection: Connection, begins: datetime, ends: datetime) -> Select[Any]:
    first = _first_row_since(connection, begins - _OVERLAP)
    last = _first_row_since(connection, ends + _OVERLAP)
    said = AUDIT.c.operation, AUDIT.c.what, AUDIT.c.outcome, AUDIT.c.basis
    columns = AUDIT.c.at, AUDIT.c.person_id, AUDIT.c.role, *said
    of_one_case = (SUBJECT.c.seq == AUDIT.c.seq) & (AUDIT.c.case_count == 1)
    return (
        select(*columns, SUBJECT.c.case_id)
        .select_from(AUDIT.outerjoin(SUBJECT, of_one_case))
        .where(AUDIT.c.seq >= first, AUDIT.c.seq < last, AUDIT.c.at >= begins, AUDIT.c.at < ends)
        .where(AUDIT.c.role.not_in(_NO_PERSON), or_(AUDIT.c.case_count < 2, _counts_of_any_number()))
        .order_by(AUDIT.c.at, AUDIT.c.seq)
    )


def _counts_of_any_number() -> ColumnElement[bool]:
    """What is somebody's doing however many cases it was about: a list of cases is none."""
    searched = or_(AUDIT.c.what == "search", AUDIT.c.what.startswith(_FITS, autoescape=True))
    return or_(searched, AUDIT.c.outcome == "refused")


def _first_row_since(connection: Connection, at: datetime) -> int:
    """The number of the first row at that instant or after, found by halving: rows are in the order of time."""
    low, high = 1, (connection.execute(select(func.max(AUDIT.c.seq))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(
            select(AUDIT.c.seq, AUDIT.c.at).where(AUDIT.c.seq >= middle).order_by(AUDIT.c.seq).limit(1)
        ).one()
        if row.at < at:
            low = row.seq + 1
        else:
            high = middle
    return low


def _what_it_was(row: Any) -> Did | None:
    reveals = row.what.startswith(_REVEAL)
    if row.outcome == "refused":
        return _refused(row.what)
    if reveals:
        return Did.OPENED_CONTACT
    if row.what in _LOOKS:
        return Did.LOOKED
    if row.what == "search" or row.what.startswith(_FITS):
        return Did.SEARCHED
    if row.what == _TAKE:
        return Did.TOOK_MESSAGE
    return Did.WORKED if row.operation in ("collection", "alteration") and row.case_id is not None else None


def _refused(what: str) -> Did | None:
    if what.endswith(f": {Refusal.PROTECTED_LOCATION}"):
        return Did.TRIED_PROTECTED
    return None if what.startswith(_NOT_OF_CASES) or what.endswith(_OLD_PAGE) else Did.REFUSED


def _with_names(deeds: list[Deed], namesakes: Collection[int]) -> Iterator[Deed]:
    for deed in deeds:
        looked = deed.did in (Did.LOOKED, Did.REFUSED, Did.TRIED_PROTECTED, Did.OPENED_CONTACT)
        yield replace(deed, namesake=True) if looked and deed.case_id in namesakes else deed


def _namesakes(connection: Connection, deeds: Mapping[tuple[str, str], list[Deed]]) -> dict[str, set[int]]:
    """By person: those of the cases whose victim has the person's surname and that somebody else holds."""
    looked = {who: {deed.case_id for deed in done if deed.case_id is not None} for (who, _), done in deeds.items()}
    victims = _surnames_of_cases(connection, sorted(set().union(*looked.values())) if looked else [])
    found: dict[str, set[int]] = {}
    for person_id, name in _named(connection, sorted(looked)):
        mine = {case_id for case_id in looked[person_id] if victims.get(case_id, ("", ""))[0] == _surname(name)}
        found[person_id] = {case_id for case_id in mine if victims[case_id][1] != person_id}
    return found


def _named(connection: Connection, person_ids: list[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(person_ids), _CASES_AT_ONCE):
        some = PEOPLE.c.id.in_(person_ids[start : start + _CASES_AT_ONCE])
        for row in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name).where(some)):
            if _surname(row.name):
                yield row.id, row.name


def _surnames_of_cases(connection: Connection, case_ids: list[int]) -> dict[int, tuple[str, str]]:
    """By case: the victim's surname, and who holds it."""
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    wanted = select(CASES.c.id, CASES.c.officer_id, VICTIMS.c.name).select_from(joined)
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(case_ids), _CASES_AT_ONCE):
        some = CASES.c.id.in_(case_ids[start : start + _CASES_AT_ONCE])
        for row in connection.execute(wanted.where(some, VICTIMS.c.name.is_not(None))):
            found[row.id] = (_surname(row.name), row.officer_id)
    return found


def _surname(name: str) -> str:
    """The last word as it is searched, or nothing where it is too short to mean anything."""
    words = words_of(name)
    return words[-1] if len(words) > 1 and len(words[-1]) >= _SHORTEST_SURNAME else ""

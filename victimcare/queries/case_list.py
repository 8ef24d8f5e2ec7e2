"""The case list: filtered, searched and paged, never beyond what the person may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, String, and_, bindparam, case, func, select, text, true

from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.queries.case_search import Found, How
from victimcare.queries.scope import as_viewer, visible_in
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import OPEN_AND_COUNTED

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to: `found` is what a search found, of which the words are never in an address."""

    status: str = "open"
    tier: str | None = None
    late: bool = False
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A row of the list. `next_due_on` is the earliest open duty's day; `how` says how a search found it."""

    case_id: int
    ref: str
    victim_name: str | None
    crime_ref: str
    crime_type: str
    tier: str
    officer_name: str
    status: str
    last_contact_on: date | None
    next_due_on: date | None
    working_days_late: int
    how: How | None = None


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of the list, numbered from 1."""

    filter: CaseFilter
    today: date
    rows: tuple[ListedCase, ...]
    total: int
    page: int
    pages: int
    tiers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 when there is none."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.total else 0

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case that the page shows."""
        return tuple(row.case_id for row in self.rows)


def case_list(
    connection: Connection, *, person: Person, wanted: CaseFilter, page: int, today: date, law: Law
) -> CaseList:
    """The cases that the person may see, the one with the oldest open duty first. A page out of range is the first.

    What a search found is in the order in which it found it, and of what it found alike by the oldest open duty.
    """
    counted, ordered = _statements(scope_of(person, Action.SEE_CASE), _narrowing(wanted))
    asked = {**as_viewer(person), **_asked(wanted, today, law), "limit": _ALL, "offset": 0}
    if wanted.found is None:
        total = connection.execute(counted, asked).scalar_one()
        pages, page, first = _place(total, page)
        of_page = connection.execute(ordered, {**asked, "limit": PAGE_SIZE, "offset": first})
        rows = [_listed(row, law, today) for row in of_page]
    else:
        hows = wanted.found.cases
        places = {how: place for place, how in enumerate(How)}
        fitting = sorted(connection.execute(ordered, asked).all(), key=lambda row: places[hows[row.id]])
        pages, page, first = _place(total := len(fitting), page)
        rows = [_listed(row, law, today, hows[row.id]) for row in fitting[first : first + PAGE_SIZE]]
    return CaseList(
        filter=wanted,
        today=today,
        rows=tuple(rows),
        total=total,
        page=page,
        pages=pages,
        tiers=tuple((tier.id, tier.title) for tier in law.code.on(today).tiers),
    )


_NEXT = (
    select(func.min(DUES.c.due_on))
    .where(text(OPEN_AND_COUNTED), DUES.c.case_id == CASES.c.id)
    .correlate(CASES)
    .scalar_subquery()
)


def _from(statement: Select[Any]) -> Select[Any]:
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
    return statement.select_from(joined.join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id))


def _place(total: int, page: int) -> tuple[int, int, int]:
    """How many pages there are, which one is shown, and how many rows come before it."""
    pages = max(1, -(-total // PAGE_SIZE))
    page = page if 1 <= page <= pages else 1
    return pages, page, (page - 1) * PAGE_SIZE


def _asked(wanted: CaseFilter, today: date, law: Law) -> dict[str, Any]:
    found = list(wanted.found.cases) if wanted.found else []
    default_tier = law.code.latest.default_tier
    return {"today": today, "default_tier": default_tier, "status": wanted.status, "tier": wanted.tier, "found": found}


def _narrowing(wanted: CaseFilter) -> frozenset[str]:
    """By what the list is narrowed."""
    by = {"status": wanted.status != "any", "tier": wanted.tier, "late": wanted.late, "found": wanted.found is not None}
    return frozenset(name for name, narrows in by.items() if narrows)


@cache  # made once for each way to narrow a list: that takes longer than to answer it
def _statements(scope: Scope | None, narrowing: frozenset[str]) -> tuple[Select[Any], Select[Any]]:
    """How many cases there are, and `limit` of them from `offset` on."""
    listed = visible_in(scope) & and_(true(), *(_NARROWED[name] for name in sorted(narrowing)))
    ordered = _ordered(listed).limit(bindparam("limit")).offset(bindparam("offset"))
    return _from(select(func.count())).where(listed), ordered


_ALL = 2**31 - 1
"""More than there are."""
_TODAY = bindparam("today", type_=Date)
_TIER = case((CASES.c.tier_until_on <= _TODAY, bindparam("default_tier", type_=String)), else_=CASES.c.tier)
"""The tier held today: an eighteenth birthday passes without anybody writing to the case."""
_NARROWED = {
    "status": CASES.c.status == bindparam("status"),
    "tier": bindparam("tier") == _TIER,
    "late": _TODAY > _NEXT,
    "found": CASES.c.id.in_(bindparam("found", expanding=True)),
}


def _ordered(visible: ColumnElement[bool]) -> Select[Any]:
    columns = (
        *(column for column in CASES.c if column is not CASES.c.tier),
        _TIER.label("tier"),
        VICTIMS.c.name.label("victim_name"),
        CRIMES.c.source_ref.label("crime_ref"),
        PEOPLE.c.name.label("officer_name"),
        _NEXT.label("next_due_on"),
    )
    return _from(select(*columns)).where(visible).order_by(_NEXT.is_(None), _NEXT, CASES.c.ref)


def _listed(row: Any, law: Law, today: date, how: How | None = None) -> ListedCase:
    late = row.next_due_on is not None and row.next_due_on < today
    return ListedCase(
        case_id=row.id,
        ref=row.ref,
        victim_name=row.victim_name,
        crime_ref=row.crime_ref,
        crime_type=row.crime_type,
        tier=row.tier,
        officer_name=row.officer_name,
        status=row.status,
        last_contact_on=row.last_contact_on,
        next_due_on=row.next_due_on,
        working_days_late=law.calendar.working_days_between(row.next_due_on, today) if late else 0,
        how=how,
    )

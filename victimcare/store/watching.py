"""What the force's own watches find: rows like those of duties, each with the day until which something is to be done.

What is read grows with what comes due, not with the tables: each watch looks along an index of the day on which it
began (`Source.since`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    String,
    and_,
    bindparam,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    text,
)

from victimcare.domain.calendar import LONDON, WorkingCalendar, london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction
from victimcare.domain.ladder import Ladder
from victimcare.domain.watches import STOOD_AT, Watch, begun_between, due_on
from victimcare.store.breaches import BREACHES
from victimcare.store.case_lists import has_lists
from victimcare.store.cases import ASSIGNMENTS, CASES, NOT_DISPOSED, VICTIMS
from victimcare.store.contact_points import POINTS
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE, stands_in
from victimcare.store.tables import NOT_TAKEN_OVER, SAID_SAFE, SILENT, STANDS, UNCAUSED

_AT_ONCE = 500
_ONE_DAY = timedelta(days=1)
_NO_KEY: ColumnElement[str] = literal("", String)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch found of a case, with the names of the columns of a duty: `rule` is the watch.

    `due_on` is the London date until which it is to be done, `start_key` names what it is about.
    """

    case_id: int
    ref: str
    rule: str
    start_key: str
    due_on: date
    holder_id: str
    holder_team_id: str
    cover_id: str | None
    has_lists: bool
    right_number: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a watch looks: open cases joined with `beside`, from the day or instant `since` on, where `holds`.

    `key` names what it is about within the case; None: the day does.
    """

    since: ColumnElement[Any]
    holds: ColumnElement[bool]
    beside: FromClause = CASES
    key: ColumnElement[str] = _NO_KEY

    def begun(self, first: date, last: date) -> ColumnElement[bool]:
        """A condition: it began from one London date to another."""
        return and_(self.since >= self.begin_of(first), self.since < self.end_of(last))

    def begin_of(self, day: date) -> date | datetime:
        """The day, or the instant (UTC) at which it begins, as `since` says when."""
        if isinstance(self.since.type, Date):
            return day
        return datetime.combine(day, time(0), LONDON).astimezone(UTC)

    def end_of(self, day: date) -> date | datetime:
        """What is before that began on this day or earlier."""
        return self.begin_of(day + _ONE_DAY)


def watched_between(
    connection: Connection,
    spans: Mapping[Watch, Sequence[tuple[date, date]]],
    *,
    ladder: Ladder,
    calendar: WorkingCalendar,
    today: date,
) -> list[Watched]:
    """What is to be done until a day of one of these spans of its watch (first and last London date)."""
    found: list[Watched] = []
    for watch, of_watch in spans.items():
        for span in of_watch:
            begun = window(watch, span, ladder=ladder, calendar=calendar, today=today)
            if begun is not None:
                found += _rows(connection, watch, SOURCES[watch].begun(*begun), ladder, calendar, today)
    return found


def watched_in(
    connection: Connection, case_ids: Sequence[int], *, ladder: Ladder, calendar: WorkingCalendar, today: date
) -> list[Watched]:
    """All that is watched in these cases."""
    found: list[Watched] = []
    for start in range(0, len(case_ids), _AT_ONCE):
        some = CASES.c.id.in_(case_ids[start : start + _AT_ONCE])
        for watch in ladder.watches:
            begun = some & SOURCES[watch].since.is_not(None)
            found += _rows(connection, watch, begun, ladder, calendar, today)
    return found


def window(
    watch: Watch, span: tuple[date, date], *, ladder: Ladder, calendar: WorkingCalendar, today: date
) -> tuple[date, date] | None:
    """From when until when (London dates) what is due in this span began; None where nothing can have."""
    first, last = begun_between(watch, *span, ladder.watches[watch], calendar)
    if watch is Watch.TURNED_18:
        last = min(last, _born_by(today))
    return (first, last) if first <= last else None


def _born_by(today: date) -> date:
    """The last day of birth of those who are 18 today."""
    try:
        return today.replace(year=today.year - 18)
    except ValueError:
        return date(today.year - 18, 2, 28)


def day_of(watch: Watch, since: date | datetime, ladder: Ladder, calendar: WorkingCalendar) -> date:
    """The London date until which it is to be done, of what began at `since`."""
    on = london_date(since) if isinstance(since, datetime) else since
    return due_on(watch, on, ladder.watches[watch], calendar)


def _rows(
    connection: Connection,
    watch: Watch,
    which: ColumnElement[bool],
    ladder: Ladder,
    calendar: WorkingCalendar,
    today: date,
) -> Iterator[Watched]:
    for row in connection.execute(_with_holder(watch).where(which), {"today": today}):
        on = day_of(watch, row.since, ladder, calendar)
        yield Watched(
            case_id=row.id,
            ref=row.ref,
            rule=watch,
            start_key=row.key or on.isoformat(),
            due_on=on,
            holder_id=row.officer_id,
            holder_team_id=row.team_id,
            cover_id=row.cover_id,
            has_lists=bool(row.has_lists),
        )


@cache
def _with_holder(watch: Watch) -> Select[Any]:
    """What a watch finds and who holds it `today` (London date): put together once, which takes longer than to ask."""
    source = SOURCES[watch]
    columns = (
        CASES.c.id,
        CASES.c.ref,
        CASES.c.officer_id,
        CASES.c.team_id,
        source.since.label("since"),
        source.key.label("key"),
        stands_in(bindparam("today", type_=Date)),
        has_lists(CASES.c.id).label("has_lists"),
    )
    return found_by(watch, *columns, source=source.beside.join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id))


def found_by(watch: Watch, *columns: ColumnElement[Any], source: FromClause) -> Select[Any]:
    """A select of what a watch finds; narrow it before running it, to those of which it is known when they began.

    Narrowed by a day they are. To say it here besides would make SQLite read along the whole force's days for the page
    of one officer.
    """
    return select(*columns).select_from(source).where(SOURCES[watch].holds, CASES.c.status == "open", NOT_DISPOSED)


_OTHER, _ASSESSED, _TAKEN_BACK = POINTS.alias("other_point"), EVENTS.alias("assessed"), EVENTS.alias("taken_back")


def _is_first_of_its_case() -> ColumnElement[bool]:
    """Of the points of a case that were said to be safe, the one confirmed first: what is asked again, all are."""
    earlier = or_(
        _OTHER.c.confirmed_at < POINTS.c.confirmed_at,
        and_(_OTHER.c.confirmed_at == POINTS.c.confirmed_at, _OTHER.c.id < POINTS.c.id),
    )
    same_case = (_OTHER.c.case_id == POINTS.c.case_id) & (_OTHER.c.safety == "safe") & _OTHER.c.suspect.is_(None)
    return ~select(_OTHER.c.id).where(same_case, earlier).exists()


def _assessed_as_a_child() -> ColumnElement[bool]:
    """Whether the last assessment of needs that was not taken back was before the eighteenth birthday."""
    taken_back = select(_TAKEN_BACK.c.id).where(
        _TAKEN_BACK.c.case_id == _ASSESSED.c.case_id,
        _TAKEN_BACK.c.corrects == _ASSESSED.c.key,
        _TAKEN_BACK.c.correction == Correction.NEVER_HAPPENED.value,
    )
    last = (
        select(func.max(_ASSESSED.c.happened_on))
        .where(
            _ASSESSED.c.case_id == CASES.c.id,
            _ASSESSED.c.kind == EventKind.NEEDS_ASSESSED.value,
            _ASSESSED.c.corrects.is_(None),
            ~taken_back.exists(),
        )
        .scalar_subquery()
    )
    return _number(last) < _number(VICTIMS.c.born_on) + 18_00_00


def _number(day: ColumnElement[date]) -> ColumnElement[int]:
    """20260529 of 29 May 2026: both databases can add years to that, and compare it."""
    return extract("year", day) * 1_00_00 + extract("month", day) * 1_00 + extract("day", day)


_ASSIGNED = CASES.join(ASSIGNMENTS, ASSIGNMENTS.c.case_id == CASES.c.id)
_KEY_OF_ASSIGNMENT = cast(ASSIGNMENTS.c.id, String)
SOURCES: Mapping[Watch, Source] = {
    Watch.HAND_OVER: Source(
        ASSIGNMENTS.c.from_at,
        and_(text(NOT_TAKEN_OVER), ASSIGNMENTS.c.acknowledged_at.is_(None)),
        _ASSIGNED,
        _KEY_OF_ASSIGNMENT,
    ),
    Watch.OFFICER_UNKNOWN: Source(
        ASSIGNMENTS.c.from_at,
        and_(text(NOT_TAKEN_OVER), ASSIGNMENTS.c.victim_told_at.is_(None)),
        _ASSIGNED,
        _KEY_OF_ASSIGNMENT,
    ),
    Watch.SILENCE: Source(CASES.c.silent_since_on, and_(text(SILENT))),
    Watch.CONFIRMATION: Source(
        POINTS.c.confirmed_at,
        and_(text(SAID_SAFE), POINTS.c.suspect.is_(None), _is_first_of_its_case()),
        CASES.join(POINTS, POINTS.c.case_id == CASES.c.id),
    ),
    Watch.TURNED_18: Source(
        VICTIMS.c.born_on, _assessed_as_a_child(), CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
    ),
    Watch.BREACH_CAUSE: Source(
        BREACHES.c.found_at, and_(text(UNCAUSED)), CASES.join(BREACHES, BREACHES.c.case_id == CASES.c.id)
    ),
    **{
        watch: Source(CASES.c.stands_since_on, and_(text(STANDS), CASES.c.stage == stage))
        for watch, stage in STOOD_AT.items()
    },
}
"""Where each watch looks."""

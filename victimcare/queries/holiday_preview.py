"""What a proposed list of bank holidays would move, counted by team and rule; nothing is written.

Who answers for the Code sees no case: the counts are all that a page shows. The references are for whoever runs the
command on the machine itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.calendar import london_date
from victimcare.domain.entitlements import assess
from victimcare.domain.holiday_moves import longest_in_working_days, moved_by_list
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person, Scope, may, scope_of
from victimcare.store import holiday_moves
from victimcare.store.cases import CASES, StoredCase, stored_case
from victimcare.store.holiday_lists import NoSuchList, candidate, proposed
from victimcare.store.journeys import journeys_of
from victimcare.store.staff import team_names

CHUNK = 500


@dataclass(frozen=True, slots=True)
class MoveCount:
    """So many duties of one rule, in cases of one team, that would be due later (earlier)."""

    team: str
    title: str
    later: bool
    duties: int


@dataclass(frozen=True, slots=True)
class PreviewedMove:
    """One duty of one case (London dates)."""

    ref: str
    title: str
    due_before: date
    due_after: date


@dataclass(frozen=True, slots=True)
class HolidayPreview:
    """`touched` cases have to be looked at; where those are more than were asked for, nothing else is counted.

    `verdicts`: duties that were late or had ended, of which somebody would have to say whether that changes. The
    `moves` one by one are only for whoever runs the machine itself.
    """

    touched: int
    counted: bool
    cases: int = 0
    verdicts: int = 0
    counts: tuple[MoveCount, ...] = ()
    moves: tuple[PreviewedMove, ...] = ()

    @property
    def duties(self) -> int:
        """How many deadlines would move."""
        return sum(count.duties for count in self.counts)


def holiday_preview(
    connection: Connection,
    *,
    person: Person,
    number: int,
    law: Law,
    now: datetime,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> HolidayPreview:
    """What would move if the proposed list of this number came into force `now`; at `most` so many cases are derived.

    Raises `NoSuchList`, also for those who do not answer for the Code.
    """
    if not may(person, Action.CHECK_CODE) or proposed(connection) != number:
        raise NoSuchList(number)
    after = law.by(candidate(connection, number, law.calendar, since=now))
    touched = holiday_moves.touched(after.calendar, longest=longest_in_working_days(law.code))
    ids: list[int] = list(connection.execute(touched).scalars().all())
    if most is not None and len(ids) > most:
        return HolidayPreview(len(ids), counted=False)
    titles = team_names(connection)
    names_cases = scope_of(person, Action.SEE_CASE) is Scope.ALL
    counts: Counter[tuple[str, str, bool]] = Counter()
    cases = set()
    moves: list[PreviewedMove] = []
    verdicts = 0
    for done, stored in enumerate(cases_of(connection, ids), start=1):
        team = titles[stored.case.holder.team_id]
        for one in moved_by_list(stored.case.journey, law.code, after.calendar):
            title = one.owed.rule.marked_title
            counts[team, title, one.due_after > one.due_before] += 1
            cases.add(stored.id)
            if names_cases:
                moves.append(PreviewedMove(stored.case.ref, title, one.due_before, one.due_after))
        verdicts += sum(
            owed.waits_for_verdict_on(london_date(now))
            for owed in assess(stored.case.journey, law.code, after.calendar)
        )
        if progress:
            progress(done, len(ids))
    ordered = tuple(MoveCount(*key, duties) for key, duties in sorted(counts.items()))
    return HolidayPreview(len(ids), True, len(cases), verdicts, ordered, tuple(moves))


def cases_of(connection: Connection, ids: Sequence[int]) -> Iterator[StoredCase]:
    """These cases as they stand, not locked, read in pages of `CHUNK`."""
    for first in range(0, len(ids), CHUNK):
        rows = connection.execute(select(CASES).where(CASES.c.id.in_(ids[first : first + CHUNK]))).all()
        journeys = journeys_of(connection, {row.id: row.ref for row in rows})
        yield from (stored_case(row, journeys[row.id]) for row in rows)

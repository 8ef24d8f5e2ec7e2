"""What an edition of the Code would change, counted by team and rule; nothing is written.

Who answers for the Code sees no case: counts are all that there is. Each open case is derived twice, in pages of
`CHUNK` cases, so a preview takes about twice as long as `victimcare rebuild --check` of those cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from victimcare.domain.code import Edition
from victimcare.domain.edition_moves import EditionChange, EditionMoved, changed_by_edition
from victimcare.domain.law import Law
from victimcare.domain.next_edition import with_successor
from victimcare.domain.people import Action, Person, may
from victimcare.queries.holiday_preview import cases_of
from victimcare.store.code_editions import NoSuchEdition
from victimcare.store.edition_moves import touched
from victimcare.store.staff import team_names

_WORDS = {
    EditionChange.BEGINS: "Begins",
    EditionChange.ENDS: "Ends",
    EditionChange.GOES: "No longer owed",
    EditionChange.OPENS: "Owed again",
    EditionChange.STAYS: "Same day, under the other edition",
}


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """So many duties of one rule, in so many cases of one team, of which the same would become: `what`.

    `before` and `after` are the first and the last London date on which they are due, and would be.
    """

    team: str
    title: str
    what: str
    duties: int
    cases: int
    before: tuple[date, date] | None
    after: tuple[date, date] | None


class _Changes:
    """The duties of one row of the table."""

    def __init__(self) -> None:
        self._cases: set[int] = set()
        self._before: list[date] = []
        self._after: list[date] = []
        self._duties = 0

    def add(self, case_id: int, one: EditionMoved) -> None:
        self._duties += 1
        self._cases.add(case_id)
        self._before += [one.due_before] if one.due_before else []
        self._after += [one.due_after] if one.due_after and one.change is not EditionChange.ENDS else []

    def counted(self, team: str, title: str, what: str) -> ChangeCount:
        return ChangeCount(team, title, what, self._duties, len(self._cases), _ends(self._before), _ends(self._after))


def _ends(days: list[date]) -> tuple[date, date] | None:
    return (min(days), max(days)) if days else None


def _in_words(one: EditionMoved) -> str:
    if one.change is EditionChange.MOVES:
        later = one.due_before is None or one.due_after is None or one.due_after > one.due_before
        return "Later" if later else "Earlier"
    return _WORDS[one.change]


@dataclass(frozen=True, slots=True)
class EditionPreview:
    """`touched` cases have to be looked at; where those are more than were asked for, nothing else is counted."""

    touched: int
    counted: bool
    cases: int = 0
    counts: tuple[ChangeCount, ...] = ()

    @property
    def duties(self) -> int:
        """How many duties would change."""
        return sum(count.duties for count in self.counts)


def edition_preview(
    connection: Connection,
    *,
    person: Person,
    edition: Edition,
    law: Law,
    now: datetime,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EditionPreview:
    """What would change if this edition were approved `now`; at `most` so many cases are derived.

    The edition must be able to follow the last (`check_successor`). Raises `NoSuchEdition` for those who do not answer
    for the Code.
    """
    if not may(person, Action.CHECK_CODE):
        raise NoSuchEdition(0)
    to_look_at = touched(edition.id, commences=edition.in_force_from)
    if most is not None:
        found = connection.execute(select(func.count()).select_from(to_look_at.subquery())).scalar_one()
        if found > most:
            return EditionPreview(found, counted=False)
    ids: list[int] = list(connection.execute(to_look_at).scalars().all())
    code = with_successor(law.code, edition, since=now)
    titles = team_names(connection)
    rows: dict[tuple[str, str, str], _Changes] = defaultdict(_Changes)
    changed = 0
    for done, stored in enumerate(cases_of(connection, ids), start=1):
        team = titles[stored.case.holder.team_id]
        moved = changed_by_edition(stored.case.journey, code, law.calendar)
        for one in moved:
            rows[team, one.owed.rule.marked_title, _in_words(one)].add(stored.id, one)
        changed += bool(moved)
        if progress:
            progress(done, len(ids))
    return EditionPreview(len(ids), True, changed, tuple(row.counted(*key) for key, row in sorted(rows.items())))

"""Who takes each of many cases that are opened together, as if each had been opened by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.allocation import Allocation, Candidate, NewCase, allocate
from victimcare.domain.workload import UNIT
from victimcare.editions.workload import published_weights
from victimcare.store import staff
from victimcare.store.dues import is_open_and_counted

LOOKED_AT_EVERY = 20
"""Transactions, after which everybody's open work is counted again: that takes the longer the more duties are open,
and what others record in those few seconds moves it little. Who works where, and who is away, is asked for in each.
"""


class Allocator:
    """Allocates as `allocate_case` does, and keeps in memory the work that each new case brought.

    `begin` comes before what each transaction allocates.
    """

    def __init__(self) -> None:
        self._weights = published_weights()
        self._left = 0
        self._brought: Counter[str] = Counter()
        self._counted: dict[str, int] = {}

    def begin(self, connection: Connection, today: date) -> None:
        """Allocate in this transaction, as of this London date."""
        self._connection = connection
        self._stay: set[str] = set()
        self._teams = staff.teams_on_duty(connection)
        counted = self._counted if self._left else None
        found = staff.candidates(connection, today=today, weights=self._weights, counted=counted)
        if counted is None:
            self._left = LOOKED_AT_EVERY
            self._brought.clear()
            self._counted = {candidate.officer_id: round(candidate.open_work * UNIT) for candidate in found}
        self._left -= 1
        self._candidates = {candidate.officer_id: candidate for candidate in found}
        self._of_area: dict[str, list[str]] = {}
        for candidate in found:
            self._of_area.setdefault(candidate.area, []).append(candidate.officer_id)

    def forget(self) -> None:
        """What was counted is not so: the transaction came to nothing, or cases were opened without this."""
        self._left = 0

    def allocate(self, case: NewCase) -> Allocation:
        """Who takes the case. Raises `NobodyOnDuty`."""
        while True:
            named = {*self._of_area.get(case.area, ()), *case.officers_of_crime, case.officer_of_open_case}
            who = (self._now(self._candidates[one]) for one in sorted(named & self._candidates.keys()))
            found = allocate(case, who, self._teams)
            if found.officer_id in self._stay or staff.goes_on_working(self._connection, found.officer_id):
                self._stay.add(found.officer_id)
                return found
            # Whoever left meanwhile is not asked again; a team has another supervisor on duty then.
            self._candidates.pop(found.officer_id, None)
            self._teams = staff.teams_on_duty(self._connection)

    def add_work(self, due_rows: Sequence[Mapping[str, Any]], *, times: int = 1) -> None:
        """Count the open duties of a new case to whoever holds it; with -1 they count no more."""
        for row in due_rows:
            if is_open_and_counted(row):
                self._brought[row["holder_id"]] += times * self._weights.of_duty(
                    owed_by=row["owed_by"], tier=row["tier"], rule=row["rule"]
                )

    def _now(self, candidate: Candidate) -> Candidate:
        brought = self._brought[candidate.officer_id]
        points = round(candidate.open_work * UNIT) + brought
        return replace(candidate, open_work=points / UNIT) if brought else candidate

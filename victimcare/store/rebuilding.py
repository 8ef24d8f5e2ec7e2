"""Deriving anew from the journeys every due row and the columns of each case that follow, and telling what differs.

Each chunk of cases is locked, derived and corrected in one short transaction, so people go on working, nobody sees a
half-written case, and a rebuild that was interrupted is finished by running it again (docs/decisions/0011).
What a chunk corrects is in the audit trail as the doing of "system".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.store import audit, dues, law_moves
from victimcare.store.cases import CASES, StoredCase, case_columns, load_many, stored_case
from victimcare.store.database import Database
from victimcare.store.dues import DueKey
from victimcare.store.journeys import journeys_of
from victimcare.store.staff import SYSTEM, ensure_system

CHUNK = 500
"""Cases that one transaction derives."""

Progress = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What of a case is not stored as derived: `fields` are (name, stored, derived).

    `duty` names the due row; empty, it is the row of the case itself. Without `fields` the whole due row is missing
    (`stored` is false) or stored without being owed.
    """

    case_ref: str
    duty: str
    stored: bool
    fields: tuple[tuple[str, Any, Any], ...] = ()

    def __str__(self) -> str:
        of = f"Case {self.case_ref}, {self.duty}" if self.duty else f"Case {self.case_ref}"
        if not self.fields:
            return f"{of}: {'stored, but not owed' if self.stored else 'owed, but not stored'}"
        return f"{of}: " + "; ".join(f"{name} is {stored}, derived {derived}" for name, stored, derived in self.fields)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cases were derived anew, and how many due rows and rows of cases were not as derived and corrected."""

    cases: int
    corrected: int
    corrected_cases: int = 0


def rebuild(
    database: Database, *, law: Law, now: datetime, progress: Progress | None = None, chunk: int = CHUNK
) -> Rebuilt:
    """Make every due row, and every row of a case, what the journeys and the law say at `now` (UTC)."""
    corrected = corrected_cases = done = 0
    ids = _case_ids(database)
    for some in chunks(ids, chunk):
        with database.writing() as connection:
            rows, cases = _correct(connection, some, law=law, now=now)
        corrected, corrected_cases, done = corrected + rows, corrected_cases + cases, done + len(some)
        if progress:
            progress(done, len(ids))
    return Rebuilt(len(ids), corrected, corrected_cases)


def _correct(connection: Connection, case_ids: Sequence[int], *, law: Law, now: datetime) -> tuple[int, int]:
    """Correct these cases, and say in the audit trail which were; how many due rows, and rows of cases, differed."""
    loaded = load_many(connection, case_ids)
    stored, derived = dues.stored_rows(connection, case_ids), _derived(loaded, law)
    differing = _differing(stored, derived)
    columns = _differing_columns(connection, loaded, law=law, today=london_date(now))
    corrected = {key[0] for key in differing} | set(columns)
    if not corrected:
        return 0, 0
    due_rows: dict[int, list[dict[str, Any]]] = {case_id: [] for case_id in corrected}
    for key, row in derived.items():
        if key[0] in corrected:
            due_rows[key[0]].append(row)
    dues.project(connection, due_rows)
    for case_id, fields in columns.items():
        values = {name: wanted for name, _, wanted in fields}
        connection.execute(update(CASES).where(CASES.c.id == case_id).values(values))
    ensure_system(connection)
    audit.write(connection, at=now, operation="alteration", what="rebuild", person=SYSTEM, case_ids=sorted(corrected))
    return len(differing), len(columns)


def check(
    database: Database,
    *,
    law: Law,
    today: date,
    sample: int | None = None,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> list[Difference]:
    """What is not as derived of all cases, or of a random `sample` of them, on `today` (London); changes nothing."""
    found: list[Difference] = []
    done = 0
    ids = _case_ids(database, sample=sample)
    for some in chunks(ids, chunk):
        with database.reading() as connection:
            found += differences(connection, some, law=law, today=today)
        done += len(some)
        if progress:
            progress(done, len(ids))
    return found


def differences(connection: Connection, case_ids: Sequence[int], *, law: Law, today: date) -> list[Difference]:
    """The rows of these cases, and their due rows, that are not as derived."""
    rows = connection.execute(select(CASES).where(CASES.c.id.in_(case_ids)).order_by(CASES.c.id)).all()
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    loaded = [stored_case(row, journeys[row.id]) for row in rows]
    stored, derived = dues.stored_rows(connection, case_ids), _derived(loaded, law)
    refs = {one.id: one.case.ref for one in loaded}
    columns = _differing_columns(connection, loaded, law=law, today=today)
    found = [Difference(refs[case_id], "", True, fields) for case_id, fields in columns.items()]
    differing = _differing(stored, derived)
    if differing and (law.calendar.earlier is not None or law.code.earlier is not None):
        differing = _unless_to_be_moved(connection, differing, stored, loaded, law)
    return found + [_difference(refs[key[0]], key, stored.get(key), derived.get(key)) for key in differing]


def _unless_to_be_moved(
    connection: Connection,
    differing: list[DueKey],
    stored: dict[DueKey, dict[str, Any]],
    loaded: Sequence[StoredCase],
    law: Law,
) -> list[DueKey]:
    """Without those of cases that still have to follow the last change of the law, and are as they were before it."""
    behind = law_moves.waiting_of(connection, [one.id for one in loaded])
    before: dict[DueKey, dict[str, Any]] = {}
    for change in set(behind.values()):
        before |= _derived([one for one in loaded if behind.get(one.id) is change], law.before(change))
    return [key for key in differing if key[0] not in behind or stored.get(key) != before.get(key)]


def _derived(loaded: Sequence[StoredCase], law: Law) -> dict[DueKey, dict[str, Any]]:
    rows = [row for one in loaded for row in dues.derive(one.id, one.case, law)[1]]
    return {(row["case_id"], row["rule"], row["start_key"]): row for row in rows}


def _differing(stored: dict[DueKey, dict[str, Any]], derived: dict[DueKey, dict[str, Any]]) -> list[DueKey]:
    return sorted(key for key in stored.keys() | derived.keys() if stored.get(key) != derived.get(key))


def _difference(ref: str, key: DueKey, stored: dict[str, Any] | None, derived: dict[str, Any] | None) -> Difference:
    _, rule, start_key = key
    duty = f"{rule} of event {start_key}"
    if stored is None or derived is None:
        return Difference(ref, duty, stored is not None)
    return Difference(ref, duty, True, _fields(stored, derived))


def _differing_columns(
    connection: Connection, loaded: Sequence[StoredCase], *, law: Law, today: date
) -> dict[int, tuple[tuple[str, Any, Any], ...]]:
    """By case id, the columns of the case's row that do not say what the journey says."""
    statement = select(CASES).where(CASES.c.id.in_([one.id for one in loaded]))
    stored = {row["id"]: dict(row) for row in connection.execute(statement).mappings()}
    default = {"tier": law.code.latest.default_tier, "tier_until_on": None}
    found = {}
    for one in loaded:
        row, wanted = stored[one.id], case_columns(one.case.journey, law, today=today)
        # A tier that ended by itself says so with its day, and is as good as the default tier.
        ended = row["tier_until_on"] is not None and row["tier_until_on"] <= today
        if _fields({**row, **default} if ended else row, wanted):
            found[one.id] = _fields(row, wanted)
    return found


def _fields(stored: dict[str, Any], derived: dict[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    return tuple((name, stored[name], derived[name]) for name in derived if stored[name] != derived[name])


def _case_ids(database: Database, *, sample: int | None = None) -> list[int]:
    with database.reading() as connection:
        first, last = connection.execute(select(func.min(CASES.c.id), func.max(CASES.c.id))).one()
        if sample is None or first is None or last - first < sample:
            return list(connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars())
        return _drawn(connection, first, last, sample)


def _drawn(connection: Connection, first: int, last: int, sample: int) -> list[int]:
    """The case at or after each of so many numbers: to put all in a random order would read all of them."""
    at_or_after = select(func.min(CASES.c.id)).where(CASES.c.id >= bindparam("number"))
    numbers = random.sample(range(first, last + 1), sample)
    return sorted({connection.execute(at_or_after, {"number": number}).scalar_one() for number in numbers})


def chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The ids in their order, so many at a time."""
    return (ids[first : first + size] for first in range(0, len(ids), size))

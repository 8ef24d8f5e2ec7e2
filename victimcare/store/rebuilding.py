"""Deriving every due row anew from the journeys, and telling where what is stored differs.

Each chunk of cases is locked, derived and corrected in one short transaction, so people go on working, nobody sees a
half-written case, and a rebuild that was interrupted is finished by running it again (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from victimcare.domain.law import Law
from victimcare.store import dues
from victimcare.store.cases import CASES, load_many, stored_case
from victimcare.store.database import Database
from victimcare.store.dues import DueKey
from victimcare.store.journeys import journeys_of

CHUNK = 500
"""Cases that one transaction derives."""

Progress = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A duty of which the stored row is not as derived: `fields` are (name, stored, derived).

    Without `fields` the whole row is missing (`stored` is false) or stored without being owed.
    """

    case_ref: str
    rule: str
    start_key: str
    stored: bool
    fields: tuple[tuple[str, Any, Any], ...] = ()

    def __str__(self) -> str:
        duty = f"Case {self.case_ref}, {self.rule} of event {self.start_key}"
        if not self.fields:
            return f"{duty}: {'stored, but not owed' if self.stored else 'owed, but not stored'}"
        return f"{duty}: " + "; ".join(
            f"{name} is {stored}, derived {derived}" for name, stored, derived in self.fields
        )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cases were derived anew, and how many due rows were not as derived and were corrected."""

    cases: int
    corrected: int


def rebuild(database: Database, *, law: Law, progress: Progress | None = None, chunk: int = CHUNK) -> Rebuilt:
    """Make every due row what the journeys and the law say."""
    corrected = done = 0
    ids = _case_ids(database)
    for some in _chunks(ids, chunk):
        with database.writing() as connection:
            loaded = load_many(connection, some)
            derived = {stored.id: dues.derive(stored.id, stored.case, law)[1] for stored in loaded}
            corrected += dues.project(connection, derived)
        done += len(some)
        if progress:
            progress(done, len(ids))
    return Rebuilt(len(ids), corrected)


def check(
    database: Database,
    *,
    law: Law,
    sample: int | None = None,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> list[Difference]:
    """Every due row that is not as derived, of all cases or of a random `sample` of them; changes nothing."""
    found: list[Difference] = []
    done = 0
    ids = _case_ids(database, sample=sample)
    for some in _chunks(ids, chunk):
        with database.reading() as connection:
            found += differences(connection, some, law=law)
        done += len(some)
        if progress:
            progress(done, len(ids))
    return found


def differences(connection: Connection, case_ids: Sequence[int], *, law: Law) -> list[Difference]:
    """The due rows of these cases that are not as derived."""
    rows = connection.execute(select(CASES).where(CASES.c.id.in_(case_ids)).order_by(CASES.c.id)).all()
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    stored = dues.stored_rows(connection, case_ids)
    derived: dict[DueKey, dict[str, Any]] = {}
    for row in rows:
        _, due_rows = dues.derive(row.id, stored_case(row, journeys[row.id]).case, law)
        derived.update({(row.id, due["rule"], due["start_key"]): due for due in due_rows})
    refs = {row.id: row.ref for row in rows}
    return [
        _difference(refs[key[0]], key, stored.get(key), derived.get(key))
        for key in sorted(stored.keys() | derived.keys())
        if stored.get(key) != derived.get(key)
    ]


def _difference(ref: str, key: DueKey, stored: dict[str, Any] | None, derived: dict[str, Any] | None) -> Difference:
    _, rule, start_key = key
    if stored is None or derived is None:
        return Difference(ref, rule, start_key, stored is not None)
    fields = tuple((name, stored[name], derived[name]) for name in derived if stored[name] != derived[name])
    return Difference(ref, rule, start_key, True, fields)


def _case_ids(database: Database, *, sample: int | None = None) -> list[int]:
    statement = select(CASES.c.id).order_by(CASES.c.id)
    if sample is not None:
        statement = select(CASES.c.id).order_by(func.random()).limit(sample)
    with database.reading() as connection:
        return list(connection.execute(statement).scalars().all())


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[first : first + size] for first in range(0, len(ids), size))

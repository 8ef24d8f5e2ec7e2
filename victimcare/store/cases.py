"""Cases in the database: loading one to write to it, and writing what was recorded, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case, custody_of, status_of
from victimcare.domain.court_stage import is_at_court
from victimcare.domain.entitlements import Entitlement
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.keeping_in_touch import in_touch, silent_since
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, CaseHolder, CaseLists, Person
from victimcare.domain.stage_line import standstill
from victimcare.domain.support_reached import support_reached
from victimcare.domain.victim import as_searched, tier_history, tier_on
from victimcare.store import audit, breaches, case_lists, dues, telling
from victimcare.store.database import is_sqlite
from victimcare.store.journeys import EVENTS, event_row, journeys_of
from victimcare.store.law_in_force import law_now
from victimcare.store.sealed_words import sealed_in
from victimcare.store.tables import Assignment, CaseRow, Crime, Victim
from victimcare.store.vault import Vault

CASES = CaseRow.__table__  # type: ignore[attr-defined]
CRIMES = Crime.__table__  # type: ignore[attr-defined]
VICTIMS = Victim.__table__  # type: ignore[attr-defined]
ASSIGNMENTS = Assignment.__table__  # type: ignore[attr-defined]
AT_COURT_NOW = CASES.c.at_court & (CASES.c.status == "open")
"""A condition on `victim_case`: it is at court, and not over."""
NOT_DISPOSED = CASES.c.disposed_on.is_(None)
"""A condition on `victim_case`: of a case that was disposed of nobody sees or writes anything."""
_SHARED_KEY = func.coalesce(EVENTS.c.crime_event_key, EVENTS.c.key)
WHY_HANDED_OVER = ASSIGNMENTS.c.sealed_why
_WITH_LISTS = select(CASES, case_lists.has_lists(CASES.c.id).label("has_lists"))


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as loaded for writing, with the ids of its rows and who is kept from it."""

    id: int
    crime_id: int
    victim_id: int
    case: Case
    lists: CaseLists | None = None

    @property
    def holder(self) -> CaseHolder:
        """Who holds it and who is kept from it, for `may`: everybody where it was not loaded to be written to."""
        return replace(self.case.holder, lists=self.lists, case_id=self.id)


@dataclass(frozen=True, slots=True)
class Recording:
    """Who records what, when: goes into every row that a write makes. `at` is a UTC instant.

    `crime_event_keys` has, by event key, the key that all copies share of something that happened to the crime.
    """

    by: Person
    at: datetime
    what: str
    operation: str = "alteration"
    source: str = "recorded"
    crime_event_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The London date of the recording."""
        return london_date(self.at)


def load(connection: Connection, ref: str) -> StoredCase:
    """The case of this reference, locked until the transaction ends. Raises `NoSuchCase`."""
    found = _load_where(connection, (CASES.c.ref == ref) & NOT_DISPOSED)
    if not found:
        raise NoSuchCase(ref)
    return found[0]


def look_at(connection: Connection, ref: str) -> StoredCase:
    """The case of this reference as it stands, not locked: to see what a write would do. Raises `NoSuchCase`."""
    rows = connection.execute(_WITH_LISTS.where(CASES.c.ref == ref, NOT_DISPOSED)).all()
    if not rows:
        raise NoSuchCase(ref)
    return _loaded(connection, rows)[0]


def open_refs_of(connection: Connection, officer_id: str) -> list[str]:
    """The references of the open cases that this officer holds, in order."""
    theirs = (CASES.c.officer_id == officer_id) & (CASES.c.status == "open")
    return list(connection.execute(select(CASES.c.ref).where(theirs).order_by(CASES.c.ref)).scalars())


def id_of(connection: Connection, ref: str) -> int | None:
    """The number of the case of this reference, whoever asks: for the audit. None where there is none."""
    return connection.execute(select(CASES.c.id).where(CASES.c.ref == ref)).scalar()


def team_of(connection: Connection, case_id: int) -> str:
    """Whose supervisors answer for the case of this number."""
    return str(connection.execute(select(CASES.c.team_id).where(CASES.c.id == case_id)).scalar_one())


def load_with_crime(connection: Connection, ref: str) -> list[StoredCase]:
    """The case of this reference and every other of its crime, locked. Raises `NoSuchCase`.

    All at once and in the order of their references, so that two writers never wait for each other. The crime comes
    first: of a victim who is just being added to it, the case is there once the crime is free.
    """
    crime_id = select(CASES.c.crime_id).where(CASES.c.ref == ref, NOT_DISPOSED).scalar_subquery()
    if not is_sqlite(connection):
        connection.execute(select(CRIMES.c.id).where(CRIMES.c.id == crime_id).with_for_update(key_share=True))
    found = _load_where(connection, CASES.c.crime_id == crime_id)
    if not found:
        raise NoSuchCase(ref)
    return found


def others_of_crime(connection: Connection, stored: StoredCase) -> list[StoredCase]:
    """Every other case of the crime that was not disposed of, locked."""
    others = (CASES.c.crime_id == stored.crime_id) & (CASES.c.id != stored.id)
    return _load_where(connection, others & NOT_DISPOSED)


def load_many(connection: Connection, case_ids: Sequence[int]) -> list[StoredCase]:
    """The cases of these ids, locked, in the order of their references."""
    return _load_where(connection, CASES.c.id.in_(case_ids))


def versions_by_crime_event(connection: Connection, event_key: str) -> dict[int, str]:
    """For each case of a crime, the key of its own copy of the event that has this key in one of them.

    What was recorded of a crime of one victim may have no shared key: copies made later then share its own.
    """
    crime_event_key = select(_SHARED_KEY).where(EVENTS.c.key == event_key).scalar_subquery()
    shared = (EVENTS.c.crime_event_key == crime_event_key) | (EVENTS.c.key == crime_event_key)
    copies = select(EVENTS.c.case_id, EVENTS.c.key).where(shared)
    return {row.case_id: row.key for row in connection.execute(copies)}


def crime_event_keys(connection: Connection, case_id: int) -> dict[str, str]:
    """For each event of the case, by its key, the key that its copies in other cases of the crime share."""
    rows = connection.execute(select(EVENTS.c.key, _SHARED_KEY.label("shared")).where(EVENTS.c.case_id == case_id))
    return {row.key: row.shared for row in rows}


def _load_where(connection: Connection, condition: Any) -> list[StoredCase]:
    statement = _WITH_LISTS.where(condition)
    if is_sqlite(connection):
        statement = statement.order_by(CASES.c.ref)
    else:
        # In the order in which Python sorts too. Not the key: rows that name the case may still be added meanwhile.
        statement = statement.order_by(CASES.c.ref.collate("C")).with_for_update(key_share=True, of=CASES)
    return _loaded(connection, connection.execute(statement).all())


def _loaded(connection: Connection, rows: Sequence[Any]) -> list[StoredCase]:
    journeys = journeys_of(connection, {row.id: row.ref for row in rows})
    lists = case_lists.lists_of(connection, [row.id for row in rows if row.has_lists])
    return [stored_case(row, journeys[row.id], lists.get(row.id, NO_LISTS)) for row in rows]


def stored_case(row: Any, journey: Journey, lists: CaseLists | None = None) -> StoredCase:
    """The case of a row of `victim_case` and its journey."""
    case = Case(row.ref, journey, row.version, row.area, row.crime_type)
    return StoredCase(row.id, row.crime_id, row.victim_id, case, lists)


def add_victim(connection: Connection, **values: Any) -> int:
    """Store a victim and return the row's id."""
    row = victim_row(**values)
    return int(connection.execute(insert(VICTIMS).values(row).returning(VICTIMS.c.id)).scalar_one())


def victim_row(*, name: str | None, **more: Any) -> dict[str, Any]:
    """The row of `victim`, with the name also as it is searched for."""
    return {"name": name, "searched_name": as_searched(name) if name else None, **more}


def add_crime(connection: Connection, *, source: str, source_ref: str, **values: Any) -> int:
    """Store a crime and return the row's id. Raises `CrimeAlreadyRecorded`."""
    row = {"source": source, "source_ref": source_ref, **values}
    try:
        with connection.begin_nested():
            return int(connection.execute(insert(CRIMES).values(row).returning(CRIMES.c.id)).scalar_one())
    except IntegrityError:
        raise CrimeAlreadyRecorded(source_ref) from None


def open_case(
    connection: Connection,
    *,
    crime_id: int,
    victim_id: int,
    case: Case,
    recording: Recording,
    law: Law,
    held: bool = False,
) -> tuple[StoredCase, tuple[Entitlement, ...]]:
    """Store a new case with its first events, among which is the assignment of its case officer."""
    row = case_row(case, law, today=recording.on, held=held)
    statement = insert(CASES).values(crime_id=crime_id, victim_id=victim_id, **row)
    case_id = int(connection.execute(statement.returning(CASES.c.id)).scalar_one())
    stored = StoredCase(case_id, crime_id, victim_id, case, NO_LISTS)
    return stored, _write_events(connection, stored, case.journey.events, recording, law)


def save(
    connection: Connection,
    stored: StoredCase,
    after: Case,
    recording: Recording,
    law: Law,
) -> tuple[Entitlement, ...]:
    """Write what was recorded since `stored` was loaded: events, case, custody, dues, breaches and audit.

    Raises `CaseChanged` if somebody else wrote to the case in between.
    """
    values = case_columns(after.journey, law, today=recording.on)
    if after.holder != stored.case.holder:
        values["held"] = False
    changed = connection.execute(
        update(CASES)
        .where(CASES.c.id == stored.id, CASES.c.version == stored.case.version)
        .values(version=after.version, **values)
    )
    if changed.rowcount != 1:
        raise CaseChanged(after.ref)
    events = after.journey.events[len(stored.case.journey.events) :]
    now_stored = StoredCase(stored.id, stored.crime_id, stored.victim_id, after, stored.lists)
    return _write_events(connection, now_stored, events, recording, law)


def _write_events(
    connection: Connection, stored: StoredCase, events: Iterable[JourneyEvent], recording: Recording, law: Law
) -> tuple[Entitlement, ...]:
    rows = [
        event_row(
            event,
            case_id=stored.id,
            recorded_by=recording.by.id,
            source=recording.source,
            crime_event_key=recording.crime_event_keys.get(event.key),
        )
        for event in events
    ]
    connection.execute(insert(EVENTS), rows)
    for event in events:
        if event.kind is EventKind.OFFICER_ASSIGNED:
            _assign(connection, stored.id, event)
    law = law_now(connection, law)
    entitlements, due_rows = dues.derive(stored.id, stored.case, law)
    changes = dues.project(connection, {stored.id: due_rows})
    telling.tell_of_duties(connection, stored.id, stored.case, stored.holder, changes, at=recording.at)
    settlement = breaches.Settlement(stored.id, entitlements, due_rows, by_event=rows[-1]["key"])
    breaches.settle(connection, [settlement], today=recording.on, now=recording.at)
    audit.write(
        connection,
        at=recording.at,
        operation=recording.operation,
        what=recording.what,
        person=recording.by,
        case_ids=[stored.id],
    )
    return entitlements


def derive_again(connection: Connection, stored: StoredCase, law: Law, *, now: datetime) -> int:
    """Make the due rows of a case of which nothing was recorded what the law says of it now; how many changed."""
    changes = dues.project(connection, {stored.id: dues.derive(stored.id, stored.case, law)[1]})
    telling.tell_of_duties(connection, stored.id, stored.case, stored.holder, changes, at=now)
    return len(changes)


def _assign(connection: Connection, case_id: int, event: JourneyEvent) -> None:
    """Hand the case over without a gap: the last period ends at the instant at which the next begins."""
    current = (ASSIGNMENTS.c.case_id == case_id) & ASSIGNMENTS.c.until_at.is_(None)
    before = connection.execute(select(ASSIGNMENTS.c.officer_id).where(current)).scalar()
    connection.execute(update(ASSIGNMENTS).where(current).values(until_at=event.recorded_at))
    row = assignment_row(case_id, event)
    handed_over = {"from_officer_id": before} if before != row["officer_id"] else {}
    connection.execute(insert(ASSIGNMENTS).values(**row, **handed_over))


def hold(connection: Connection, case_id: int) -> None:
    """Say of a case that it is held by a supervisor until an officer has it."""
    connection.execute(update(CASES).where(CASES.c.id == case_id).values(held=True))


def note_why(connection: Connection, case_id: int, why: str, vault: Vault) -> None:
    """Keep why the case was handed to the officer who has it now, in the words of whoever did it."""
    current = (ASSIGNMENTS.c.case_id == case_id) & ASSIGNMENTS.c.until_at.is_(None)
    number = connection.execute(select(ASSIGNMENTS.c.id).where(current)).scalar_one()
    sealed = {"sealed_why": sealed_in(WHY_HANDED_OVER, number, why, vault)}
    connection.execute(update(ASSIGNMENTS).where(ASSIGNMENTS.c.id == number).values(sealed))


def assignment_row(case_id: int, event: JourneyEvent) -> dict[str, Any]:
    """The row of `assignment` that an `officer_assigned` event begins."""
    return {
        "case_id": case_id,
        "officer_id": event.details["officer"],
        "team_id": event.details["team"],
        "from_at": event.recorded_at,
        "until_at": None,
        "why": event.details.get("why", ""),
    }


def case_row(case: Case, law: Law, *, today: date, held: bool) -> dict[str, Any]:
    """The row of `victim_case` of a new case, without its ids."""
    return {
        "ref": case.ref,
        "area": case.area,
        "crime_type": case.crime_type,
        "opened_on": opened_on(case.journey),
        "held": held,
        "version": case.version,
        **case_columns(case.journey, law, today=today),
    }


def opened_on(journey: Journey) -> date:
    """The first day (London date) of a case that is opened with this journey."""
    return min(event.happened.on for event in journey.events if not event.as_history)


def case_columns(journey: Journey, law: Law, *, today: date) -> dict[str, Any]:
    """The columns of `victim_case` that follow from the journey; `today` is the London date of its last recording."""
    chains = [chain for chain in journey.chains().values() if chain.happened]
    holder = custody_of(journey)[-1]
    contacts = [c.current.happened.on for c in chains if c.root.kind is EventKind.CONTACT_MADE]
    tier = tier_on(tier_history(chains, default_tier=law.code.latest.default_tier), today)
    touch, stands = in_touch(chains), standstill(chains)
    return {
        "officer_id": holder.officer_id,
        "team_id": holder.team_id,
        "tier": tier.tier,
        "tier_until_on": tier.until_on,
        "last_contact_on": max(contacts, default=None),
        "promised_contact_on": touch.promise.on if touch.promise else None,
        "attempts": touch.attempts,
        "silent_since_on": silent_since(chains, opened_on=opened_on(journey)),
        "stage": stands.stage if stands else None,
        "stands_since_on": stands.since_on if stands else None,
        "status": status_of(chains),
        "support": support_reached(journey).value,
        "at_court": is_at_court(chains),
    }


class NoSuchCase(LookupError):
    """No case of that reference that this person may see."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        super().__init__("there is no such case, or it is not yours to see")


class CrimeAlreadyRecorded(ValueError):
    """A crime of that reference is stored already."""

    def __init__(self, crime_ref: str) -> None:
        self.crime_ref = crime_ref
        super().__init__(
            "a crime with this reference is already recorded: find its cases, or ask a supervisor for them"
        )


class CaseChanged(RuntimeError):
    """Somebody else recorded something on the case after it was opened for editing."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        super().__init__(
            "somebody else changed this case while you were writing: look at what changed, then send again"
        )

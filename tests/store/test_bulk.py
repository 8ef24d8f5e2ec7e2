"""The bulk path writes exactly what recording one by one writes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, func, select, text

from tests.builders import duty, event, journey
from tests.contents import contents
from tests.force import Force, a_force
from victimcare.domain.case import Case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent, Moment
from victimcare.store import bulk, cases, staff
from victimcare.store.breaches import BREACHES
from victimcare.store.bulk import ChangedCase, CrimeWithCases, VictimCase
from victimcare.store.dues import DUES

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def recording() -> cases.Recording:
    return cases.Recording(by=staff.SYSTEM, at=NOW, what="import", operation="collection")


def a_journey(number: int) -> list[JourneyEvent]:
    """An arrest of which the victim was told late, or in time, or not yet, and a case officer who changed."""
    name = f"case{number}"
    recorded = [
        event("crime_reported", "2026-05-18", key=f"{name}-reported"),
        event("crime_recorded", "2026-05-18", key=f"{name}-recorded"),
        event("officer_assigned", "2026-05-18", key=f"{name}-first", officer="ash", team="luton", why="present"),
        event("suspect_arrested", "2026-05-22", key=f"{name}-arrest", subject="Suspect 1"),
        event("officer_assigned", "2026-06-01", key=f"{name}-second", officer="birch", team="luton"),
    ]
    told = {0: "2026-05-26", 1: "2026-06-12"}.get(number % 3)
    if told:
        answers = [duty("R6-ARR", f"{name}-arrest")]
        recorded.append(event("contact_made", told, key=f"{name}-told", answers=answers, channel="phone"))
    return recorded


def a_case(number: int, *, events: int | None = None) -> Case:
    ref = f"CASE-{number:05}"
    return Case(ref, journey(*a_journey(number)[:events], case_ref=ref), 1, "Luton", "Burglary")


def crimes(count: int, *, events: int | None = None) -> list[CrimeWithCases]:
    return [
        CrimeWithCases("test", f"crime-{n}", "Burglary", "Luton", [VictimCase(a_case(n, events=events), f"Victim {n}")])
        for n in range(count)
    ]


def open_one_by_one(connection: Connection, force: Force, to_open: list[CrimeWithCases]) -> None:
    for crime in to_open:
        crime_id = cases.add_crime(
            connection,
            source=crime.source,
            source_ref=crime.source_ref,
            crime_type=crime.crime_type,
            area=crime.area,
        )
        for new in crime.cases:
            victim_id = cases.add_victim(connection, name=new.name)
            cases.open_case(
                connection,
                crime_id=crime_id,
                victim_id=victim_id,
                case=new.case,
                recording=recording(),
                law=force.law,
            )


def what_is_written(force: Force, write: object) -> dict[str, list[str]]:
    with force.database.engine.connect() as connection:
        assert callable(write)
        write(connection)
        written = contents(connection)
        connection.rollback()
    return written


def test_the_rows_are_those_of_recording_one_by_one(force: Force) -> None:
    def in_bulk(connection: Connection) -> None:
        bulk.open_cases(connection, crimes(7), recording=recording(), law=force.law)

    def one_by_one(connection: Connection) -> None:
        open_one_by_one(connection, force, crimes(7))

    written = what_is_written(force, in_bulk)
    assert len(written["due"]) > 7
    assert len(written["breach"]) > 0
    assert written == what_is_written(force, one_by_one)


def test_events_appended_in_bulk_are_those_recorded_one_by_one(force: Force) -> None:
    with force.database.writing() as connection:
        stored = bulk.open_cases(connection, crimes(7, events=3), recording=recording(), law=force.law)

    def after(before: cases.StoredCase, number: int) -> Case:
        return before.case.record(*a_journey(number)[3:])

    def in_bulk(connection: Connection) -> None:
        loaded = cases.load_many(connection, [case.id for case in stored])
        changes = [ChangedCase(before, after(before, number)) for number, before in enumerate(loaded)]
        bulk.append_events(connection, changes, recording=recording(), law=force.law)

    def one_by_one(connection: Connection) -> None:
        for number, before in enumerate(cases.load_many(connection, [case.id for case in stored])):
            cases.save(connection, before, after(before, number), recording(), force.law)

    written = what_is_written(force, in_bulk)
    assert any("birch" in row for row in written["victim_case"])
    assert written == what_is_written(force, one_by_one)


def test_a_contact_recorded_in_bulk_overturns_the_breach_it_answers(force: Force) -> None:
    late = crimes(1, events=4)
    with force.database.writing() as connection:
        stored = bulk.open_cases(connection, late, recording=recording(), law=force.law)
        told = event("contact_made", "2026-05-22", answers=[duty("R6-ARR", "case0-arrest")], channel="phone")
        changes = [ChangedCase(stored[0], stored[0].case.record(told))]
        bulk.append_events(connection, changes, recording=recording(), law=force.law)
    with force.database.reading() as connection:
        arrest = BREACHES.c.rule == "R6-ARR"
        assert connection.execute(select(BREACHES.c.overturned_by).where(arrest)).scalar_one() == told.key


def test_a_crime_without_a_victim_has_no_case(force: Force) -> None:
    with force.database.writing() as connection:
        empty = CrimeWithCases("test", "crime-1", "Drugs", "Luton")
        assert bulk.open_cases(connection, [empty], recording=recording(), law=force.law) == []
        assert connection.execute(select(func.count()).select_from(cases.CRIMES)).scalar_one() == 1


def test_the_victims_of_one_crime_share_it(force: Force) -> None:
    crime = CrimeWithCases(
        "test", "crime-1", "Burglary", "Luton", [VictimCase(a_case(1), "One"), VictimCase(a_case(2), "Two")]
    )
    with force.database.writing() as connection:
        stored = bulk.open_cases(connection, [crime], recording=recording(), law=force.law)
    assert len({case.crime_id for case in stored}) == 1
    assert len({case.victim_id for case in stored}) == 2


def test_a_chunk_has_one_audit_row_that_names_its_cases(force: Force) -> None:
    with force.database.writing() as connection:
        stored = bulk.open_cases(connection, crimes(3), recording=recording(), law=force.law)
    with force.database.reading() as connection:
        row = connection.execute(text("SELECT seq, what, operation, case_count FROM audit")).one()
        subjects = connection.execute(text("SELECT case_id FROM audit_subject WHERE seq = :seq"), {"seq": row.seq})
        assert (row.what, row.operation, row.case_count) == ("import", "collection", 3)
        assert sorted(subjects.scalars()) == [case.id for case in stored]


def test_cases_recorded_one_by_one_afterwards_have_ids_of_their_own(force: Force) -> None:
    with force.database.writing() as connection:
        in_bulk = bulk.open_cases(connection, crimes(3), recording=recording(), law=force.law)
    alone = force.record_crime()
    with force.database.writing() as connection:
        again = bulk.open_cases(
            connection,
            [CrimeWithCases("test", "another", "Burglary", "Luton", [VictimCase(a_case(9))])],
            recording=recording(),
            law=force.law,
        )
    ids = [case.id for case in (*in_bulk, *alone, *again)]
    assert len(set(ids)) == 5


def test_a_case_that_changed_in_between_is_refused(force: Force) -> None:
    with force.database.writing() as connection:
        before = bulk.open_cases(connection, crimes(1, events=3), recording=recording(), law=force.law)[0]
    force.record(before.case.ref, EventKind.CONTACT_ATTEMPTED, NOW, channel="phone")
    later = event("contact_attempted", Moment.day(date(2026, 6, 1)), channel="phone")
    changes = [ChangedCase(before, before.case.record(later))]
    with force.database.writing() as connection, pytest.raises(cases.CaseChanged):
        bulk.append_events(connection, changes, recording=recording(), law=force.law)


def test_who_recorded_an_event_is_kept_where_it_was_somebody_else(force: Force) -> None:
    new = VictimCase(a_case(1), recorded_by={"case1-told": "birch"}, crime_event_keys={"case1-arrest": "shared"})
    crime = CrimeWithCases("test", "crime-1", "Burglary", "Luton", [new])
    with force.database.writing() as connection:
        bulk.open_cases(connection, [crime], recording=recording(), law=force.law)
        rows = connection.execute(text("SELECT key, recorded_by, crime_event_key FROM journey_event")).all()
    by_key = {row.key: (row.recorded_by, row.crime_event_key) for row in rows}
    assert by_key["case1-told"] == ("birch", None)
    assert by_key["case1-arrest"] == (staff.SYSTEM.id, "shared")


def test_an_officer_who_takes_a_held_case_holds_it_no_longer_for_others(force: Force) -> None:
    new = VictimCase(a_case(1, events=3), held=True)
    with force.database.writing() as connection:
        crime = CrimeWithCases("test", "crime-1", "Burglary", "Luton", [new])
        before = bulk.open_cases(connection, [crime], recording=recording(), law=force.law)[0]
        given = event("officer_assigned", "2026-06-01", officer="birch", team="luton")
        changes = [ChangedCase(before, before.case.record(given))]
        bulk.append_events(connection, changes, recording=recording(), law=force.law)
        assert connection.execute(select(cases.CASES.c.held)).scalar_one() is False
        assert connection.execute(select(DUES.c.holder_id).distinct()).scalars().all() == ["birch"]

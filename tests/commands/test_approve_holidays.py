"""Holiday replay: 19 September 2022 is proclaimed on 10 September, and taken back: exactly the right deadlines move."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.force import Force, a_force
from tests.holidays import FUNERAL, FUNERAL_NAME, SHIPPED, listed
from tests.jobs.counted import Clock, Nowhere, job
from tests.law_changes import differences, in_force, move
from tests.plans import planned
from victimcare.commands.approve_holidays import NoSuchList, StillMoving, approve_holidays
from victimcare.commands.move_deadlines import cases_to_move
from victimcare.commands.propose_holidays import ListSource, NotTheirHolidays, propose_holidays
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.holiday_list import HolidayList
from victimcare.domain.holiday_moves import longest_in_working_days
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.jobs.runner import Runner
from victimcare.jobs.work import Done, Work
from victimcare.queries.verdicts import undecided_verdicts
from victimcare.store import cases
from victimcare.store.breaches import BREACHES
from victimcare.store.database import is_sqlite
from victimcare.store.dues import DUES
from victimcare.store.holiday_moves import touched
from victimcare.store.law_in_force import law_now
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import SYSTEM

BEFORE = HolidayList.of(SHIPPED)
WITHOUT = listed(without=(FUNERAL,))
PROCLAIMED = datetime(2022, 9, 10, 11, tzinfo=UTC)
AT, COMPLAINT = PROCLAIMED - timedelta(minutes=1), {"complained_of": "police"}
BACK = datetime(2022, 9, 12, 9, tzinfo=UTC)
ARRESTS = [datetime(2022, 8, day, 10, tzinfo=UTC) for day in (1, 15, 30)] + [
    datetime(2022, 9, day, 10, tzinfo=UTC) for day in (1, 5, 6, 7, 8, 9)
]


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """A force of September 2022, before anybody knew of the funeral."""
    known = WorkingCalendar(holidays=WITHOUT.holidays, known_until=WITHOUT.known_until, version="before")
    force = a_force(database_url)
    force.law = Law(force.law.code, known)
    for number, at in enumerate(ARRESTS):
        arrested(force, f"40/{number}/22", at)
    yield force
    force.database.close()


def arrested(force: Force, ref: str, at: datetime) -> None:
    [stored] = force.record_crime("Wren Sample", ref=ref, at=at - timedelta(hours=1))
    force.record(stored.case.ref, EventKind.SUSPECT_ARRESTED, at, subject="Suspect 1")
    force.record(stored.case.ref, EventKind.COMPLAINT_MADE, at, received=at, complained_of="police")
    force.record(stored.case.ref, EventKind.VCS_REFERRED, at)


def approve(force: Force, whole: HolidayList, at: datetime) -> int:
    """Propose and approve it; the law of the force stays the one that it read before."""
    with force.database.writing() as connection:
        calendar = law_now(connection, force.law).calendar
        proposed = propose_holidays(
            connection, published=whole, source=ListSource.FILE, by=SYSTEM, now=at, calendar=calendar
        )
        assert proposed.number is not None
        return approve_holidays(connection, number=proposed.number, by=SYSTEM, now=at, law=force.law)


def rows(force: Force) -> dict[tuple[int, str, str], Any]:
    with force.database.reading() as connection:
        found = connection.execute(select(DUES)).mappings()
        return {(row["case_id"], row["rule"], row["start_key"]): dict(row) for row in found}


def journeys(force: Force) -> dict[int, cases.StoredCase]:
    with force.database.writing() as connection:
        ids = connection.execute(select(cases.CASES.c.id)).scalars().all()
        return {one.id: one for one in cases.load_many(connection, ids)}


def derived_afresh(force: Force, by: HolidayList) -> dict[tuple[int, str, str], date | None]:
    """What every duty would be due had this list been known from the beginning."""
    calendar = WorkingCalendar(holidays=by.holidays, known_until=by.known_until, version="afresh")
    return {
        (case_id, *owed.key): owed.due_on
        for case_id, stored in journeys(force).items()
        for owed in assess(stored.case.journey, force.law.code, calendar)
    }


def open_in_time(row: Any, on: date) -> bool:
    return (
        row["ended_on"] is None and row["counting"] == "counted" and row["due_on"] is not None and row["due_on"] >= on
    )


def test_exactly_the_deadlines_move_that_a_fresh_derivation_moves_and_back(force: Force) -> None:
    before, afresh = rows(force), derived_afresh(force, BEFORE)
    touched = approve(force, BEFORE, PROCLAIMED)
    assert differences(force, PROCLAIMED) == []
    assert move(force, PROCLAIMED) == touched > 0
    after = rows(force)
    moved = {key for key in before if before[key]["due_on"] != after[key]["due_on"]}
    right = {
        key for key, row in before.items() if open_in_time(row, PROCLAIMED.date()) and row["due_on"] != afresh[key]
    }
    assert moved == right
    assert all(after[key]["due_on"] == afresh[key] for key in moved)
    assert {before[key]["due_on"] for key in moved} >= {date(2022, 9, 19)}
    assert (differences(force, PROCLAIMED), cases_left(force)) == ([], [])

    approve(force, WITHOUT, BACK)
    move(force, BACK)
    back = rows(force)
    assert {key: row["due_on"] for key, row in back.items()} == {key: row["due_on"] for key, row in before.items()}
    assert differences(force, BACK) == []
    print(f"{len(before)} deadlines, {len(moved)} moved in {touched} cases, and back")


def cases_left(force: Force) -> list[int]:
    with force.database.reading() as connection:
        return cases_to_move(connection)


def test_the_journey_of_each_case_says_which_deadline_moved_and_why(force: Force) -> None:
    before = rows(force)
    approve(force, BEFORE, PROCLAIMED)
    move(force, PROCLAIMED)
    after = rows(force)
    told = {
        (case_id, named.rule, named.start): event.details
        for case_id, stored in journeys(force).items()
        for event in stored.case.journey.events
        if event.kind is EventKind.DEADLINE_MOVED
        for named in event.duties
    }
    assert set(told) == {key for key in before if before[key]["due_on"] != after[key]["due_on"]}
    for key, said in told.items():
        assert said == {
            "change": "proclaimed",
            "day": FUNERAL,
            "due_before": before[key]["due_on"],
            "due_after": after[key]["due_on"],
            "list": 2,
        }
    assert in_force(force).calendar.holidays[FUNERAL] == FUNERAL_NAME


def test_a_move_that_is_interrupted_goes_on_where_it_was_and_the_check_is_clean_all_along(force: Force) -> None:
    touched = approve(force, BEFORE, PROCLAIMED)
    assert move(force, PROCLAIMED, at_most=1) == 1
    assert differences(force, PROCLAIMED) == []
    assert len(cases_left(force)) == touched - 1
    with pytest.raises(StillMoving):
        approve(force, WITHOUT, BACK)
    assert move(force, PROCLAIMED) == touched - 1
    assert move(force, PROCLAIMED) == 0


def test_a_case_that_somebody_writes_to_meanwhile_counts_by_the_new_list_and_is_told_of_all_the_same(
    force: Force,
) -> None:
    approve(force, BEFORE, PROCLAIMED)
    stored = journeys(force)[cases_left(force)[0]]
    force.record(stored.case.ref, EventKind.VPS_OFFERED, PROCLAIMED + timedelta(minutes=1))
    assert differences(force, PROCLAIMED) == []
    move(force, PROCLAIMED + timedelta(minutes=2))
    kinds = [event.kind for event in journeys(force)[stored.id].case.journey.events]
    assert (kinds.count(EventKind.DEADLINE_MOVED) > 0, differences(force, PROCLAIMED)) == (True, [])


def test_what_a_list_does_not_touch_is_not_looked_at(force: Force) -> None:
    versions = {case_id: stored.case.version for case_id, stored in journeys(force).items()}
    assert approve(force, listed(without=(FUNERAL,), **{"2026-08-10": "Far away"}), PROCLAIMED) == 0
    assert move(force, PROCLAIMED) == 0
    assert {case_id: stored.case.version for case_id, stored in journeys(force).items()} == versions


def test_no_breach_comes_or_goes_and_nothing_is_sent(force: Force) -> None:
    approve(force, BEFORE, datetime(2022, 9, 21, 9, tzinfo=UTC))
    move(force, datetime(2022, 9, 21, 9, tzinfo=UTC))
    late = [row for row in rows(force).values() if row["otherwise_on"] is not None]
    assert late
    assert all(row["due_on"] < date(2022, 9, 21) for row in late)
    with force.database.reading() as connection:
        overturned = connection.execute(select(BREACHES).where(BREACHES.c.overturned_by.is_not(None))).all()
        assert (overturned, connection.execute(select(OUTBOX)).all()) == ([], [])


def test_what_is_to_be_decided_is_counted_whole_however_little_is_shown(force: Force) -> None:
    for number, arrest in enumerate(ARRESTS):
        arrested(force, f"41/{number}/22", arrest)
    at = datetime(2022, 9, 21, 9, tzinfo=UTC)
    approve(force, BEFORE, at)
    move(force, at)
    with force.database.reading() as connection:
        asked = {"person": force.elm, "today": at.date(), "law": force.law}
        every, first = undecided_verdicts(connection, **asked), undecided_verdicts(connection, **asked, limit=1)
    assert len(every.rows) == every.total == first.total > 1
    assert first.rows == every.rows[:1]
    assert first.case_ids == (first.rows[0].case_id,)


def test_only_the_newest_proposal_is_approved_once_and_by_who_answers_for_the_code(force: Force) -> None:
    approve(force, BEFORE, PROCLAIMED)
    move(force, PROCLAIMED)
    with pytest.raises(NoSuchList), force.database.writing() as connection:
        approve_holidays(connection, number=1, by=SYSTEM, now=BACK, law=force.law)
    with pytest.raises(NotTheirHolidays), force.database.writing() as connection:
        approve_holidays(connection, number=2, by=replace(force.elm), now=BACK, law=force.law)


def test_a_further_year_takes_the_provisional_marks_away(force: Force) -> None:
    at = datetime(2028, 12, 15, 10, tzinfo=UTC)
    [stored] = force.record_crime("Lark Sample", ref="40/99/28", at=at)
    force.record(stored.case.ref, EventKind.VCS_REFERRED, at)
    marked = {key for key, row in rows(force).items() if row["provisional"]}
    assert marked
    year = {date(2029, 1, 1) + timedelta(days=n): "A day" for n in (0, 85, 86, 120, 148, 238, 357, 358)}
    longer = HolidayList({**WITHOUT.holidays, **year}, date(2029, 12, 31))
    assert approve(force, longer, at + timedelta(hours=1)) == 1
    move(force, at + timedelta(hours=2))
    after = rows(force)
    assert not [key for key in marked if after[key]["provisional"]]
    assert differences(force, at) == []


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_an_approval_waits_for_who_is_writing_and_finds_what_they_wrote(force: Force) -> None:
    ref = next(iter(journeys(force).values())).case.ref
    loaded, approved = threading.Event(), threading.Event()

    def write() -> None:
        with force.database.writing() as connection:
            cases.load(connection, ref)
            loaded.set()
            assert not approved.wait(0.5)  # it cannot, while this goes on
            event = NewEvent(EventKind.COMPLAINT_MADE, Moment.instant(AT), Moment.instant(AT), details=COMPLAINT)
            record_event(connection, ref=ref, event=event, by=SYSTEM, now=AT, law=force.law)

    writing = threading.Thread(target=write)
    writing.start()
    assert loaded.wait(5)
    approve(force, BEFORE, PROCLAIMED)
    approved.set()
    writing.join()
    move(force, PROCLAIMED)
    assert differences(force, PROCLAIMED) == []
    with force.database.reading() as connection:
        found = connection.execute(
            select(DUES.c.due_on).where(DUES.c.rule == "R12-ACK", DUES.c.started_on == AT.date())
        )
        assert set(found.scalars()) == {date(2022, 9, 26)}


def test_what_a_list_touches_is_found_along_the_months_of_an_index(force: Force) -> None:
    calendar = WorkingCalendar(
        holidays=BEFORE.holidays, known_until=BEFORE.known_until, version="with", earlier=force.law.calendar
    )
    statement = touched(calendar, longest=longest_in_working_days(force.law.code))
    with planned(force.database) as plans, force.database.reading() as connection:
        if not is_sqlite(connection):
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        [plan] = plans(connection, lambda c: c.execute(statement))
    assert "ix_due_reported" in plan, plan


def test_jobs_that_run_already_count_by_the_new_list_from_their_next_run_on(force: Force) -> None:
    numbers: list[int] = []

    def note(work: Work) -> Done:
        numbers.append(work.law.calendar.number)
        return Done("Noted")

    noting, clock = job(note), Clock(PROCLAIMED)
    running = Runner(force.database, law=force.law, channel=Nowhere(), jobs=[noting], clock=clock)
    running.declare()
    running.tick(noting)
    approve(force, BEFORE, PROCLAIMED)
    clock.forward(minutes=1)
    running.tick(noting)
    assert numbers == [0, 2]

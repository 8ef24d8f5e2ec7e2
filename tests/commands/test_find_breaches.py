"""Finding breaches: each duty past its day once, with who held it that day, at a cost that does not grow."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.find_breaches import cases_to_search, find_breaches
from victimcare.commands.keep_teams import change_team
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.store import staff, staffing
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import StoredCase
from victimcare.store.dues import DUES
from victimcare.store.many import insert_rows
from victimcare.store.newly_late import newly_late_statement
from victimcare.store.tables import OPEN_AND_COUNTED

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
ARREST_DUE_ON = date(2026, 6, 1)
ON_THE_DAY = datetime(2026, 6, 1, 22, 59, tzinfo=UTC)
AFTER_IT = datetime(2026, 6, 1, 23, 1, tzinfo=UTC)  # 00:01 on 2 June in London
LATER = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def case(force: Force) -> StoredCase:
    """A case whose only duty is to tell of an arrest by 1 June."""
    case = force.record_crime()[0]
    reported = case.case.journey.events[0].key
    duties = [DutyNamed(rule, reported) for rule in ("R3-WRIT", "R3-INFO", "R3-RJ", "R4-REF")]
    force.record(case.case.ref, EventKind.DUTY_NOT_APPLICABLE, MONDAY, duties=duties, reason="other")
    return case


def arrest(force: Force, case: StoredCase, at: datetime = FRIDAY) -> str:
    return force.record(case.case.ref, EventKind.SUSPECT_ARRESTED, at, by=force.ash, subject="Suspect 1")


def search(force: Force, now: datetime, *, reached_at: datetime | None = None) -> int:
    with force.database.reading() as connection:
        case_ids = cases_to_search(connection, reached_at=reached_at, now=now)
    with force.database.writing() as connection:
        return find_breaches(connection, case_ids=case_ids, now=now)


def breaches(force: Force) -> list[Any]:
    with force.database.reading() as connection:
        return list(connection.execute(select(BREACHES).order_by(BREACHES.c.id)))


def told(force: Force, case: StoredCase, start: str, *, on: date, recorded_at: datetime) -> str:
    contact = NewContact(Moment.day(on), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
    with force.database.writing() as connection:
        return record_contact(
            connection, ref=case.case.ref, contact=contact, by=force.ash, now=recorded_at, law=force.law
        )


def test_a_duty_is_a_breach_once_its_day_has_ended_in_london(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    assert search(force, ON_THE_DAY) == 0
    assert search(force, AFTER_IT) == 1
    [breach] = breaches(force)
    assert (breach.rule, breach.start_key, breach.due_on, breach.found_at) == (
        "R6-ARR",
        start,
        ARREST_DUE_ON,
        AFTER_IT,
    )
    assert (breach.officer_id, breach.team_id, breach.supervisor_id) == ("ash", "luton", "elm")
    assert (breach.cause, breach.overturned_by) == (None, None)


def test_the_search_counts_nothing_before_its_day_has_ended(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    with force.database.reading() as connection:
        for reached_at in (None, FRIDAY):
            assert cases_to_search(connection, reached_at=reached_at, now=ON_THE_DAY) == []
            assert cases_to_search(connection, reached_at=reached_at, now=AFTER_IT) == [case.id]


def test_it_is_written_once(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    assert [search(force, AFTER_IT), search(force, AFTER_IT), search(force, LATER)] == [1, 0, 0]
    assert len(breaches(force)) == 1


def test_it_names_who_held_the_case_on_the_day_and_not_who_holds_it_now(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    after = AFTER_IT + timedelta(hours=9)
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=after,
            law=force.law,
            vault=VAULT,
        )
    search(force, LATER)
    assert [breach.officer_id for breach in breaches(force)] == ["ash"]


def put_on_duty(force: Force, supervisor: str, now: datetime) -> None:
    """Somebody else of the team is on duty from now on, as an administrator changes it."""
    with force.database.writing() as connection:
        if connection.execute(select(staff.PEOPLE).where(staff.PEOPLE.c.id == supervisor)).first() is None:
            row = {"id": supervisor, "name": "Example Supervisor", "role": "supervisor", "team_id": "luton"}
            connection.execute(staff.PEOPLE.insert().values(row))
        team = staffing.team_row(connection, "luton")
        kept = {
            "name": team.name,
            "area": team.area,
            "inbox": team.inbox,
            "next_supervisor_id": team.next_supervisor_id,
        }
        change_team(
            connection,
            team_id="luton",
            duty_supervisor_id=supervisor,
            seen=staffing.seen_of(team),
            by=force.administrator,
            now=now,
            **kept,
        )


def test_it_names_the_supervisor_on_duty_that_day_and_not_when_it_is_found(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    put_on_duty(force, "oak", AFTER_IT)
    put_on_duty(force, "pine", LATER)
    search(force, LATER)
    assert [breach.supervisor_id for breach in breaches(force)] == ["elm"]


def test_on_the_day_of_a_change_it_is_who_was_on_duty_in_the_evening(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    put_on_duty(force, "oak", ON_THE_DAY - timedelta(hours=5))
    put_on_duty(force, "pine", ON_THE_DAY - timedelta(hours=3))
    put_on_duty(force, "oak", AFTER_IT)
    search(force, LATER)
    assert [breach.supervisor_id for breach in breaches(force)] == ["pine"]


def test_a_breach_that_stands_again_names_the_supervisor_of_its_day_too(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    put_on_duty(force, "oak", AFTER_IT)
    search(force, AFTER_IT)
    call = told(force, case, start, on=ARREST_DUE_ON, recorded_at=AFTER_IT + timedelta(hours=1))
    with force.database.writing() as connection:
        connection.execute(update(BREACHES).values(supervisor_id="oak"))
    assert breaches(force)[0].overturned_by == call
    never = NewEvent(
        EventKind.CONTACT_MADE,
        Moment.day(ARREST_DUE_ON),
        details={"channel": "phone"},
        corrects=call,
        correction=Correction.NEVER_HAPPENED,
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=never, by=force.ash, now=LATER, law=force.law)
    [breach] = breaches(force)
    assert (breach.overturned_by, breach.supervisor_id) == (None, "elm")


def test_what_was_done_in_time_is_no_breach(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    told(force, case, start, on=ARREST_DUE_ON, recorded_at=ON_THE_DAY)
    assert search(force, LATER) == 0


def test_what_became_late_between_two_runs_and_was_then_done_is_a_breach(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    told(force, case, start, on=date(2026, 6, 3), recorded_at=datetime(2026, 6, 3, 9, tzinfo=UTC))
    assert [(breach.rule, breach.overturned_by) for breach in breaches(force)] == [("R6-ARR", None)]
    assert search(force, LATER) == 0


def test_a_contact_made_in_time_and_recorded_later_overturns_it(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    search(force, AFTER_IT)
    contact = told(force, case, start, on=date(2026, 5, 29), recorded_at=LATER)
    [breach] = breaches(force)
    assert (breach.overturned_by, breach.overturned_at) == (contact, LATER)
    assert search(force, LATER) == 0


def test_a_deadline_that_was_moved_is_late_again_on_its_new_day(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    search(force, AFTER_IT)
    corrected = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 6, 2)),
        subject="Suspect 1",
        corrects=start,
        correction=Correction.AMENDS,
    )
    with force.database.writing() as connection:
        record_event(
            connection,
            ref=case.case.ref,
            event=corrected,
            by=force.ash,
            now=AFTER_IT + timedelta(hours=9),
            law=force.law,
        )
    assert breaches(force)[0].overturned_by is not None
    assert search(force, datetime(2026, 6, 9, 12, tzinfo=UTC), reached_at=AFTER_IT) == 0
    assert search(force, LATER, reached_at=AFTER_IT) == 1
    [breach] = breaches(force)
    assert (breach.due_on, breach.overturned_by, breach.overturned_at) == (date(2026, 6, 9), None, None)


def test_a_run_looks_only_from_the_day_that_the_last_one_reached(force: Force, case: StoredCase) -> None:
    arrest(force, case)
    assert search(force, LATER, reached_at=LATER - timedelta(days=2)) == 0
    assert search(force, LATER, reached_at=datetime(2026, 6, 2, 8, tzinfo=UTC)) == 1


def test_a_search_everywhere_finds_what_was_late_when_it_was_done(force: Force, case: StoredCase) -> None:
    """As after a rebuild: the duty has ended and no breach was ever written."""
    start = arrest(force, case)
    told(force, case, start, on=ARREST_DUE_ON, recorded_at=ON_THE_DAY)
    with force.database.writing() as connection:
        of_case = DUES.c.case_id == case.id
        connection.execute(
            DUES.update().where(of_case, DUES.c.rule == "R6-ARR").values(ended_on=date(2026, 6, 4), ending="met")
        )
    assert search(force, LATER, reached_at=LATER - timedelta(days=20)) == 0
    assert search(force, LATER) == 1


def test_what_is_not_counted_or_was_recorded_in_error_is_no_breach(force: Force, case: StoredCase) -> None:
    start = arrest(force, case)
    never = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.instant(FRIDAY),
        subject="Suspect 1",
        corrects=start,
        correction=Correction.NEVER_HAPPENED,
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=never, by=force.ash, now=ON_THE_DAY, law=force.law)
    force.record_crime(ref="40/2/26")
    with force.database.writing() as connection:
        connection.execute(DUES.update().where(DUES.c.case_id != case.id).values(counting="no_evidence"))
    assert search(force, LATER) == 0


def many_duties_of_long_ago(force: Force, case: StoredCase) -> None:
    """Of an empty table PostgreSQL says nothing: which index it takes shows where there is something to choose from."""
    with force.database.writing() as connection:
        is_open = (DUES.c.case_id == case.id) & text(OPEN_AND_COUNTED)
        row = connection.execute(select(DUES).where(is_open)).mappings().first()
        assert row is not None
        copied = {name: value for name, value in row.items() if name != "id"}
        days = (date(2020, 1, 1) + timedelta(days=number % 2_000) for number in range(5_000))
        insert_rows(
            connection, DUES, [{**copied, "start_key": str(number), "due_on": day} for number, day in enumerate(days)]
        )
        connection.execute(text("ANALYZE due"))


def test_the_search_runs_along_the_index_of_open_duties(force: Force, case: StoredCase) -> None:
    """So its cost grows with what is newly late and not with the table."""
    statement = newly_late_statement(since=date(2026, 6, 1), today=date(2026, 6, 2))
    compiled = statement.compile(force.database.engine, compile_kwargs={"literal_binds": True})
    if force.database.engine.dialect.name == "sqlite":
        explain = f"EXPLAIN QUERY PLAN {compiled}"
    else:
        explain = f"EXPLAIN {compiled}"
        arrest(force, case)
        many_duties_of_long_ago(force, case)
    with force.database.reading() as connection:
        if force.database.engine.dialect.name == "postgresql":
            # There is no breach yet, and an empty table is cheaper to scan than to look up.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(" ".join(map(str, row)) for row in connection.exec_driver_sql(explain))
    assert "ix_due_open" in plan, plan
    assert "SCAN due" not in plan
    assert "Seq Scan" not in plan

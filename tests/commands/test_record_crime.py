"""A crime recorded is a case with a case officer, from that moment."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.force import MONDAY, Force, a_force
from victimcare.store.cases import ASSIGNMENTS, CASES, CrimeAlreadyRecorded, add_crime
from victimcare.store.dues import DUES


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def test_each_victim_has_a_case_with_an_officer_from_the_moment_of_recording(force: Force) -> None:
    cases = force.record_crime("Wren Sample", "Robin Sample")
    with force.database.reading() as connection:
        rows = connection.execute(select(ASSIGNMENTS)).all()
    assert len({case.case.ref for case in cases}) == 2
    assert [(row.officer_id, row.from_at, row.until_at) for row in rows] == [
        ("ash", MONDAY, None),
        ("ash", MONDAY, None),
    ], "one officer for the victims of one crime"


def test_the_report_starts_the_duties_of_right_3_and_4(force: Force) -> None:
    force.record_crime()
    with force.database.reading() as connection:
        dues = {row.rule: row.due_on for row in connection.execute(select(DUES))}
    assert dues == {
        "R3-WRIT": date(2026, 5, 26),
        "R3-INFO": date(2026, 5, 26),
        "R3-RJ": date(2026, 5, 26),
        "R4-REF": date(2026, 5, 20),
    }


def test_nobody_present_in_the_area_leaves_it_with_the_duty_supervisor(force: Force) -> None:
    with force.database.writing() as connection:
        connection.execute(
            text("UPDATE person SET absent_from_on = '2026-05-01' WHERE team_id = 'luton' AND role = 'officer'")
        )
    case = force.record_crime()[0]
    with force.database.reading() as connection:
        row = connection.execute(select(CASES).where(CASES.c.id == case.id)).one()
    assert (row.officer_id, row.held) == ("elm", True)


def test_the_victims_own_officer_takes_a_second_crime(force: Force) -> None:
    force.record_crime(ref="40/1/26")
    second = force.record_crime(ref="40/2/26")[0]
    third = force.record_crime(ref="40/3/26", officer_of_open_case="birch")[0]
    fourth = force.record_crime(ref="40/4/26")[0]
    holders = [case.case.holder.officer_id for case in (second, third, fourth)]
    assert holders == ["birch", "birch", "ash"]


def test_the_database_refuses_a_second_current_officer(force: Force) -> None:
    case = force.record_crime()[0]
    row = {"case_id": case.id, "officer_id": "birch", "team_id": "luton", "from_at": MONDAY, "why": ""}
    with pytest.raises(IntegrityError), force.database.writing() as connection:
        connection.execute(ASSIGNMENTS.insert(), [row])


def test_the_same_crime_cannot_be_stored_twice(force: Force) -> None:
    force.record_crime(ref="40/7/26")
    with pytest.raises(CrimeAlreadyRecorded), force.database.writing() as connection:
        add_crime(connection, source="test", source_ref="40/7/26", crime_type="Burglary", area="Luton")

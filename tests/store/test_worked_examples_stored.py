"""Every worked example says the same of a journey that was stored and read back, on both databases."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from tests.builders import event
from tests.force import Force, a_force
from tests.test_worked_examples import STORIES, as_told, in_full, told_journey
from victimcare.domain.case import Case
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey
from victimcare.store import cases, staff
from victimcare.store.dues import DUES
from victimcare.store.journeys import journeys_of

STORED_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_every_story_is_stored_and_read_back_the_same(database_url: str) -> None:
    force = a_force(database_url)
    wrong = [story["title"] for story in STORIES if not says_the_same_when_stored(force, story)]
    force.database.close()
    assert (wrong, len(STORIES)) == ([], len(STORIES))


def says_the_same_when_stored(force: Force, story: Mapping[str, Any]) -> bool:
    with force.database.engine.connect() as connection, connection.begin() as story_only:
        case_id = store(connection, force, told_journey(story))
        read_back = journeys_of(connection, {case_id: "22222-22222"})[case_id]
        rows = {(row.rule, row.start_key): row for row in connection.execute(select(DUES))}
        story_only.rollback()
    owed = {each.key: each for each in assess(read_back, force.law.code, force.law.calendar)}
    return rows.keys() == owed.keys() and all(
        as_told(owed[key], expected, story["as_of"]) == in_full(expected)
        and rows[key].due_on == expected.get("due")
        and rows[key].ended_on == owed[key].ended_on
        for expected in story["expect"]
        for key in [(expected["rule"], expected["start"])]
    )


def store(connection: Connection, force: Force, told: Journey) -> int:
    officer = {"officer": force.ash.id, "team": "luton"}
    assigned = event(EventKind.OFFICER_ASSIGNED, told.events[0].happened, key="assigned", details=officer)
    case = Case("22222-22222", Journey.of("22222-22222", (*told.events, assigned)), 1, "Luton", "Burglary")
    crime_id = cases.add_crime(connection, source="story", source_ref="1", crime_type="Burglary", area="Luton")
    victim_id = cases.add_victim(connection, name=None)
    recording = cases.Recording(by=staff.SYSTEM, at=STORED_AT, what="record crime", operation="collection")
    stored, _ = cases.open_case(
        connection, crime_id=crime_id, victim_id=victim_id, case=case, recording=recording, law=force.law
    )
    return stored.id

"""Links between cases of one person: reversible, by two people, and never with a suspect (S7)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.contents import contents
from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.link_cases import (
    AlreadyLinked,
    NoSuchLink,
    NotOnePerson,
    SecondPersonNeeded,
    confirm_link,
    propose_link,
    undo_link,
)
from victimcare.commands.tell_person import NewPersonToTell, tell_person
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Person
from victimcare.queries.other_cases import other_cases
from victimcare.store.cases import NoSuchCase
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit

WHY = {"reason": "victim_said", "confidence": "certain"}


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def pair(force: Force) -> tuple[str, str]:
    """Two cases of officer ash, of the same name and date of birth."""
    refs = [force.record_crime(ref=f"40/{number}/26", officer_of_open_case="ash")[0].case.ref for number in (1, 2)]
    with force.database.writing() as connection:
        connection.execute(text("UPDATE victim SET born_on = '1985-03-04'"))
    return refs[0], refs[1]


def propose(force: Force, pair: tuple[str, str], by: Person | None = None) -> int:
    with force.database.writing() as connection:
        return propose_link(
            connection,
            ref=pair[0],
            other_ref=pair[1],
            **WHY,
            by=by or force.ash,
            now=MONDAY,
            vault=VAULT,
        )


def everything(force: Force) -> dict[str, list[str]]:
    with force.database.reading() as connection:
        return contents(connection)


def audited(force: Force) -> list[Any]:
    table = Audit.__table__  # type: ignore[attr-defined]
    with force.database.reading() as connection:
        found = select(table.c.what, table.c.case_count).where(table.c.operation == "combination").order_by(table.c.seq)
        return [tuple(row) for row in connection.execute(found)]


def test_taken_back_after_twenty_edits_both_are_as_before_plus_the_edits(force: Force, pair: tuple[str, str]) -> None:
    before = everything(force)
    link = propose(force, pair)
    with force.database.writing() as connection:
        confirm_link(connection, ref=pair[1], link_id=link, by=force.elm, now=MONDAY, vault=VAULT)
    assert everything(force) == before, "a link changes nothing of either case"
    for number in range(20):
        at = MONDAY + timedelta(hours=number + 1)
        force.record(pair[number % 2], EventKind.VPS_OFFERED, at, by=force.ash, point="report")
    edited = everything(force)
    with force.database.writing() as connection:
        undo_link(connection, ref=pair[0], link_id=link, why="another_person", by=force.ash, now=MONDAY)
        of_each = select(func.count()).select_from(EVENTS).where(EVENTS.c.recorded_by == "ash")
        assert connection.execute(of_each).scalar_one() == 20
    assert everything(force) == edited
    assert set(before["journey_event"]) < set(edited["journey_event"])
    assert {**edited, "journey_event": [], "victim_case": []} == {**before, "journey_event": [], "victim_case": []}
    assert audited(force) == [("propose link", 2), ("confirm link", 2), ("undo link", 2)]


def test_it_takes_a_second_person(force: Force, pair: tuple[str, str]) -> None:
    link = propose(force, pair)
    with pytest.raises(SecondPersonNeeded), force.database.writing() as connection:
        confirm_link(connection, ref=pair[0], link_id=link, by=force.ash, now=MONDAY, vault=VAULT)
    for by in (force.birch, force.cedar, force.fir):
        with pytest.raises(NoSuchCase), force.database.writing() as connection:
            confirm_link(connection, ref=pair[0], link_id=link, by=by, now=MONDAY, vault=VAULT)


def test_a_victim_is_never_linked_with_a_suspect(force: Force, pair: tuple[str, str]) -> None:
    suspect = NewPersonToTell("WREN SAMPLE", "guardian", [], MONDAY.date(), is_suspect=True)
    link = propose(force, pair)
    with force.database.writing() as connection:
        tell_person(connection, ref=pair[1], person=suspect, by=force.ash, now=MONDAY, vault=VAULT)
    with pytest.raises(NotOnePerson, match="suspect"), force.database.writing() as connection:
        confirm_link(connection, ref=pair[0], link_id=link, by=force.elm, now=MONDAY, vault=VAULT)
    with force.database.writing() as connection:
        undo_link(connection, ref=pair[0], link_id=link, why="mistake", by=force.ash, now=MONDAY)
    with pytest.raises(NotOnePerson, match="suspect"):
        propose(force, pair)


def test_what_cannot_be_one_person_or_one_link_is_refused(force: Force, pair: tuple[str, str]) -> None:
    two = force.record_crime("Wren Sample", "Wren Sample", ref="40/3/26", officer_of_open_case="ash")
    with pytest.raises(NotOnePerson, match="two victims of one crime"):
        propose(force, (two[0].case.ref, two[1].case.ref))
    with pytest.raises(NotOnePerson, match="the same case"):
        propose(force, (pair[0], pair[0]))
    link = propose(force, pair)
    with pytest.raises(AlreadyLinked):
        propose(force, (pair[1], pair[0]))
    with pytest.raises(NoSuchLink), force.database.writing() as connection:
        undo_link(connection, ref=two[0].case.ref, link_id=link, why="mistake", by=force.ash, now=MONDAY)


def test_only_what_a_person_may_see_is_suggested(force: Force, pair: tuple[str, str]) -> None:
    elsewhere = force.record_crime(area="Bedford Borough", ref="40/4/26", officer_of_open_case="cedar")[0].case.ref
    with force.database.writing() as connection:
        connection.execute(text("UPDATE victim SET born_on = '1985-03-04'"))
    with force.database.reading() as connection:
        mine = other_cases(connection, person=force.ash, ref=pair[0])
        supervisors = other_cases(connection, person=force.elm, ref=pair[0])
        theirs = other_cases(connection, person=force.cedar, ref=elsewhere)
    assert [each.ref for each in mine.suggested] == [pair[1]]
    assert (mine.more_unseen, supervisors.more_unseen, theirs.more_unseen) == (False, True, False)
    assert [each.ref for each in theirs.suggested] == []


def test_without_a_date_of_birth_nothing_is_suggested(force: Force, pair: tuple[str, str]) -> None:
    with force.database.writing() as connection:
        connection.execute(text("UPDATE victim SET born_on = NULL"))
    with force.database.reading() as connection:
        assert other_cases(connection, person=force.ash, ref=pair[0]).suggested == ()

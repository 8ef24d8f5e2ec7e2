"""Handing over: without a gap, each case whole or not at all, every refusal named."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.reassign_cases import CannotTakeCases, reassign_cases
from victimcare.store.cases import ASSIGNMENTS, load
from victimcare.store.dues import DUES

LATER = datetime(2026, 6, 3, 9, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def test_the_new_officer_holds_the_case_from_the_instant_the_old_one_does_not(force: Force) -> None:
    case = force.record_crime()[0]
    with force.database.writing() as connection:
        done = reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=LATER,
            law=force.law,
            vault=VAULT,
        )
        periods = connection.execute(select(ASSIGNMENTS).order_by(ASSIGNMENTS.c.from_at)).all()
    assert done.reassigned == (case.case.ref,)
    assert [(p.officer_id, p.from_at, p.until_at) for p in periods] == [("ash", MONDAY, LATER), ("birch", LATER, None)]


def test_who_held_the_case_on_the_due_day_stays_named(force: Force) -> None:
    case = force.record_crime()[0]
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=LATER,
            law=force.law,
            vault=VAULT,
        )
        dues = connection.execute(select(DUES).where(DUES.c.rule == "R3-WRIT")).one()
    assert (dues.officer_id, dues.holder_id) == ("ash", "birch")


def test_cases_of_another_team_are_refused_by_name_and_the_others_go_through(force: Force) -> None:
    mine = force.record_crime(ref="40/1/26")[0]
    theirs = force.record_crime(ref="40/2/26", area="Bedford Borough")[0]
    with force.database.writing() as connection:
        done = reassign_cases(
            connection,
            refs=[mine.case.ref, theirs.case.ref, "22222-22222"],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=LATER,
            law=force.law,
            vault=VAULT,
        )
        assert load(connection, theirs.case.ref).case.holder.officer_id == "cedar"
    assert done.reassigned == (mine.case.ref,)
    assert {ref for ref, _ in done.refused} == {theirs.case.ref, "22222-22222"}
    assert len({why for _, why in done.refused}) == 1, "another team's case and no case at all must read the same"


def test_who_may_not_hand_cases_over_learns_nothing_of_who_holds_them(force: Force) -> None:
    case = force.record_crime(officer_of_open_case="birch")[0]
    for by in (force.ash, force.birch):
        with force.database.writing() as connection:
            done = reassign_cases(
                connection,
                refs=[case.case.ref],
                to_officer_id="birch",
                why="",
                by=by,
                now=LATER,
                law=force.law,
                vault=VAULT,
            )
        assert done.refused == ((case.case.ref, "there is no such case, or it is not yours to see"),)


@pytest.mark.parametrize("officer", ["cedar", "nobody", "elm", "birch-absent"])
def test_nobody_gets_cases_who_cannot_take_them(force: Force, officer: str) -> None:
    case = force.record_crime()[0]
    with force.database.writing() as connection:
        connection.execute(text("UPDATE person SET absent_from_on = '2026-06-01' WHERE id = 'birch'"))
    with pytest.raises(CannotTakeCases), force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id=officer.removesuffix("-absent"),
            why="leave",
            by=force.elm,
            now=LATER,
            law=force.law,
            vault=VAULT,
        )

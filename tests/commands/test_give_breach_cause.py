"""The cause of a breach: the last one given holds, each stays, and nothing is lost between two people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import VAULT, Force, a_force
from tests.outbox import case_of_an_arrest, eight
from tests.watched import let_it_be_found_late
from victimcare.commands.give_breach_cause import GivenCause, give_breach_cause
from victimcare.commands.record_event import CaseChanged
from victimcare.domain.people import Person
from victimcare.editions.escalation import published_ladder
from victimcare.queries.breaches import (
    BreachView,
    UncausedCases,
    case_breaches,
    causes_missing_by,
    causes_missing_in_team,
)
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import NoSuchCase

NOW = eight(date(2026, 6, 3))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def late(force: Force) -> tuple[str, GivenCause]:
    """A case with one late duty, and a cause of it to give."""
    case, start = case_of_an_arrest(force)
    let_it_be_found_late(force, case.case.ref)
    return case.case.ref, GivenCause("R6-ARR", start, "workload", "", seen=0)


def give(force: Force, ref: str, given: GivenCause, by: Person, *, minutes: int = 0) -> None:
    how: dict[str, Any] = {"own_agency": "police", "now": NOW + timedelta(minutes=minutes), "vault": VAULT}
    with force.database.writing() as connection:
        give_breach_cause(connection, ref=ref, given=given, by=by, **how)


def breach(force: Force, ref: str, person: Person) -> BreachView:
    with force.database.reading() as connection:
        (found,) = case_breaches(connection, person=person, ref=ref, law=force.law, vault=VAULT)
    return found


def missing(force: Force, person: Person, today: date, *, team: bool = False) -> UncausedCases:
    look = causes_missing_in_team if team else causes_missing_by
    how: dict[str, Any] = {"today": today, "calendar": force.law.calendar, "ladder": published_ladder()}
    with force.database.reading() as connection:
        return look(connection, person=person, **how)


def test_the_last_one_given_holds_and_each_stays_with_who_said_it(force: Force, late: tuple[str, GivenCause]) -> None:
    ref, given = late
    give(force, ref, given, force.ash)
    give(force, ref, replace(given, cause="other", words="An invented reason", seen=1), force.elm, minutes=1)
    found = breach(force, ref, force.ash)
    assert found.cause is not None
    assert found.cause.code == "other"
    assert [(one.cause.code, one.by, one.words) for one in found.given] == [
        ("other", "Elm Example", "An invented reason"),
        ("workload", "Ash Example", ""),
    ]


def test_whoever_did_not_see_the_cause_that_another_gave_is_told(force: Force, late: tuple[str, GivenCause]) -> None:
    ref, given = late
    give(force, ref, given, force.ash)
    with pytest.raises(CaseChanged):
        give(force, ref, replace(given, cause="overlooked"), force.elm)
    found = breach(force, ref, force.elm)
    assert found.cause is not None
    assert found.cause.code == "workload"


def test_nobody_else_gives_one_and_none_is_given_of_what_was_not_late(
    force: Force, late: tuple[str, GivenCause]
) -> None:
    ref, given = late
    for by, wrong in ((force.birch, given), (force.fir, given), (force.ash, replace(given, rule="R6-CHG"))):
        with pytest.raises(NoSuchCase):
            give(force, ref, wrong, by)
    with force.database.reading() as connection:
        assert connection.execute(select(BREACHES.c.cause)).scalars().all() == [None]


def test_it_is_asked_for_at_once_and_of_the_supervisor_from_the_sixth_working_day_on(
    force: Force, late: tuple[str, GivenCause]
) -> None:
    ref, given = late
    found_on, due_on = date(2026, 6, 2), date(2026, 6, 9)
    (row,) = missing(force, force.ash, found_on).rows
    assert (row.ref, row.breaches, row.due_on) == (ref, 1, due_on)
    assert missing(force, force.elm, due_on, team=True).total == 0
    (row,) = missing(force, force.elm, due_on + timedelta(days=1), team=True).rows
    assert (row.due_on, row.working_days_late, row.officer_name) == (due_on, 1, "Ash Example")
    assert missing(force, force.fir, date(2026, 7, 1), team=True).total == 0
    give(force, ref, given, force.ash)
    assert missing(force, force.ash, due_on).total == 0
    assert missing(force, force.elm, date(2026, 7, 1), team=True).total == 0

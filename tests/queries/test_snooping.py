"""What everybody did on one day, as the audit has it: agreed with a slow reading of every row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event, select, update

from tests.force import Force
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Person
from victimcare.domain.snooping import Deed, Did, PersonsDay
from victimcare.queries.snooping import everybodys_day
from victimcare.store import audit
from victimcare.store.staff import PEOPLE, SYSTEM

NOON = datetime(2026, 5, 22, 11, tzinfo=UTC)
FRIDAY = london_date(NOON)


def write(
    force: Force,
    by: Person,
    what: str,
    *case_ids: int,
    at: datetime = NOON,
    operation: str = "consultation",
    outcome: str = "done",
) -> None:
    """One row of the audit."""
    with force.database.writing() as connection:
        audit.write(connection, at=at, operation=operation, what=what, person=by, case_ids=case_ids, outcome=outcome)


def day_of(force: Force, on: date = FRIDAY) -> dict[str, tuple[Deed, ...]]:
    """What each did."""
    with force.database.reading() as connection:
        return {day.person_id: day.deeds for day in everybodys_day(connection, on)}


def test_what_is_looked_at_opened_recorded_refused_and_searched_is_told_apart(force: Force) -> None:
    (case,) = force.record_crime("Wren Sample")
    (other,) = force.record_crime("Robin Sample", ref="40/2/26")
    for what in ("case", "print the case", "print the victim's record"):
        write(force, force.ash, what, case.id)
    write(force, force.ash, f"reveal contact point {'a' * 16}", case.id, operation="disclosure")
    write(force, force.ash, "record contact_made", case.id, operation="alteration")
    write(force, force.ash, "case", operation="access", outcome="refused")
    write(force, force.ash, f"reveal contact point {'a' * 16}", case.id, operation="disclosure", outcome="refused")
    write(force, force.ash, "search", case.id, other.id)
    assert [deed.did for deed in day_of(force)[force.ash.id]] == [
        *[Did.LOOKED] * 3,
        Did.OPENED_CONTACT,
        Did.WORKED,
        *[Did.REFUSED] * 2,
        Did.SEARCHED,
    ]


@pytest.mark.parametrize(
    "what",
    [
        "case",
        "open contact details",
        "take message",
        "release record: own pack",
        "see own work: not allowed",
        "referral 1: not with their service",
        "emergency access: no such case",
    ],
)
def test_whatever_was_refused_counts_of_however_many_cases(force: Force, what: str) -> None:
    ids = [force.record_crime("Wren Sample", ref=f"40/{n}/26")[0].id for n in (1, 2)]
    for about in ((), ids[:1], ids):
        write(force, force.ash, what, *about, operation="access", outcome="refused")
    assert [deed.did for deed in day_of(force)[force.ash.id]] == [Did.REFUSED] * 3


def test_a_try_at_a_protected_location_is_told_apart(force: Force) -> None:
    (case,) = force.record_crime("Wren Sample")
    for what in ("open contact details: protected location", "emergency access: protected location"):
        write(force, force.ash, what, case.id, operation="disclosure", outcome="refused")
    found = day_of(force)[force.ash.id]
    assert [(deed.did, deed.case_id) for deed in found] == [(Did.TRIED_PROTECTED, case.id)] * 2


def test_taking_a_message_is_a_search_until_it_is_left(force: Force) -> None:
    ids = [force.record_crime("Wren Sample", ref=f"40/{n}/26")[0].id for n in (1, 2)]
    write(force, force.ash, "take message: fits none")
    write(force, force.ash, "take message: fits several", *ids)
    write(force, force.ash, "take message", ids[0], operation="collection")
    write(force, force.ash, "take message", operation="collection")
    assert [deed.did for deed in day_of(force)[force.ash.id]] == [*[Did.SEARCHED] * 2, *[Did.TOOK_MESSAGE] * 2]


def test_lists_signing_in_and_the_service_itself_are_no_looks(force: Force) -> None:
    (case,) = force.record_crime("Wren Sample")
    write(force, force.ash, "worklist", case.id)
    write(force, force.ash, "case list", case.id)
    for what in ("sign in", "sign in: throttled", "prove again", "change password"):
        write(force, force.ash, what, operation="access", outcome="refused")
    write(force, SYSTEM, "case", case.id)
    assert not any(day_of(force).values())


def test_the_day_is_londons(force: Force) -> None:
    (case,) = force.record_crime("Wren Sample")
    for at in (
        datetime(2026, 5, 21, 22, 59, tzinfo=UTC),
        datetime(2026, 5, 21, 23, 0, tzinfo=UTC),
        datetime(2026, 5, 22, 22, 59, tzinfo=UTC),
        datetime(2026, 5, 22, 23, 0, tzinfo=UTC),
    ):
        write(force, force.ash, "case", case.id, at=at)
    assert [deed.at.hour for deed in day_of(force)[force.ash.id]] == [23, 22]


def test_a_case_that_is_not_theirs_is_seen_to_be_so(force: Force) -> None:
    (case,) = force.record_crime("Wren Sample")
    holder = {each.id: each for each in (force.ash, force.birch)}[case.case.holder.officer_id]
    for by in (holder, force.elm, force.cedar):
        write(force, by, "case", case.id)
    assert {who: deed.theirs for who, (deed,) in day_of(force).items()} == {
        holder.id: True,
        force.elm.id: True,
        force.cedar.id: False,
    }


def test_a_surname_is_compared_with_the_victims_where_somebody_else_holds_the_case(force: Force) -> None:
    (case,) = force.record_crime("Wren O'Sample")
    holder = {each.id: each for each in (force.ash, force.birch)}[case.case.holder.officer_id]
    for person, name in ((holder, "Robin OSample"), (force.elm, "Robin Ó Sample"), (force.cedar, "Robin O’SAMPLE")):
        with force.database.writing() as connection:
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == person.id).values(name=name))
        write(force, person, "case", case.id)
    namesakes = {who: deed.namesake for who, (deed,) in day_of(force).items()}
    assert namesakes == {holder.id: False, force.elm.id: False, force.cedar.id: True}


@pytest.fixture
def busy(force: Force) -> Force:
    """Three weeks of audit of four people."""
    random = Random(3)
    cases = [force.record_crime("Wren Sample", ref=f"40/{n}/26")[0].id for n in range(5)]
    people = [force.ash, force.birch, force.cedar, force.elm]
    whats = ["case", "search", "record contact_made", "worklist", "reveal contact point 1"]
    at = NOON - timedelta(days=10)
    with force.database.writing() as connection:
        for _ in range(600):
            at += timedelta(minutes=random.randrange(100))
            what = random.choice(whats)
            operation = "alteration" if what.startswith("record") else "consultation"
            audit.write(
                connection,
                at=at,
                operation=operation,
                what=what,
                person=random.choice(people),
                case_ids=random.sample(cases, random.choice((0, 1, 1, 1, 2))),
                outcome=random.choice(("done", "done", "done", "refused")),
            )
    return force


def slowly(force: Force, on: date) -> Iterator[tuple[str, datetime]]:
    """Who did something that counts and when, from every row there is."""
    with force.database.reading() as connection:
        rows = list(connection.execute(select(audit.AUDIT)))
    for row in rows:
        worked = row.what.startswith("record contact") and row.case_count == 1 and row.outcome == "done"
        looked = row.what == "case" or row.what.startswith("reveal")
        one = row.case_count < 2 and (looked or worked)
        searched = row.what == "search" and row.outcome == "done"
        refused = row.outcome == "refused"
        if london_date(row.at) == on and row.person_id != SYSTEM.id and (one or searched or refused):
            yield row.person_id, row.at


def test_each_day_has_what_a_slow_reading_of_everything_finds(busy: Force) -> None:
    for on in (FRIDAY + timedelta(days=n) for n in range(-12, 13)):
        found = sorted((who, deed.at) for who, deeds in day_of(busy, on).items() for deed in deeds)
        assert found == sorted(slowly(busy, on)), on


def test_a_day_costs_what_was_done_that_day(busy: Force) -> None:
    read = []

    def note(_c: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM audit LEFT OUTER JOIN" in statement:
            read.append(statement)

    event.listen(busy.database.engine, "after_cursor_execute", note)
    day_of(busy)
    assert len(read) == 1
    assert "audit.seq >= " in read[0]


def test_everybodys_day_is_one_each(busy: Force) -> None:
    with busy.database.reading() as connection:
        days = everybodys_day(connection, FRIDAY)
    assert all(isinstance(day, PersonsDay) for day in days)
    assert len({day.person_id for day in days}) == len(days)

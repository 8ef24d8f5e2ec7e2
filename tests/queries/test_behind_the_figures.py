"""What stands behind the percentage: causes, attempts, when answers were recorded, and what supervisors found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, update

from tests.builders import duty, event, journey
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, store
from victimcare.domain.counted import NO_CAUSE, Asked, Overturned, Recorded, Tried
from victimcare.domain.dip_sample import Answer
from victimcare.domain.journey import Journey
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import Count
from victimcare.domain.tally import CHARACTERISTICS
from victimcare.queries.behind_the_figures import BehindView, behind_the_figures
from victimcare.queries.period_tables import PeriodTable
from victimcare.queries.periods import Period
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import CASES
from victimcare.store.equality import EQUALITY
from victimcare.store.quality import QUALITY

BOARD = Person("board", "Board Example", Role.BOARD)
SPRING = Period.quarter(Quarter(2026, 2))
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)
ARRESTED = date(2026, 5, 12)
IN_TIME, LATE = date(2026, 5, 14), date(2026, 6, 3)
"""Of the five working days that an arrest leaves: within, and after."""


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def arrest(
    number: int, told_on: date | None = None, *, recorded: str = "", tried: date | None = None, in_vain: bool = True
) -> Journey:
    """A victim of an arrest; `recorded` is when it was typed in that they were told. Only this duty is looked at."""
    ref = f"B-{number:03}"
    events = [
        event("officer_assigned", ARRESTED, key=f"{ref}-officer", officer="ash", team="luton"),
        event("suspect_arrested", ARRESTED, key=f"{ref}-arrest", subject="Suspect 1"),
    ]
    if tried:
        events.append(event("contact_attempted", tried, key=f"{ref}-tried"))
        if not in_vain:
            wrong = {"corrects": f"{ref}-tried", "correction": "never_happened"}
            events.append(event("contact_attempted", tried, key=f"{ref}-wrong", recorded="2034-01-01", **wrong))
    if told_on:
        when = {"recorded": recorded} if recorded else {}
        answers = [duty("R6-ARR", f"{ref}-arrest")]
        events.append(event("contact_made", told_on, key=f"{ref}-told", answers=answers, **when))
    return journey(*events, case_ref=ref)


def view(force: Force, *, threshold: int = 1, person: Person = BOARD) -> BehindView:
    publish(force.database, LAW, SPRING.quarters, AFTERWARDS, threshold=threshold)
    with force.database.reading() as connection:
        return behind_the_figures(connection, person=person, period=SPRING, law=LAW)


def counts(table: PeriodTable | None) -> dict[str, Count]:
    assert table
    return {line.value: line.groups[0].total for line in table.lines}


def test_late_duties_are_told_apart_by_whether_somebody_tried_in_time(force: Force) -> None:
    store(
        force.database,
        [
            arrest(1, LATE, tried=IN_TIME),
            arrest(2, LATE, tried=date(2026, 5, 29)),
            arrest(3, tried=IN_TIME, in_vain=False),
            arrest(4, IN_TIME, tried=ARRESTED),
            arrest(5),
        ],
    )
    (police,) = view(force).agencies
    assert counts(police.tried) == {Tried.IN_TIME: 1, Tried.NOT_IN_TIME: 3}


def test_causes_add_up_to_the_late_duties(force: Force) -> None:
    store(force.database, [arrest(n, LATE) for n in range(5)] + [arrest(9, IN_TIME)])
    with force.database.writing() as connection:
        connection.execute(update(BREACHES).values(cause=None))
        given = BREACHES.c.start_key.in_(["B-001-arrest", "B-002-arrest"])
        assert connection.execute(update(BREACHES).where(given).values(cause="overlooked")).rowcount == 2
    (police,) = view(force).agencies
    assert counts(police.causes) == {"overlooked": 2, NO_CAUSE: 3}
    assert police.causes
    assert police.causes.total.groups[0].total == 5


def test_what_was_recorded_late_and_what_was_overturned_stand_apart(force: Force) -> None:
    told = [arrest(1, IN_TIME, recorded="2026-05-14"), arrest(2, IN_TIME, recorded="2026-06-20"), arrest(3, IN_TIME)]
    store(force.database, told)
    with force.database.writing() as connection:
        case_id = connection.execute(CASES.select().where(CASES.c.ref == "B-003")).one().id
        of = {"right_number": 6, "owed_by": "police", "due_on": date(2026, 5, 19), "found_at": AFTERWARDS}
        key = {"case_id": case_id, "rule": "R6-ARR", "start_key": "B-003-arrest"}
        held = {"officer_id": "ash", "team_id": "luton", "overturned_by": "B-003-told", "overturned_at": AFTERWARDS}
        connection.execute(insert(BREACHES).values(**of, **key, **held))
    (police,) = view(force).agencies
    assert counts(police.recorded) == {
        Recorded.BY_ITS_DAY: 1,
        Recorded.AFTERWARDS: 1,
        Recorded.AFTER_A_BREACH: 1,
    }


def test_a_duty_that_had_been_found_late_and_never_was_one_stands_apart(force: Force) -> None:
    ended = "B-{}-arrest"
    wrong = [
        replace(
            a,
            events=(
                *a.events,
                event(
                    "suspect_arrested",
                    ARRESTED,
                    key=f"{a.case_ref}-wrong",
                    recorded="2026-06-20",
                    subject="Suspect 1",
                    corrects=f"{a.case_ref}-arrest",
                    correction="never_happened",
                ),
            ),
        )
        for a in (arrest(1), arrest(2))
    ]
    store(force.database, wrong)
    with force.database.writing() as connection:
        connection.execute(BREACHES.delete())
        case_id = connection.execute(CASES.select().where(CASES.c.ref == "B-001")).one().id
        of = {"right_number": 6, "owed_by": "police", "due_on": date(2026, 5, 19), "found_at": AFTERWARDS}
        key = {"case_id": case_id, "rule": "R6-ARR", "start_key": ended.format("001")}
        held = {"officer_id": "ash", "team_id": "luton", "overturned_by": "B-001-wrong", "overturned_at": AFTERWARDS}
        connection.execute(insert(BREACHES).values(**of, **key, **held))
    (police,) = view(force).agencies
    assert counts(police.overturned) == {Overturned.WAS_LATE: 1, Overturned.NEVER_LATE: 1}


def test_few_late_duties_are_not_told_apart(force: Force) -> None:
    store(force.database, [arrest(n, LATE) for n in range(3)] + [arrest(n, IN_TIME) for n in range(10, 30)])
    (police,) = view(force, threshold=5).agencies
    assert police.causes
    assert police.causes.lines == ()


def test_what_supervisors_found_is_counted_question_by_question(force: Force) -> None:
    store(force.database, [arrest(n, IN_TIME) for n in range(4)])
    with force.database.writing() as connection:
        cases = connection.execute(CASES.select().order_by(CASES.c.id)).all()
        signed = {"team_id": "luton", "officer_id": "ash", "answered_by": "ash", "answered_at": AFTERWARDS}
        for place, case in enumerate(cases):
            month = "2026-05" if place < 3 else "2026-07"
            said = {"plain": Answer.YES if place else Answer.NO, **({"next": Answer.CANNOT_TELL} if place == 1 else {})}
            for question, answer in said.items():
                row = {"case_id": case.id, "month": month, "question": question, "answer": answer}
                connection.execute(insert(QUALITY).values(**row, **signed))
        connection.execute(update(CASES).values(held=False))
    plain, of_next = sorted(view(force).quality, key=lambda table: table.breakdown.within != "plain")
    assert counts(plain) == {Answer.YES: 2, Answer.NO: 1}
    assert counts(of_next) == {Answer.CANNOT_TELL: 1, "not_asked": 2}


def test_of_what_victims_were_asked_is_told_by_team(force: Force) -> None:
    store(force.database, [arrest(n) for n in range(4)])
    with force.database.writing() as connection:
        cases = connection.execute(CASES.select().order_by(CASES.c.id)).all()
        told = {"recorded_by": "ash", "recorded_at": AFTERWARDS}
        for case, characteristics in zip(cases, (CHARACTERISTICS, CHARACTERISTICS[:2], CHARACTERISTICS), strict=False):
            for each in characteristics:
                row = {"victim_id": case.victim_id, "characteristic": each.value, "answer": "prefers_not_to_say"}
                connection.execute(insert(EQUALITY).values(**row, **told))
    found = view(force)
    assert counts(found.asked) == {Asked.ALL: 2, Asked.SOME: 1, Asked.NONE: 1}
    ((team, table),) = found.asked_by_team
    assert (team, counts(table)) == ("Luton A", {Asked.ALL: 2, Asked.SOME: 1, Asked.NONE: 1})


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, person=Person("x", "X", role))

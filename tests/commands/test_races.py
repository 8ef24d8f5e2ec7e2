"""Several people and jobs write at once: one of them wins, none waits for ever, nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import func, select, text

from tests.consistency import check_consistent
from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.find_breaches import find_breaches
from victimcare.commands.keep_people import StillHolds, note_left
from victimcare.commands.reassign_cases import CannotTakeCases, Reassignment, reassign_cases
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.commands.remind import remind
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Person
from victimcare.editions.escalation import published_ladder
from victimcare.store import accounts, audit, reminding
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import ASSIGNMENTS, CASES, StoredCase, load
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit

pytestmark = pytest.mark.both_engines  # what two do at once

ROUNDS = 8
A_MOMENT = 0.3
"""Seconds: long enough for another to come to where it must wait."""
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 6, 22, 14, tzinfo=UTC)
Result = TypeVar("Result")


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def at_once(*doings: Callable[[], Result]) -> list[Result | Exception]:
    """Do these in as many threads, all starting together; what each returned or raised."""
    barrier = Barrier(len(doings))

    def one(do: Callable[[], Result]) -> Result | Exception:
        barrier.wait()
        try:
            return do()
        except Exception as raised:
            return raised

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def recording(
    force: Force,
    ref: str,
    kind: EventKind,
    at: datetime,
    *,
    seen_version: int | None = None,
    subject: str | None = None,
) -> Callable[[], str]:
    def record() -> str:
        event = NewEvent(kind, Moment.instant(at), subject=subject)
        with force.database.writing() as connection:
            return record_event(
                connection, ref=ref, event=event, by=force.elm, now=at, law=force.law, seen_version=seen_version
            )

    return record


def handing_over(
    force: Force, ref: str, to: Person, at: datetime, *, seen: str | None = None
) -> Callable[[], Reassignment]:
    def hand_over() -> Reassignment:
        with force.database.writing() as connection:
            return reassign_cases(
                connection,
                refs=[ref],
                to_officer_id=to.id,
                why="leave",
                by=force.elm,
                now=at,
                law=force.law,
                vault=VAULT,
                seen_officers={ref: seen} if seen else None,
            )

    return hand_over


def test_of_two_who_saw_the_same_version_one_records_and_the_other_is_told(force: Force) -> None:
    case = force.record_crime()[0]
    for version in range(1, ROUNDS + 1):
        at = FRIDAY + timedelta(minutes=version)
        done = at_once(
            *(
                recording(force, case.case.ref, kind, at, seen_version=version)
                for kind in (EventKind.VPS_OFFERED, EventKind.VPS_TAKEN)
            )
        )
        assert sorted(type(result).__name__ for result in done) == ["CaseChanged", "str"]
    with force.database.reading() as connection:
        assert connection.execute(select(CASES.c.version)).scalar_one() == 1 + ROUNDS
        assert connection.execute(select(func.count()).select_from(EVENTS)).scalar_one() == 3 + ROUNDS
        written = connection.execute(select(func.count()).select_from(Audit.__table__)).scalar_one()
    assert written == 1 + ROUNDS, "the one who was too late left no audit row of a write"
    check_consistent(force, [case.id], today=FRIDAY.date())


def test_of_two_supervisors_who_saw_the_same_officer_one_hands_the_case_over(force: Force) -> None:
    with force.database.writing() as connection:
        connection.execute(text("UPDATE person SET team_id = 'luton' WHERE id = 'cedar'"))
    case = force.record_crime(officer_of_open_case="ash")[0]
    done = at_once(
        handing_over(force, case.case.ref, force.birch, FRIDAY, seen="ash"),
        handing_over(force, case.case.ref, force.cedar, FRIDAY, seen="ash"),
    )
    handed = [result for result in done if isinstance(result, Reassignment) and result.reassigned]
    refused = [result.refused for result in done if isinstance(result, Reassignment) and result.refused]
    assert len(handed) == 1
    assert refused == [((case.case.ref, "somebody else handed it over while you were choosing"),)]
    assert officers(force, case) == ["ash", handed[0].to_officer_id]
    check_consistent(force, [case.id], today=FRIDAY.date())


def leaving(force: Force, who: Person) -> Callable[[], None]:
    def leave() -> None:
        with force.database.writing() as connection:
            note_left(connection, person_id=who.id, by=force.administrator, now=FRIDAY)

    return leave


def test_nobody_leaves_with_a_case_that_they_are_given_at_the_same_moment(force: Force) -> None:
    ref = force.record_crime(officer_of_open_case="ash")[0].case.ref
    give_accounts(force, "birch", "admin")
    with ThreadPoolExecutor(1) as threads:
        with force.database.writing() as connection:
            note_left(connection, person_id="birch", by=force.administrator, now=FRIDAY)
            given = threads.submit(handing_over(force, ref, force.birch, FRIDAY))
            wait([given], timeout=A_MOMENT)
        with pytest.raises(CannotTakeCases):
            given.result()
    assert open_cases(force) == {"ash"}


def test_whoever_is_given_a_case_as_they_leave_must_hand_it_over_first(force: Force) -> None:
    ref = force.record_crime(officer_of_open_case="ash")[0].case.ref
    give_accounts(force, "birch", "admin")
    how = {"why": "leave", "by": force.elm, "now": FRIDAY, "law": force.law, "vault": VAULT}
    with ThreadPoolExecutor(1) as threads:
        with force.database.writing() as connection:
            reassign_cases(connection, refs=[ref], to_officer_id="birch", **how)  # type: ignore[arg-type]
            gone = threads.submit(leaving(force, force.birch))
            wait([gone], timeout=A_MOMENT)
        with pytest.raises(StillHolds):
            gone.result()
    assert open_cases(force) == {"birch"}


def give_accounts(force: Force, *people: str) -> None:
    with force.database.writing() as connection:
        for who in people:
            accounts.add_account(connection, person_id=who, username=who, password_hash="x", password_alone=True)


def open_cases(force: Force) -> set[str]:
    """Whose they are."""
    with force.database.reading() as connection:
        return set(connection.execute(select(CASES.c.officer_id).where(CASES.c.status == "open")).scalars())


def test_hand_overs_one_upon_the_other_leave_one_officer_whatever_the_clocks_say(force: Force) -> None:
    case = force.record_crime()[0]
    for round_number in range(ROUNDS):
        early, late = (FRIDAY - timedelta(hours=round_number) + timedelta(minutes=m) for m in (0, 5))
        done = at_once(
            handing_over(force, case.case.ref, force.birch, late), handing_over(force, case.case.ref, force.ash, early)
        )
        assert all(isinstance(result, Reassignment) for result in done), done
    check_consistent(force, [case.id], today=FRIDAY.date())


def test_what_happened_to_a_crime_is_recorded_from_two_of_its_cases_at_once(force: Force) -> None:
    """Each of the two writers needs both cases: they must not take one each and wait for the other."""
    cases = force.record_crime("Wren Sample", "Robin Sample", "Jay Sample")
    for number in range(ROUNDS):
        at = FRIDAY + timedelta(minutes=number)
        done = at_once(
            *(
                recording(force, case.case.ref, EventKind.SUSPECT_ARRESTED, at, subject=f"Suspect {number}-{index}")
                for index, case in enumerate(cases)
            )
        )
        assert all(isinstance(result, str) for result in done), done
    with force.database.writing() as connection:
        kinds = [
            sorted(str(e.subject) for e in load(connection, case.case.ref).case.journey.events if e.subject)
            for case in cases
        ]
    assert kinds[0] == kinds[1] == kinds[2]
    assert len(kinds[0]) == ROUNDS * len(cases)
    check_consistent(force, [case.id for case in cases], today=FRIDAY.date())


def test_a_hand_over_of_many_and_news_of_their_crime_do_not_wait_for_each_other(force: Force) -> None:
    cases = force.record_crime("Wren Sample", "Robin Sample", "Jay Sample")
    refs = [case.case.ref for case in cases]

    def hand_over(to: str) -> Callable[[], Reassignment]:
        def do() -> Reassignment:
            with force.database.writing() as connection:
                return reassign_cases(
                    connection,
                    refs=refs,
                    to_officer_id=to,
                    why="leave",
                    by=force.elm,
                    now=FRIDAY,
                    law=force.law,
                    vault=VAULT,
                )

        return do

    for number in range(ROUNDS):
        news = recording(force, refs[2], EventKind.SUSPECT_ARRESTED, FRIDAY, subject=f"Suspect {number}")
        done = at_once(hand_over("ash" if number % 2 else "birch"), news)
        assert not [result for result in done if isinstance(result, Exception)], done
    check_consistent(force, [case.id for case in cases], today=FRIDAY.date())


def test_audit_rows_written_at_once_are_all_kept(force: Force) -> None:
    def write() -> int:
        for _ in range(10):
            with force.database.writing() as connection:
                audit.write(
                    connection, at=MONDAY, operation="consultation", what="case", person=force.ash, case_ids=[1]
                )
        return 10

    assert at_once(*[write] * 4) == [10] * 4
    with force.database.reading() as connection:
        numbers = connection.execute(select(Audit.__table__.c.seq)).scalars().all()
    assert len(set(numbers)) == 40


@pytest.mark.postgres
def test_jobs_leave_a_case_alone_to_which_somebody_is_writing(postgresql_url: str) -> None:
    """They neither wait for the writer nor make the writer wait for what they hold. SQLite has one writer at a time."""
    force = a_force(postgresql_url)
    busy, idle = force.record_crime(ref="1")[0], force.record_crime(ref="2")[0]
    event = NewEvent(EventKind.CONTACT_ATTEMPTED, Moment.instant(MONDAY), details={"channel": "phone"})
    with force.database.writing() as writer:
        record_event(writer, ref=busy.case.ref, event=event, by=force.elm, now=MONDAY, law=force.law)
        with force.database.writing() as job:
            job.execute(text("SET LOCAL lock_timeout = '200ms'"))
            find_breaches(job, case_ids=[busy.id, idle.id], now=NEXT_MONTH)
            asked = {"since": MONDAY, "own_agency": "police", "today": NEXT_MONTH.date()}
            duties = reminding.duties_of_changed_cases(job, **asked)  # type: ignore[arg-type]
            assert {duty.case_id for duty in duties} == {busy.id, idle.id}
            how = {"calendar": force.law.calendar, "ladder": published_ladder()}
            assert remind(job, duties=duties, now=NEXT_MONTH, **how) >= len(duties)  # type: ignore[arg-type]
        with force.database.reading() as reader:
            assert set(reader.execute(select(BREACHES.c.case_id)).scalars()) == {idle.id}
    force.database.close()


def test_what_is_recorded_when_the_clock_went_back_still_comes_after(force: Force) -> None:
    case = force.record_crime()[0]
    earlier = MONDAY - timedelta(hours=1)
    handing_over(force, case.case.ref, force.birch, earlier)()
    with force.database.writing() as connection:
        assert load(connection, case.case.ref).case.holder.officer_id == "birch"
    check_consistent(force, [case.id], today=FRIDAY.date())


def officers(force: Force, case: StoredCase) -> list[str]:
    statement = select(ASSIGNMENTS.c.officer_id).where(ASSIGNMENTS.c.case_id == case.id).order_by(ASSIGNMENTS.c.id)
    with force.database.reading() as connection:
        return list(connection.execute(statement).scalars())

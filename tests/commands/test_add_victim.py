"""A victim added to a crime: their own officer, clocks and history; nobody learns of victims whom they may not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.test_races import at_once
from tests.consistency import check_consistent
from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.add_victim import JoiningVictim, add_victim
from victimcare.commands.record_crime import NewVictim
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.allocation import Specialism
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, Moment
from victimcare.domain.people import Person
from victimcare.store import rebuilding
from victimcare.store.cases import CASES, CaseChanged, NoSuchCase, StoredCase, look_at
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE

FRIDAY = datetime(2026, 5, 22, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 26, 9, tzinfo=UTC)
ARREST = EventKind.SUSPECT_ARRESTED


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def joining(name: str = "Robin Sample", **more: Any) -> JoiningVictim:
    return JoiningVictim(NewVictim(name, **more), Moment.instant(FRIDAY))


def add(
    force: Force, ref: str, victim: JoiningVictim | None = None, *, by: Person | None = None, **more: Any
) -> StoredCase:
    with force.database.writing() as connection:
        return add_victim(
            connection,
            ref=ref,
            joining=victim or joining(),
            by=by or force.ash,
            now=FRIDAY,
            law=force.law,
            vault=VAULT,
            **more,
        )


def kinds(force: Force, ref: str) -> list[tuple[str, bool]]:
    with force.database.reading() as connection:
        return [(event.kind.value, event.as_history) for event in look_at(connection, ref).case.journey.events]


def clean(force: Force) -> bool:
    with force.database.reading() as connection:
        ids = connection.execute(select(CASES.c.id)).scalars().all()
    check_consistent(force, ids, today=TUESDAY.date())
    return rebuilding.check(force.database, law=force.law, today=TUESDAY.date()) == []


def test_the_new_case_has_what_happened_as_history_and_clocks_of_its_own(force: Force) -> None:
    (case,) = force.record_crime(officer_of_open_case="ash")
    force.record(case.case.ref, ARREST, MONDAY.replace(hour=12), subject="Suspect 1")
    added = add(force, case.case.ref)
    assert sorted(kinds(force, added.case.ref)) == [
        ("crime_recorded", True),
        ("crime_reported", True),
        ("officer_assigned", False),
        ("suspect_arrested", True),
        ("victim_joined", False),
    ]
    with force.database.reading() as connection:
        row = connection.execute(select(CASES).where(CASES.c.id == added.id)).one()
    assert (row.crime_id, row.opened_on, row.officer_id) == (case.crime_id, date(2026, 5, 22), "ash")
    assert clean(force)


def test_what_happens_later_reaches_both_and_a_correction_of_what_was_before_too(force: Force) -> None:
    (case,) = force.record_crime(officer_of_open_case="ash")
    before = force.record(case.case.ref, ARREST, MONDAY.replace(hour=12), subject="Suspect 1")
    added = add(force, case.case.ref)
    force.record(added.case.ref, EventKind.SUSPECT_CHARGED, TUESDAY, by=force.ash, subject="Suspect 1")
    assert ("suspect_charged", False) in kinds(force, case.case.ref)
    wrong = NewEvent(
        ARREST,
        Moment.instant(MONDAY.replace(hour=14)),
        subject="Suspect 2",
        corrects=before,
        correction=Correction.AMENDS,
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=wrong, by=force.ash, now=TUESDAY, law=force.law)
    for ref in (case.case.ref, added.case.ref):
        with force.database.reading() as connection:
            chains = look_at(connection, ref).case.journey.chains().values()
        assert [c.current.subject for c in chains if c.root.kind is ARREST] == ["Suspect 2"]
    assert clean(force)


def test_what_was_recorded_without_a_shared_key_is_corrected_in_both_too(sqlite_url: str) -> None:
    """As an import of published crimes does, whose crimes have one victim."""
    force = a_force(sqlite_url)
    (case,) = force.record_crime(officer_of_open_case="ash")
    with force.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS journey_event_no_update")
        connection.execute(EVENTS.update().values(crime_event_key=None))
    added = add(force, case.case.ref)
    with force.database.reading() as connection:
        reported = next(
            e for e in look_at(connection, case.case.ref).case.journey.events if e.kind.value == "crime_reported"
        )
    sooner = NewEvent(
        EventKind.CRIME_REPORTED, Moment.day(date(2026, 5, 17)), corrects=reported.key, correction=Correction.AMENDS
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=sooner, by=force.ash, now=TUESDAY, law=force.law)
    assert kinds(force, added.case.ref).count(("crime_reported", False)) == 1
    force.database.close()


def test_one_officer_has_both_unless_the_training_is_missing(force: Force) -> None:
    (case,) = force.record_crime(officer_of_open_case="birch")
    assert add(force, case.case.ref, by=force.birch).case.holder.officer_id == "birch"
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "ash").values(specialisms=Specialism.CHILD.value))
    child = add(force, case.case.ref, joining("A Child Sample", born_on=date(2014, 1, 1)), by=force.birch)
    assert child.case.holder.officer_id == "ash"
    why = next(e for e in child.case.journey.events if e.kind is EventKind.OFFICER_ASSIGNED).details["why"]
    assert str(why).startswith("trained for child victims, present in Luton")


def test_only_who_may_record_on_the_case_adds_to_its_crime_and_only_as_they_saw_it(force: Force) -> None:
    (case,) = force.record_crime(officer_of_open_case="ash")
    for by in (force.birch, force.cedar, force.fir, force.board):
        with pytest.raises(NoSuchCase):
            add(force, case.case.ref, by=by)
    force.record(case.case.ref, ARREST, MONDAY.replace(hour=12), subject="Suspect 1")
    with pytest.raises(CaseChanged):
        add(force, case.case.ref, seen_version=1)
    assert add(force, case.case.ref, by=force.elm, seen_version=2).case.version == 1


def test_two_victims_of_a_crime_recorded_together_have_one_officer(force: Force) -> None:
    force.record_crime("Somebody Else", ref="40/8/26", officer_of_open_case="ash")
    cases = force.record_crime("Wren Sample", "Robin Sample", "Jay Sample", ref="40/9/26")
    assert {case.case.holder.officer_id for case in cases} == {"birch"}


def test_an_arrest_recorded_while_a_victim_is_added_reaches_them(force: Force) -> None:
    """Whichever is first: as history, or as news."""
    for number in range(6):
        (case,) = force.record_crime(ref=f"40/{number}/26", officer_of_open_case="ash")
        ref = case.case.ref
        done = at_once(
            lambda ref=ref: add(force, ref).case.ref,
            lambda ref=ref: force.record(ref, ARREST, FRIDAY, subject="Suspect 1"),
        )
        assert not [each for each in done if isinstance(each, Exception)], done
        assert "suspect_arrested" in dict(kinds(force, str(done[0])))
    assert clean(force)

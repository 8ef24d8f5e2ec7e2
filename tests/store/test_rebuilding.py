"""Deriving the due rows anew gives what recording wrote, and a check tells where it does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.builders import duty
from tests.contents import contents
from tests.exchange.published import outcome, outcomes_file, street, street_file
from tests.force import MONDAY, Force, a_force
from victimcare.domain.event_kinds import EventKind
from victimcare.exchange.police_uk import import_police_uk
from victimcare.store import rebuilding
from victimcare.store.tables import Audit, AuditSubject

NOW = MONDAY + timedelta(days=10)
TODAY = NOW.date()


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """A force with a few journeys: recorded one by one, and imported."""
    force = a_force(database_url)
    for number, area in enumerate(("Luton", "Bedford Borough", "Luton")):
        stored = force.record_crime("One", "Two", ref=f"crime-{number}", area=area)
        arrest = force.record(stored[0].case.ref, EventKind.SUSPECT_ARRESTED, days(number), subject="Suspect 1")
        force.record(stored[0].case.ref, EventKind.NEEDS_ASSESSED, days(1), tier="enhanced", grounds="vulnerable")
        if number:
            answers = [duty("R6-ARR", arrest)]
            force.record(stored[0].case.ref, EventKind.CONTACT_MADE, days(9), duties=answers, channel="phone")
        force.record(
            stored[1].case.ref, EventKind.OFFICER_ASSIGNED, days(3), officer="cedar", team="bedford", why="moved"
        )
    yield force
    force.database.close()


def days(count: int) -> datetime:
    return MONDAY + timedelta(days=count)


def due_rows(force: Force) -> list[str]:
    with force.database.reading() as connection:
        return contents(connection)["due"]


def change(force: Force, statement: str) -> None:
    with force.database.writing() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def test_what_recording_wrote_is_as_derived(force: Force) -> None:
    assert len(due_rows(force)) > 20
    assert rebuilding.check(force.database, law=force.law, today=TODAY) == []


def test_a_rebuild_of_what_is_right_corrects_nothing(force: Force) -> None:
    before = due_rows(force)
    assert rebuilding.rebuild(force.database, law=force.law, now=NOW) == rebuilding.Rebuilt(6, 0)
    assert due_rows(force) == before


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM due",
        "DELETE FROM due WHERE rule = 'R6-ARR'",
        "UPDATE due SET due_on = NULL, officer_id = 'fir'",
        "UPDATE due SET start_key = 'unheard of' WHERE rule = 'R6-ARR'",
    ],
)
def test_whatever_happened_to_the_due_rows_a_rebuild_brings_them_back(force: Force, damage: str) -> None:
    before = due_rows(force)
    change(force, damage)
    assert rebuilding.check(force.database, law=force.law, today=TODAY) != []
    rebuilding.rebuild(force.database, law=force.law, now=NOW, chunk=2)
    assert due_rows(force) == before
    assert rebuilding.check(force.database, law=force.law, today=TODAY) == []


CASE_DAMAGE = (
    "status = 'closed'",
    "officer_id = 'fir'",
    "team_id = 'bedford'",
    "tier = 'third'",
    "tier_until_on = '2026-05-20', tier = 'standard'",
    "last_contact_on = '2026-01-01'",
    "support = 'started'",
)


@pytest.mark.parametrize("damage", CASE_DAMAGE)
def test_what_a_case_says_of_itself_is_checked_and_brought_back(force: Force, damage: str) -> None:
    before = case_rows(force)
    change(force, f"UPDATE victim_case SET {damage} WHERE id = 1")
    (found,) = rebuilding.check(force.database, law=force.law, today=TODAY)
    assert (found.duty, found.fields[0][0] in damage) == ("", True)
    assert str(found).startswith(f"Case {found.case_ref}: ")
    rebuilt = rebuilding.rebuild(force.database, law=force.law, now=NOW)
    assert rebuilt == rebuilding.Rebuilt(6, 0, 1)
    assert case_rows(force) == before


def test_a_tier_that_ended_by_itself_is_no_difference(force: Force) -> None:
    ref = force.record_crime("Child", ref="crime-child")[0].case.ref
    until_on = (MONDAY + timedelta(days=5)).date()
    force.record(ref, EventKind.NEEDS_ASSESSED, days(1), tier="enhanced", grounds="vulnerable", until_on=until_on)
    for today in (until_on - timedelta(days=1), until_on, TODAY):
        assert rebuilding.check(force.database, law=force.law, today=today) == []


def test_a_correction_is_in_the_audit_trail_with_its_cases_and_only_a_correction(force: Force) -> None:
    rebuilding.rebuild(force.database, law=force.law, now=NOW)
    assert audited(force) == []
    change(force, "DELETE FROM due WHERE case_id = 1")
    change(force, "UPDATE victim_case SET status = 'closed' WHERE id = 4")
    rebuilding.rebuild(force.database, law=force.law, now=NOW, chunk=3)
    assert audited(force) == [("alteration", "system", NOW, [1]), ("alteration", "system", NOW, [4])]


def case_rows(force: Force) -> list[str]:
    with force.database.reading() as connection:
        return contents(connection)["victim_case"]


def audited(force: Force) -> list[tuple[object, ...]]:
    audit, subject = Audit.__table__, AuditSubject.__table__
    with force.database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.what == "rebuild").order_by(audit.c.seq)).all()
        cases = connection.execute(select(subject.c.seq, subject.c.case_id).order_by(subject.c.case_id)).all()
    return [(row.operation, row.person_id, row.at, [c.case_id for c in cases if c.seq == row.seq]) for row in rows]


def test_a_check_changes_nothing_and_names_each_difference(force: Force) -> None:
    change(force, "DELETE FROM due WHERE rule = 'R6-ARR' AND case_id = 1")
    change(force, "UPDATE due SET tier = 'third' WHERE rule = 'R6-ARR' AND case_id = 3")
    before = due_rows(force)
    missing, other = (str(found) for found in rebuilding.check(force.database, law=force.law, today=TODAY, chunk=2))
    assert missing.startswith("Case ")
    assert missing.endswith(": owed, but not stored")
    assert other.endswith(": tier is third, derived enhanced")
    assert due_rows(force) == before


def test_a_row_that_is_not_owed_is_said(force: Force) -> None:
    change(force, "UPDATE due SET rule = 'R0-NONE' WHERE rule = 'R6-ARR' AND case_id = 1")
    said = {str(found).partition(": ")[2] for found in rebuilding.check(force.database, law=force.law, today=TODAY)}
    assert said == {"stored, but not owed", "owed, but not stored"}


def test_a_sample_is_so_many_cases(force: Force) -> None:
    change(force, "DELETE FROM due")
    in_sample = {found.case_ref for found in rebuilding.check(force.database, law=force.law, today=TODAY, sample=2)}
    assert len(in_sample) == 2


def test_progress_counts_the_cases(force: Force) -> None:
    ticks: list[tuple[int, int]] = []
    rebuilding.rebuild(force.database, law=force.law, now=NOW, progress=lambda *tick: ticks.append(tick), chunk=4)
    rebuilding.check(force.database, law=force.law, today=TODAY, progress=lambda *tick: ticks.append(tick), chunk=4)
    assert ticks == [(4, 6), (6, 6)] * 2


def test_an_interrupted_rebuild_is_finished_by_running_it_again(force: Force) -> None:
    before = due_rows(force)
    change(force, "DELETE FROM due")

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(force.database, law=force.law, now=NOW, progress=interrupt, chunk=2)
    assert 0 < len(due_rows(force)) < len(before)
    rebuilding.rebuild(force.database, law=force.law, now=NOW)
    assert due_rows(force) == before


def test_what_was_imported_is_as_derived(force: Force, tmp_path: Path) -> None:
    street_file(tmp_path, "2021-05", *[street(f"a{n}", "2021-05") for n in range(5)])
    outcomes_file(tmp_path, "2021-06", *[outcome(f"a{n}", "2021-06") for n in range(3)])
    for paths in (tmp_path.glob("*-street*"), tmp_path.glob("*-outcomes*")):
        import_police_uk(force.database, list(paths), law=force.law, now=days(10))
    assert len(due_rows(force)) > 40
    assert rebuilding.check(force.database, law=force.law, today=TODAY) == []

"""An edition is approved before it commences: duties move as its transition says, once each, and all goes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.invented_edition import COMMENCES, invented
from tests.law_changes import differences, in_force, move
from victimcare.commands.approve_edition import (
    NothingToWithdraw,
    StillMoving,
    approve_edition,
    withdraw_edition,
)
from victimcare.commands.propose_edition import (
    BadEdition,
    BadSuccessor,
    EditionSource,
    NoSuchEdition,
    NotTheirEdition,
    propose_edition,
    refuse_edition,
)
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.store import cases, rebuilding
from victimcare.store.audit import AUDIT
from victimcare.store.breaches import BREACHES
from victimcare.store.code_editions import EDITIONS
from victimcare.store.dues import DUES
from victimcare.store.law_in_force import LawInForce, law_now
from victimcare.store.staff import SYSTEM

APPROVED = datetime(2026, 12, 30, 12, tzinfo=UTC)
BACK = APPROVED + timedelta(hours=3)
COMMENCED = datetime.combine(COMMENCES, time(9), UTC)
LATE, MET, OPEN = (datetime(2026, 12, day, 10, tzinfo=UTC) for day in (14, 28, 29))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """Three arrests before New Year: nobody told of the first in time, somebody did of the second, one is open."""
    force = a_force(database_url)
    for number, at in enumerate((LATE, MET, OPEN)):
        [stored] = force.record_crime("Wren Sample", ref=f"40/{number}/26", at=at - timedelta(hours=1))
        arrest = force.record(stored.case.ref, EventKind.SUSPECT_ARRESTED, at, subject="Suspect 1")
        if at is MET:
            told = [DutyNamed("R6-ARR", arrest)]
            force.record(stored.case.ref, EventKind.CONTACT_MADE, at + timedelta(hours=2), duties=told, channel="phone")
    yield force
    force.database.close()


def propose(force: Force, text: str, at: datetime = APPROVED) -> int:
    with force.database.writing() as connection:
        law = law_now(connection, force.law)
        done = propose_edition(connection, text=text, source=EditionSource.FILE, by=SYSTEM, now=at, law=law)
        return done.number


def approve(force: Force, text: str, at: datetime = APPROVED) -> int:
    """Propose and approve it; the law of the force stays the one that it read before."""
    number = propose(force, text, at)
    with force.database.writing() as connection:
        approve_edition(connection, number=number, by=SYSTEM, now=at, law=force.law)
    return number


def arrests(force: Force) -> dict[str, tuple[Any, ...]]:
    """By reference, the day of the duty to tell of the arrest, its edition and how it ended."""
    with force.database.reading() as connection:
        joined = select(cases.CASES.c.ref, DUES).join(DUES, DUES.c.case_id == cases.CASES.c.id)
        found = connection.execute(joined.where(DUES.c.rule == "R6-ARR").order_by(cases.CASES.c.id))
        return {row.ref: (row.due_on, row.edition, row.ending) for row in found}


def told(force: Force) -> list[tuple[Any, ...]]:
    """What the journeys say of changes of the Code."""
    with force.database.writing() as connection:
        ids = connection.execute(select(cases.CASES.c.id)).scalars().all()
        journeys = [one.case.journey for one in cases.load_many(connection, ids)]
    return [
        tuple(event.details.get(name) for name in ("change", "due_before", "due_after", "put_back"))
        for journey in journeys
        for event in journey.events
        if event.kind is EventKind.CODE_CHANGED and event.duties[0].rule == "R6-ARR"
    ]


def test_what_is_open_moves_once_what_was_judged_stays_and_all_of_it_goes_back(force: Force) -> None:
    before = arrests(force)
    assert [day for day, *_ in before.values()] == [date(2026, 12, 21), date(2027, 1, 5), date(2027, 1, 6)]
    number = approve(force, invented())
    assert arrests(force) == before, "nothing moves before the job"
    assert differences(force, APPROVED) == [], "a case that waits is as it was before"
    assert move(force, APPROVED, at_most=1) >= 0
    assert differences(force, APPROVED) == []
    move(force, APPROVED)
    assert move(force, APPROVED) == 0
    late, met, opened = before
    after = arrests(force)
    assert (after[late], after[met]) == (before[late], before[met])
    assert after[opened] == (date(2027, 1, 13), "2027-01-01", None), "ten working days from 29 December"
    assert told(force) == [("moves", date(2027, 1, 6), date(2027, 1, 13), False)]
    assert differences(force, APPROVED) == []
    assert rebuilding.rebuild(force.database, law=in_force(force), now=APPROVED).corrected == 0

    with force.database.writing() as connection:
        withdraw_edition(connection, number=number, by=SYSTEM, now=BACK, law=force.law)
    assert differences(force, BACK) == []
    move(force, BACK)
    assert (arrests(force), differences(force, BACK)) == (before, [])
    assert told(force)[1:] == [("moves", date(2027, 1, 13), date(2027, 1, 6), True)]
    with force.database.reading() as connection:
        said = set(connection.execute(select(AUDIT.c.what).where(AUDIT.c.what.like("%of the Code"))).scalars())
        breaches = connection.execute(select(BREACHES.c.overturned_by).where(BREACHES.c.rule == "R6-ARR")).scalars()
        assert list(breaches) in ([], [None])
    assert said == {
        "propose edition 1 of the Code",
        "approve edition 1 of the Code",
        "put back edition 1 of the Code",
        "move deadlines by change 1 of the Code",
        "move deadlines by change 2 of the Code",
    }


def test_somebody_who_writes_to_a_case_that_waits_has_it_counted_by_the_new_edition(force: Force) -> None:
    approve(force, invented())
    ref = list(arrests(force))[-1]
    force.record(ref, EventKind.SUSPECT_INTERVIEWED, APPROVED, subject="Suspect 1")
    assert arrests(force)[ref][0] == date(2027, 1, 13)
    move(force, APPROVED)
    assert len(told(force)) == 1
    assert differences(force, APPROVED) == []


def test_every_process_follows_the_one_switch_without_a_restart(force: Force) -> None:
    kept = LawInForce(force.law)
    number = approve(force, invented())
    with force.database.reading() as connection:
        assert kept.read(connection).code.latest.id == "2027-01-01"
        assert kept.read(connection).code is kept.read(connection).code, "it is read once"
    move(force, APPROVED)
    with force.database.writing() as connection:
        withdraw_edition(connection, number=number, by=SYSTEM, now=BACK, law=kept.law)
    with force.database.reading() as connection:
        code = kept.read(connection).code
        assert (code.number, code.latest.id, code.edition("2027-01-01").id) == (2, "2021-04-01", "2027-01-01")
        assert law_now(connection, force.law).code == code


CITES = ('cites = "Invented paragraph 2"', "")
LIMIT = ('limits.standard = { working_days = 10, evidence = "recalled" }', "")
TOO_LONG = ("{ working_days = 10,", "{ working_days = 2601,")
COMMENCES_TODAY = ("in_force_from = 2027-01-01", "in_force_from = 2026-12-30")
BEGINS = ("no_longer_starts = [", 'begins = [{ rule = "R6-ARR", started_since = 2026-12-01 }]\nno_longer_starts = [')
FICTIONAL = ('title = "Invented Code, for tests only"', 'title = "Invented"\nfictional = true')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no edition", "it is not valid TOML"),
        (invented(LIMIT), "rule R6-ARR: limits.standard: the limit of the default tier is missing"),
        (invented(TOO_LONG), "rule R6-ARR: limits.standard.working_days: it is more than 2,600, which is 10 years"),
        (invented(CITES), "rule R6-ARR: cites: it is missing"),
        (invented(("in_force_from = 2027-01-01", "")), "edition.in_force_from: it is missing"),
        (invented(COMMENCES_TODAY, edition="2026-12-30"), "2026-12-30 is not after today"),
        (invented(('open_duties = "stays"\n', "")), "transition.open_duties: it is missing"),
        (invented(BEGINS), "transition.begins: edition 2021-04-01 has rule R6-ARR already"),
        (invented(FICTIONAL), "edition.fictional: it is invented, and this is no demonstration"),
    ],
)
def test_an_edition_that_cannot_be_trusted_is_refused_and_nothing_stored(force: Force, text: str, says: str) -> None:
    with pytest.raises((BadEdition, BadSuccessor)) as refused:
        propose(force, text)
    assert says in str(refused.value)
    with force.database.reading() as connection:
        assert connection.execute(select(EDITIONS)).all() == []


def test_one_is_decided_on_at_a_time(force: Force) -> None:
    first = propose(force, invented())
    assert propose(force, invented()) == first
    second = propose(force, invented(("Invented paragraph 2", "Invented paragraph 2a")))
    with force.database.writing() as connection:
        for wrong in (first, 99):
            with pytest.raises(NoSuchEdition):
                approve_edition(connection, number=wrong, by=SYSTEM, now=APPROVED, law=force.law)
        with pytest.raises(NotTheirEdition):
            approve_edition(connection, number=second, by=force.elm, now=APPROVED, law=force.law)
        with pytest.raises(BadSuccessor):
            approve_edition(connection, number=second, by=SYSTEM, now=COMMENCED, law=force.law)
        refuse_edition(connection, number=second, by=SYSTEM, now=APPROVED)
        with pytest.raises(NoSuchEdition):
            withdraw_edition(connection, number=second, by=SYSTEM, now=APPROVED, law=force.law)
    third = approve(force, invented())
    with force.database.writing() as connection, pytest.raises(StillMoving):
        withdraw_edition(connection, number=third, by=SYSTEM, now=BACK, law=force.law)
    move(force, APPROVED)
    with force.database.writing() as connection, pytest.raises(NothingToWithdraw):
        withdraw_edition(connection, number=third, by=SYSTEM, now=COMMENCED, law=force.law)
    with pytest.raises(BadSuccessor, match="has not commenced yet"):
        propose(force, invented(edition="2027-01-01b"))

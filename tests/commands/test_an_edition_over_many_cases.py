"""An edition over some hundred cases: stored as derived afresh before, meanwhile and after, told once, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.test_approve_edition import APPROVED, BACK, approve
from tests.force import Force, a_force
from tests.invented_edition import invented
from tests.law_changes import differences, in_force, move
from victimcare.commands.approve_edition import withdraw_edition
from victimcare.domain.edition_moves import EditionChange
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.domain.law import Law
from victimcare.domain.next_edition import with_successor
from victimcare.editions.law import published_law
from victimcare.editions.loader import read_edition
from victimcare.queries.edition_preview import edition_preview
from victimcare.store import cases, dues
from victimcare.store.dues import DUES
from victimcare.store.staff import SYSTEM

NEW_RULE = """
[[rule]]
id = "R6-REL-NEW"
right = 6
title = "Invented: tell the victim of a release again"
says = "Invented: say it again."
owed_by = "police"
starts_on = ["suspect_released_without_charge"]
start_evidence = "recalled"
clock = "happened"
subject = "suspect"
met_by = ["contact_made"]
limits.standard = { working_days = 3, evidence = "recalled" }
cites = "Invented paragraph 9"
evidence = "recalled"
seen_in = "Invented"
checked_on = 2026-11-21

[transition]
begins = [{ rule = "R6-REL-NEW", started_since = 2026-12-20 }]
"""
ENDS = '[[transition.rule]]\nid = "R6-INT"\nopen_duties = "ends"\n\n[[transition.rule]]\nid = "R6-ARR"'
STARTS_AGAIN = ('    "suspect_released_without_charge",\n', "")
TEXT = invented(("\n[transition]\n", NEW_RULE), ('[[transition.rule]]\nid = "R6-ARR"', ENDS), STARTS_AGAIN)
NEVER = date.max
BEGAN = (EventKind.SUSPECT_ARRESTED, EventKind.SUSPECT_INTERVIEWED, EventKind.SUSPECT_RELEASED_WITHOUT_CHARGE)


def fill(force: Force, count: int) -> None:
    """Cases with up to three events of December, some of them answered, and here and there a hearing after New Year."""
    chance = Random(51)
    for number in range(count):
        at = datetime(2026, 12, 10, 9, tzinfo=UTC) + timedelta(days=chance.randrange(19), minutes=number)
        [stored] = force.record_crime("Wren Sample", ref=f"40/{number}/26", at=at)
        for hours, kind in enumerate(chance.sample(BEGAN, chance.randint(0, 3)), start=1):
            begun = at + timedelta(hours=hours)
            key = force.record(stored.case.ref, kind, begun, subject="Suspect 1")
            if kind is EventKind.SUSPECT_ARRESTED and chance.random() < 0.3:
                told = [DutyNamed("R6-ARR", key)]
                force.record(stored.case.ref, EventKind.CONTACT_MADE, begun, duties=told, channel="phone")


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def rows(force: Force) -> dict[tuple[int, str, str], dict[str, Any]]:
    with force.database.reading() as connection:
        found = connection.execute(select(DUES)).mappings()
        return {(row["case_id"], row["rule"], row["start_key"]): dict(row) for row in found}


def loaded(force: Force) -> list[cases.StoredCase]:
    with force.database.writing() as connection:
        ids = connection.execute(select(cases.CASES.c.id)).scalars().all()
        return cases.load_many(connection, ids)


def afresh(force: Force, law: Law) -> dict[tuple[int, str, str], dict[str, Any]]:
    """What every duty is by a law that no database had a hand in."""
    derived = [row for stored in loaded(force) for row in dues.derive(stored.id, stored.case, law)[1]]
    return {(row["case_id"], row["rule"], row["start_key"]): row for row in derived}


def told(force: Force, number: int) -> Counter[tuple[str, str, str]]:
    """How often each duty of each case was told of, of this change of the Code."""
    return Counter(
        (stored.case.ref, event.duties[0].rule, event.duties[0].start)
        for stored in loaded(force)
        for event in stored.case.journey.events
        if event.kind is EventKind.CODE_CHANGED and event.details["number"] == number
    )


def changes(force: Force) -> set[str]:
    return {
        str(event.details["change"])
        for stored in loaded(force)
        for event in stored.case.journey.events
        if event.kind is EventKind.CODE_CHANGED
    }


@pytest.mark.parametrize("count", [24, pytest.param(300, marks=pytest.mark.slow)])
def test_an_edition_over_many_cases_and_back(force: Force, count: int) -> None:
    fill(force, count)
    published = published_law()
    new = published.under(with_successor(published.code, read_edition(TEXT)))
    before = rows(force)
    assert before == afresh(force, published)
    with force.database.reading() as connection:
        seen = edition_preview(connection, person=SYSTEM, edition=read_edition(TEXT), law=published, now=APPROVED)
    number = approve(force, TEXT)
    assert (rows(force), differences(force, APPROVED)) == (before, [])
    move(force, APPROVED, at_most=count // 3)  # and killed there
    assert differences(force, APPROVED) == []
    move(force, APPROVED)
    assert move(force, APPROVED) == 0
    after = rows(force)
    assert (after == afresh(force, new), differences(force, APPROVED)) == (True, [])
    once = told(force, 1)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert (len(once), set(once.values())) == (seen.duties, {1})
    assert len(changed) == seen.duties
    assert changes(force) >= {EditionChange.MOVES, EditionChange.BEGINS, EditionChange.ENDS}
    judged = {
        key for key, row in before.items() if row["ended_on"] or (row["due_on"] and row["due_on"] < APPROVED.date())
    }
    assert all(after[key] == before[key] for key in judged)

    with force.database.writing() as connection:
        withdraw_edition(connection, number=number, by=SYSTEM, now=BACK, law=in_force(force))
    move(force, BACK, at_most=count // 2)
    assert differences(force, BACK) == []
    move(force, BACK)
    assert (rows(force) == before, differences(force, BACK)) == (True, [])
    assert set(told(force, 2)) == set(once)
    print(f"{count} cases, {len(before)} duties, {len(judged)} judged; {len(changed)} changed, and back")

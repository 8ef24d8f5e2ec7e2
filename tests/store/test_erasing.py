"""What is destroyed with a case and what stays: every table decided, nothing of anybody left, figures as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, LargeBinary, func, insert, select
from sqlmodel import SQLModel

from tests.force import Force, a_force
from tests.queries.worlds import AFTERWARDS, LAW, random_journeys, store
from tests.web.casework import Casework
from tests.web.conftest import law as law
from tests.web.conftest import site as site
from tests.web.planted import PLANTED, plant
from tests.web.site import Site
from victimcare.commands.publish_figures import tally_quarter
from victimcare.domain.people import Person, Role
from victimcare.domain.published_figures import publish
from victimcare.domain.quarter import Quarter
from victimcare.store import erasing, rebuilding
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.dues import DUES
from victimcare.store.kept_records import DISPOSALS
from victimcare.store.staff import SYSTEM
from victimcare.store.tables import RetentionRun

RUNS = RetentionRun.__table__
BOARD = Person("board", "Board Example", Role.BOARD)
OF_PEOPLE = {"victim_case", "victim", "crime"}
BEYOND = {"erasure_certificate", "unmatched_outcome", "audit_subject"}
"""What was erased, outcomes of crimes of which there is no case, and who looked: that is kept as evidence."""


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def erase(connection: Connection, case_id: int, law: Any) -> dict[str, int]:
    """As the command does, without its decisions."""
    run = {"at": func.now(), "cases": 1, "found": 1, "cap": 1, "counts": "{}", "state": "proposed"}
    run_id = connection.execute(insert(RUNS).values(run).returning(RUNS.c.id)).scalar_one()
    on = date(2026, 1, 1)
    of = {"run_id": run_id, "case_id": case_id, "rule": "X", "trigger_on": on, "due_on": on, "state": "erasing"}
    number = connection.execute(insert(DISPOSALS).values(of).returning(DISPOSALS.c.id)).scalar_one()
    counts = erasing.erase(connection, case_id=case_id, law=law, today=AFTERWARDS)
    connection.execute(DISPOSALS.update().where(DISPOSALS.c.id == number).values(state="erased"))
    return counts


def test_every_table_of_a_case_a_victim_or_a_crime_has_a_decision() -> None:
    reached = OF_PEOPLE | {table.name for table in SQLModel.metadata.sorted_tables if "case_id" in table.columns}
    while (
        more := {
            table.name
            for table in SQLModel.metadata.sorted_tables
            if {key.column.table.name for key in table.foreign_keys} & (reached - KEEPS_NOTHING)
        }
        - reached
    ):
        reached |= more
    erased = {table.name for table in erasing.ERASED}
    assert not erased & set(erasing.KEPT)
    assert reached - BEYOND == erased | set(erasing.KEPT)


KEEPS_NOTHING = {"disposal"}
"""The certificate is of the disposal and outlives it."""


def board_figures(connection: Connection, law: Any) -> list[Any]:
    """All that a board can be shown of every quarter there is, and the rows from which it is made."""
    months = connection.execute(select(func.min(DUES.c.reported_month), func.max(DUES.c.reported_month))).one()
    first, last = (Quarter.of(date.fromisoformat(f"{month}-01")) for month in months)
    figures: list[Any] = []
    quarter = first
    while quarter <= last:
        tally = tally_quarter(connection, quarter=quarter, law=law)
        figures.append(publish(tally, quarter=quarter, known_on=AFTERWARDS, threshold=1))
        quarter = quarter.next()
    grouped = (DUES.c.reported_month, DUES.c.right_number, DUES.c.edition, DUES.c.outcome, DUES.c.area, DUES.c.due_on)
    counted = select(*grouped, func.count()).group_by(*grouped).order_by(*grouped)
    figures.append([tuple(row) for row in connection.execute(counted)])
    return figures


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.in_turn
def test_past_figures_of_the_board_come_out_exactly_as_before(force: Force, seed: int) -> None:
    store(force.database, random_journeys(seed, 60))
    with force.database.reading() as connection:
        before = board_figures(connection, LAW)
        ids = list(connection.execute(select(CASES.c.id)).scalars())
    Random(seed).shuffle(ids)
    for some in (ids[:30], ids[30:]):
        with force.database.writing() as connection:
            for case_id in some:
                erase(connection, case_id, LAW)
        with force.database.reading() as connection:
            assert board_figures(connection, LAW) == before
    with force.database.reading() as connection:
        assert len(before) > 5
        rows = connection.execute(select(erasing.EVENTS)).all()
        assert all(row.subject is None or row.subject.isdigit() for row in rows)
    assert rebuilding.check(force.database, law=LAW, today=AFTERWARDS) == []


def test_nothing_of_anybody_is_left_and_another_case_keeps_everything(site: Site, law: Any) -> None:
    casework = Casework(site)
    gone, stays = plant(casework, "officer", "x"), plant(casework, "colleague", "y")
    with site.database.reading() as connection:
        case = connection.execute(select(CASES).where(CASES.c.ref == gone.ref)).one()
        rows_before = sealed_rows(connection)
    with site.database.writing() as connection:
        counts = erase(connection, case.id, law)
    with site.database.reading() as connection:
        left = sealed_rows(connection)
        victim = connection.execute(select(VICTIMS).where(VICTIMS.c.id == case.victim_id)).one()
        names = list(connection.execute(select(VICTIMS.c.name)).scalars())
    assert (victim.name, victim.searched_name, victim.born_on) == (None, None, None)
    assert any("Canarynamey" in str(name) for name in names)
    columns = {planted.column for planted in PLANTED} - {"saved_search.sealed_words"}
    assert {column: 2 * left[column] for column in columns} == {column: rows_before[column] for column in columns}
    assert all(left[column] for column in columns), "the other case has all of its own"
    assert {"contact_point", "case_note", "message", "equality_answer", "victim_name_key"} <= set(counts)
    assert gone.ref != stays.ref
    assert SYSTEM.id


def sealed_rows(connection: Connection) -> dict[str, int]:
    """How many rows have something sealed, by column."""
    sealed = [c for t in SQLModel.metadata.sorted_tables for c in t.columns if isinstance(c.type, LargeBinary)]
    wanted = {
        f"{column.table.name}.{column.name}": select(func.count()).where(func.length(column) > 0) for column in sealed
    }
    return {name: connection.execute(count).scalar_one() for name, count in wanted.items()}

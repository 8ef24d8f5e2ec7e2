"""Migrations are numbered, lead to exactly the tables that the program is written for, and lose no row."""

import re
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Date, column, select, table, text
from sqlmodel import SQLModel

from tests.conftest import NewDatabase
from tests.schema import (
    ROWS,
    VERSIONS,
    columns_of,
    description,
    fill_every_table,
    in_database,
    lost_or_changed,
    migrate_to,
    revisions,
    scripts,
)

REVISIONS = revisions()
RECENT = 2
"""How many migrations are tried alone each time: those before are as they were when they were tried."""
SEALED = {
    "0018": {
        "person_to_tell.name",
        "needs_assessment.supporter",
        "equality_answer.words",
        "location_protection.reason",
        "location_protection.lifted_reason",
        "saved_search.words",
    }
}
"""Columns that a migration takes away, for their words are sealed in another: tests/store/test_sealed_words.py."""


def test_files_are_named_by_number_and_number_is_revision() -> None:
    names = sorted(file.name for file in VERSIONS.glob("*.py"))
    assert len(names) == len(REVISIONS) > 1
    for number, name in enumerate(names, start=1):
        assert re.fullmatch(r"\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.py", name)
        assert name[:4] == f"{number:04}" == REVISIONS[number - 1]


def test_each_follows_the_one_before_and_one_is_the_last() -> None:
    assert scripts().get_heads() == [REVISIONS[-1]]
    followed = [script.down_revision for script in scripts().walk_revisions()][::-1]
    assert followed == [None, *REVISIONS[:-1]]


def test_none_leads_back_for_the_way_back_is_the_backup_made_before() -> None:
    assert [script.revision for script in scripts().walk_revisions() if hasattr(script.module, "downgrade")] == []


def test_they_lead_to_the_tables_that_the_program_declares(database_url: str) -> None:
    def drift(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    assert in_database(database_url, drift) == []


def test_checks_and_conditions_of_indexes_are_those_declared(
    new_database: NewDatabase, migrated_database: NewDatabase
) -> None:
    """Alembic compares neither."""
    migrated, declared = migrated_database(), new_database()
    in_database(declared, SQLModel.metadata.create_all)
    assert in_database(migrated, description) == in_database(declared, description)


@pytest.mark.in_turn
@pytest.mark.parametrize("last", [RECENT, pytest.param(len(REVISIONS) - 1, marks=pytest.mark.slow)])
def test_no_row_of_a_full_database_is_lost_or_changed(new_database: NewDatabase, last: int) -> None:
    """By any one of the last migrations: SQLite rebuilds a table to change it, and what names its rows can vanish."""
    empty = new_database()
    migrate_to(empty, REVISIONS[-last - 1])
    for revision in REVISIONS[-last:]:
        full = new_database(copy_of=empty)
        in_database(full, fill_every_table)
        before = in_database(full, columns_of)
        assert {len(values) for columns in before.values() for values in columns.values()} == {ROWS}
        migrate_to(full, revision)
        lost = lost_or_changed(before, in_database(full, columns_of))
        assert lost == SEALED.get(revision, set()), f"migration {revision}"
        migrate_to(empty, revision)


@pytest.mark.in_turn
def test_a_full_database_comes_all_the_way(new_database: NewDatabase) -> None:
    url = new_database()
    migrate_to(url, REVISIONS[0])
    in_database(url, fill_every_table)
    before = in_database(url, columns_of)
    migrate_to(url, "head")
    assert lost_or_changed(before, in_database(url, columns_of)) <= set().union(*SEALED.values())


def test_names_and_ends_of_tiers_are_filled_in(new_database: NewDatabase) -> None:
    """Migration 0003, on what was there before it."""
    url = new_database()
    migrate_to(url, "0002")
    in_database(url, fill_every_table)
    in_database(url, lambda connection: [connection.execute(text(statement)) for statement in BEFORE_0003])
    migrate_to(url, "0003")

    def read(connection: Connection) -> list[object]:
        names = connection.execute(text("SELECT searched_name FROM victim WHERE id IN (1, 2) ORDER BY id")).scalars()
        ends = connection.execute(
            select(column("tier_until_on", Date)).select_from(table("victim_case")).where(text("id IN (1, 2, 3)"))
        ).scalars()
        return [*names, sorted(ends.all(), key=str)]

    assert in_database(url, read) == ["elodie oneill", None, [date(2027, 5, 1), None, None]]


def test_mobiles_and_landlines_become_telephones(new_database: NewDatabase) -> None:
    """Migration 0007: and what nobody confirmed at a known instant stays unused."""
    url = new_database()
    migrate_to(url, "0006")
    in_database(url, fill_every_table)
    kinds = "UPDATE contact_point SET kind = CASE id WHEN '1' THEN 'mobile' WHEN '2' THEN 'landline' ELSE 'email' END"
    in_database(url, lambda connection: connection.execute(text(kinds)))
    migrate_to(url, "0007")
    read = "SELECT kind FROM contact_point WHERE id IN ('1', '2', '3') ORDER BY id"
    assert in_database(url, lambda c: list(c.execute(text(read)).scalars())) == ["phone", "phone", "email"]


BEFORE_0003 = (
    "UPDATE victim SET name = 'Élodie O''Neill' WHERE id = 1",
    "UPDATE victim SET name = NULL WHERE id = 2",
    "UPDATE victim_case SET tier = 'enhanced' WHERE id = 1",
    "INSERT INTO journey_event (id, key, case_id, kind, happened_on, precision, recorded_at, recorded_by, details,"
    " source, contacts_recorded) VALUES"
    " (1001, 'a', 1, 'needs_assessed', '2026-05-18', 'day', '2026-05-18 09:00:00', '1',"
    """ '{"tier":"enhanced","until_on":"2027-05-01"}', 'recorded', true),"""
    " (1002, 'b', 2, 'needs_assessed', '2026-05-18', 'day', '2026-05-18 09:00:00', '1', '{\"tier\":\"enhanced\"}',"
    " 'recorded', true),"
    " (1003, 'c', 3, 'needs_assessed', '2026-05-18', 'day', '2026-05-18 09:00:00', '1',"
    """ '{"tier":"another","until_on":"2027-05-01"}', 'recorded', true)""",
)

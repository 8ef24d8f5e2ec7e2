"""Migrations are numbered, lead to exactly the tables that the program is written for, and lose no row."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from tests.conftest import NewDatabase
from tests.schema import (
    ROWS,
    VERSIONS,
    columns_of,
    description,
    fill_every_table,
    in_database,
    migrate_to,
    revisions,
    rows_of,
    scripts,
)

REVISIONS = revisions()


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


def test_they_lead_to_the_tables_that_the_program_declares(database_url: str) -> None:
    def drift(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    assert in_database(database_url, drift) == []


def test_checks_and_conditions_of_indexes_are_those_declared(new_database: NewDatabase) -> None:
    """Alembic compares neither."""
    migrated, declared = new_database(), new_database()
    migrate_to(migrated, "head")
    in_database(declared, SQLModel.metadata.create_all)
    assert in_database(migrated, description) == in_database(declared, description)


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_no_row_of_a_full_database_is_lost_or_changed(new_database: NewDatabase, revision: str) -> None:
    """SQLite rebuilds a table to change it, and what names its rows can vanish with them."""
    url = new_database()
    migrate_to(url, REVISIONS[REVISIONS.index(revision) - 1])
    in_database(url, fill_every_table)
    columns = in_database(url, columns_of)
    before = in_database(url, rows_of)
    assert {len(rows) for rows in before.values()} == {ROWS}
    migrate_to(url, revision)
    assert in_database(url, lambda connection: rows_of(connection, columns)) == before


def test_a_full_database_comes_all_the_way(new_database: NewDatabase) -> None:
    url = new_database()
    migrate_to(url, REVISIONS[0])
    in_database(url, fill_every_table)
    columns = in_database(url, columns_of)
    before = in_database(url, rows_of)
    migrate_to(url, "head")
    assert in_database(url, lambda connection: rows_of(connection, columns)) == before

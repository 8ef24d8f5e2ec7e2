"""What the tests of forms compare with sees every change, and tells the trail of those who looked from all else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from tests.stored import Restored, Stored, recorded
from victimcare.store.database import Database

ADD = "INSERT INTO setting (name, value) VALUES ('one', '1')"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    run(made, ADD)
    yield made
    made.close()


def run(database: Database, statement: str) -> None:
    with database.writing() as connection:
        _run(connection, statement)


def _run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


def test_an_update_is_a_row_gone_and_a_row_come(database: Database) -> None:
    stored = Stored(database)
    assert stored.changed() == {}
    run(database, "UPDATE setting SET value = '2' WHERE name = 'one'")
    ((name, change),) = recorded(stored.changed()).items()
    assert (name, [row["value"] for row in change.gone], [row["value"] for row in change.come]) == (
        "setting",
        ["1"],
        ["2"],
    )
    stored.close()


def test_it_is_had_again_as_it_was(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    stored = Restored(database)
    run(database, ADD)
    assert set(stored.changed()) == {"setting"}
    stored.restore()
    assert stored.changed() == {}
    stored.close()
    database.close()

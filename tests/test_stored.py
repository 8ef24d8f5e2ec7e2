"""What the tests of forms compare with sees every change, and tells the trail of those who looked from all else."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from tests.stored import Restored, Stored, recorded
from victimcare.domain.people import Person, Role
from victimcare.store import audit
from victimcare.store.database import Database

ADD = "INSERT INTO setting (name, value) VALUES ('one', '1')"

AT = datetime(2026, 5, 22, 9, tzinfo=UTC)
SOMEBODY = Person("somebody", "Wren Example", Role.BOARD)


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


def test_it_is_had_again_as_it_was_even_what_is_kept_for_ever(database: Database) -> None:
    """Whatever came, went or became another: no trigger holds it back, and the numbers of rows are not used up."""
    stored = Restored(database)
    for _ in range(2):
        with database.writing() as connection:
            assert audit.write(connection, at=AT, operation="access", what="sign in", person=SOMEBODY) == 1
        run(database, "UPDATE setting SET value = '2'")
        run(database, "INSERT INTO setting (name, value) VALUES ('two', '2')")
        assert set(stored.changed()) == {"audit", "setting"}
        stored.restore()
        assert stored.changed() == {}
        run(database, "DELETE FROM setting")
        stored.restore()
        assert stored.changed() == {}
    stored.close()

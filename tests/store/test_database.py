"""Every connection has the settings without which SQLite loses data, and writers queue instead of failing."""

import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from victimcare.store import database as database_module
from victimcare.store.database import Database, SettingRefused

WANTED = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1, "trusted_schema": 0}
WANTED |= {"secure_delete": 1}
POOLED = 20
A_NAME = "Wren Sample"
WRITERS, EACH = 4, 40


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def test_each_of_twenty_connections_has_every_setting(sqlite: Database) -> None:
    for _ in range(2):  # fresh ones, then those that were given back to the pool
        with ExitStack() as stack:
            connections = [stack.enter_context(sqlite.reading()) for _ in range(POOLED)]
            assert len({id(connection.connection.dbapi_connection) for connection in connections}) == POOLED
            for connection in connections:
                found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in WANTED}
                assert found == WANTED


def test_nothing_of_what_was_deleted_is_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE word (said TEXT)"))
        connection.execute(text("INSERT INTO word VALUES (:said)"), [{"said": f"{A_NAME} {n}"} for n in range(500)])
    with database.writing() as connection:
        connection.execute(text("DELETE FROM word"))
    database.close()
    assert A_NAME.encode() not in file.read_bytes()


def test_a_setting_that_does_not_take_stops_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(database_module._PRAGMAS, "busy_timeout", -1)
    broken = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(SettingRefused, match="refusing to start"), broken.reading():
        pass
    broken.close()


def test_writing_takes_the_write_lock_at_once_and_reading_does_not(sqlite: Database) -> None:
    begun = statements(sqlite.engine)
    for transaction in (sqlite.writing, sqlite.reading):
        with transaction() as connection:
            count_of_settings(connection)
    assert begun[::2] == ["BEGIN IMMEDIATE", "BEGIN"]


def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1')"))
        with database.reading() as reader:
            assert count_of_settings(reader) == 0
    with database.reading() as reader:
        assert count_of_settings(reader) == 1


def test_what_is_written_while_reading_is_not_kept(database: Database) -> None:
    try:
        with database.reading() as connection:
            connection.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1')"))
    except DBAPIError:
        pass  # PostgreSQL refuses it, SQLite rolls it back
    with database.reading() as connection:
        assert count_of_settings(connection) == 0


def test_one_page_is_read_from_one_moment(database: Database) -> None:
    """Else the count above a list and its rows could differ."""
    with database.reading() as reader:
        before = count_of_settings(reader)
        with database.writing() as writer:
            writer.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1')"))
        assert count_of_settings(reader) == before


def test_an_error_leaves_nothing_of_a_write(database: Database) -> None:
    def write_twice() -> None:
        with database.writing() as connection:
            connection.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1'), ('b', '2')"))
            connection.execute(text("INSERT INTO setting (name, value) VALUES ('a', '3')"))

    with pytest.raises(IntegrityError):
        write_twice()
    with database.reading() as connection:
        assert count_of_settings(connection) == 0


def test_a_row_that_names_nobody_is_refused(database: Database) -> None:
    columns = "person_id, username, password_hash, disabled"
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text(f"INSERT INTO account ({columns}) VALUES ('nobody', 'nobody', 'x', false)"))


def test_an_error_does_not_print_what_was_written(database: Database) -> None:
    add = text(
        "INSERT INTO person (id, name, role, specialisms, capacity, active) VALUES (:id, :name, 'none', '', 1, true)"
    )
    with pytest.raises(DBAPIError) as refused, database.writing() as connection:
        connection.execute(add, {"id": "x", "name": A_NAME})
    assert "ck_role_known" in str(refused.value), "what is wrong is said"
    assert A_NAME not in "".join(format_exception(refused.value))


def test_four_processes_that_read_and_then_write_all_get_through(database: Database) -> None:
    """With a plain BEGIN most of them fail at once: "database is locked"."""
    with database.writing() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('counter', '0')"))
    processes = multiprocessing.get_context("spawn").Pool(WRITERS)
    try:
        failures = processes.map(count_up, [database.url] * WRITERS)
    finally:
        processes.close()
        processes.join()
    assert failures == [[]] * WRITERS
    with database.reading() as connection:
        counter = connection.execute(text("SELECT value FROM setting WHERE name = 'counter'")).scalar_one()
    assert int(counter) == WRITERS * EACH


def count_up(url: str) -> list[str]:
    """What failed of so many transactions that read the counter and then write it."""
    database, failures = Database(url), []
    lock = "" if url.startswith("sqlite") else " FOR UPDATE"
    for _ in range(EACH):
        try:
            with database.writing() as connection:
                read = text("SELECT value FROM setting WHERE name = 'counter'" + lock)
                value = int(connection.execute(read).scalar_one()) + 1
                connection.execute(text("UPDATE setting SET value = :v WHERE name = 'counter'"), {"v": str(value)})
        except DBAPIError as failed:
            failures.append(str(failed))
    database.close()
    return failures


def count_of_settings(connection: object) -> int:
    return int(connection.execute(text("SELECT count(*) FROM setting")).scalar_one())  # type: ignore[attr-defined]


def statements(engine: Engine) -> list[str]:
    """A list that will hold every statement that the engine sends from now on."""
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, statement, *_rest: sent.append(statement))
    return sent

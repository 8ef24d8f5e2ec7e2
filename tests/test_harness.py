"""The harness itself: what other tests rely on without looking."""

from pathlib import Path

import pytest
import sqlalchemy

from tests import postgres


@pytest.mark.postgres
def test_each_database_of_the_test_server_is_its_own(postgresql_server: postgres.Server) -> None:
    template = postgresql_server.create("harness_template")
    run(template, "CREATE TABLE told (told_on date)")
    one = postgresql_server.create("harness_one", template="harness_template")
    two = postgresql_server.create("harness_two", template="harness_template")

    run(one, "INSERT INTO told VALUES ('2026-05-26')")

    assert run(one, "SELECT count(*) FROM told") == [(1,)]
    assert run(two, "SELECT count(*) FROM told") == [(0,)]


def test_every_test_gets_an_empty_migrated_database(database_url: str) -> None:
    assert run(database_url, "SELECT count(*) FROM alembic_version") == [(1,)]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_writes_no_other_test_sees(database_url: str, turn: str) -> None:
    run(database_url, "CREATE TABLE written_by_a_test (told_on date)")


def test_a_folder_without_a_server_is_named_in_the_reason(tmp_path: Path) -> None:
    with pytest.raises(postgres.NoPostgres, match=str(tmp_path)):
        postgres.find_programs(str(tmp_path))


def test_what_forked_processes_import_is_named_once() -> None:
    """Whoever names it again takes it from all others, whose processes then import everything at each start."""
    here = Path(__file__)
    naming = [file.name for file in here.parent.rglob("*.py") if "_forkserver_preload" in file.read_text("utf-8")]
    assert sorted(naming) == ["forked.py", here.name]


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sqlalchemy.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []

"""The database is as it was or up to date, never between; a program never runs on tables that it does not know."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.conftest import NewDatabase
from tests.schema import (
    columns_of,
    description,
    fill_every_table,
    in_database,
    lost_or_changed,
    migrations_with,
    revisions,
)
from victimcare.store import migrate
from victimcare.store.database import Database
from victimcare.store.migrate import WrongSchema, check_current, upgrade

ROOT = Path(__file__).parents[2]
HEAD = revisions()[-1]

MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{HEAD}", None, None


def upgrade() -> None:
    op.add_column("setting", sa.Column("half_way", sa.Integer()))
    op.execute("UPDATE setting SET half_way = 1")
    BREAK
"""


@pytest.fixture
def filled(migrated_database: NewDatabase) -> str:
    """The address of a database with rows in every table."""
    url = migrated_database()
    in_database(url, fill_every_table)
    return url


@pytest.fixture
def broken_migration(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more migration, which changes something and then does what the test names."""
    folder = migrations_with(tmp_path, "9999_broken.py", MIGRATION.replace("BREAK", request.param))
    monkeypatch.setattr(migrate, "_folder", lambda: folder)


@pytest.mark.parametrize("broken_migration", ["raise ZeroDivisionError"], indirect=True)
@pytest.mark.in_turn
def test_a_migration_that_fails_changes_nothing(filled: str, broken_migration: None) -> None:
    before = in_database(filled, description), in_database(filled, columns_of)
    with pytest.raises(ZeroDivisionError):
        upgrade(filled)
    assert (in_database(filled, description), in_database(filled, columns_of)) == before
    assert in_database(filled, revision_of) == HEAD


@pytest.mark.parametrize(
    "broken_migration", ["op.execute('DELETE FROM person'); op.execute('DELETE FROM team')"], indirect=True
)
@pytest.mark.usefixtures("broken_migration")
def test_a_migration_that_leaves_rows_without_the_rows_they_name_changes_nothing(sqlite_url: str) -> None:
    """PostgreSQL refuses the statement itself."""
    in_database(sqlite_url, fill_every_table)
    before = in_database(sqlite_url, columns_of)
    with pytest.raises(RuntimeError, match="nothing was changed"):
        upgrade(sqlite_url)
    assert in_database(sqlite_url, columns_of) == before
    assert "half_way" not in in_database(sqlite_url, columns_of)["setting"]


@pytest.mark.parametrize("broken_migration", ["op.execute('DELETE FROM used_form')"], indirect=True)
def test_a_migration_that_loses_rows_without_saying_so_changes_nothing(filled: str, broken_migration: None) -> None:
    before = in_database(filled, columns_of)
    with pytest.raises(RuntimeError, match=r"would lose rows \(used_form from \d+ to 0\); nothing was changed"):
        upgrade(filled)
    assert in_database(filled, columns_of) == before


@pytest.mark.parametrize(
    "broken_migration",
    ["with op.batch_alter_table('victim_case', recreate='always') as t: t.alter_column('area', nullable=True)"],
    indirect=True,
)
@pytest.mark.usefixtures("broken_migration")
def test_rebuilding_a_table_keeps_the_rows_that_name_it(sqlite_url: str) -> None:
    """With foreign keys on, SQLite drops them with the old table."""
    in_database(sqlite_url, fill_every_table)
    before = in_database(sqlite_url, columns_of)
    upgrade(sqlite_url)
    assert lost_or_changed(before, in_database(sqlite_url, columns_of)) == set()


def test_two_programs_that_start_at_once_migrate_once(new_database: NewDatabase) -> None:
    url = new_database()
    program = "import sys; from victimcare.store.migrate import upgrade; upgrade(sys.argv[1])"
    command = [sys.executable, "-c", program, url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0)] * 2
    assert in_database(url, revision_of) == HEAD


@pytest.mark.in_turn
def test_migrating_again_changes_nothing(database_url: str) -> None:
    in_database(database_url, fill_every_table)
    before = in_database(database_url, columns_of)
    upgrade(database_url)
    assert in_database(database_url, columns_of) == before


def test_a_database_of_this_program_is_accepted(database_url: str) -> None:
    database = Database(database_url)
    check_current(database)
    database.close()


@pytest.mark.parametrize("some", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["some", "all"])
def test_an_older_or_newer_database_is_refused_with_what_to_do(database_url: str, some: bool) -> None:
    database, older = Database(database_url), revisions()[:-1]
    for found in (*((older[0], older[-1]) if some else older), "9999"):
        with database.writing() as connection:
            connection.execute(set_revision, {"found": found})
        with pytest.raises(WrongSchema) as refused:
            check_current(database)
        assert str(refused.value) == (
            f"the database is at migration {found} and this program needs {HEAD}: "
            "run `victimcare migrate` (after a backup), or the program's version that fits the database"
        )
    database.close()


def test_a_database_without_tables_is_refused(new_database: NewDatabase) -> None:
    database = Database(new_database())
    with pytest.raises(WrongSchema, match="at migration none"):
        check_current(database)
    database.close()


def test_an_installed_program_finds_its_migrations(tmp_path: Path) -> None:
    """In a checkout they lie beside the package, in a wheel inside it."""
    checkout, installed = tmp_path / "checkout", tmp_path / "installed"
    for name in ("victimcare", "migrations"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    hook = (ROOT / "hatch_build.py").read_text("utf-8")
    offline = "fetch_packages = collect_files = lambda *folders: None\n"
    (checkout / "hatch_build.py").write_text(f"{hook}\n\n{offline}", "utf-8")
    run("-m", "hatchling", "build", "-t", "wheel", cwd=checkout)
    (wheel,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    program = "import sys; from victimcare.store import migrate; migrate.upgrade(sys.argv[1]); print(migrate.__file__)"
    place = run("-P", "-c", program, url, cwd=tmp_path, path=installed)
    assert Path(place.strip()).is_relative_to(installed)
    assert in_database(url, revision_of) == HEAD


set_revision = text("UPDATE alembic_version SET version_num = :found")


def revision_of(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def run(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    """Run Python and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(path or "")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, check=True, text=True, stdout=subprocess.PIPE
    ).stdout

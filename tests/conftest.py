"""What all tests share: an empty migrated database on each engine, Chromium, and saying what was not run.

The fixture `database_url` runs a test twice, on SQLite and on PostgreSQL: in `make test` where the store is tried, and
what two do at once or an engine does its own way (`both_engines`). Every other test meets the engines in turn, and both
with `slow` (decision 87). A test that needs something that is not on this machine is skipped, the run ends by saying
so, and with CI=true it fails for it.
"""

import fcntl
import gc
import os
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from tests import engines, postgres

# A zone that is never London's and never UTC's: code that leans on the machine's zone fails here.
os.environ["TZ"] = "Pacific/Auckland"
time.tzset()
for name in [name for name in os.environ if name.startswith("VICTIMCARE_") and name != postgres.VARIABLE]:
    del os.environ[name]

GIVES_ENGINE = ("database_url", "new_database", "kept")
"""The fixtures that run a test once on each engine."""
TURNS = ("sqlite", "postgresql", "sqlite")
"""The engines that tests take in turn: one in three is on PostgreSQL, which takes longer to begin with."""
HERE = Path(__file__).parent
IN_TURN = {HERE / folder for folder in ("cli", "commands", "exchange", "jobs", "queries", "web")}
"""What is tested in these asks a database through the store, or is asked for on both engines by other tests."""
GARBAGE = 50_000
"""New objects after which Python looks for those that nothing reaches: at its own 700 a tenth of a page is looking."""
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    # Databases are made and thrown away by the thousand: in memory no commit waits for a disk.
    tempfile.tempdir = str(MEMORY)

IN_CI = os.environ.get("CI", "").lower() == "true"
# The first is Chromium without its window: the same engine for a third of the work.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

slow_machines = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=slow_machines)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "dev")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database of this test's own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


class NewDatabase(Protocol):
    """Makes a database without any table, or one that holds what another does, and gives its address."""

    def __call__(self, *, copy_of: str | None = None) -> str: ...


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases of this test's own, on each engine."""
    if request.param == "sqlite":
        yield partial(_new_file, tmp_path)
        return
    server: postgres.Server = request.getfixturevalue("postgresql_server")
    made: list[str] = []

    def make(*, copy_of: str | None = None) -> str:
        made.append(f"victimcare_test_{uuid.uuid4().hex}")
        return server.create(made[-1], template=str(make_url(copy_of).database) if copy_of else "template0")

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def migrated_database(new_database: NewDatabase, request: pytest.FixtureRequest) -> NewDatabase:
    """The same, with every table and no row."""
    if request.node.callspec.params["new_database"] == "sqlite":
        template = f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    else:
        server: postgres.Server = request.getfixturevalue("postgresql_server")
        name = request.getfixturevalue("postgresql_template")
        template = server.address.set(database=name).render_as_string(hide_password=False)
    return partial(new_database, copy_of=template)


def _new_file(folder: Path, *, copy_of: str | None = None) -> str:
    file = folder / f"{uuid.uuid4().hex}.db"
    if copy_of:
        shutil.copyfile(str(make_url(copy_of).database), file)
    return f"sqlite:///{file}"


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """The same, on SQLite only."""
    engines.let_go()
    file = sqlite_template.with_name("victimcare.db")
    for part in ("", "-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)
    shutil.copyfile(sqlite_template, file)
    return engines.keep(f"sqlite:///{file}")


@pytest.fixture
def postgresql_url(postgresql_database: postgres.Emptied) -> str:
    """The same, on PostgreSQL only (mark the test `postgres`)."""
    engines.let_go()
    return engines.keep(postgresql_database.url(left_open=engines.backends))


class MadeOnce(Protocol):
    """Gives a copy, in a folder of one's own, of the SQLite database that `fill` makes from an empty migrated one.

    The process of a run that asks first makes it; the others wait for it.
    """

    def __call__(self, name: str, fill: Callable[[str], None]) -> Path: ...


@pytest.fixture(scope="session")
def made_once(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    def make(name: str, fill: Callable[[str], None]) -> Path:
        def from_template(file: Path) -> None:
            shutil.copyfile(sqlite_template, file)
            fill(f"sqlite:///{file}")

        return _shared_copy(tmp_path_factory, name, from_template)

    return make


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _shared_copy(tmp_path_factory, "template", lambda file: migrate(f"sqlite:///{file}"))


def _shared_copy(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    of_this_process = folders.getbasetemp()
    of_the_run = of_this_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_this_process
    shared = of_the_run / f"shared-{name}.db"
    with (of_the_run / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            new = folders.mktemp(name) / "new.db"
            make(new)
            with sqlite3.connect(new) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            new.replace(shared)
    copy = folders.mktemp(name) / "victimcare-template.db"
    shutil.copyfile(shared, copy)
    return copy


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: postgres.Server, postgresql_template: str) -> Iterator[postgres.Emptied]:
    database = postgres.Emptied(postgresql_server, postgresql_template)
    yield database
    database.drop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: postgres.Server) -> Iterator[str]:
    """The name of an empty, migrated database of which others are copies."""
    template = f"victimcare_test_{uuid.uuid4().hex}"
    migrate(postgresql_server.create(template))
    yield template
    postgresql_server.drop(template)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres.Server]:
    """A server of this test process's own, where a test can make further databases."""
    try:
        with postgres.server() as server:
            yield server
    except postgres.NoPostgres as missing:
        pytest.skip(str(missing))


def migrate(url: str) -> None:
    from victimcare.store.migrate import upgrade

    upgrade(url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Make pytest-playwright drive the Chromium of the system."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip(f"no Chromium on this machine (looked for: {', '.join(CHROMIUM)})")
    return {**browser_type_launch_args, "executable_path": program, "args": CHROMIUM_FLAGS}


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests and all that they import: there is nothing to collect in them
    gc.set_threshold(GARBAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and takes_turns(item):
            leave_second_engine(item)
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def takes_turns(item: pytest.Function) -> bool:
    """Whether this test meets one engine in `make test`, and the other in `make test-slow` only."""
    of_a_place = not IN_TURN.isdisjoint(item.path.parents) and not item.get_closest_marker("both_engines")
    return of_a_place or item.get_closest_marker("in_turn") is not None


def leave_second_engine(item: pytest.Function) -> None:
    """Leave the second engine of this test to `make test-slow`. Which one is the first follows from its name."""
    given = getattr(item, "callspec", None)
    on = {given.params.get(name) for name in GIVES_ENGINE} - {None} if given else set()
    if on - {TURNS[crc32(item.originalname.encode()) % len(TURNS)]}:
        item.add_marker(pytest.mark.slow)


def not_run(config: pytest.Config) -> Counter[str]:
    """How many tests were skipped, for each reason given."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return Counter(str(report.longrepr[-1]).removeprefix("Skipped: ") for report in skipped)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if IN_CI and exitstatus == pytest.ExitCode.OK and not_run(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    # What is left of thousands of tests is looked through once, and not five times, for what complains when it goes.
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reasons = not_run(config)
    if reasons:
        terminalreporter.section("NOT RUN", red=IN_CI, yellow=not IN_CI)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count} test{'s' if count > 1 else ''}: {reason}")
        if IN_CI:
            terminalreporter.write_line("CI=true: tests that were not run fail the run.")

"""Fixtures of the page tests: a site on each database."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.web.site import Site, add_people, make_site, served
from victimcare.domain.law import Law
from victimcare.editions.law import published_law


@pytest.fixture(scope="session")
def law() -> Law:
    return published_law()


@pytest.fixture
def site(database_url: str, law: Law) -> Iterator[Site]:
    """A site with people of each role, on SQLite and on PostgreSQL."""
    yield from _site(database_url, law)


@pytest.fixture
def sqlite_site(sqlite_url: str, law: Law) -> Iterator[Site]:
    """The same on SQLite only, for what the database has no part in."""
    yield from _site(sqlite_url, law)


@pytest.fixture(scope="module")
def module_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, law: Law) -> Iterator[Site]:
    """A site on SQLite for all tests of a module, which leave it as they found it."""
    file = tmp_path_factory.mktemp("module") / "victimcare.db"
    shutil.copyfile(sqlite_template, file)
    yield from _site(f"sqlite:///{file}", law)


@pytest.fixture(scope="module")
def postgresql_module_site(postgresql_server: Server, postgresql_template: str, law: Law) -> Iterator[Site]:
    """The same on PostgreSQL only (mark the test `postgres`)."""
    name = f"victimcare_test_{uuid.uuid4().hex}"
    yield from _site(postgresql_server.create(name, template=postgresql_template), law)
    postgresql_server.drop(name)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def each_module_site(request: pytest.FixtureRequest) -> Site:
    """The same on SQLite, and with `slow` on PostgreSQL too."""
    site: Site = request.getfixturevalue({"sqlite": "module_site"}.get(request.param, "postgresql_module_site"))
    return site


def _site(url: str, law: Law) -> Iterator[Site]:
    made = make_site(url, law)
    add_people(made.database)
    yield made
    made.database.close()


@pytest.fixture
def address(sqlite_site: Site) -> Iterator[str]:
    """Where `sqlite_site` is served for a real browser."""
    with served(sqlite_site) as at:
        yield at

"""A small force on each engine."""

from collections.abc import Iterator

import pytest

from tests.force import Force, a_force


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def sqlite_force(sqlite_url: str) -> Iterator[Force]:
    """For what only SQLite tells of its plans."""
    force = a_force(sqlite_url)
    yield force
    force.database.close()

"""A small force into which records come, on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.records.said import Records, small_force


@pytest.fixture
def records(database_url: str, tmp_path: Path) -> Iterator[Records]:
    made = small_force(database_url, tmp_path)
    yield made
    made.database.close()

"""Fixtures of the route tests: a site with cases on it."""

import pytest

from tests.web.casework import Casework, add_strangers
from tests.web.site import Site


@pytest.fixture
def casework(site: Site) -> Casework:
    """The site's cases, on SQLite and on PostgreSQL."""
    add_strangers(site)
    return Casework(site)


@pytest.fixture
def sqlite_casework(sqlite_site: Site) -> Casework:
    """The same on SQLite only, for what the database has no part in."""
    add_strangers(sqlite_site)
    return Casework(sqlite_site)

"""Fixtures of the tests of the API: a site with cases, as for its pages."""

from tests.web.routes.conftest import casework, sqlite_casework

__all__ = ["casework", "sqlite_casework"]

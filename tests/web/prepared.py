"""Imported by the process from which those to be killed are forked: what takes long at a start is done here, once."""

from tests.web.killed import run_jobs, serve_pages
from victimcare.editions.law import published_law
from victimcare.web import app

__all__ = ["run_jobs", "serve_pages"]

published_law()
app._assembled()

"""Imported by the process from which those to be killed are forked: what takes long at a start is done here, once."""

from tests.jobs.fleet import deliver, schedule
from tests.schema import bring_up
from tests.web.killed import run_jobs, serve_pages
from victimcare.editions.escalation import published_ladder
from victimcare.editions.law import published_law
from victimcare.web import app

__all__ = ["bring_up", "deliver", "run_jobs", "schedule", "serve_pages"]

published_law()
published_ladder()
app._assembled()

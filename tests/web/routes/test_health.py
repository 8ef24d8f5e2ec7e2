"""What watches the service is told whether its database answers, and whether all runs in time."""

from pathlib import Path

from sqlalchemy import make_url

from tests.jobs.counted import all_have_run
from tests.web.site import START, Site


def test_it_is_ok_while_the_database_answers(site: Site) -> None:
    response = site.browser().get("/health")
    assert (response.status_code, response.text) == (200, "ok")


def test_it_is_unavailable_when_the_tables_are_gone(sqlite_site: Site) -> None:
    with sqlite_site.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE setting RENAME TO gone")
    assert sqlite_site.browser().get("/health").status_code == 503


def test_it_is_live_without_a_database(sqlite_site: Site) -> None:
    sqlite_site.database.close()
    Path(str(make_url(sqlite_site.database.url).database)).unlink()
    assert sqlite_site.browser().get("/health/live").text == "live"


def test_it_is_ready_when_jobs_have_run_in_time_and_only_then(site: Site) -> None:
    browser = site.browser()
    never_run = browser.get("/health/ready")
    assert (never_run.status_code, never_run.text) == (503, "not ready")
    all_have_run(site.database, START)
    ready = browser.get("/health/ready")
    assert (ready.status_code, ready.text) == (200, "ready")
    site.clock.forward(hours=3)
    assert browser.get("/health/ready").status_code == 503
    assert browser.get("/health").text == "ok", "it is up all the same"

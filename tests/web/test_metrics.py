"""What a Prometheus server is told: how jobs and notices stand and how quickly pages answer, and of nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from tests.jobs.counted import all_have_run
from tests.web.casework import Casework
from tests.web.furnished import furnish
from tests.web.site import START, Site
from victimcare.store.outbox import OUTBOX

TOKEN = "a token agreed with Prometheus"


@pytest.fixture
def told(site: Site) -> Site:
    """A service with its token set, in which every job has run."""
    site.app.state.settings = site.app.state.settings.model_copy(update={"metrics_token": TOKEN})
    all_have_run(site.database, START)
    return site


def metrics(site: Site, token: str = TOKEN) -> dict[tuple[str, ...], float]:
    """Each sample by its name and labels."""
    answer = site.browser().client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_it_tells_how_jobs_and_notices_stand(told: Site) -> None:
    furnish(Casework(told), Casework(told).case("Wren Sample"))
    found = metrics(told)
    assert found["victimcare_notices", "failed"] == 1
    assert found["victimcare_job_last_success_timestamp_seconds", "counted"] == START.timestamp() // 3600 * 3600
    assert found["victimcare_job_late", "counted"] == 0
    assert found["victimcare_bank_holidays_known_until_timestamp_seconds",] > START.timestamp()
    told.clock.forward(hours=9)
    assert metrics(told)["victimcare_job_late", "counted"] == 1


def test_it_tells_for_how_long_a_notice_has_been_waiting(told: Site) -> None:
    furnish(Casework(told), Casework(told).case("Wren Sample"))
    with told.database.writing() as connection:
        connection.execute(update(OUTBOX).values(status="waiting", attempts=0))
    told.clock.now += timedelta(minutes=40)
    found = metrics(told)
    assert (found["victimcare_notices", "waiting"], found["victimcare_oldest_unsent_seconds",]) == (1, 2400)


def test_answers_are_counted_by_the_form_of_their_address_and_name_nobody(told: Site) -> None:
    casework = Casework(told)
    ref = casework.case("Wren Sample")
    casework.page(told.sign_in(), f"/cases/{ref}")
    answer = told.browser().client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert 'route="/cases/{ref}",status="200"' in answer
    assert not [word for word in (ref, "Wren", "Sample", "Officer", "officer") if word in answer]


@pytest.mark.parametrize("token", ["", "another", TOKEN[:-1]])
def test_without_its_token_there_is_no_such_page(told: Site, token: str) -> None:
    client = told.browser().client
    assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 404
    assert told.sign_in("administrator").get("/metrics").status_code == 404


def test_where_no_token_is_agreed_there_is_no_such_page(sqlite_site: Site) -> None:
    client = sqlite_site.browser().client
    assert client.get("/metrics", headers={"Authorization": "Bearer None"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404

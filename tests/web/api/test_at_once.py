"""Two requests of one system at the same moment, over HTTP: what is the same is recorded once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client

from tests.web.api.test_referrals import Serving
from tests.web.casework import Casework
from tests.web.routes.test_support import kinds
from tests.web.site import add_people, make_site, served
from tests.web.test_lost_updates import at_once
from victimcare.domain.law import Law

STEP = {"step": "accepted", "happened_at": "2026-05-22T09:30:00Z"}


@pytest.fixture(params=["sqlite_url", pytest.param("postgresql_url", marks=pytest.mark.postgres)])
def serving(request: pytest.FixtureRequest, law: Law, tmp_path: Path) -> Iterator[tuple[Serving, str]]:
    """A service's system, served, on each engine: on PostgreSQL two transactions are really under way at once."""
    site = make_site(request.getfixturevalue(request.param), law)
    add_people(site.database)
    serving = Serving(Casework(site), tmp_path)
    with served(site) as address:
        yield serving, address
    site.database.close()


def both(serving: Serving, address: str, *keys: str) -> list[Any]:
    """The same step with each of these keys, let go together."""

    def take(key: str) -> Any:
        headers = {"Authorization": f"Bearer {serving.token}", "Idempotency-Key": key}
        with Client(base_url=address, trust_env=False, timeout=30) as client:
            return client.post(f"/api/v1/referrals/{serving.id}/steps", json=STEP, headers=headers)

    return at_once(*(partial(take, key) for key in keys))


def accepted(serving: Serving) -> int:
    return sum(kind.endswith("referral_accepted") for kind in kinds(serving.casework, serving.ref))


def test_the_same_request_twice_is_answered_alike_and_recorded_once(serving: tuple[Serving, str]) -> None:
    answers = both(*serving, "the-same-key-0000", "the-same-key-0000")
    told = sorted((answer.status_code, answer.headers.get("retry-after")) for answer in answers)
    assert told in ([(201, None), (201, None)], [(201, None), (409, "1")])
    assert accepted(serving[0]) == 1


def test_of_the_same_step_under_two_keys_one_is_recorded_and_the_other_cannot_come_next(
    serving: tuple[Serving, str],
) -> None:
    answers = both(*serving, "the-first-key-000", "the-second-key-00")
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = max(answers, key=lambda answer: answer.status_code)
    assert refused.json()["type"] == "urn:victimcare:problem:cannot-be-recorded"
    assert accepted(serving[0]) == 1

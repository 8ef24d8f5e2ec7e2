"""A service's own system: it reads how far its referrals have come and says what became of them; no word of anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from clients.python.victimcare_api import Problem
from tests.web.casework import PEOPLE, Casework
from tests.web.relations import protect
from tests.web.routes.test_referrals import NUMBER
from tests.web.routes.test_service_referrals import Helping
from tests.web.routes.test_support import kinds
from tests.web.systems import ask, client_of, register, token_of
from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.event_kinds import EventKind
from victimcare.store import case_lists, cases
from victimcare.store.audit import AUDIT
from victimcare.store.journeys import EVENTS


class Serving:
    """The system of the service to which a referral left."""

    def __init__(self, casework: Casework, folder: Path) -> None:
        self.helping = Helping(casework, folder)
        self.casework, self.ref, self.id = casework, self.helping.desk.ref, self.helping.id
        self.system = register(casework, SUPPORT_SERVICE, service=self.helping.desk.service)
        self.client = client_of(casework, self.system)
        self.token = token_of(casework, self.system)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return ask(self.casework, self.token, method, path, body, **headers)

    def step(self, step: str, **more: Any) -> Any:
        path = f"/api/v1/referrals/{self.id}/steps"
        return self.ask("POST", path, {"step": step, "happened_at": "2026-05-22T09:30:00Z", **more})

    def is_kept_out(self) -> bool:
        before = self.casework.stored_events()
        answers = [self.ask("GET", f"/api/v1/referrals/{self.id}"), self.step("accepted")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert self.casework.stored_events() == before
        return not list(self.client.referrals())


@pytest.fixture
def serving(casework: Casework, tmp_path: Path) -> Serving:
    return Serving(casework, tmp_path)


def test_it_reads_its_referrals_by_their_references_and_nothing_of_the_victim_or_the_case(serving: Serving) -> None:
    (referral,) = serving.client.referrals()
    assert (referral.ref, referral.now) == (serving.id, "sent")
    assert referral.next_steps == ("accepted", "refused")
    said = serving.ask("GET", f"/api/v1/referrals/{serving.id}").text
    for told in ("Wren", serving.ref, "Burglary", NUMBER, "E01"):
        assert told not in said


def test_it_accepts_says_that_contact_was_made_and_that_support_started(serving: Serving) -> None:
    for step in ("accepted", "contacted", "started"):
        assert serving.step(step).status_code == 201, step
        assert serving.client.referral(serving.id).now == step
    assert kinds(serving.casework, serving.ref)[-3:] == ["referral_accepted", "support_contacted", "support_started"]
    with serving.casework.site.database.reading() as connection:
        recorded_by = connection.execute(select(EVENTS.c.recorded_by).order_by(EVENTS.c.id.desc()).limit(1)).scalar()
    assert recorded_by == serving.system.id


def test_it_refuses_with_a_reason_and_then_the_referral_is_its_own_no_more(serving: Serving) -> None:
    assert serving.step("refused").status_code == 422
    assert serving.step("refused", reason="anything").status_code == 422
    assert serving.step("accepted", reason="wrong_number").status_code == 422
    assert serving.step("refused", reason="wrong_number").status_code == 201
    assert serving.is_kept_out()


def test_a_step_that_cannot_come_next_is_refused_in_a_sentence(serving: Serving) -> None:
    with pytest.raises(Problem) as refused:
        serving.client.take_step(serving.id, "started", "2026-05-22T09:30:00Z")
    assert (refused.value.status, refused.value.slug) == (409, "cannot-be-recorded")
    assert refused.value.errors == {"happened": "it cannot come after: sent"}


def test_the_same_key_takes_a_step_once(serving: Serving) -> None:
    for _ in range(2):
        serving.client.take_step(serving.id, "accepted", "2026-05-22T09:30:00Z", key="e" * 16)
    assert kinds(serving.casework, serving.ref).count("referral_accepted") == 1


def test_what_it_reads_is_disclosed_to_the_service_and_what_is_refused_written_down(serving: Serving) -> None:
    serving.client.referral(serving.id)
    assert serving.ask("GET", "/api/v1/referrals/" + "0" * 16).status_code == 404
    with serving.casework.site.database.reading() as connection:
        refused, read = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(2)).all()
    assert (read.operation, read.recipient, read.basis) == (
        "disclosure",
        f"service {serving.helping.desk.service}",
        "referral",
    )
    assert (refused.what, refused.outcome) == (f"referral {'0' * 16}: not with their service", "refused")


def test_a_referral_of_another_service_is_none(serving: Serving) -> None:
    other = register(serving.casework, SUPPORT_SERVICE, service=serving.casework.service("Other Support"))
    serving.token, serving.client = token_of(serving.casework, other), client_of(serving.casework, other)
    assert serving.is_kept_out()


def test_a_referral_of_a_protected_case_is_none_for_a_system(serving: Serving) -> None:
    protect(serving.casework, serving.ref)
    assert serving.is_kept_out()


def test_a_referral_of_a_case_from_which_anybody_is_kept_is_none(serving: Serving) -> None:
    why = {"reason": "An invented reason", "by": PEOPLE["supervisor"], "at": serving.casework.site.clock.now}
    with serving.casework.site.database.writing() as connection:
        case_id = cases.load(connection, serving.ref).id
        case_lists.exclude(connection, case_id, "colleague", vault=serving.casework.vault, **why)
    assert serving.is_kept_out()


def test_a_victim_who_says_no_takes_the_referral_back_from_the_system_at_once(serving: Serving) -> None:
    serving.casework.record(serving.ref, EventKind.REFERRAL_DECLINED)
    assert serving.is_kept_out()


def test_a_service_has_nothing_of_cases(serving: Serving) -> None:
    for path in ("/api/v1/cases", "/api/v1/duties", f"/api/v1/cases/{serving.ref}"):
        assert serving.ask("GET", path).status_code == 403

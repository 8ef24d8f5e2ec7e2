"""No answer of the API holds a word about anybody: every address, with every agency's token, over a case of words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.columns import LABEL, NAME, SEALED, decided
from tests.web.casework import Casework
from tests.web.furnished import furnish
from tests.web.routes.test_referrals import NUMBER
from tests.web.routes.test_service_referrals import Helping
from tests.web.systems import LATE, MONDAY, ask, outcome, register, token_of
from victimcare.domain.agencies import RECORDED_BY, SUPPORT_SERVICE
from victimcare.domain.event_kinds import EventKind
from victimcare.store.audit import AUDIT

CANARIES = ("Canaryname", "Canarycrime", "Canaryarea", "Canaryofficer")
READ = ("/api/v1/cases", "/api/v1/duties", "/api/v1/cases/{ref}", "/api/v1/referrals", "/api/v1/referrals/{referral}")


@pytest.fixture
def full(casework: Casework) -> str:
    """A case with something of everything, at court, whose victim and crime have names to look for."""
    with casework.site.database.writing() as connection:
        connection.exec_driver_sql("UPDATE team SET area = 'Canaryarea' WHERE area = 'E01'")
        connection.exec_driver_sql("UPDATE person SET name = 'Example Canaryofficer' WHERE id = 'officer'")
    ref = casework.case("Wren Canaryname", at=LATE, area="Canaryarea", crime_type="Canarycrime")
    furnish(casework, ref)
    casework.record(ref, EventKind.SUSPECT_CHARGED, subject="Suspect 1")
    on = {"hearing_on": MONDAY.date(), "hearing_type": "trial"}
    casework.record(ref, EventKind.HEARING_LISTED, subject="Hearing 1", **on)
    casework.record(ref, EventKind.CPS_CHANGED_CHARGES, subject="Suspect 1")
    return ref


def everything_told(casework: Casework, token: str, ref: str, referral: str) -> str:
    """Every answer to everything that can be asked, well and badly, and its headers."""
    asked: list[Any] = [
        ask(casework, token, "GET", path.format(ref=ref, referral=referral)) for path in (*READ, "/api/v1/openapi.json")
    ]
    events, steps = f"/api/v1/cases/{ref}/events", f"/api/v1/referrals/{referral}/steps"
    for body in (outcome(), outcome(happened_at="2026-06-22"), outcome(subject=None), {"kind": "Canary"}, {}):
        asked.append(ask(casework, token, "POST", events, body))
        asked.append(ask(casework, token, "POST", events, body, If_Match='"1"'))
    for step in ("accepted", "started", "refused"):
        asked.append(ask(casework, token, "POST", steps, {"step": step, "happened_at": "2026-05-22T09:00:00Z"}))
    return "\n".join(f"{answer.headers}{answer.text}" for answer in asked)


@pytest.mark.parametrize("agency", RECORDED_BY)
def test_no_agency_is_told_a_word_about_anybody(casework: Casework, full: str, agency: str) -> None:
    token = token_of(casework, register(casework, agency, areas=["Canaryarea"]))
    told = everything_told(casework, token, full, "0" * 16)
    assert not [canary for canary in (*CANARIES, "Wren", "Suspect 9", "07700") if canary in told]
    if agency in ("hmcts", "cps"):
        assert full in told, "there was something to tell"


def test_no_service_is_told_a_word_about_anybody(casework: Casework, tmp_path: Path) -> None:
    helping = Helping(casework, tmp_path)
    token = token_of(casework, register(casework, SUPPORT_SERVICE, service=helping.desk.service))
    told = everything_told(casework, token, helping.desk.ref, helping.id)
    assert helping.id in told
    assert not [word for word in ("Wren", "Sample", "Burglary", NUMBER, "Heron", "The library") if word in told]


def test_what_the_audit_says_of_a_system_holds_no_word_about_anybody(casework: Casework, full: str) -> None:
    token = token_of(casework, register(casework, areas=["Canaryarea"]))
    everything_told(casework, token, full, "0" * 16)
    with casework.site.database.reading() as connection:
        rows = str(connection.execute(select(AUDIT)).all())
    assert not [canary for canary in CANARIES if canary in rows]


def test_what_is_kept_of_a_systems_requests_holds_none_either() -> None:
    """By the decision on every column: references, codes and hashes alone."""
    words = decided(NAME, SEALED, LABEL)
    assert not [column for column in words if column.startswith(("api_client.", "api_token.", "api_write."))]

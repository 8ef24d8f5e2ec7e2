"""How a system is let in: by its secret alone, for a quarter of an hour, and not a moment after it was disabled."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import PEOPLE, Casework
from tests.web.systems import System, ask, register, token_of
from victimcare.commands.keep_api_clients import disable_client, enable_client, give_client_secret
from victimcare.commands.settle_restored import settle_restored
from victimcare.commands.sign_in import PER_ACCOUNT
from victimcare.commands.take_token import GOOD_FOR, MOST_AT_ONCE
from victimcare.domain.api_scopes import ApiScope
from victimcare.store import api_clients
from victimcare.store.api_clients import TOKENS

GRANT = {"grant_type": "client_credentials"}
CASES = "/api/v1/cases"


def take(casework: Casework, system: System, **form: str) -> Any:
    client = casework.site.browser().client
    return client.post("/api/v1/token", data={**GRANT, **form}, auth=(system.id, system.secret))


def keep(casework: Casework, command: Any, system: System) -> Any:
    with casework.site.database.writing() as connection:
        return command(connection, client_id=system.id, by=PEOPLE["administrator"], now=casework.site.clock.now)


def test_a_system_takes_a_token_and_is_answered_with_it_and_it_is_kept_as_a_hash(casework: Casework) -> None:
    system = register(casework)
    answer = take(casework, system)
    said = answer.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 900, "cases:read events:record")
    assert answer.headers["cache-control"] == "no-store"
    assert ask(casework, said["access_token"], "GET", CASES).status_code == 200
    with casework.site.database.reading() as connection:
        assert said["access_token"] not in str(connection.execute(select(TOKENS)).all())
    assert ("access", "take a token", system.id, "done") in casework.site.audit()


def test_the_secret_can_come_in_the_form_as_well(casework: Casework) -> None:
    system = register(casework)
    form = {**GRANT, "client_id": system.id, "client_secret": system.secret}
    assert casework.site.browser().client.post("/api/v1/token", data=form).status_code == 200


def test_a_token_ends_after_a_quarter_of_an_hour(casework: Casework) -> None:
    token = token_of(casework, register(casework))
    casework.site.clock.forward(minutes=14, seconds=59)
    assert ask(casework, token, "GET", CASES).status_code == 200
    casework.site.clock.forward(seconds=1)
    answer = ask(casework, token, "GET", CASES)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_nor_is_a_token_good_by_a_clock_that_was_set_back(casework: Casework) -> None:
    token = token_of(casework, register(casework))
    casework.site.clock.forward(minutes=-2)
    assert ask(casework, token, "GET", CASES).status_code == 401


@pytest.mark.parametrize("command", [disable_client, give_client_secret])
def test_disabling_it_or_another_secret_ends_its_tokens_at_once(casework: Casework, command: Any) -> None:
    system = register(casework)
    token = token_of(casework, system)
    keep(casework, command, system)
    assert ask(casework, token, "GET", CASES).status_code == 401
    assert take(casework, system).status_code == 401


def test_a_token_that_was_taken_as_its_system_was_disabled_is_worth_nothing(casework: Casework) -> None:
    system, now = register(casework), casework.site.clock.now
    keep(casework, disable_client, system)
    with casework.site.database.writing() as connection:
        scopes, until = [ApiScope.READ_CASES], now + GOOD_FOR
        how = {"scopes": scopes, "issued_at": now, "expires_at": until}
        api_clients.add_token(connection, token="taken meanwhile", person_id=system.id, **how)
    assert ask(casework, "taken meanwhile", "GET", CASES).status_code == 401


def test_a_system_that_is_answered_again_takes_new_tokens_and_the_old_ones_stay_ended(casework: Casework) -> None:
    system = register(casework)
    token = token_of(casework, system)
    keep(casework, disable_client, system)
    keep(casework, enable_client, system)
    assert ask(casework, token, "GET", CASES).status_code == 401
    assert take(casework, system).status_code == 200


def test_unknown_disabled_and_wrong_are_told_alike(casework: Casework) -> None:
    right, disabled = register(casework), register(casework, "cps")
    keep(casework, disable_client, disabled)
    tried = [System(right.id, "wrong"), disabled, System("0" * 12, "wrong"), System("", ""), System("officer", "x")]
    answers = [take(casework, system) for system in tried]
    told = {(answer.status_code, tuple(sorted(without_reference(answer).items()))) for answer in answers}
    assert len(told) == 1
    assert answers[0].status_code == 401
    assert answers[0].json()["error"] == "invalid_client"


@pytest.mark.parametrize("named", ["%00abc", "abc%0a", "%C3%28", "a" * 5000])
def test_a_name_that_cannot_be_one_is_told_as_any_other(casework: Casework, named: str) -> None:
    shown = {"Authorization": "Basic " + b64encode(f"{named}:x".encode()).decode()}
    form = {"grant_type": "client_credentials"}
    answer = casework.site.browser().client.post("/api/v1/token", data=form, headers=shown)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_after_a_restore_no_system_is_answered_until_somebody_enables_it(casework: Casework) -> None:
    """Its secret may have leaked, or it may have been disabled, since the backup was made."""
    system = register(casework)
    token, now = token_of(casework, system), casework.site.clock.now
    how = {"law": casework.law, "ladder": casework.site.app.state.ladder, "own_agency": "police"}
    with casework.site.database.writing() as connection:
        settle_restored(connection, said="restore backup", by=PEOPLE["administrator"], now=now, **how)
    assert (ask(casework, token, "GET", CASES).status_code, take(casework, system).status_code) == (401, 401)
    keep(casework, enable_client, system)
    assert take(casework, system).status_code == 200


def without_reference(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "reference"}


def test_guessing_is_throttled_and_the_right_secret_is_then_refused_too(casework: Casework) -> None:
    system = register(casework)
    for _ in range(PER_ACCOUNT):
        assert take(casework, System(system.id, "guess")).status_code == 401
    answer = take(casework, system)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    casework.site.clock.forward(minutes=15, seconds=1)
    assert take(casework, system).status_code == 200
    outcomes = [outcome for _, what, _, outcome in casework.site.audit() if what == "take a token"]
    assert outcomes == ["refused"] * PER_ACCOUNT + ["throttled", "done"]


def test_of_one_system_no_more_than_so_many_tokens_are_good_at_once(casework: Casework) -> None:
    system, other = register(casework), register(casework, "cps")
    assert {take(casework, system).status_code for _ in range(MOST_AT_ONCE)} == {200}
    answer = take(casework, system)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert take(casework, other).status_code == 200
    casework.site.clock.forward(minutes=15)
    assert take(casework, system).status_code == 200


def test_taking_tokens_all_day_is_not_guessing(casework: Casework) -> None:
    system = register(casework)
    assert {take(casework, system).status_code for _ in range(PER_ACCOUNT + 5)} == {200}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": "referrals:read"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"role": "administrator"}, "invalid_request"),
        ({"scope": "x" * 201}, "invalid_request"),
        ({"scope": "cases:read\x00"}, "invalid_request"),
    ],
    ids=str,
)
def test_what_it_was_not_given_it_cannot_take(casework: Casework, form: dict[str, str], error: str) -> None:
    answer = take(casework, register(casework), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_of_fewer_scopes_is_good_for_those_alone_and_trying_more_is_written_down(casework: Casework) -> None:
    system = register(casework)
    token = token_of(casework, system, "cases:read")
    answer = ask(casework, token, "POST", "/api/v1/cases/CASE-00001/events", {})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:victimcare:problem:not-in-scope")
    assert "events:record" in answer.headers["www-authenticate"]
    assert casework.site.audit()[-1] == ("access", "record for an agency: not allowed", system.id, "refused")


@pytest.mark.parametrize(
    "shown", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic eDp5"}]
)
def test_without_a_good_token_nothing_is_answered(casework: Casework, shown: dict[str, str]) -> None:
    answer = casework.site.browser().client.get(CASES, headers=shown)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_sign_in_of_a_person_counts_for_nothing_here_whatever_their_role(casework: Casework) -> None:
    for who in ("officer", "supervisor", "administrator", "clerk"):
        assert casework.site.sign_in(who).get(CASES).status_code == 401, who


def test_a_token_counts_for_nothing_on_the_pages_of_people(casework: Casework) -> None:
    token = token_of(casework, register(casework))
    for path in ("/", "/cases", "/people", "/witness-care"):
        assert ask(casework, token, "GET", path).status_code == 303, path

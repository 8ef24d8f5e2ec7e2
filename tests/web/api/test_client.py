"""The client for agencies: it shows its secret over HTTPS alone, and sends again what was not answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from clients.python.victimcare_api import Agency, Problem

TOKEN = {"access_token": "a token", "expires_in": 900}
Answers = Callable[[httpx2.Request], httpx2.Response]


def agency(answers: Answers, waited: list[float] | None = None, **more: Any) -> Agency:
    http = httpx2.Client(transport=httpx2.MockTransport(answers), base_url="https://victimcare.example")
    sleep = (waited if waited is not None else []).append
    return Agency("https://victimcare.example", "id", "secret", http=http, sleep=sleep, **more)


def page(request: httpx2.Request) -> httpx2.Response:
    if request.url.path.endswith("/token"):
        return httpx2.Response(200, json=TOKEN)
    return httpx2.Response(200, json={"items": [{"case": "CASE-1", "version": 2}], "next": None})


@pytest.mark.parametrize("address", ["http://victimcare.example", "ftp://victimcare.example", "victimcare.example"])
def test_an_address_at_which_the_secret_would_lie_open_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        Agency(address, "id", "secret")


@pytest.mark.parametrize("address", ["https://victimcare.example", "http://127.0.0.1:8000", "http://localhost:8000"])
def test_https_is_taken_and_this_machine_to_try_things_out(address: str) -> None:
    Agency(address, "id", "secret").close()


def test_a_token_that_did_not_come_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = [httpx2.ConnectError("away"), httpx2.ReadTimeout("slow")]

    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token") and failing:
            raise failing.pop()
        return page(request)

    waited: list[float] = []
    assert list(agency(answers, waited).cases()) == [("CASE-1", 2)]
    assert waited == [1, 2]


def test_one_that_never_answers_is_given_up() -> None:
    def answers(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("away")

    with pytest.raises(httpx2.ConnectError):
        list(agency(answers, tries=2).cases())


def test_what_is_being_answered_at_this_moment_is_sent_again_with_the_same_key() -> None:
    keys = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" or request.url.path.endswith("/token"):
            return page(request)
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            return httpx2.Response(409, headers={"Retry-After": "1"}, json={"type": "x:asked-twice-at-once"})
        return httpx2.Response(201, json={"event": "0a1b"})

    waited: list[float] = []
    assert agency(answers, waited).record("CASE-1", {"kind": "x"}) == "0a1b"
    assert (len(keys), len(set(keys)), waited) == (2, 1, [1.0])


def test_what_cannot_be_recorded_is_not_sent_again() -> None:
    sent = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.url.path)
        if request.url.path.endswith("/token"):
            return page(request)
        return httpx2.Response(409, json={"type": "x:cannot-be-recorded"})

    with pytest.raises(Problem, match="cannot-be-recorded"):
        agency(answers).record("CASE-1", {"kind": "x"})
    assert len(sent) == 2

"""A POST to a system of an agency: to an address that was looked at, in time, and nothing is followed or read."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import of_a_server
from tests.receiver import Receiver, receiver
from victimcare.notices.event_channel import Answered, EventChannel, Signed

NAME = "court.example"


@pytest.fixture
def court() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


def told(url: str, **how: Any) -> Answered:
    return EventChannel(**{"loopback": True, **how}).send(Signed(url, {"webhook-id": "0a1b"}, b"{}"))


def test_the_body_arrives_as_it_was_signed(court: Receiver) -> None:
    answered = told(court.url)
    assert (answered.outcome, answered.status, answered.is_taken) == ("answered", 204, True)
    (received,) = court.received
    assert (received.path, received.body, received.headers["webhook-id"]) == ("/told", b"{}", "0a1b")
    assert received.headers["host"] == f"127.0.0.1:{court.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500])
def test_what_is_not_taken_is_said_and_no_redirect_is_followed(court: Receiver, status: int) -> None:
    court.statuses, court.headers = [status], {"Location": court.url}
    answered = told(court.url)
    assert (answered.status, answered.is_taken, answered.is_gone) == (status, False, False)
    assert len(court.received) == 1


def test_a_system_can_say_that_it_wants_to_hear_nothing_more(court: Receiver) -> None:
    court.statuses = [410]
    assert told(court.url).is_gone


def test_this_machine_is_not_reached_unless_that_is_set(court: Receiver) -> None:
    answered = told(court.url, loopback=False)
    assert (answered.outcome, answered.status) == ("not_allowed", None)
    assert not court.received


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["169.254.169.254"], ["::ffff:10.0.0.1"], []],
)
def test_a_name_of_which_one_address_is_inside_is_not_connected_to(court: Receiver, addresses: list[str]) -> None:
    answered = told(f"http://{NAME}:{court.port}/told", loopback=False, resolve=lambda *_: addresses)
    assert answered.outcome == "not_allowed"
    assert not court.received


def test_a_name_is_resolved_once_and_what_was_looked_at_is_connected_to(court: Receiver) -> None:
    """A name that resolves to something else the second time (DNS rebinding) gains nothing by it."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return next(answers)

    assert told(f"http://{NAME}:{court.port}/told", resolve=resolve).is_taken
    assert asked == [(NAME, court.port)]
    assert court.received[0].headers["host"] == f"{NAME}:{court.port}"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_this_machine(court: Receiver, host: str) -> None:
    assert told(f"http://{host}:{court.port}/told", loopback=False).outcome in ("not_allowed", "not_found")
    assert not court.received


def test_no_proxy_of_the_environment_is_asked(court: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert told(court.url).is_taken
        assert not proxy.received


def test_one_that_answers_a_letter_at_a_time_is_left_when_the_time_is_over(court: Receiver) -> None:
    court.slowly = 0.05
    began = time.monotonic()
    assert told(court.url, seconds=0.5).outcome == "too_long"
    assert time.monotonic() - began < 2


def test_of_a_large_answer_nothing_is_read_but_its_status(court: Receiver) -> None:
    court.statuses, court.body = [200], b"x" * 5_000_000
    answered = told(court.url)
    assert answered.is_taken
    assert answered.milliseconds < 2_000


def test_one_that_is_away_or_has_no_name_is_said_so() -> None:
    with receiver() as here:
        url = here.url
    assert told(url).outcome == "unreached"
    assert told("https://nowhere.invalid/told").outcome == "not_found"
    assert told(f"https://{'a' * 70}.example/told").outcome == "not_found"


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_the_certificate_must_be_good_and_of_the_name(tmp_path: Path) -> None:
    certificate = of_a_server(NAME, tmp_path)
    with receiver(certificate, NAME) as here:
        this_machine: Any = {"resolve": lambda *_: ["127.0.0.1"]}
        assert told(here.url, context=trusting(certificate), **this_machine).is_taken
        assert told(here.url, **this_machine).outcome == "unsafe"
        other = f"https://other.example:{here.port}/told"
        assert told(other, context=trusting(certificate), **this_machine).outcome == "unsafe"
        assert len(here.received) == 1

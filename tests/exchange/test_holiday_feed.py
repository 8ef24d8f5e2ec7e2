"""The published list is asked for within limits, and what comes of it: a proposal, or the last good one stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.force import Force, a_force
from tests.holidays import document, listed
from victimcare.exchange.holiday_feed import FeedFailed, fetch_published
from victimcare.jobs.runner import Finished, run_job
from victimcare.notices.mailbox import Mailbox
from victimcare.queries.holiday_lists import HolidayLists, holiday_lists
from victimcare.store.law_in_force import law_now

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@contextmanager
def answering(content: bytes, *, status: int = 200) -> Iterator[str]:
    """An address on this machine that answers so."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Not here."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/bank-holidays.json"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    yield force
    force.database.close()


def checked(force: Force, address: str, tmp_path: object) -> Finished:
    channel = Mailbox(tmp_path, sender="victimcare@localhost")  # type: ignore[arg-type]
    how = {"law": force.law, "channel": channel, "clock": lambda: NOW, "holidays_address": address}
    return run_job(force.database, "check-bank-holidays", **how)  # type: ignore[arg-type]


def lists(force: Force) -> HolidayLists:
    with force.database.reading() as connection:
        return holiday_lists(connection, law=law_now(connection, force.law))


def test_what_is_published_is_proposed_and_the_time_is_kept(force: Force, tmp_path: object) -> None:
    with answering(document()) as address:
        assert checked(force, address, tmp_path) == Finished(
            True, "Bank holidays are known until Sunday 31 December 2028"
        )
    assert (lists(force).checked_at, lists(force).proposed) == (NOW, None)


def test_a_new_list_waits_for_the_code_lead(force: Force, tmp_path: object) -> None:
    with answering(document(listed(**{"2027-05-07": "A jubilee"}))) as address:
        finished = checked(force, address, tmp_path)
    assert (finished.succeeded, finished.summary.endswith(". List 2 waits for the Code lead")) == (True, True)
    proposed = lists(force).proposed
    assert (proposed and proposed.source) == "address"


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 500, "it answered 500"),
        (b"", 302, "it answered 302"),
        (b"<html>", 200, "it is not JSON"),
        (b" " * 600_000, 200, "it is larger than 500,000 bytes"),
    ],
)
def test_a_list_that_is_not_to_be_had_fails_the_job_and_the_last_good_one_stays(
    force: Force, tmp_path: object, content: bytes, status: int, sentence: str
) -> None:
    with answering(content, status=status) as address:
        finished = checked(force, address, tmp_path)
    assert (finished.succeeded, sentence in finished.summary) == (False, True)
    assert "The list in force stays" in finished.summary
    assert (lists(force).proposed, lists(force).checked_at) == (None, None)


@pytest.mark.parametrize("address", ["http://example.org/", "ftp://127.0.0.1/", "https:///", "http://10.0.0.1/", "x"])
def test_an_address_that_is_neither_https_nor_here_is_not_asked(address: str) -> None:
    with pytest.raises(FeedFailed, match="must begin with https"):
        fetch_published(address)


def test_an_address_where_nobody_answers_is_said() -> None:
    with pytest.raises(FeedFailed, match="could not be reached"):
        fetch_published("http://127.0.0.1:1/")

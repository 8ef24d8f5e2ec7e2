"""Sending through a mail server, and what is known when it goes wrong."""

from datetime import UTC, datetime
from time import monotonic

import pytest

from tests.notices.servers import Received, free_port, mail_server, server_that_says
from victimcare.notices.channel import Notice, NotSent, Outcome, OutcomeUnknown
from victimcare.notices.smtp import MailServer

NOTICE = Notice("ab12", "ash@example.invalid", "Due today: case A", ".Words.\n", datetime(2026, 6, 1, 6, tzinfo=UTC))


def channel(port: int, *, timeout: float = 5) -> MailServer:
    return MailServer("127.0.0.1", port, sender="care@police.invalid", timeout=timeout)


def test_a_notice_arrives_as_it_was_written() -> None:
    received = Received()
    with mail_server(received) as port:
        channel(port).send(NOTICE)
    [message] = received.messages
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "ash@example.invalid",
        "Due today: case A",
        "<ab12@police.invalid>",
    )
    assert message.get_content().splitlines() == [".Words."]


@pytest.mark.parametrize(("answer", "for_good"), [("550 no such mailbox", True), ("450 try later", False)])
def test_a_recipient_that_is_refused_is_tried_again_only_if_the_server_says_later(answer: str, for_good: bool) -> None:
    with mail_server(Received(to_recipient=answer)) as port, pytest.raises(NotSent, match=answer[:3]) as refused:
        channel(port).send(NOTICE)
    assert refused.value.for_good is for_good


@pytest.mark.parametrize(("answer", "for_good"), [("554 not wanted", True), ("451 disk full", False)])
def test_a_message_that_is_refused_did_not_leave(answer: str, for_good: bool) -> None:
    with mail_server(Received(to_message=answer)) as port, pytest.raises(NotSent, match=answer[:3]) as refused:
        channel(port).send(NOTICE)
    assert refused.value.for_good is for_good


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(NotSent, match="cannot be reached") as refused:
        channel(free_port()).send(NOTICE)
    assert not refused.value.for_good


def test_a_server_that_wants_nobody_at_the_moment_is_tried_again() -> None:
    with server_that_says(b"554 not today\r\n") as port, pytest.raises(NotSent, match="554") as refused:
        channel(port).send(NOTICE)
    assert not refused.value.for_good


def test_a_server_that_hangs_at_the_greeting_is_given_up_in_time() -> None:
    begun = monotonic()
    with server_that_says() as port, pytest.raises(NotSent, match="cannot be reached"):
        channel(port, timeout=0.5).send(NOTICE)
    assert monotonic() - begun < 3


def test_a_server_that_hangs_after_the_message_leaves_the_outcome_unknown() -> None:
    answers = (b"220 hello\r\n", b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n")
    with server_that_says(*answers) as port, pytest.raises(OutcomeUnknown, match="did not acknowledge"):
        channel(port, timeout=0.5).send(NOTICE)


def test_a_server_that_drops_the_connection_after_accepting_changes_nothing() -> None:
    accepted = (b"220 hello\r\n", b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", b"250 taken\r\n")
    with server_that_says(*accepted) as port:
        channel(port, timeout=0.5).send(NOTICE)


def test_a_mail_server_cannot_be_asked_what_became_of_a_message() -> None:
    assert channel(1).outcome("ab12") is Outcome.UNKNOWN

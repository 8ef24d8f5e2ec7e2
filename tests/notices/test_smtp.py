"""Sending through a mail server, and what is known when it goes wrong."""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from tests.certificates import of_a_server
from tests.notices.servers import PASSWORD, USER, Received, free_port, mail_server, server_that_says
from victimcare.notices.channel import Notice, NotSent, Outcome, OutcomeUnknown
from victimcare.notices.smtp import MailServer, PasswordInTheClear, Protection

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
    assert channel(1).outcome("ab12", sealed=False) is Outcome.UNKNOWN


def protected(port: int, authorities: Path, *, password: str = PASSWORD, host: str = "localhost") -> MailServer:
    asked = Protection(starttls=True, authorities=str(authorities), user=USER, password=password)
    return MailServer(host, port, sender="care@police.invalid", timeout=5, protection=asked)


def tls_of(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_notice_goes_over_an_encrypted_connection_after_a_login(tmp_path: Path) -> None:
    certificate, received = of_a_server("localhost", tmp_path), Received()
    with mail_server(received, tls=tls_of(certificate)) as port:
        protected(port, certificate).send(NOTICE)
    assert [message["To"] for message in received.messages] == ["ash@example.invalid"]


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    certificate, other = of_a_server("localhost", tmp_path), of_a_server("elsewhere", tmp_path)
    received = Received()
    with mail_server(received, tls=tls_of(certificate)) as port, pytest.raises(NotSent, match="certificate") as refused:
        protected(port, other).send(NOTICE)
    assert not refused.value.for_good
    assert received.messages == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    certificate, received = of_a_server("elsewhere", tmp_path), Received()
    with mail_server(received, tls=tls_of(certificate)) as port, pytest.raises(NotSent, match="certificate"):
        protected(port, certificate).send(NOTICE)
    assert received.messages == []


def test_a_wrong_password_is_said_without_saying_it(tmp_path: Path) -> None:
    certificate, received = of_a_server("localhost", tmp_path), Received()
    with mail_server(received, tls=tls_of(certificate)) as port, pytest.raises(NotSent) as refused:
        protected(port, certificate, password="another secret").send(NOTICE)
    assert "does not take the user name and password" in str(refused.value)
    assert "another secret" not in repr(refused.value) + repr(Protection(starttls=True, user=USER, password="another"))
    assert not refused.value.for_good, "somebody may put it right"


def test_a_server_that_offers_no_encryption_gets_nothing(tmp_path: Path) -> None:
    received = Received()
    with mail_server(received) as port, pytest.raises(NotSent, match="does not protect the connection"):
        protected(port, of_a_server("localhost", tmp_path)).send(NOTICE)
    assert received.messages == []


def test_no_password_is_ever_sent_in_the_clear() -> None:
    with pytest.raises(PasswordInTheClear, match="VICTIMCARE_SMTP_STARTTLS"):
        Protection(user=USER, password=PASSWORD)

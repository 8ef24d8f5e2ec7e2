"""Mail servers for tests: a real one that can be told to refuse, and one that goes silent."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Received:
    """What a server took, and what it answers to each recipient and each message."""

    messages: list[EmailMessage] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_message: str = "250 OK"
    lock: Any = field(default_factory=Lock)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_message.startswith("250"):
            with self.lock:
                self.messages.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return self.to_message


@dataclass
class Unreliable(Received):
    """Of ten messages it refuses one for now and is slow over another; of twenty it takes one and hangs up unanswered.

    By chance, and so not of each ten.
    """

    chosen: random.Random = field(default_factory=lambda: random.Random(7))
    refused: int = 0
    slow: int = 0
    unanswered: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        drawn = self.chosen.random()
        if drawn < 0.1:
            self.refused += 1
            return "451 not now"
        if drawn < 0.2:
            self.slow += 1
            await asyncio.sleep(self.chosen.uniform(0.2, 2))
        answer = await super().handle_DATA(server, session, envelope)
        if 0.2 <= drawn < 0.25:
            self.unanswered += 1
            server.transport.abort()
        return answer


USER, PASSWORD = "victimcare", "a password of these tests"


@contextmanager
def mail_server(received: Received, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A running server; gives its port. With `tls` it takes mail only after STARTTLS and a login."""
    protected: dict[str, Any] = {}
    if tls is not None:
        protected = {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": _knows}
    controller = Controller(received, hostname="127.0.0.1", port=free_port(), **protected)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def server_that_says(*lines: bytes, until: bytes = b"QUIT") -> Iterator[int]:
    """A server that answers each command with the next line, and then says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_answer, args=(listening, list(lines)), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _answer(listening: socket.socket, lines: list[bytes]) -> None:
    try:
        connection, _ = listening.accept()
    except OSError:
        return
    with connection:
        while lines:
            connection.sendall(lines.pop(0))
            if not connection.recv(65536):
                return
        while connection.recv(65536):
            pass

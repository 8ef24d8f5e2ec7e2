"""A stand-in for GOV.UK Notify: its addresses, its tokens, its statuses, and every way in which it can fail."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE, SECRET = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
API_KEY = f"a_test-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE, TEXT_TEMPLATE = str(uuid.UUID(int=3)), str(uuid.UUID(int=4))
STATUSES = (
    "created",
    "sending",
    "pending",
    "sent",
    "delivered",
    "permanent-failure",
    "temporary-failure",
    "technical-failure",
)
"""Of e-mails and text messages: https://docs.notifications.service.gov.uk/python.html#get-the-status-of-one-message"""


@dataclass
class Notify:
    """What it took, and how it behaves: what it `answers` to what is sent, or that it `loses` the answer to it."""

    answers: int = 201
    loses: bool = False
    silent_for: float = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    status: str = "sending"
    lock: Any = field(default_factory=Lock)

    def take(self, kind: str, sent: dict[str, Any]) -> None:
        with self.lock:
            self.taken.append({"type": kind, "id": str(uuid.uuid4()), **sent})

    def told(self, reference: str) -> list[dict[str, Any]]:
        with self.lock:
            return [{**one, "status": self.status} for one in self.taken if one.get("reference") == reference]


@contextmanager
def govuk_notify(notify: Notify) -> Iterator[str]:
    """A running server; gives its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(notify.silent_for)
            kind = self.path.rpartition("/")[2]
            if not self._is_ours() or kind not in ("email", "sms"):
                self._answer(403, {"errors": [{"error": "AuthError", "message": "Invalid token: signature"}]})
            elif notify.answers != 201:
                self._answer(notify.answers, {"errors": [{"error": "BadRequestError", "message": "It cannot be"}]})
            else:
                notify.take(kind, sent)
                if notify.loses:
                    self.connection.close()
                else:
                    self._answer(201, {"id": str(uuid.uuid4()), "reference": sent.get("reference")})

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            if not self._is_ours():
                self._answer(403, {"errors": [{"error": "AuthError", "message": "Invalid token: signature"}]})
            else:
                self._answer(200, {"notifications": notify.told(asked["reference"][0]), "links": {}})

        def _is_ours(self) -> bool:
            try:
                token = self.headers["Authorization"].removeprefix("Bearer ")
                claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
            except jwt.PyJWTError:
                return False
            return bool(claims["iss"] == SERVICE)

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            words = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

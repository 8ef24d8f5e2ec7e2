"""Asking an application in this process, with no server between and one event loop for all that is asked.

Starlette's own client starts a loop, and the threads that routes run in, anew for every request: that takes longer
than most pages.
"""

from __future__ import annotations

from concurrent.futures import Future
from functools import cache
from threading import Thread
from urllib.parse import unquote

import anyio
from anyio.from_thread import BlockingPortal
from httpx2 import BaseTransport, Request, Response
from starlette.types import ASGIApp, Message, Scope

WHERE_FROM = ("testclient", 50000)
"""The address that every request comes from."""


class InProcess(BaseTransport):
    """What an `httpx2.Client` speaks through. Every answer is whole before it is given."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def handle_request(self, request: Request) -> Response:
        """The application's answer."""
        body = request.read()
        answer: Response = _loop().call(_answer, self.app, _scope(request), body)
        return answer


def _scope(request: Request) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(request.url.path),
        "raw_path": request.url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": request.url.scheme,
        "query_string": request.url.query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
        "client": WHERE_FROM,
        "server": (request.url.host, 80),
        "state": {},
    }


async def _answer(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    waiting: list[Message] = [{"type": "http.request", "body": body}]
    sent: list[Message] = []

    async def receive() -> Message:
        if not waiting:
            await anyio.sleep_forever()  # nobody hangs up before the answer
        return waiting.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    assert start["type"] == "http.response.start"
    assert all(part["type"] == "http.response.body" for part in parts)
    content = b"" if scope["method"] == "HEAD" else b"".join(part.get("body", b"") for part in parts)
    headers = [(name.decode(), value.decode()) for name, value in start.get("headers", [])]
    return Response(start["status"], headers=headers, content=content)


@cache
def _loop() -> BlockingPortal:
    """The loop, in a thread of its own that ends with the process."""
    ready: Future[BlockingPortal] = Future()

    async def run() -> None:
        async with BlockingPortal() as portal:
            ready.set_result(portal)
            await portal.sleep_until_stopped()

    Thread(target=anyio.run, args=(run,), daemon=True).start()
    return ready.result()

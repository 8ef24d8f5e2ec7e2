"""Asking an application in this process, with no server between, and in the thread that asks.

Starlette's own client starts a loop, and the threads that routes run in, anew for every request: that takes longer
than most pages. To hand a request from thread to thread and back takes a third of a short page: here whoever asks runs
it all, as many at once as there are threads that ask. A real server (`tests/web/site.py`, `served`) has its threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from threading import local
from typing import Any
from urllib.parse import unquote

import anyio
import anyio.to_thread
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
        scope, body = _scope(request), request.read()
        other = asyncio._get_running_loop()  # Playwright's, which waits for us in this thread
        asyncio._set_running_loop(None)
        try:
            return _own_loop().run_until_complete(_answer(self.app, scope, body))
        finally:
            asyncio._set_running_loop(other)


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
    _AT_ONCE.set(True)
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


_AT_ONCE = ContextVar("_AT_ONCE", default=False)
"""Whether what a route would do in another thread is done in this one."""
_in_a_thread = anyio.to_thread.run_sync


async def _run_sync(func: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return copy_context().run(func, *args) if _AT_ONCE.get() else await _in_a_thread(func, *args, **options)


anyio.to_thread.run_sync = _run_sync


class _Loop:
    """A loop that is closed when nobody holds it any more: when its thread ends."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def __del__(self) -> None:
        self.loop.close()


_OF_THIS_THREAD = local()


def _own_loop() -> asyncio.AbstractEventLoop:
    if not hasattr(_OF_THIS_THREAD, "held"):
        _OF_THIS_THREAD.held = _Loop()
    loop: asyncio.AbstractEventLoop = _OF_THIS_THREAD.held.loop
    return loop

"""What stands around every request: headers on every answer, no form from elsewhere, no traceback to anybody."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from victimcare.web.deps import REQUEST_ID
from victimcare.web.policies import API, CALLBACKS, SAFE_METHODS

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
NEVER_KEPT = "no-store"

logger = structlog.get_logger()


class SecurityHeaders:
    """Put `HEADERS` on every answer, and keep it out of every cache unless it says otherwise (static files)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", NEVER_KEPT)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuse to change anything for a request that another site made the browser send.

    `Sec-Fetch-Site` where the browser sends it (over HTTPS and to this machine), else `Origin`; neither: refused.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Request], Response]) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if changes_something(scope) and not is_same_origin(Headers(scope=scope)):
            logger.warning("a form of another site was refused", reference=scope.get(REQUEST_ID))
            await self.refuse(Request(scope, receive))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def changes_something(scope: Scope) -> bool:
    """Whether it is a request by which somebody signed in could change something: a machine shows its own token."""
    unsafe = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
    return unsafe and not scope["path"].startswith((API, CALLBACKS))


def is_same_origin(headers: Headers) -> bool:
    """Whether a page of ours sent it."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return False
    site = headers.get("sec-fetch-site")
    return origin is not None if site is None else site == "same-origin"


class NoTraceback:
    """Answer a fault of ours with a page that says so, and log where it happened: never what was being handled.

    The request gets a reference of its own, for the log, for the page, and for what the audit says was done by it.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request, str], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        reference = scope[REQUEST_ID] = secrets.token_hex(8)

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except Exception as fault:
            if scope["type"] != "http":
                raise
            log_fault(fault, reference)
            if not started:
                await self.answer(Request(scope, receive), reference)(scope, receive, send)


def log_fault(fault: BaseException, reference: str) -> None:
    """Type and place only: messages can hold what somebody typed."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    cause = fault.__cause__ or fault.__context__
    logger.error(
        "fault",
        reference=reference,
        type=type(fault).__name__,
        cause=type(cause).__name__ if cause else None,
        places=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in ours],
    )

"""What systems send: JSON, read once and strictly, and after the policy: a stranger learns nothing here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Header, Request
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from victimcare.web.api.problems import Refused, field_problems, refused
from victimcare.web.policies import API

LARGEST = 16_384
_LARGEST_AT = {f"{API}v1/records": 262_144}
"""Bytes that are read of a body: more where many records come at once."""
JSON = "application/json"
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Write(Generic[B]):
    """What a system asks to be written: the body, the key that it chose, the version of the case that it had read.

    `request_hash` stands for all of it: the same key with anything else is refused.
    """

    body: B
    key: str
    seen_version: int | None
    request_hash: str


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[0-9A-Za-z_-]{16,64}$",
        description="Chosen anew for each thing to be written, such as a UUID. Sent again with the same request, "
        "for seven days, it gets the same answer, and nothing is written twice.",
        examples=["5f2b7c1e-7d0a-4a3e-9f57-0c6f4c1f2a11"],
    ),
]
Seen = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,9}(-[0-9a-f]{8})?"$',
        description="The ETag of the case as you read it, of which the version counts. Where that has changed "
        "since: 412, and nothing is written.",
        examples=['"7-0a1b2c3d"'],
    ),
]


def write_of(adapter: TypeAdapter[B]) -> Callable[..., Any]:
    """A dependency: what was sent, as this type has it."""

    async def sent(request: Request, key: Key, if_match: Seen = None) -> Write[B]:
        raw = await _raw(request)
        body = _read(adapter, raw)
        asked = f"{request.method}\n{request.url.path}\n{if_match}\n".encode() + raw
        seen = int(if_match.strip('"').partition("-")[0]) if if_match else None
        return Write(body, key, seen, sha256(asked).hexdigest())

    return sent


async def _raw(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refused(415, "not-json", "Send application/json.", headers={"Accept": JSON})
    return await body_sent(request)


async def body_sent(request: Request) -> bytes:
    """What was sent, read no further than that is too much. Raises `Refused`."""
    read, parts, largest = 0, [], _largest(request.url.path)
    async for part in request.stream():
        read += len(part)
        if read > largest:
            raise _too_much(largest)
        parts.append(part)
    return b"".join(parts)


class DeclaredTooMuch:
    """Refuse what says itself that it is too much, before the limit of the pages does, which is no problem+json."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(API):
            declared = Headers(scope=scope).get("content-length", "0")
            largest = _largest(scope["path"])
            if not declared.isdigit() or int(declared) > largest:
                await refused(Request(scope, receive), _too_much(largest))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _largest(path: str) -> int:
    return _LARGEST_AT.get(path, LARGEST)


def _too_much(largest: int) -> Refused:
    return Refused(413, "too-much", f"Send {largest:,} bytes or fewer.")


def _read(adapter: TypeAdapter[B], raw: bytes) -> B:
    try:
        json.loads(raw, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused(422, "not-as-the-contract", "This is no JSON, or a field in it comes twice.") from None
    try:
        return adapter.validate_json(raw, strict=True)
    except ValidationError as wrong:
        errors = field_problems(wrong.errors(include_input=False, include_url=False, include_context=False))
        raise Refused(422, "not-as-the-contract", "This is not as the contract has it.", errors=errors) from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field comes twice")
    return found


def _no_constant(_name: str) -> None:
    raise ValueError("no number")

"""What of the API will end, and when: said with every answer, its refusals included, long before it does.

    goes = ends(since=date(2027, 1, 4), until=date(2028, 1, 4), instead="/api/v2/cases")
    @router.get("/cases", dependencies=[goes, ...])

Deprecation is RFC 9745, Sunset RFC 8594, the link to what comes instead RFC 8288. The contract says so too. Nothing
ends yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTICE = timedelta(days=365)
"""How long before its end whoever asks is told, at least."""
_SAID = "api_end"


@dataclass(frozen=True, slots=True)
class End:
    """Since when it is said (London date) that something will end, on which day, and what is to be asked instead."""

    since: date
    until: date
    instead: str

    def __post_init__(self) -> None:
        if self.until - self.since < NOTICE:
            raise TooSoon(self.until - self.since)

    async def __call__(self, request: Request) -> None:
        """For the answer, whatever it will be."""
        request.scope[_SAID] = self

    @property
    def headers(self) -> dict[str, str]:
        """As they are said with each answer."""
        return {
            "Deprecation": f"@{int(_begin_of(self.since).timestamp())}",
            "Sunset": format_datetime(_begin_of(self.until), usegmt=True),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


def ends(*, since: date, until: date, instead: str) -> Any:
    """For a route's `dependencies`, before its policy, so that who is refused is told too. Raises `TooSoon`."""
    return Depends(End(since, until, instead))


class SaysWhatEnds:
    """Puts the headers to every answer of what will end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say(message: Message) -> None:
            end: End | None = scope.get(_SAID)
            if end is not None and message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(end.headers)
            await send(message)

        await self.app(scope, receive, say)


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class TooSoon(ValueError):
    """Something would end before whoever asks for it was told for long enough."""

    def __init__(self, notice: timedelta) -> None:
        super().__init__(f"{notice.days} days are too few: whoever asks is told at least {NOTICE.days} days before")

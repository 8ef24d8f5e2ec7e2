"""The way to the systems of agencies: one signed POST to an address that was looked at when it was connected to.

A name can be made to resolve to one address when it is looked at and to another when it is used (DNS rebinding). So it
is resolved here, every address that it has is looked at, and the connection goes to one of those and to nothing else:
no proxy of the environment, no redirect. All of it together has one limit of time, and of the answer no more is read
than its status.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpcore2

from victimcare.domain.webhook_address import is_allowed

SECONDS = 15.0
"""For all of it. The Standard Webhooks specification asks for 15 to 30."""
_CONNECTING = 5.0


@dataclass(frozen=True, slots=True)
class Signed:
    """What goes to a system: an address, the headers that sign the body, and the body."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an attempt: a code of ours, the status where there was one, and how long it took."""

    outcome: str
    status: int | None
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        """Whether the system took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the system says that it wants to hear nothing more."""
        return self.status == 410


ANSWERED, NOT_ALLOWED, NOT_FOUND, UNREACHED, TOO_LONG, UNSAFE, BROKEN = (
    "answered",
    "not_allowed",
    "not_found",
    "unreached",
    "too_long",
    "unsafe",
    "broken",
)
Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> Sequence[str]:
    """Every IP address that the name has now. Raises `OSError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror from None  # a label that no name can have
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class EventChannel:
    """Posts to addresses of the public internet over https; with `loopback` to this machine too, to try things out."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolve: Resolve = resolved,
        context: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.loopback = loopback
        self._resolve, self._context, self._seconds = resolve, context, seconds

    def send(self, message: Signed) -> Answered:
        """What came of it. Raises nothing that a system can cause."""
        began = monotonic()
        try:
            outcome, status = ANSWERED, self._post(message, until=began + self._seconds)
        except _NotAllowed:
            outcome, status = NOT_ALLOWED, None
        except socket.gaierror:
            outcome, status = NOT_FOUND, None
        except httpcore2.TimeoutException:
            outcome, status = TOO_LONG, None
        except (httpcore2.ConnectError, OSError) as failed:
            outcome, status = UNSAFE if _is_of_tls(failed) else UNREACHED, None
        except (httpcore2.NetworkError, httpcore2.ProtocolError):
            outcome, status = BROKEN, None
        return Answered(outcome, status, round((monotonic() - began) * 1000))

    def _post(self, message: Signed, *, until: float) -> int:
        backend = _Checked(self._resolve, loopback=self.loopback, until=until)
        context = self._context or httpcore2.default_ssl_context()
        with httpcore2.ConnectionPool(ssl_context=context, network_backend=backend, http2=False) as pool:
            headers = {**message.headers, "Content-Length": str(len(message.body)), "Connection": "close"}
            asked: dict[str, Any] = {"headers": headers, "content": message.body}
            with pool.stream("POST", message.url, **asked, extensions={"timeout": _TIMES}) as answer:
                return int(answer.status)


_TIMES = {"connect": _CONNECTING, "read": SECONDS, "write": SECONDS, "pool": SECONDS}


class _Checked(httpcore2.NetworkBackend):
    """Connects to what a name resolves to, where all of that is allowed, and to nothing else."""

    def __init__(self, resolve: Resolve, *, loopback: bool, until: float) -> None:
        self._resolve, self._loopback, self._until = resolve, loopback, until
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._resolve(host.strip("[]"), port)
        if not addresses or not all(is_allowed(each, loopback=self._loopback) for each in addresses):
            raise _NotAllowed
        failed: Exception | None = None
        for address in addresses:
            within = min(timeout or _CONNECTING, _left(self._until))
            try:
                stream = self._real.connect_tcp(address, port, within, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as one:
                failed = one
            else:
                return _Until(stream, self._until)
        raise failed or httpcore2.ConnectError()

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        raise _NotAllowed


class _Until(httpcore2.NetworkStream):
    """A connection that ends at a moment, however slowly the other side goes on."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Until(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_of_tls(failed: BaseException | None) -> bool:
    while failed is not None and not isinstance(failed, ssl.SSLError):
        failed = failed.__cause__ or failed.__context__
    return failed is not None


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout
    return left


class _NotAllowed(Exception):
    """What the name resolves to is not all of the public internet."""

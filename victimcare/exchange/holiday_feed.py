"""Asking for the published list of bank holidays at an address, within limits of size and time."""

from __future__ import annotations

from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

import httpx2

from victimcare.editions.published_holidays import LARGEST

_OK = 200


def fetch_published(address: str, *, seconds: float = 20) -> bytes:
    """What the address answers with. Raises `FeedFailed`.

    It must be https, or a host of this machine; it is not followed anywhere else.
    """
    _check(address)
    until, parts, size = monotonic() + seconds, [], 0
    try:
        with httpx2.stream("GET", address, timeout=seconds / 2, follow_redirects=False) as answer:
            if answer.status_code != _OK:
                raise FeedFailed(f"it answered {answer.status_code}")
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise FeedFailed(f"it is larger than {LARGEST:,} bytes")
                if monotonic() > until:
                    raise FeedFailed(f"it took longer than {seconds:g} seconds")
    except (httpx2.HTTPError, httpx2.InvalidURL) as failed:
        raise FeedFailed(f"it could not be reached ({type(failed).__name__})") from failed
    return b"".join(parts)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_here(parts.hostname or ""):
        raise FeedFailed("its address must begin with https://")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class FeedFailed(RuntimeError):
    """The published list could not be fetched; the last good one stays."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The published list of bank holidays was not fetched: {why}")

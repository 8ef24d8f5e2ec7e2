"""Where the systems of agencies may be told something: https, and addresses of the public internet alone.

A name that somebody types must not make this program knock at doors inside the force (OWASP: server-side request
forgery). The address is looked at when it is typed, and what its name resolves to when the connection is made.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

LONGEST = 400
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_HOLDS_ANOTHER = tuple(IPv6Network(each) for each in ("2001::/32", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48"))
"""Addresses in which one of IPv4 is wrapped: what is wrapped may be anything."""
_RELAYS = ip_network("192.88.99.0/24")


def check_address(url: str, *, loopback: bool = False) -> None:
    """Raise `AddressRefused` for what can be seen to be wrong. `loopback`: this machine too, and there http."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > LONGEST:
        raise AddressRefused(f"Enter an address of at most {LONGEST} letters, digits and signs, without spaces")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("Enter an address such as https://example.org/told") from None
    if not host or parts.scheme not in ("https", "http"):
        raise AddressRefused("Enter an address that begins with https://")
    if parts.scheme == "http" and not (loopback and _names_loopback(host)):
        raise AddressRefused("Enter an address that begins with https://")
    if "@" in parts.netloc:
        raise AddressRefused("Enter the address without a user name or a password")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise AddressRefused("Enter the address without ? and #: what stands behind them is often a password")
    literal = _literal(host)
    if literal is not None and not is_allowed(literal, loopback=loopback):
        raise AddressRefused("Enter an address of the public internet")
    if literal is None and _names_loopback(host) and not loopback:
        raise AddressRefused("Enter an address of the public internet")


def is_allowed(address: str, *, loopback: bool = False) -> bool:
    """Whether a connection may be made to this IP address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if found.is_loopback:
        return loopback
    return _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return address not in _RELAYS
    return address in _PUBLIC_IPV6 and not any(address in each for each in _HOLDS_ANOTHER)


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _names_loopback(host: str) -> bool:
    literal = _literal(host)
    if literal is not None:
        return ip_address(literal).is_loopback
    return host == "localhost" or host.endswith(".localhost")


class AddressRefused(ValueError):
    """An address to which nothing is told; the message is a sentence without a full stop, as forms have it."""

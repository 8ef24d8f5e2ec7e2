"""Engines that one test leaves to the next at the same address: a statement is compiled once, not once a test."""

from sqlalchemy import Engine

from victimcare.store import database

_make = database._engine
_kept: dict[str, Engine] = {}


def keep(url: str) -> str:
    """Every `Database` of this address has one engine from now on, which none of them closes under the others."""
    if url not in _kept:
        _kept[url] = _make(url)
        _kept[url].dispose = lambda close=True: None  # type: ignore[method-assign]
    return url


def let_go() -> None:
    """Close what the test before left open."""
    for engine in _kept.values():
        Engine.dispose(engine)


database._engine = lambda url: _kept.get(url) or _make(url)

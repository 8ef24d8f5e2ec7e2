"""Engines that one test leaves to the next at the same address: a statement is compiled once, not once a test.

On PostgreSQL they leave their connections too: each plans its statements anew, which took longer than to run them.
"""

from typing import Any

from sqlalchemy import Engine, event

from victimcare.store import database

_make = database._engine
_kept: dict[str, Engine] = {}
backends: list[int] = []
"""The processes of PostgreSQL behind the connections that are left open."""


def keep(url: str) -> str:
    """Every `Database` of this address has one engine from now on, which none of them closes under the others."""
    if url not in _kept:
        _kept[url] = _make(url)
        _kept[url].dispose = lambda close=True: None  # type: ignore[method-assign]
        if _kept[url].dialect.name == "postgresql":
            event.listen(_kept[url], "connect", _note_backend)
    return url


def let_go() -> None:
    """Close what the test before left open in files."""
    for engine in _kept.values():
        if engine.dialect.name == "sqlite":
            Engine.dispose(engine)


def _note_backend(raw: Any, _record: Any) -> None:
    backends.append(raw.info.backend_pid)


database._engine = lambda url: _kept.get(url) or _make(url)

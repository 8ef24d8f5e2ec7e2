"""Answering requests at an address until told to stop."""

from __future__ import annotations

import gc
import signal
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

_LAST_REQUESTS = 5
_GARBAGE = 50_000
"""New objects after which Python looks for those that nothing reaches: at its own 700 that was a tenth of a page."""


def listen(host: str, port: int) -> socket.socket:
    """A socket at the address, taken before anything is started. Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotListen(host, port, error.strerror or "refused") from None
    return listening


def serve(application: FastAPI, listening: socket.socket) -> None:
    """Answer until Ctrl-C or a signal to end; requests in hand have a few seconds."""
    config = uvicorn.Config(
        application, log_level="warning", server_header=False, timeout_graceful_shutdown=_LAST_REQUESTS
    )
    settle()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server hands the signal on when it has stopped
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def settle() -> None:
    """What is loaded by now stays until the end: it is not looked through for garbage again, and what is new seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE)


class CannotListen(RuntimeError):
    """The address is taken, or not this machine's."""

    def __init__(self, host: str, port: int, why: str) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"cannot listen at {host}:{port} ({why}): set VICTIMCARE_PORT (and VICTIMCARE_HOST) to what is free"
        )

"""Doing once what a system asks for, however often it asks: the same key and request get the same answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import api_clients

REMEMBERED = timedelta(days=7)
"""For how long a key is known: longer than a system is left to try again over a weekend."""


def answer_once(
    connection: Connection, *, key: str, request_hash: str, by: Person, now: datetime, do: Callable[[], str]
) -> str:
    """What `do` answers, or answered the first time, in the transaction of the work.

    The case must be locked by then: of two at once the second waits there, and finds what the first was answered.

    What fails is not remembered: nothing was done, and it can be asked again under the same key. Raises
    `KeyUsedOtherwise`, `WrittenMeanwhile` and what `do` raises.
    """
    before = api_clients.written(connection, by, key)
    if before is not None and before.at > now - REMEMBERED:
        if before.request_hash != request_hash:
            raise KeyUsedOtherwise
        return before.answer
    answer = do()
    api_clients.forget_writes_before(connection, by, now - REMEMBERED)
    api_clients.note_write(connection, by, key, request_hash=request_hash, answer=answer, at=now)
    return answer


class KeyUsedOtherwise(ValueError):
    """The key came before, with something else."""

    def __init__(self) -> None:
        super().__init__("this key was used for another request: choose a new one for each")

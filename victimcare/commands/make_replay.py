"""Reckon a quarter anew that the board asked for, and keep what may be shown of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from victimcare.commands.show_replay import show_replay
from victimcare.domain.law import Law
from victimcare.domain.next_edition import always
from victimcare.domain.own_times import by_own_times, out_of_line
from victimcare.editions.loader import read_edition
from victimcare.store import replays_asked
from victimcare.store.database import Database
from victimcare.store.replaying import Replay, replay
from victimcare.store.replays_asked import WaitingReplay


def make_replay(
    database: Database,
    asked: WaitingReplay,
    *,
    law: Law,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Make it, saying in the database how far it has come; False where another makes it, or it was stopped on the way.

    One that was stopped begins anew the next time.
    """
    with database.writing() as connection:
        if not replays_asked.begin(connection, asked.id, now=clock()):
            return False
    try:
        _make(database, asked, law=law, clock=clock, stopping=stopping)
    except _Stopping:
        with database.writing() as connection:
            replays_asked.let_go(connection, asked.id)
        return False
    except Exception:
        with database.writing() as connection:
            replays_asked.give_up(connection, asked.id, at=clock())
        raise
    return True


def _make(
    database: Database,
    asked: WaitingReplay,
    *,
    law: Law,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> None:
    def progress(done: int, of: int) -> None:
        if stopping():
            raise _Stopping
        with database.writing() as connection:
            replays_asked.note_progress(connection, asked.id, done, of, at=clock())

    by, choice = _law_of(database, asked, law), asked.choice
    of = (choice.told.of,)
    found: Replay = replay(database, asked.quarter, law=by, of=of, known_on=choice.known_on, progress=progress)
    edition = by.code.latest.id if choice.edition is not None else choice.own_times or None
    with database.writing() as connection:
        shown = show_replay(
            connection,
            found.tally,
            quarter=asked.quarter,
            known_on=choice.known_on,
            edition=edition,
            told=choice.told,
            now=clock(),
        )
        replays_asked.keep(connection, asked.id, replay_id=shown.replay_id, officers=len(found.officers), at=clock())


def _law_of(database: Database, asked: WaitingReplay, law: Law) -> Law:
    if asked.choice.edition is None:
        return by_own_times(law, out_of_line(asked.choice.own_times))
    with database.reading() as connection:
        return always(law, read_edition(replays_asked.edition_text(connection, asked.choice.edition)))


class _Stopping(Exception):
    """The service is being stopped."""

"""Replays that the board asked for on a page, in the database: what may be asked, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import ReplayChoice, Told, choices_of
from victimcare.store import publications
from victimcare.store.code_editions import EDITIONS
from victimcare.store.tables import ReplayAsked

ASKED = ReplayAsked.__table__  # type: ignore[attr-defined]
SILENT_FOR = timedelta(minutes=5)
"""After so long without a sign whoever reckoned it is taken to be dead, and another begins again."""


@dataclass(frozen=True, slots=True)
class WaitingReplay:
    """A replay that is to be made."""

    id: int
    quarter: Quarter
    choice: ReplayChoice


def choices(
    connection: Connection, quarter: Quarter, *, threshold: int, own_times: str = ""
) -> tuple[ReplayChoice, ...]:
    """How it may be reckoned anew; not at all while no figures were published that hide what this threshold hides."""
    last = publications.last_of(connection, [quarter]).get(quarter)
    if last is None or last.threshold < threshold or not last.tables:
        return ()
    offered = select(EDITIONS.c.id).where(EDITIONS.c.state.in_(("proposed", "approved"))).order_by(EDITIONS.c.id)
    editions = tuple(connection.execute(offered).scalars())
    published_on = max(table.known_on for table in last.tables)
    return choices_of(quarter, published_on=published_on, editions=editions, own_times=own_times)


def edition_text(connection: Connection, number: int) -> str:
    """An edition as it was proposed."""
    return str(connection.execute(select(EDITIONS.c.text).where(EDITIONS.c.id == number)).scalar_one())


def asked_of(connection: Connection, quarter: Quarter, *, threshold: int) -> dict[ReplayChoice, Any]:
    """The row of the last time that each was asked for and hides what this threshold hides."""
    asked = select(ASKED).where(ASKED.c.quarter == quarter.id, ASKED.c.threshold >= threshold).order_by(ASKED.c.id)
    return {_choice(row): row for row in connection.execute(asked)}


def _choice(row: Any) -> ReplayChoice:
    return ReplayChoice(row.known_on, row.edition_id, row.own_times, Told(row.told))


def ask(
    connection: Connection, quarter: Quarter, choice: ReplayChoice, *, threshold: int, by: str, at: datetime
) -> bool:
    """Ask for a replay; False where the same was asked for and did not fail: its answer serves everybody."""
    found = asked_of(connection, quarter, threshold=threshold).get(choice)
    if found is not None and found.failed_at is None:
        return False
    values: dict[str, Any] = {"quarter": quarter.id, "known_on": choice.known_on, "edition_id": choice.edition}
    values |= {"own_times": choice.own_times, "told": choice.told.value}
    values |= {"threshold": threshold, "asked_by": by, "asked_at": at, "cases_done": 0, "cases": 0}
    connection.execute(insert(ASKED).values(values))
    return True


def to_make(connection: Connection, *, now: datetime) -> tuple[WaitingReplay, ...]:
    """Those that nobody is making, the first that was asked for at the front."""
    rows = connection.execute(select(ASKED).where(_free(now)).order_by(ASKED.c.id))
    return tuple(WaitingReplay(row.id, Quarter.named(row.quarter), _choice(row)) for row in rows)


def begin(connection: Connection, number: int, *, now: datetime) -> bool:
    """Begin to make it; False where somebody else is at it, or it is made."""
    mine = update(ASKED).where(ASKED.c.id == number, _free(now))
    return connection.execute(mine.values(seen_at=now, cases=0, cases_done=0)).rowcount == 1


def _free(now: datetime) -> ColumnElement[bool]:
    waiting = ASKED.c.made_at.is_(None) & ASKED.c.failed_at.is_(None)
    return waiting & or_(ASKED.c.seen_at.is_(None), ASKED.c.seen_at < now - SILENT_FOR)


def note_progress(connection: Connection, number: int, done: int, of: int, *, at: datetime) -> None:
    """Say how far it has come."""
    _change(connection, number, cases_done=done, cases=of, seen_at=at)


def let_go(connection: Connection, number: int) -> None:
    """Leave it to whoever comes next."""
    _change(connection, number, seen_at=None)


def give_up(connection: Connection, number: int, *, at: datetime) -> None:
    """Say that it could not be made."""
    _change(connection, number, failed_at=at)


def keep(connection: Connection, number: int, *, replay_id: int, officers: int, at: datetime) -> None:
    """Say that it is made, and what was shown."""
    _change(connection, number, replay_id=replay_id, officers=officers, made_at=at)


def _change(connection: Connection, number: int, **values: date | int | None) -> None:
    connection.execute(update(ASKED).where(ASKED.c.id == number, ASKED.c.made_at.is_(None)).values(values))

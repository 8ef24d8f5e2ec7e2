"""Quarters that the board had reckoned anew: what may be asked, how far each has come, and what was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.law import Law
from victimcare.domain.next_edition import always
from victimcare.domain.own_times import OwnTimes, by_own_times, in_one_line, out_of_line
from victimcare.domain.people import Action, Person
from victimcare.domain.published_figures import Publication
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import ReplayChoice, Told
from victimcare.editions.loader import read_edition
from victimcare.queries.scope import for_the_board
from victimcare.store import publications, replays_asked
from victimcare.store.replays_asked import WaitingReplay, to_make
from victimcare.store.staff import team_names


@dataclass(frozen=True, slots=True)
class OfferedReplay:
    """One way to reckon a quarter anew; `edition` is what the edition calls itself, "" for the editions in force.

    `asked_at` is None while nobody asked for it. `cases_done` of `cases` say how far it has come.
    """

    choice: ReplayChoice
    edition: str
    asked_at: datetime | None
    cases_done: int
    cases: int
    failed_at: datetime | None
    made_at: datetime | None
    replay_id: int | None
    officers: int | None

    @property
    def can_be_asked(self) -> bool:
        """Whether nobody asked for it, or it failed."""
        return self.asked_at is None or self.failed_at is not None


@dataclass(frozen=True, slots=True)
class ShownBeside:
    """A replay beside the last publication of the quarter, and the law by which it was reckoned.

    `teams` are the names of teams by their ids.
    """

    published: Publication
    replayed: Publication
    by_law: Law
    teams: Mapping[str, str]


def replays_offered(
    connection: Connection, *, person: Person, quarter: Quarter, threshold: int, own_times: OwnTimes
) -> tuple[OfferedReplay, ...]:
    """How the quarter can be reckoned anew, whatever is told of it, and what became of each. Raises `NotForTheBoard`.

    `own_times` are those of the force's policy.
    """
    for_the_board(person, Action.RECKON_ANEW)
    ways = replays_asked.choices(connection, quarter, threshold=threshold, own_times=in_one_line(own_times))
    asked = replays_asked.asked_of(connection, quarter, threshold=threshold)
    titles = {way.edition: _title(connection, way) for way in ways}
    choices = (replace(way, told=told) for told in Told for way in ways)
    return tuple(_offered(one, titles[one.edition], asked.get(one)) for one in choices if one.is_offered)


def _title(connection: Connection, choice: ReplayChoice) -> str:
    if choice.edition is None:
        return ""
    return read_edition(replays_asked.edition_text(connection, choice.edition)).title


def _offered(choice: ReplayChoice, edition: str, row: Any | None) -> OfferedReplay:
    if row is None:
        return OfferedReplay(choice, edition, None, 0, 0, None, None, None, None)
    come = (row.cases_done, row.cases, row.failed_at, row.made_at, row.replay_id, row.officers)
    return OfferedReplay(choice, edition, row.asked_at, *come)


def replay_beside(
    connection: Connection, *, person: Person, quarter: Quarter, offered: OfferedReplay, law: Law
) -> ShownBeside | None:
    """What was shown of it, beside what is published; None until it is made. Raises `NotForTheBoard`."""
    for_the_board(person, Action.RECKON_ANEW)
    if offered.replay_id is None:
        return None
    by_law = by_own_times(law, out_of_line(offered.choice.own_times))
    if offered.choice.edition is not None:
        by_law = always(law, read_edition(replays_asked.edition_text(connection, offered.choice.edition)))
    published = publications.last_of(connection, [quarter])[quarter]
    return ShownBeside(published, publications.replay_of(connection, offered.replay_id), by_law, team_names(connection))


def replays_to_make(connection: Connection, *, now: datetime) -> tuple[WaitingReplay, ...]:
    """Those that nobody is making, the first that was asked for at the front: for the job that makes them."""
    return to_make(connection, now=now)

"""Show figures of a quarter that were reckoned in another way, beside those that were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.published_figures import Publication, shown_beside
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import Told
from victimcare.domain.tally import Tally
from victimcare.store import audit, publications
from victimcare.store.staff import SYSTEM


@dataclass(frozen=True, slots=True)
class ShownReplay:
    """A replay as it was kept, and the publication that it stands beside."""

    replay_id: int
    published: Publication
    replayed: Publication


def show_replay(
    connection: Connection,
    tally: Tally,
    *,
    quarter: Quarter,
    known_on: date | None,
    edition: str | None,
    now: datetime,
    told: Told = Told.RIGHT,
) -> ShownReplay:
    """The replay as it may be shown beside what was published of the quarter last; kept, with an audit row.

    Raises `NothingToCompareWith`.
    """
    published = publications.of_quarter(connection, quarter)
    if not published:
        raise NothingToCompareWith(quarter)
    shown = (*published, *publications.replays_of(connection, quarter))
    day = known_on or london_date(now)
    replayed = shown_beside(tally, quarter=quarter, known_on=day, shown=shown, told=told.has)
    replay_id = publications.add_replay(connection, replayed, known_on=known_on, edition=edition, at=now)
    audit.write(connection, at=now, operation="disclosure", what="show replay", person=SYSTEM, recipient="board")
    return ShownReplay(replay_id, published[-1], replayed)


class NothingToCompareWith(LookupError):
    """A quarter of which no figures were published: a replay would be the first that anybody sees of it."""

    def __init__(self, quarter: Quarter) -> None:
        super().__init__(f"no figures of {quarter.id} were published yet: a replay is shown beside those only")

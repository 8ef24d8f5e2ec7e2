"""Publish the figures of quarters for the board: once they are over, and again where they have changed enough."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy import Connection

from victimcare.domain.board_policy import BoardPolicy
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.law import Law
from victimcare.domain.published_figures import publish
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import Tally
from victimcare.store import audit, publications
from victimcare.store.duty_counts import add_duties, first_and_last_month
from victimcare.store.journey_counts import add_continuity, add_silence, add_steps_and_stages
from victimcare.store.staff import SYSTEM
from victimcare.store.victim_counts import add_checks, add_gaps, add_victims

QUARTERS_KEPT = 8
"""How far back figures are looked at again: two years."""


def quarters_to_publish(
    connection: Connection, *, today: date, calendar: WorkingCalendar, policy: BoardPolicy, threshold: int
) -> tuple[Quarter, ...]:
    """The quarters to look at now, the oldest first: where any was never published, those, and the last two years.

    What was published with a lower `threshold` than this counts as never published.
    """
    held = first_and_last_month(connection)
    if held is None:
        return ()
    first, last = (Quarter.of(date.fromisoformat(f"{month}-01")) for month in held)
    newest = min(last, Quarter.of(today).next(-1))
    while policy.day_of(newest, calendar) > today:
        newest = newest.next(-1)
    published = frozenset(publications.published_quarters(connection, threshold=threshold))
    every = takewhile(lambda quarter: quarter <= newest, (first.next(count) for count in itertools.count()))
    again = newest.next(-QUARTERS_KEPT)
    quarters = tuple(quarter for quarter in every if quarter not in published or quarter > again)
    return quarters if not published.issuperset(quarters) else ()


def tally_quarter(connection: Connection, *, quarter: Quarter, law: Law) -> Tally:
    """What belongs to the quarter as it is known now: a read by itself, since it takes long for a whole force."""
    agencies = {agency for edition in law.code.editions for agency in edition.agencies}
    tally = Tally()
    add_duties(connection, tally, quarter, agencies=agencies, calendar=law.calendar)
    add_victims(connection, tally, quarter)
    add_gaps(connection, tally, quarter)
    add_checks(connection, tally, quarter)
    add_steps_and_stages(connection, tally, quarter)
    add_continuity(connection, tally, quarter)
    add_silence(connection, tally, quarter)
    return tally


def publish_figures(connection: Connection, tally: Tally, *, quarter: Quarter, now: datetime, threshold: int) -> bool:
    """Publish the figures of the quarter as they were just tallied; whether there was anything to publish."""
    new = publish(
        tally,
        quarter=quarter,
        known_on=london_date(now),
        threshold=threshold,
        earlier=publications.of_quarter(connection, quarter),
        beside=publications.replays_of(connection, quarter),
    )
    if new is None:
        return False
    publications.add(connection, new, at=now)
    audit.write(connection, at=now, operation="disclosure", what="publish figures", person=SYSTEM, recipient="board")
    return True

"""Figures published for the board, as the job does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from victimcare.commands.publish_figures import publish_figures, quarters_to_publish, tally_quarter
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import THRESHOLD
from victimcare.editions.board_policy import published_board_policy
from victimcare.store.database import Database


def publish_due(database: Database, law: Law, now: datetime, *, threshold: int = THRESHOLD) -> list[str]:
    """Publish whatever is to be published at this instant; the quarters of which something was."""
    policy = published_board_policy()
    with database.reading() as connection:
        quarters = quarters_to_publish(
            connection, today=london_date(now), calendar=law.calendar, policy=policy, threshold=threshold
        )
    return publish(database, law, quarters, now, threshold=threshold)


def publish(
    database: Database, law: Law, quarters: Iterable[Quarter], now: datetime, *, threshold: int = THRESHOLD
) -> list[str]:
    """Publish these quarters as they are known; those of which there was anything to publish."""
    published = []
    for quarter in quarters:
        with database.writing() as connection:
            tally = tally_quarter(connection, quarter=quarter, law=law)
            if publish_figures(connection, tally, quarter=quarter, now=now, threshold=threshold):
                published.append(quarter.id)
    return published

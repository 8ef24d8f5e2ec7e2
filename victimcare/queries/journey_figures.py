"""The journeys of a period as they were published: what was done on the way, how long it took, by how many officers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from victimcare.domain.counted import CONTINUITY, SILENCE, STAGES_REACHED, STEPS
from victimcare.domain.people import Person
from victimcare.domain.tally import Breakdown, By
from victimcare.queries.period_tables import PeriodTable, period_table, publications_of
from victimcare.queries.periods import Period
from victimcare.queries.scope import for_the_board


@dataclass(frozen=True, slots=True)
class JourneyFigures:
    """Cases by kind of step, by stage reached (with calendar days since the one before), closed ones by officers.

    `silence`: those that were open when the period ended, by how long nothing had reached the victim.
    """

    period: Period
    steps: PeriodTable
    stages: PeriodTable
    continuity: PeriodTable
    silence: PeriodTable


def journey_figures(connection: Connection, *, person: Person, period: Period) -> JourneyFigures:
    """The journeys of `period`. Raises `NotPublished` or `NotForTheBoard`."""
    for_the_board(person)
    publications = publications_of(connection, period)
    by = ((STEPS, By.KIND), (STAGES_REACHED, By.KIND), (CONTINUITY, By.OFFICERS))
    steps, reached, continuity = (period_table(Breakdown(of, by), publications) for of, by in by)
    silence = period_table(Breakdown(SILENCE, By.SILENCE), publications[-1:])
    return JourneyFigures(period, steps, reached, continuity, silence)

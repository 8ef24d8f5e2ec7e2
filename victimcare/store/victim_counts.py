"""The victims of a quarter, their gaps and the cases that were looked at, read once for the figures made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from victimcare.domain.counted import NOT_ASKED, CountedVictim, check
from victimcare.domain.counted_journeys import gaps
from victimcare.domain.quarter import Quarter
from victimcare.domain.support_reached import SupportReached
from victimcare.domain.tally import CHARACTERISTICS, By, Tally
from victimcare.store.cases import CASES
from victimcare.store.equality import EQUALITY
from victimcare.store.journeys import EVENTS, journeys_of
from victimcare.store.quality import QUALITY
from victimcare.store.tables import NO_SERVICE_FITS

OWN_WORDS = "own_words"
"""Stands where the answer is in the victim's words, which no figure tells."""

_IS_VICTIM = CASES.c.status != "void"


def add_victims(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count every case that was opened in the quarter, but those recorded in error."""
    inside = _IS_VICTIM & (CASES.c.opened_on >= quarter.from_on) & (CASES.c.opened_on < quarter.until_on)
    answers = _characteristics(connection, inside)
    columns = (CASES.c.victim_id, CASES.c.opened_on, CASES.c.area, CASES.c.crime_type, CASES.c.team_id)
    for row in connection.execute(select(*columns, CASES.c.support).where(inside)):
        of = (f"{row.opened_on:%Y-%m}", row.area, row.crime_type, row.team_id)
        answered = answers.get(row.victim_id, {})
        told = tuple((each, answered.get(each, NOT_ASKED)) for each in CHARACTERISTICS)
        tally.add(CountedVictim(*of, SupportReached(row.support), told))


def _characteristics(connection: Connection, inside: Any) -> dict[int, dict[By, str]]:
    columns = (EQUALITY.c.victim_id, EQUALITY.c.characteristic, EQUALITY.c.answer, EQUALITY.c.category)
    wanted = select(*columns).where(EQUALITY.c.victim_id.in_(select(CASES.c.victim_id).where(inside)))
    answers: defaultdict[int, dict[By, str]] = defaultdict(dict)
    for row in connection.execute(wanted):
        recorded = row.category or OWN_WORDS
        answers[row.victim_id][By(row.characteristic)] = recorded if row.answer == "recorded" else row.answer
    return answers


def add_gaps(connection: Connection, tally: Tally, quarter: Quarter) -> None:
    """Count each need of a case for which "no service fits" was recorded in the quarter: twice recorded, it is one."""
    lacking = _IS_VICTIM & CASES.c.id.in_(select(EVENTS.c.case_id).where(text(NO_SERVICE_FITS)).distinct())
    cases = {row.id: row for row in connection.execute(select(CASES.c.id, CASES.c.ref, CASES.c.area).where(lacking))}
    for case_id, journey in journeys_of(connection, {key: row.ref for key, row in cases.items()}).items():
        for one in gaps(journey.chains().values(), area=cases[case_id].area, quarter=quarter):
            tally.add(one)


def add_checks(connection: Connection, tally: Tally, quarter: Quarter, *, until: datetime | None = None) -> None:
    """Count each case that was drawn of an officer and a month of the quarter, and looked at before `until` (UTC)."""
    inside = QUALITY.c.month.in_(quarter.months)
    if until is not None:
        inside &= QUALITY.c.answered_at < until
    drawn = (QUALITY.c.case_id, QUALITY.c.month, QUALITY.c.officer_id)
    answers: defaultdict[tuple[Any, ...], dict[str, str]] = defaultdict(dict)
    for *of, question, answer in connection.execute(select(*drawn, QUALITY.c.question, QUALITY.c.answer).where(inside)):
        answers[tuple(of)][question] = answer
    questions = sorted({question for given in answers.values() for question in given})
    for given in answers.values():
        tally.add(check(_each(given, questions)))


def _each(given: dict[str, str], questions: list[str]) -> Iterator[tuple[str, str]]:
    """Every question of the quarter: one that was asked of others is shown as not asked here."""
    return ((question, given.get(question, NOT_ASKED)) for question in questions)

"""Journeys on top of published crimes: the crimes, months and outcomes are real, days and people are invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from victimcare.domain.calendar import add_calendar_months
from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.event_kinds import EventKind as K
from victimcare.exchange.demonstration.court import at_court
from victimcare.exchange.demonstration.journeys import reported, suspect_found
from victimcare.exchange.demonstration.story import Happening, Story
from victimcare.exchange.demonstration.victims import InventedCrime
from victimcare.exchange.police_uk_files import OutcomeRow, StreetRow, find_files, read_file
from victimcare.exchange.police_uk_mapping import OUTCOMES


@dataclass(frozen=True, slots=True)
class PublishedCrime:
    """A published crime with a victim, a day invented within its month, and the outcomes published of it."""

    day: date
    row: StreetRow
    outcomes: Sequence[OutcomeRow]


def published_crimes(path: Path, chance: Random, *, today: date) -> list[PublishedCrime]:
    """Every crime with a victim in these files, in the order of its day. Raises what reading the files raises."""
    rows: dict[str, StreetRow] = {}
    outcomes: dict[str, dict[tuple[date, str], OutcomeRow]] = {}
    for file in find_files([path]):
        published = read_file(file, latest_month=today.replace(day=1))
        for row in published.streets:
            if row.has_victim and row.crime_ref:
                rows.setdefault(row.crime_ref, row)
        for outcome in published.outcomes:
            outcomes.setdefault(outcome.crime_ref, {}).setdefault((outcome.month, outcome.words), outcome)
    crimes = [
        PublishedCrime(_day_in(row.month, chance), row, list(outcomes.get(ref, {}).values()))
        for ref, row in rows.items()
    ]
    return sorted(crimes, key=lambda crime: (crime.day, crime.row.crime_ref))


def real_story(story: Story, published: PublishedCrime, crime: InventedCrime) -> Iterator[Happening]:
    """The report, the published outcomes each on a day within its month, and what must have come between."""
    yield from reported(story, contacts_recorded=True)
    suspect_known = False
    later = sorted(published.outcomes, key=lambda outcome: (outcome.month, outcome.words))
    for outcome in (outcome for outcome in later if outcome.month >= published.row.month):
        kind = OUTCOMES[outcome.words]
        subject = "Suspect 1" if EVENT_KINDS[kind].subject == "suspect" else None
        last_day = add_calendar_months(outcome.month, 1) - timedelta(days=1)
        if subject and not suspect_known:
            suspect_known = True
            yield from _within(suspect_found(story, subject), last_day)
        story.day = _day_after(story, outcome.month, last_day)
        happening = story.happens(kind, subject, outcome=outcome.words)
        yield replace(happening, published=(outcome.month, outcome.words))
    if [OUTCOMES[outcome.words] for outcome in later] == [K.SUSPECT_CHARGED]:
        yield from at_court(story, crime)


def _within(happenings: Iterable[Happening], last_day: date) -> Iterator[Happening]:
    """What is invented must have happened before what was published."""
    return (h for h in happenings if (h.corrects or h).at.date() < last_day)


def _day_after(story: Story, month: date, last_day: date) -> date:
    first = max(month, min(story.day, last_day))
    return first + timedelta(days=story.chance.randint(0, (last_day - first).days))


def _day_in(month: date, chance: Random) -> date:
    days = (add_calendar_months(month, 1) - month).days
    return month + timedelta(days=chance.randrange(days))

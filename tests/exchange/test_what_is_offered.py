"""The life stories of the demonstration, told day by day: what happens next is among what is offered first."""

from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import event
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.what_next import after
from victimcare.editions.bank_holidays import load_calendar
from victimcare.exchange.demonstration.journeys import life_story
from victimcare.exchange.demonstration.story import Story
from victimcare.queries.event_choices import is_recorded_by_people

CALENDAR = load_calendar()


@pytest.mark.parametrize("serious", [True, False], ids=["serious", "other"])
def test_nothing_that_happens_has_to_be_looked_for(serious: bool) -> None:
    crime: Any = SimpleNamespace(serious=serious, crime_type="Robbery")
    missed: set[str] = set()
    told = 0
    for seed in range(150):
        story = Story(chance=Random(seed), calendar=CALENDAR, day=date(2025, 1, 6))
        so_far: list[JourneyEvent] = []
        for happening in life_story(story, crime):
            if happening.corrects is not None:
                continue
            kind, subject = happening.kind, happening.subject
            if is_recorded_by_people(kind):
                told += 1
                subjects = after(sorted(so_far, key=lambda e: e.happened.at)).get(kind, ())  # type: ignore[arg-type, return-value]
                if not {subject, None} & set(subjects):
                    missed.add(f"{kind} after {[str(e.kind) for e in so_far][-4:]}")
            so_far.append(event(kind, happening.at.isoformat(), subject=subject))
    assert told > 300
    assert missed == set()

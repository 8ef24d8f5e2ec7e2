"""Life stories: what happens to a crime after it is reported, each plot told in order.

A plot says what happens; it says nothing of limits or of who must be told (see `answers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import Correction, Value
from victimcare.exchange.demonstration.court import at_court
from victimcare.exchange.demonstration.story import Happening, Story
from victimcare.exchange.demonstration.victims import InventedCrime

Telling = Iterator[Happening]
Plot = Callable[[Story, InventedCrime], Telling]


def life_story(story: Story, crime: InventedCrime) -> Telling:
    """What happens to a crime, from the report on."""
    yield from reported(story)
    plots = _PLOTS_OF_SERIOUS_CRIME if crime.serious else _PLOTS
    plot = story.chance.choices(list(plots), list(plots.values()))[0]
    yield from plot(story, crime)


def reported(story: Story, *, contacts_recorded: bool | None = None) -> Telling:
    """Every story begins so. A few come from a system that never held contacts, so that silence proves nothing."""
    held = not story.likely(0.006) if contacts_recorded is None else contacts_recorded
    details: dict[str, Value] = {"incident_on": story.day}
    if story.likely(0.05):
        details["offender_under_18"] = True
    report = story.happens(K.CRIME_REPORTED, contacts_recorded=held, details=details)
    yield replace(report, recorded_at=report.at + timedelta(minutes=10))
    recording = story.happens(K.CRIME_RECORDED, contacts_recorded=held)
    yield replace(recording, recorded_at=recording.at + timedelta(minutes=10))


def nobody_found(story: Story, _crime: InventedCrime) -> Telling:
    """Investigated, and closed because no suspect was identified."""
    story.wait(6, 45)
    yield story.happens(K.INVESTIGATION_CLOSED_NO_SUSPECT)


def not_investigated(story: Story, _crime: InventedCrime) -> Telling:
    """Too little to go on."""
    story.wait(0, 4)
    yield story.happens(K.DECIDED_NOT_TO_INVESTIGATE)


def police_stop(story: Story, _crime: InventedCrime) -> Telling:
    """A suspect, and a decision of the police not to prosecute."""
    yield from suspect_found(story, "Suspect 1")
    story.wait(20, 110)
    if story.likely(0.3):
        yield story.happens(K.SUSPECT_RELEASED_WITHOUT_CHARGE, "Suspect 1")
    decided = story.happens(K.POLICE_DECIDED_NO_PROSECUTION, "Suspect 1")
    yield decided
    if story.likely(0.04):
        yield story.corrects(decided, Correction.CHANGES_NEWS)
    if story.likely(0.12):
        yield story.wait(4, 40).happens(K.REVIEW_REQUESTED, "Suspect 1", scheme="police")
        yield story.wait(15, 42).happens(K.REVIEW_DECIDED, "Suspect 1", scheme="police", result="stands")


def cps_stop(story: Story, _crime: InventedCrime) -> Telling:
    """A suspect, and a decision of the Crown Prosecution Service not to charge."""
    yield from suspect_found(story, "Suspect 1")
    story.wait(40, 120)
    told_by = "police" if story.likely(0.4) else "cps"
    yield story.happens(K.CPS_DECIDED_NO_CHARGE, "Suspect 1", told_by=told_by)


def dealt_with_out_of_court(story: Story, _crime: InventedCrime) -> Telling:
    """A caution, a resolution, a penalty notice."""
    yield from suspect_found(story, "Suspect 1")
    story.wait(4, 40)
    if story.likely(0.7):
        yield story.happens(K.VIEWS_SOUGHT)
    story.wait(1, 10)
    decided_by = "cps" if story.likely(0.1) else "police"
    yield story.happens(K.OUT_OF_COURT_DISPOSAL, "Suspect 1", decided_by=decided_by)


def one_suspect_charged(story: Story, crime: InventedCrime) -> Telling:
    """A suspect is charged, and the case goes to court."""
    yield from suspect_found(story, "Suspect 1")
    story.wait(1, 70)
    charged = story.happens(K.SUSPECT_CHARGED, "Suspect 1")
    yield charged
    if story.likely(0.02):
        yield story.corrects(charged, Correction.AMENDS, days_earlier=1)
    yield from at_court(story, crime)


def two_suspects(story: Story, crime: InventedCrime) -> Telling:
    """Two suspects: one is let go, the other charged. Two arrests are two clocks."""
    yield from suspect_found(story, "Suspect 1")
    story.wait(0, 9)
    yield story.happens(K.SUSPECT_ARRESTED, "Suspect 2")
    yield story.wait(0, 1).happens(K.SUSPECT_INTERVIEWED, "Suspect 2")
    yield story.happens(K.SUSPECT_RELEASED_WITHOUT_CHARGE, "Suspect 2")
    story.wait(10, 60)
    yield story.happens(K.POLICE_DECIDED_NO_PROSECUTION, "Suspect 2")
    yield story.happens(K.SUSPECT_CHARGED, "Suspect 1")
    yield from at_court(story, crime)


def suspect_found(story: Story, suspect: str) -> Telling:
    """Arrested or asked in, interviewed, and let go on bail or under investigation."""
    story.wait(0, 21)
    if story.likely(0.75):
        arrested = story.happens(K.SUSPECT_ARRESTED, suspect)
        yield arrested
        if story.likely(0.015):
            yield story.corrects(arrested, Correction.AMENDS, days_earlier=1)
        yield story.wait(0, 1).happens(K.SUSPECT_INTERVIEWED, suspect)
        yield from _let_go(story, suspect)
    else:
        yield story.wait(2, 12).happens(K.SUSPECT_INTERVIEWED, suspect)
        if story.likely(0.04):
            mistaken = story.happens(K.SUSPECT_RELEASED_UNDER_INVESTIGATION, suspect)
            yield mistaken
            yield story.corrects(mistaken, Correction.NEVER_HAPPENED)


def _let_go(story: Story, suspect: str) -> Telling:
    if story.likely(0.65):
        yield story.happens(K.SUSPECT_BAILED, suspect)
        if story.likely(0.25):
            yield story.wait(5, 25).happens(K.BAIL_CONDITIONS_CHANGED, suspect)
        elif story.likely(0.08):
            yield story.wait(5, 25).happens(K.BAIL_CANCELLED, suspect)
    else:
        yield story.happens(K.SUSPECT_RELEASED_UNDER_INVESTIGATION, suspect)


_PLOTS: dict[Plot, int] = {
    nobody_found: 46,
    not_investigated: 13,
    police_stop: 11,
    cps_stop: 2,
    dealt_with_out_of_court: 9,
    one_suspect_charged: 16,
    two_suspects: 3,
}
_PLOTS_OF_SERIOUS_CRIME: dict[Plot, int] = {
    nobody_found: 6,
    police_stop: 36,
    cps_stop: 12,
    dealt_with_out_of_court: 8,
    one_suspect_charged: 33,
    two_suspects: 5,
}

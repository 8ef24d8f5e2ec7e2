"""What is the victim's own: needs, choices, complaints. Each is told beside the story of the crime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import Value
from victimcare.domain.victim import eighteenth_birthday
from victimcare.exchange.demonstration.story import Happening, Story
from victimcare.exchange.demonstration.victims import InventedVictim

Telling = Iterator[Happening]


@dataclass(frozen=True, slots=True)
class Tiers:
    """The edition's default tier, and the one for those with grounds."""

    default: str
    higher: str


def needs_and_choices(story: Story, victim: InventedVictim, tiers: Tiers) -> Telling:
    """Needs assessed, how often to be in touch, a personal statement, and whatever the victim decides later."""
    story.wait(0, 2)
    yield from _needs(story, victim, tiers)
    if story.likely(0.55):
        agreed = story.chance.choices((7, 14, 28, 42), (1, 4, 5, 2))[0]
        yield story.wait(0, 3).happens(K.CONTACT_INTERVAL_AGREED, interval_days=agreed)
    if story.likely(0.5):
        yield story.happens(K.VPS_OFFERED)
        yield story.wait(1, 12).happens(K.VPS_TAKEN if story.likely(0.45) else K.VPS_DECLINED)
    if story.likely(0.2):
        yield story.happens(K.RESTORATIVE_JUSTICE_OFFERED)
    if story.likely(0.03):
        yield from _opting_out(story)
    if story.likely(0.02):
        yield from _complaint(story)


def _needs(story: Story, victim: InventedVictim, tiers: Tiers) -> Telling:
    """Grounds are usually seen at once, sometimes only weeks later: they never backdate."""
    if victim.grounds is None or story.likely(0.12):
        yield story.happens(K.NEEDS_ASSESSED, tier=tiers.default)
        if victim.grounds is None:
            return
        story.wait(4, 40)
    yield story.happens(K.NEEDS_ASSESSED, tier=tiers.higher, grounds=victim.grounds, details=_until(victim, story.day))


def _until(victim: InventedVictim, day: date) -> dict[str, Value]:
    if victim.grounds != "under_18":
        return {}
    birthday = eighteenth_birthday(victim.born_on)
    return {"until_on": birthday} if birthday > day else {}


def _opting_out(story: Story) -> Telling:
    scope = story.chance.choice(("right:6", "right:6", "right:4", "all"))
    yield story.wait(5, 60).happens(K.OPTED_OUT, scope=scope)
    if story.likely(0.4):
        yield story.wait(14, 60).happens(K.OPTED_IN, scope=scope)


def _complaint(story: Story) -> Telling:
    complained_of = story.chance.choice(("police", "police", "witness_care_unit", "cps"))
    yield story.wait(20, 70).happens(K.COMPLAINT_MADE, "Complaint 1", received_after=1, complained_of=complained_of)

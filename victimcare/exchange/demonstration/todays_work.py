"""Cases that give every officer a day's work on the demonstration's today: overdue, due today, due soon, waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from victimcare.domain.clocks import add_limit
from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.law import Law
from victimcare.exchange.demonstration.choices import Tiers
from victimcare.exchange.demonstration.journeys import reported
from victimcare.exchange.demonstration.story import Happening, Plan, Story

Telling = Iterator[Happening]
_FURTHEST_BACK = 30


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which the work is to be there, and the law that says when it must have started."""

    on: date
    law: Law
    tiers: Tiers

    def day_for(self, rule_id: str, *, due_on: date) -> date:
        """A day on which a duty of this rule must start for its standard limit to end on `due_on`, or just after."""
        edition = self.law.code.latest
        limit = edition.limit(edition.rule(rule_id), edition.default_tier)
        for back in range(1, _FURTHEST_BACK):
            day = due_on - timedelta(days=back)
            if limit and add_limit(day, limit, self.law.calendar) <= due_on and self.law.calendar.is_working_day(day):
                return day
        raise LookupError(f"{rule_id} has no limit within {_FURTHEST_BACK} days")

    def working_day(self, offset: int) -> date:
        """The working day so many working days after today (before, if negative)."""
        day, step = self.on, 1 if offset > 0 else -1
        while offset:
            day += timedelta(days=step)
            offset -= step if self.law.calendar.is_working_day(day) else 0
        return day


DayWork = Callable[[Story, Today], Telling]


def arrest_not_told(story: Story, today: Today) -> Telling:
    """Overdue: an arrest of which the victim has not heard."""
    arrested_on = today.day_for("R6-ARR", due_on=today.working_day(-story.chance.randint(1, 6)))
    yield from _report_well_kept(story, today, arrested_on - timedelta(days=story.chance.randint(12, 20)))
    story.day = arrested_on
    yield story.happens(K.SUSPECT_ARRESTED, "Suspect 1", plan=Plan.OPEN)


def tried_only(story: Story, today: Today) -> Telling:
    """Overdue: an interview, and nobody answered the telephone."""
    interviewed_on = today.day_for("R6-INT", due_on=today.working_day(-story.chance.randint(1, 3)))
    yield from _report_well_kept(story, today, interviewed_on - timedelta(days=story.chance.randint(12, 20)))
    story.day = interviewed_on
    yield story.happens(K.SUSPECT_INTERVIEWED, "Suspect 1", plan=Plan.ATTEMPTED)


def silence_ends_today(story: Story, today: Today) -> Telling:
    """Due today on any day of the week: the agreed interval has run its course."""
    interval = story.chance.choice((14, 28))
    agreed_on = today.on - timedelta(days=interval)
    yield from _report_well_kept(story, today, agreed_on - timedelta(days=story.chance.randint(12, 20)))
    story.day = agreed_on
    yield story.happens(K.CONTACT_INTERVAL_AGREED, plan=Plan.OPEN, interval_days=interval)


def vulnerable_and_charged(story: Story, today: Today) -> Telling:
    """Due on the next working day: a charge, and a victim who must hear sooner than others."""
    yield from _report_well_kept(
        story, today, today.on - timedelta(days=story.chance.randint(20, 40)), grounds="vulnerable"
    )
    story.day = today.on - timedelta(days=1)
    yield story.happens(K.SUSPECT_CHARGED, "Suspect 1", plan=Plan.OPEN)


def due_today(story: Story, today: Today) -> Telling:
    """Due today, if it is a working day: bail of which the victim must hear."""
    bailed_on = today.day_for("R6-BAIL", due_on=today.on)
    yield from _report_well_kept(story, today, bailed_on - timedelta(days=story.chance.randint(12, 20)))
    story.day = bailed_on
    yield story.happens(K.SUSPECT_BAILED, "Suspect 1", plan=Plan.OPEN)


def just_reported(story: Story, today: Today) -> Telling:
    """Due in the next days: everything that a new victim must be told."""
    story.day = today.on - timedelta(days=1)
    for happening in reported(story, contacts_recorded=True):
        yield replace(happening, plan=Plan.OPEN)


def charged_lately(story: Story, today: Today) -> Telling:
    """Due in the next days: a charge; and the witness care unit has a hearing to tell of."""
    yield from _report_well_kept(story, today, today.on - timedelta(days=story.chance.randint(25, 60)))
    story.day = today.on - timedelta(days=1)
    yield story.happens(K.SUSPECT_CHARGED, "Suspect 1", plan=Plan.OPEN)
    hearing_on = today.working_day(story.chance.randint(5, 15))
    listed = story.happens(K.HEARING_LISTED, "Hearing 1", plan=Plan.OPEN, hearing_on=hearing_on, hearing_type="first")
    yield replace(listed, received_at=listed.at + timedelta(minutes=30), recorded_at=listed.at + timedelta(minutes=45))


def court_is_silent(story: Story, today: Today) -> Telling:
    """Waiting for the court: the trial's day is past, and no result has come."""
    yield from _report_well_kept(story, today, today.on - timedelta(days=story.chance.randint(90, 150)))
    story.wait(3, 12)
    yield story.happens(K.SUSPECT_ARRESTED, "Suspect 1", plan=Plan.KEPT)
    yield story.happens(K.SUSPECT_CHARGED, "Suspect 1", plan=Plan.KEPT)
    trial_on = today.working_day(-story.chance.randint(1, 4))
    story.wait(1, 9)
    yield story.happens(
        K.HEARING_LISTED, "Hearing 1", plan=Plan.KEPT, received_after=1, hearing_on=trial_on, hearing_type="trial"
    )
    story.day = today.on - timedelta(days=1)
    yield story.happens(K.PROPERTY_HELD, "Property 1", plan=Plan.OPEN)


def complaint_waits(story: Story, today: Today) -> Telling:
    """Waiting for the Crown Prosecution Service to acknowledge a complaint."""
    yield from _report_well_kept(story, today, today.on - timedelta(days=story.chance.randint(60, 100)))
    story.day = today.working_day(-3)
    yield story.happens(K.COMPLAINT_MADE, "Complaint 1", plan=Plan.OPEN, received_after=1, complained_of="cps")


def reason_asked(story: Story, today: Today) -> Telling:
    """Due in the next days: an interview, and the supervisor was asked whether there is a good reason to wait."""
    interviewed_on = today.day_for("R6-INT", due_on=today.working_day(2))
    yield from _report_well_kept(story, today, interviewed_on - timedelta(days=story.chance.randint(12, 20)))
    story.day = interviewed_on
    yield story.happens(K.SUSPECT_INTERVIEWED, "Suspect 1", plan=Plan.ASKED)


def void_asked(story: Story, today: Today) -> Telling:
    """A case that should not be there: the supervisor was asked to make it void."""
    yield from _report_well_kept(story, today, today.on - timedelta(days=story.chance.randint(20, 40)))
    story.day = today.on - timedelta(days=1)
    yield story.happens(K.CASE_VOID_REQUESTED, plan=Plan.OPEN, reason="duplicate")


FOR_EVERY_OFFICER: tuple[DayWork, ...] = (arrest_not_told, silence_ends_today, charged_lately, court_is_silent)
FOR_THE_ACCOUNT: tuple[DayWork, ...] = (
    *FOR_EVERY_OFFICER,
    tried_only,
    arrest_not_told,
    due_today,
    due_today,
    silence_ends_today,
    just_reported,
    just_reported,
    charged_lately,
    vulnerable_and_charged,
    void_asked,
    complaint_waits,
    reason_asked,
    reason_asked,
)
FOR_THE_OVERLOADED: tuple[DayWork, ...] = (*FOR_EVERY_OFFICER, *(arrest_not_told, due_today, charged_lately) * 4)


def _report_well_kept(story: Story, today: Today, day: date, *, grounds: str | None = None) -> Telling:
    """A report whose duties were kept, and the victim's needs assessed with it."""
    story.day = day
    for happening in reported(story, contacts_recorded=True):
        yield replace(happening, plan=Plan.KEPT)
    if grounds is None:
        yield story.happens(K.NEEDS_ASSESSED, tier=today.tiers.default)
    else:
        yield story.happens(K.NEEDS_ASSESSED, tier=today.tiers.higher, grounds=grounds)

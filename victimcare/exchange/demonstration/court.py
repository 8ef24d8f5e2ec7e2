"""What happens at court, from the first listing to the end of an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import Value
from victimcare.exchange.demonstration.story import Happening, Story
from victimcare.exchange.demonstration.victims import InventedCrime

Telling = Iterator[Happening]


def at_court(story: Story, crime: InventedCrime) -> Telling:
    """The first hearing, and then a guilty plea, a trial, or the end of the prosecution."""
    yield from _first_hearing(story)
    if story.likely(0.1):
        yield story.wait(3, 30).happens(K.CPS_CHANGED_CHARGES, "Suspect 1", all_proceedings_ended=True)
        return
    if story.likely(0.06):
        yield story.wait(3, 30).happens(K.CPS_CHANGED_CHARGES, "Suspect 1", all_proceedings_ended=False)
    if story.likely(0.58):
        yield from _sentencing(story, crime, "Hearing 3")
    else:
        yield from _trial(story, crime)


def _first_hearing(story: Story) -> Telling:
    yield _listed(story, "Hearing 1", "first", story.day + timedelta(days=story.chance.randint(4, 30)))
    if story.likely(0.25):
        bail_on = _court_day(story, 1, 6)
        yield _listed(story, "Hearing 2", "bail", bail_on)
        yield _result(story, K.BAIL_RESULT_RECEIVED, "Hearing 2", bail_on)
        story.day = bail_on
    story.wait(15, 35)
    if story.likely(0.05):
        yield _result(story, K.WARRANT_RECEIVED, "Hearing 1", story.day)
        again_on = story.wait(8, 40).day
        yield _result(story, K.REARREST_RESULT_RECEIVED, "Hearing 1", again_on)


def _trial(story: Story, crime: InventedCrime) -> Telling:
    hearing, trial_on = "Hearing 3", _court_day(story, 60, 210)
    yield _listed(story, hearing, "trial", trial_on)
    yield story.happens(K.REQUIRED_TO_GIVE_EVIDENCE, hearing, received_after=story.chance.randint(1, 4))
    if crime.serious or story.likely(0.2):
        yield story.wait(5, 30).happens(K.SPECIAL_MEASURES_DECIDED, hearing)
    if story.likely(0.3):
        relisted = 0 if story.likely(0.3) else story.chance.randint(10, 50)
        story.wait(relisted, relisted + 1)
        trial_on += timedelta(days=story.chance.choice((7, 14, 28, 56)))
        yield story.happens(
            K.HEARING_ADJOURNED, hearing, received_after=_arrival(story), hearing_on=trial_on, hearing_type="trial"
        )
    story.day = max(trial_on, story.day)
    yield _result(story, K.COURT_OUTCOME_RECEIVED, hearing, story.day)
    yield from _expenses(story)
    if story.likely(0.68):
        story.wait(1, 3)
        yield from _sentencing(story, crime, "Hearing 4")


def _expenses(story: Story) -> Telling:
    """What the victim paid to come; a first form is often not complete."""
    if story.likely(0.6):
        yield story.wait(2, 9).happens(K.EXPENSES_CLAIMED, "Claim 1")
        yield story.wait(0, 12).happens(K.EXPENSES_CLAIM_COMPLETED, "Claim 1", received_after=1, as_witness=True)


def _sentencing(story: Story, crime: InventedCrime, hearing: str) -> Telling:
    sentenced_on = _court_day(story, 10, 40)
    yield _listed(story, hearing, "sentence", sentenced_on)
    story.day = sentenced_on
    yield story.happens(
        K.SENTENCE_RECEIVED, hearing, received_after=_delay_of_result(story), details=_sentence(story, crime)
    )
    if story.likely(0.05):
        yield story.wait(10, 25).happens(K.APPEAL_NEWS_RECEIVED, "Appeal 1", received_after=1, step="proceeding")
        yield story.wait(40, 90).happens(K.APPEAL_NEWS_RECEIVED, "Appeal 1", received_after=1, step="outcome")


def _sentence(story: Story, crime: InventedCrime) -> dict[str, Value]:
    """Some results come without saying whether the offence is a specified one: that is not yet known."""
    months = (0, 0, 0, 4, 8, 14, 20, 36) if crime.serious else (0, 0, 0, 6, 16)
    custody = story.chance.choice(months)
    if custody >= 12 and story.likely(0.25):
        return {"custody_months": custody}
    specified = crime.serious or crime.crime_type in ("Robbery", "Violence and sexual offences")
    return {"custody_months": custody, "specified_offence": specified, "hospital_order": False}


def _listed(story: Story, hearing: str, kind: str, on: date) -> Happening:
    """A few are seen on the court's list before the witness care unit has them: their clock has not started."""
    arrival = None if story.likely(0.02) else _arrival(story)
    return story.happens(K.HEARING_LISTED, hearing, received_after=arrival, hearing_on=on, hearing_type=kind)


def _result(story: Story, kind: K, hearing: str, on: date) -> Happening:
    return story.happens(kind, hearing, on=on, received_after=_delay_of_result(story))


def _arrival(story: Story) -> int:
    return story.chance.choices((0, 1, 2, 3), (3, 4, 2, 1))[0]


def _delay_of_result(story: Story) -> int:
    """Working days from the court to the witness care unit, often more than they should be."""
    return story.chance.choices((0, 1, 2, 3, 4, 5, 7, 10, 15), (10, 16, 16, 14, 12, 10, 10, 7, 5))[0]


def _court_day(story: Story, least: int, most: int) -> date:
    """A working day some days ahead."""
    day = story.day + timedelta(days=story.chance.randint(least, most))
    return day if story.calendar.is_working_day(day) else story.calendar.add_working_days(day, 1)

"""Whether a victim may be asked how it was for them: by their journey, their choices, and when they were asked last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.case import status_of
from victimcare.domain.feedback import DueToAsk, FeedbackRefused, Survey, due_to_ask
from victimcare.domain.journey import Journey
from victimcare.domain.victim import is_under_18
from victimcare.store import contact_choices, feedback


@dataclass(frozen=True, slots=True)
class VictimToAsk:
    """A victim by their case, as far as it decides whether they may be asked."""

    case_id: int
    journey: Journey
    born_on: date | None


def point_due(connection: Connection, whose: VictimToAsk, *, survey: Survey, today: date) -> DueToAsk:
    """The agreed point for which they may be asked today (London date). Raises `FeedbackRefused` with why not."""
    chains = whose.journey.chains().values()
    if status_of(chains) != "open":
        raise FeedbackRefused("the case is not open")
    if feedback.opted_out(connection, whose.case_id) is not None:
        raise FeedbackRefused("the victim does not want to be asked")
    if contact_choices.chosen(connection, whose.case_id, whose.journey).nothing:
        raise FeedbackRefused("the victim chose not to hear from us")
    if whose.born_on is not None and is_under_18(whose.born_on, today):
        raise FeedbackRefused("the victim is under 18, and these questions are for adults")
    rows = feedback.of_case(connection, whose.case_id)
    if any(row.ended_at is None and row.asked_on is None for row in rows):
        raise FeedbackRefused("a message that asks them has not left yet")
    due = due_to_ask(chains, feedback.asked_of(rows), survey=survey, today=today)
    if due is None:
        raise FeedbackRefused("it is no time to ask: no agreed point was reached lately, or they were asked lately")
    return due

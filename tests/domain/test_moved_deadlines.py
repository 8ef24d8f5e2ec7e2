"""What moves when something more is known is told whole: what appears, goes, moves, ends, opens again, and why."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import duty, event, journey
from tests.domain.random_journeys import CALENDAR, CODE, journeys
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.moved_deadlines import Move, MovedDeadline, moved_deadlines

TODAY = date(2026, 6, 10)
ARREST = event(EventKind.SUSPECT_ARRESTED, "2026-06-08", key="arrest", subject="Suspect 1")
TOLD = event(EventKind.CONTACT_MADE, "2026-06-09", key="call", answers=[duty("R6-ARR", "arrest")], channel="phone")
ENHANCED = event(EventKind.NEEDS_ASSESSED, "2026-06-09", tier="enhanced", grounds="vulnerable")


def owed_in(*events: JourneyEvent) -> tuple[Entitlement, ...]:
    return assess(journey(*events), CODE, CALENDAR)


def moved_by(new: JourneyEvent, *known: JourneyEvent) -> dict[str, MovedDeadline]:
    return {one.owed.rule.id: one for one in moved_deadlines(owed_in(*known), owed_in(*known, new), on=TODAY)}


def test_a_new_duty_appears_with_its_day_and_what_starts_it() -> None:
    one = moved_by(ARREST)["R6-ARR"]
    assert (one.move, one.due_before, one.due_after) == (Move.APPEARS, None, date(2026, 6, 15))
    assert (one.title, one.subject) == (one.owed.rule.title, "Suspect 1")
    assert (one.standing_before, one.standing_after) == (None, "due")
    assert one.why == "A suspect was arrested on Monday 8 June 2026, which starts it."


def test_a_tier_gained_brings_an_open_deadline_forward_and_says_which_tier_and_since_when() -> None:
    one = moved_by(ENHANCED, ARREST)["R6-ARR"]
    assert (one.move, one.due_before, one.due_after) == (Move.EARLIER, date(2026, 6, 15), date(2026, 6, 10))
    assert (one.tier_before, one.tier_after) == ("Standard rights", "Enhanced rights")
    assert (one.standing_before, one.standing_after) == ("due", "due today")
    assert one.why == "The victim has enhanced rights from Tuesday 9 June 2026."


def test_a_date_put_right_moves_the_clock() -> None:
    earlier = event(
        EventKind.SUSPECT_ARRESTED, "2026-06-01", recorded=TODAY, subject="Suspect 1", corrects="arrest",
        correction="amends",
    )  # fmt: skip
    one = moved_by(earlier, ARREST)["R6-ARR"]
    assert (one.move, one.due_before, one.due_after) == (Move.EARLIER, date(2026, 6, 15), date(2026, 6, 8))
    assert (one.standing_before, one.standing_after) == ("due", "overdue")
    assert one.why == "Its clock starts on Monday 1 June 2026 instead of Monday 8 June 2026."


def test_an_answer_ends_a_duty_and_wrong_news_opens_it_again() -> None:
    ends = moved_by(TOLD, ARREST)["R6-ARR"]
    assert (ends.move, ends.standing_after, ends.why) == (Move.ENDS, "met", "It was done on Tuesday 9 June 2026.")
    wrong = event(
        EventKind.SUSPECT_ARRESTED, "2026-06-08", recorded=TODAY, subject="Suspect 1", corrects="arrest",
        correction="changes_news",
    )  # fmt: skip
    opens = moved_by(wrong, ARREST, TOLD)["R6-ARR"]
    assert (opens.move, opens.standing_before, opens.standing_after) == (Move.OPENS, "met", "due")
    assert opens.why == "What ended it no longer does, so it is owed again."


def test_what_never_happened_leaves_its_duty_recorded_in_error() -> None:
    never = event(
        EventKind.SUSPECT_ARRESTED, "2026-06-08", recorded=TODAY, subject="Suspect 1", corrects="arrest",
        correction="never_happened",
    )  # fmt: skip
    one = moved_by(never, ARREST, TOLD)["R6-ARR"]
    assert (one.move, one.standing_after) == (Move.GOES, "recorded in error")
    assert one.why == "It was recorded in error: the duty never arose."


def test_what_touches_no_duty_moves_nothing() -> None:
    tried = event(EventKind.CONTACT_ATTEMPTED, "2026-06-09", answers=[duty("R6-ARR", "arrest")], channel="phone")
    assert moved_by(tried, ARREST) == {}


@given(journeys(), st.data())
def test_nothing_moves_unsaid_and_nothing_is_said_that_does_not_move(known: Journey, data: st.DataObject) -> None:
    """What is not among the moved stands before and after alike, on that day."""
    cut = data.draw(st.integers(0, len(known.events)))
    earlier = {event.key for event in known.events[:cut]}
    kept = [event for event in known.events[:cut] if event.corrects is None or event.corrects in earlier]
    before, after = assess(journey(*kept), CODE, CALENDAR), assess(known, CODE, CALENDAR)
    moved = {one.owed.key for one in moved_deadlines(before, after, on=TODAY)}
    old, new = ({owed.key: owed for owed in some} for some in (before, after))
    assert moved <= old.keys() | new.keys()
    assert old.keys() ^ new.keys() <= moved
    for key in (old.keys() & new.keys()) - moved:
        assert (old[key].due_on, old[key].standing_on(TODAY)) == (new[key].due_on, new[key].standing_on(TODAY))

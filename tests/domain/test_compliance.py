"""What a duty comes to in figures, against how it stands once everything is over."""

from datetime import date

from hypothesis import given

from tests.builders import duty, event, journey
from tests.domain.random_journeys import CALENDAR, CODE, journeys
from victimcare.domain.compliance import COUNTED, NOT_COUNTED, Outcome, outcome_of
from victimcare.domain.entitlements import Counting, Entitlement, Standing, assess
from victimcare.domain.journey import Journey

AFTERWARDS = date(2035, 1, 1)
COLUMN_OF = {
    Standing.MET: Outcome.MET,
    Standing.MET_LATE: Outcome.MET_LATE,
    Standing.OVERDUE: Outcome.OPEN,
    Standing.SUPERSEDED: Outcome.SUPERSEDED,
    Standing.DECLINED: Outcome.DECLINED,
    Standing.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    Standing.NOT_SAFE: Outcome.NOT_SAFE,
    Standing.GOOD_REASON: Outcome.GOOD_REASON,
    Standing.RECORDED_IN_ERROR: Outcome.RECORDED_IN_ERROR,
    Standing.NO_EVIDENCE: Outcome.NO_EVIDENCE,
    Standing.NOT_YET_KNOWN: Outcome.NOT_YET_KNOWN,
    Standing.EXPECTED: Outcome.EXPECTED,
    Standing.NOT_STARTED: Outcome.NOT_STARTED,
}


def column_of(entitlement: Entitlement) -> Outcome:
    """Where a person would put it who reads how it stands long after its day."""
    standing = entitlement.standing_on(AFTERWARDS)
    if entitlement.late_on(AFTERWARDS) and standing not in (Standing.MET_LATE, Standing.OVERDUE):
        return Outcome.LATE_THEN_ENDED
    if standing is Standing.MET and entitlement.counting is not Counting.COUNTED:
        return Outcome(entitlement.counting.value)
    return COLUMN_OF[standing]


@given(journeys())
def test_every_duty_is_where_its_standing_long_afterwards_puts_it(of_somebody: Journey) -> None:
    for entitlement in assess(of_somebody, CODE, CALENDAR):
        assert outcome_of(entitlement) is column_of(entitlement), entitlement


def test_every_outcome_is_either_counted_or_not() -> None:
    assert sorted([*COUNTED, *NOT_COUNTED]) == sorted(Outcome)


def test_a_duty_met_on_its_last_day_is_in_time_and_on_the_next_late() -> None:
    assert outcome_of(arrest_told_on("2026-05-29")) is Outcome.MET
    assert outcome_of(arrest_told_on("2026-05-30")) is Outcome.MET_LATE


def test_declining_a_duty_that_is_already_late_leaves_it_late() -> None:
    assert outcome_of(arrest("duty_declined", "2026-05-29")) is Outcome.DECLINED
    assert outcome_of(arrest("duty_declined", "2026-05-30")) is Outcome.LATE_THEN_ENDED


def arrest_told_on(day: str) -> Entitlement:
    return arrest("contact_made", day)


def arrest(kind: str, day: str) -> Entitlement:
    """The duty to tell of an arrest on Thursday 21 May 2026, due on the 29th: 25 May is a bank holiday."""
    events = (
        event("suspect_arrested", "2026-05-21", key="arrest", subject="A"),
        event(kind, day, answers=[duty("R6-ARR", "arrest")]),
    )
    return next(e for e in assess(journey(*events), CODE, CALENDAR) if e.rule.id == "R6-ARR")

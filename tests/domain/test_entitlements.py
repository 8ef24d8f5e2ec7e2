"""The heart, small thing by small thing. Its laws: test_entitlement_laws.py; its stories: worked_examples.toml."""

from datetime import date

import pytest

from tests.builders import duty, event, journey
from tests.domain.random_journeys import CALENDAR, CODE
from victimcare.domain.entitlements import Counting, Ending, Entitlement, Standing, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import CorrectsNothing, JourneyEvent

MONDAY = date(2026, 6, 8)
ARREST = event(EventKind.SUSPECT_ARRESTED, MONDAY, key="arrest", subject="Suspect 1")
DUE = date(2026, 6, 15)


def told(on: date, *, key: str = "call", start: str = "arrest") -> JourneyEvent:
    return event(EventKind.CONTACT_MADE, on, key=key, answers=[duty("R6-ARR", start)], channel="phone")


def the_arrest(*others: JourneyEvent) -> Entitlement:
    """The duty to tell of ARREST, which a standard victim is owed by DUE."""
    owed = {each.key: each for each in assess(journey(ARREST, *others), CODE, CALENDAR)}
    return owed["R6-ARR", "arrest"]


def june(day: int) -> date:
    return date(2026, 6, day)


# ------------------------------------------------------------------------------------------------------- small things


@pytest.mark.parametrize(
    ("day", "standing", "late"),
    [
        (7, Standing.NOT_STARTED, 0),
        (8, Standing.DUE, 0),
        (14, Standing.DUE, 0),
        (15, Standing.DUE_TODAY, 0),
        (16, Standing.OVERDUE, 1),
        (19, Standing.OVERDUE, 4),
        (20, Standing.OVERDUE, 4),
        (22, Standing.OVERDUE, 5),
    ],
)
def test_a_duty_stands_differently_on_each_side_of_its_day(day: int, standing: Standing, late: int) -> None:
    owed = the_arrest()
    assert (owed.due_on, owed.standing_on(june(day))) == (DUE, standing)
    assert owed.working_days_late_on(june(day), CALENDAR) == late
    assert owed.late_on(june(day)) is (late > 0)


@pytest.mark.parametrize(
    ("on", "as_of", "standing", "late"),
    [
        (15, 14, Standing.DUE, 0),
        (15, 15, Standing.MET, 0),
        (15, 30, Standing.MET, 0),
        (16, 15, Standing.DUE_TODAY, 0),
        (16, 16, Standing.MET_LATE, 1),
        (17, 16, Standing.OVERDUE, 1),
        (17, 30, Standing.MET_LATE, 2),
    ],
)
def test_what_was_told_later_is_not_seen_earlier(on: int, as_of: int, standing: Standing, late: int) -> None:
    owed = the_arrest(told(june(on)))
    assert owed.standing_on(june(as_of)) is standing
    assert owed.working_days_late_on(june(as_of), CALENDAR) == late


def test_told_on_a_saturday_after_a_friday_deadline_is_late_by_no_working_day() -> None:
    friday = event(EventKind.SUSPECT_ARRESTED, june(5), key="arrest", subject="Suspect 1")
    (owed,) = assess(journey(friday, told(june(13))), CODE, CALENDAR)
    assert (owed.due_on, owed.standing_on(june(30))) == (june(12), Standing.MET_LATE)
    assert owed.late_on(june(30))
    assert owed.working_days_late_on(june(30), CALENDAR) == 0


def test_the_first_of_two_contacts_that_name_a_duty_meets_it() -> None:
    owed = the_arrest(told(june(17), key="second"), told(june(10), key="first"))
    assert (owed.ending, owed.ended_on, owed.ended_by) == (Ending.MET, june(10), "first")


def test_a_contact_that_never_happened_answers_nothing_though_it_was_linked() -> None:
    call = event(EventKind.CONTACT_MADE, june(9), key="call", channel="phone")
    never = event(EventKind.CONTACT_MADE, june(9), recorded=june(12), corrects="call", correction="never_happened")
    names = [duty("R6-ARR", "arrest")]
    link = event(EventKind.ALSO_ANSWERED, june(10), key="link", answers=names, contact="call")
    assert the_arrest(call, link).ended_on == june(9)
    assert the_arrest(call, never, link).ending is None


def test_told_and_found_not_to_apply_on_one_day_is_met() -> None:
    finding = event(
        EventKind.DUTY_NOT_APPLICABLE, june(10), key="a", answers=[duty("R6-ARR", "arrest")], reason="other"
    )
    assert the_arrest(finding, told(june(10), key="b")).ending is Ending.MET


def test_the_agreed_good_reason_names_the_decision_and_the_day_it_was_asked_for() -> None:
    names = [duty("R6-ARR", "arrest")]
    asked = event(EventKind.GOOD_REASON_REQUESTED, DUE, key="asked", answers=names, reason="other")
    agreed = event(EventKind.GOOD_REASON_AGREED, june(22), key="agreed", answers=names)
    owed = the_arrest(asked, agreed)
    assert (owed.ending, owed.ended_on, owed.ended_by) == (Ending.GOOD_REASON, DUE, "agreed")


def test_agreed_and_refused_on_one_day_at_no_known_hour_stays_owed() -> None:
    names = [duty("R6-ARR", "arrest")]
    asked = event(EventKind.GOOD_REASON_REQUESTED, june(9), key="asked", answers=names, reason="other")
    decisions = [
        event(kind, june(10), key=key, answers=names)
        for kind, key in ((EventKind.GOOD_REASON_REFUSED, "a"), (EventKind.GOOD_REASON_AGREED, "b"))
    ]
    assert the_arrest(asked, *decisions).ending is None


def test_what_starts_on_the_day_of_an_opt_out_is_declined_from_its_start() -> None:
    out = event(EventKind.OPTED_OUT, MONDAY, key="out", scope="rule:R6-ARR")
    owed = the_arrest(out)
    assert (owed.ending, owed.ended_on, owed.ended_by) == (Ending.DECLINED, MONDAY, "out")


def test_an_opt_out_of_an_agencys_clock_changes_nothing_between_agencies() -> None:
    out = event(EventKind.OPTED_OUT, MONDAY, key="out", scope="all")
    result = event(EventKind.BAIL_RESULT_RECEIVED, june(9), key="result", received=june(10), subject="Hearing 1")
    owed = {each.rule.id: each.ending for each in assess(journey(out, result), CODE, CALENDAR)}
    assert owed == {"H-COURT8": Ending.MET, "R8-CBAIL": Ending.DECLINED}


def test_opted_out_and_in_on_one_day_at_no_known_hour_is_told() -> None:
    choices = [
        event(kind, june(5), key=key, scope="all")
        for kind, key in ((EventKind.OPTED_IN, "a"), (EventKind.OPTED_OUT, "b"))
    ]
    assert the_arrest(*choices).ending is None


def test_the_tier_that_decided_is_named_with_its_grounds() -> None:
    needs = event(EventKind.NEEDS_ASSESSED, june(10), tier="enhanced", grounds="vulnerable")
    tier = the_arrest(needs).tier
    assert (tier.tier, tier.grounds, tier.from_on) == ("enhanced", "vulnerable", june(10))


def test_a_tier_whose_birthday_had_passed_when_it_was_assessed_was_never_held() -> None:
    needs = event(EventKind.NEEDS_ASSESSED, june(10), tier="enhanced", grounds="under_18", until_on=june(9))
    assert the_arrest(needs).due_on == DUE


def test_a_duty_without_a_day_is_put_under_the_tier_held_when_it_happened() -> None:
    needs = event(EventKind.NEEDS_ASSESSED, june(1), tier="enhanced", grounds="vulnerable")
    agreed = event(EventKind.CONTACT_INTERVAL_AGREED, june(2), key="agreed", interval_days=7)
    published = event(EventKind.SUSPECT_ARRESTED, june(3), key="list", subject="Suspect 2", contacts_recorded=False)
    owed = assess(journey(needs, agreed, published), CODE, CALENDAR)
    assert {each.rule.id: each.tier.tier for each in owed} == {"R6-AGREED": "enhanced", "R6-ARR": "enhanced"}


def test_who_owed_a_duty_stays_known_when_it_was_recorded_in_error() -> None:
    complaint = event(
        EventKind.COMPLAINT_MADE, MONDAY, key="complaint", received=MONDAY, subject="C1", complained_of="cps"
    )
    never = event(EventKind.COMPLAINT_MADE, MONDAY, recorded=june(9), corrects="complaint", correction="never_happened")
    (owed,) = assess(journey(complaint, never), CODE, CALENDAR)
    assert (owed.ending, owed.owed_by) == (Ending.RECORDED_IN_ERROR, "cps")


def test_what_never_was_a_duty_is_not_one_recorded_in_error() -> None:
    listing = event(
        EventKind.HEARING_LISTED, MONDAY, key="listing", received=MONDAY, hearing_on=june(20), hearing_type="plea"
    )
    never = event(EventKind.HEARING_LISTED, MONDAY, recorded=june(9), corrects="listing", correction="never_happened")
    assert [each.rule.id for each in assess(journey(listing, never), CODE, CALENDAR)] == ["R8-HEAR"]


def test_a_result_that_was_received_answers_for_the_hearing_before_one_that_was_not() -> None:
    listing = event(
        EventKind.HEARING_LISTED, june(1), key="listing", received=june(1), subject="Trial",
        hearing_on=june(10), hearing_type="trial",
    )  # fmt: skip
    unreceived = event(EventKind.COURT_OUTCOME_RECEIVED, june(10), key="a", subject="Trial")
    received = event(EventKind.SENTENCE_RECEIVED, june(10), key="b", received=june(12), subject="Trial")
    owed = {each.key: each for each in assess(journey(listing, unreceived, received), CODE, CALENDAR)}
    assert (owed["H-COURT9", "listing"].ending, owed["H-COURT9", "listing"].ended_on) == (Ending.MET, june(12))
    assert owed["H-COURT9", "a"].standing_on(june(18)) is Standing.OVERDUE


def test_a_court_result_of_which_only_the_month_is_known_is_no_evidence() -> None:
    listing = event(
        EventKind.HEARING_LISTED, june(1), key="listing", received=june(1), subject="Hearing 1",
        hearing_on=june(10), hearing_type="bail",
    )  # fmt: skip
    result = event(EventKind.BAIL_RESULT_RECEIVED, "2026-06", key="result", received=june(30), subject="Hearing 1")
    owed = {each.key: each for each in assess(journey(listing, result), CODE, CALENDAR)}
    assert owed["H-COURT8", "listing"].counting is Counting.NO_EVIDENCE


def test_the_day_a_duty_became_known_is_that_of_its_first_record_in_london() -> None:
    late = event(EventKind.SUSPECT_ARRESTED, MONDAY, key="arrest", recorded="2026-06-09T23:30Z", subject="Suspect 1")
    amended = event(
        EventKind.SUSPECT_ARRESTED,
        MONDAY,
        recorded=june(20),
        subject="Suspect 1",
        corrects="arrest",
        correction="amends",
    )
    (owed,) = assess(journey(late, amended), CODE, CALENDAR)
    assert owed.known_on == june(10)


def test_an_edition_ends_and_the_next_one_begins_with_the_day_the_clock_starts() -> None:
    before = event(EventKind.SUSPECT_ARRESTED, date(2026, 12, 31), key="old", subject="A")
    after = event(EventKind.SUSPECT_ARRESTED, date(2027, 1, 1), key="new", subject="B")
    needs = event(EventKind.NEEDS_ASSESSED, date(2026, 12, 1), tier="child")
    owed = {each.start.key: each for each in assess(journey(before, after, needs), CODE, CALENDAR)}
    # The Code of today has no such tier, so its standard: Mon 4 to Fri 8 January (New Year's Day is a Friday).
    assert (owed["old"].edition.id, owed["old"].due_on) == ("2021-04-01", date(2027, 1, 8))
    # The invented one gives children two calendar days.
    assert (owed["new"].edition.id, owed["new"].due_on) == ("example-draft", date(2027, 1, 3))


def test_a_correction_of_nothing_is_refused() -> None:
    stray = event(EventKind.SUSPECT_ARRESTED, MONDAY, key="stray", corrects="gone", correction="amends")
    with pytest.raises(CorrectsNothing, match="event stray corrects gone, which is not in this journey"):
        assess(journey(stray), CODE, CALENDAR)

"""The journey on one line: where it has got to, since when, and what comes next."""

from datetime import date

from hypothesis import given

from tests.builders import event, journey
from tests.domain.random_journeys import journeys
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.stage_line import STAGES, StageLine, stage_line

TODAY = date(2026, 6, 30)
REPORT = event("crime_reported", "2026-06-01")
ARREST = event("suspect_arrested", "2026-06-03", subject="Suspect 1")
CHARGE = event("suspect_charged", "2026-06-05", subject="Suspect 1")


def line_of(*events: JourneyEvent, today: date = TODAY) -> StageLine:
    return stage_line(journey(*events).chains(), today=today)


def listed(hearing: str, on: str, kind: str = "trial", *, told: str = "2026-06-10") -> JourneyEvent:
    details = {"hearing_on": date.fromisoformat(on), "hearing_type": kind}
    return event("hearing_listed", told, received=told, subject=hearing, details=details)


def test_each_stage_has_the_day_on_which_it_was_first_reached_and_the_furthest_is_now() -> None:
    line = line_of(REPORT, ARREST, CHARGE, event("suspect_arrested", "2026-06-09", subject="Suspect 2"))
    assert [(point.name, point.reached_on, point.now) for point in line.points] == [
        ("Report", date(2026, 6, 1), False),
        ("Investigation", date(2026, 6, 3), False),
        ("Decision", date(2026, 6, 5), True),
        ("Court", None, False),
        ("Outcome", None, False),
        ("After the outcome", None, False),
    ]
    assert line.waiting_for == "the date of the first hearing"


def test_a_stage_that_was_passed_over_has_no_day() -> None:
    points = line_of(REPORT, CHARGE).points
    assert [point.reached_on is not None for point in points] == [True, False, True, False, False, False]
    assert [point.passed for point in points] == [False, True, False, False, False, False]


def test_what_stopped_waits_for_nothing_but_a_review_and_what_is_closed_for_nothing() -> None:
    stopped = event("police_decided_no_prosecution", "2026-06-20", subject="Suspect 1")
    assert line_of(REPORT, ARREST, stopped).waiting_for.startswith("nothing, unless")
    closed = line_of(REPORT, ARREST, stopped, event("case_closed", "2026-06-21"))
    assert (closed.waiting_for, closed.hearing) == ("", None)


def test_after_the_sentence_no_sentence_is_waited_for() -> None:
    outcome = event("court_outcome_received", "2026-06-20", subject="Hearing 1")
    sentence = event("sentence_received", "2026-06-22", subject="Hearing 1")
    assert "the sentence" in line_of(REPORT, CHARGE, outcome).waiting_for
    assert "the sentence" not in line_of(REPORT, CHARGE, outcome, sentence).waiting_for


def test_the_next_hearing_is_the_first_to_come_as_it_was_last_listed() -> None:
    put_off = event(
        "hearing_adjourned", "2026-06-20", received="2026-06-20", subject="Hearing 1", hearing_on=date(2026, 9, 7)
    )
    line = line_of(REPORT, CHARGE, listed("Hearing 1", "2026-07-06"), listed("Hearing 2", "2026-08-03", "plea"))
    assert line.hearing is not None
    assert (line.hearing.label, line.hearing.hearing_type, line.hearing.on) == ("Hearing 1", "trial", date(2026, 7, 6))
    later = line_of(
        REPORT, CHARGE, listed("Hearing 1", "2026-07-06"), listed("Hearing 2", "2026-08-03", "plea"), put_off
    )
    assert later.hearing is not None
    assert later.hearing.label == "Hearing 2"
    alone = line_of(REPORT, CHARGE, listed("Hearing 1", "2026-07-06"), put_off).hearing
    assert alone is not None
    assert (alone.hearing_type, alone.on) == ("trial", date(2026, 9, 7)), "put off, it stays a trial"


def test_a_hearing_that_is_over_or_had_its_result_is_not_waited_for() -> None:
    sentence = event("sentence_received", "2026-06-29", received="2026-06-29", subject="Hearing 1")
    assert line_of(REPORT, listed("Hearing 1", "2026-06-29")).hearing is None
    assert line_of(REPORT, listed("Hearing 1", "2026-07-29"), sentence).hearing is None
    assert line_of(REPORT, listed("Hearing 1", "2026-06-30")).hearing is not None, "today counts"


def test_of_a_published_event_only_the_month_is_shown() -> None:
    (report, *_) = line_of(event("crime_reported", "2026-05")).points
    assert (report.reached_on, report.month_only) == (date(2026, 5, 1), True)


@given(journeys())
def test_any_journey_has_one_line_with_one_now(journey: Journey) -> None:
    line = stage_line(journey.chains(), today=date(2029, 12, 31))
    assert [point.name for point in line.points] == list(STAGES)
    reached = [point for point in line.points if point.reached_on]
    assert [point.now for point in reached] == [False] * (len(reached) - 1) + [True] * bool(reached)

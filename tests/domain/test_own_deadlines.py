"""The victim's own deadlines: shown so that nobody misses one, counted against nobody."""

from datetime import date
from typing import Any

import pytest

from tests.builders import event, journey
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.own_deadlines import own_deadlines
from victimcare.editions.law import published_law

LAW = published_law()


MONDAY = "2026-05-18"


def deadlines(*events: JourneyEvent) -> dict[str, date]:
    """The last day of each, by its id; counted by hand in the tests below."""
    found = own_deadlines(journey(*events), LAW.code, LAW.calendar)
    assert [own.until_on for own in found] == sorted(own.until_on for own in found), "the earliest first"
    return {own.deadline.id: own.until_on for own in found}


def sentenced(on: str, **more: Any) -> JourneyEvent:
    return event("sentence_received", on, subject="Hearing 1", **more)


def test_each_of_them_ends_on_the_day_counted_by_hand() -> None:
    no_charge = event("cps_decided_no_charge", MONDAY, subject="Suspect 1")
    ended = event("cps_changed_charges", MONDAY, subject="Suspect 1", all_proceedings_ended=True)
    no_prosecution = event("police_decided_no_prosecution", MONDAY, subject="Suspect 1")
    reported = event("crime_reported", MONDAY, incident_on=date(2026, 5, 10))
    asked = event("review_requested", MONDAY, subject="Suspect 1", scheme="police")
    found = deadlines(reported, no_charge, ended, no_prosecution, sentenced(MONDAY), asked)
    assert found == {
        # 19 to 22 May, 26 to 29 May (the 25th is a bank holiday), 1 and 2 June
        "T-VRR-CPS": date(2026, 6, 2),
        "T-VRR-CPS-ENDED": date(2026, 6, 2),
        "T-VRR-POL-ACK": date(2026, 6, 2),
        "T-ULS": date(2026, 6, 15),
        # and 3 to 5, 8 to 12, 15 to 19, 22 to 26, 29 and 30 June
        "T-VRR-POL-DECIDED": date(2026, 6, 30),
        "T-VRR-CPS-OUTER": date(2026, 8, 18),
        "T-VRR-CPS-ENDED-OUTER": date(2026, 8, 18),
        "T-VRR-POL": date(2026, 8, 18),
        "T-CICA": date(2028, 5, 10),
    }
    assert found.keys() == {own.id for own in LAW.code.latest.own_deadlines}, "one of them is not counted by hand here"


@pytest.mark.parametrize(
    ("decided", "until"), [("2025-11-30", "2026-02-28"), ("2023-11-30", "2024-02-29"), ("2025-12-31", "2026-03-31")]
)
def test_months_end_on_a_day_that_there_is(decided: str, until: str) -> None:
    event_ = event("police_decided_no_prosecution", decided, subject="Suspect 1")
    assert deadlines(event_) == {"T-VRR-POL": date.fromisoformat(until)}


def test_compensation_counts_from_the_incident_and_from_nothing_while_that_is_not_known() -> None:
    assert deadlines(event("crime_reported", MONDAY)) == {}


def test_the_sentence_counts_from_the_day_it_was_passed_and_not_from_the_day_its_news_came() -> None:
    assert deadlines(sentenced(MONDAY, received="2026-05-28")) == {"T-ULS": date(2026, 6, 15)}


@pytest.mark.parametrize(("ended", "count"), [(True, 2), (None, 2), (False, 0)])
def test_while_it_is_not_known_whether_all_ended_the_deadline_is_shown(ended: bool | None, count: int) -> None:
    """To be shown one that does not hold costs a question, to miss one costs the right."""
    details = {} if ended is None else {"all_proceedings_ended": ended}
    assert len(deadlines(event("cps_changed_charges", MONDAY, subject="Suspect 1", details=details))) == count


def test_an_event_known_to_the_month_gives_no_day() -> None:
    assert deadlines(event("police_decided_no_prosecution", "2026-05")) == {}


def test_before_the_first_edition_there_is_none() -> None:
    assert deadlines(sentenced("2021-03-31")) == {}
    assert deadlines(sentenced("2021-04-01")) == {"T-ULS": date(2021, 4, 29)}


def test_a_corrected_day_moves_it_and_what_never_happened_starts_none() -> None:
    first = sentenced(MONDAY, key="first")
    amended = sentenced("2026-05-15", recorded="2026-05-20", corrects="first", correction="amends")
    gone = sentenced(MONDAY, recorded="2026-05-21", corrects="first", correction="never_happened")
    assert deadlines(first, amended) == {"T-ULS": date(2026, 6, 12)}
    assert deadlines(first, amended, gone) == {}


def test_each_decision_has_its_own() -> None:
    two = [event("police_decided_no_prosecution", on, subject=on) for on in ("2026-05-18", "2026-06-18")]
    found = own_deadlines(journey(*two), LAW.code, LAW.calendar)
    assert [(own.started_on.month, own.until_on.month) for own in found] == [(5, 8), (6, 9)]


# ------------------------------------------------------------------------------------------------------ used, and kept


def met(*events: JourneyEvent) -> dict[str, date | None]:
    return {own.deadline.id: own.met_on for own in own_deadlines(journey(*events), LAW.code, LAW.calendar)}


def asked(on: str, scheme: str = "cps", subject: str = "Suspect 1") -> JourneyEvent:
    return event("review_requested", on, subject=subject, scheme=scheme)


NO_CHARGE = event("cps_decided_no_charge", MONDAY, subject="Suspect 1")


def test_a_review_asked_for_uses_the_deadlines_of_its_own_decision_and_scheme() -> None:
    assert met(NO_CHARGE, asked("2026-05-20")) == {
        "T-VRR-CPS": date(2026, 5, 20),
        "T-VRR-CPS-OUTER": date(2026, 5, 20),
    }
    for other in (asked("2026-05-20", "police"), asked("2026-05-20", subject="Suspect 2"), asked("2026-05-15")):
        found = met(NO_CHARGE, other)
        assert (found["T-VRR-CPS"], found["T-VRR-CPS-OUTER"]) == (None, None)


def test_what_the_police_promised_is_kept_by_their_answer_and_what_the_cps_does_is_not_known() -> None:
    ack = event("review_acknowledged", "2026-05-22", subject="Suspect 1", scheme="police")
    end = event("review_decided", "2026-06-24", subject="Suspect 1", scheme="police", result="stands")
    assert met(asked("2026-05-20", "police")) == {"T-VRR-POL-ACK": None, "T-VRR-POL-DECIDED": None}
    assert met(asked("2026-05-20", "police"), ack, end) == {
        "T-VRR-POL-ACK": date(2026, 5, 22),
        "T-VRR-POL-DECIDED": date(2026, 6, 24),
    }
    assert met(asked("2026-05-20", "cps")) == {}


def test_a_sentence_and_compensation_are_asked_about_once() -> None:
    reported = event("crime_reported", MONDAY, incident_on=date(2026, 5, 10))
    court = event("compensation_applied", "2026-05-19", scheme="court")
    scheme = event("compensation_applied", "2026-05-21", scheme="cics")
    general = event("sentence_review_asked", "2026-05-27", subject="Hearing 1")
    assert met(reported, court, sentenced(MONDAY), general) == {"T-ULS": date(2026, 5, 27), "T-CICA": None}
    assert met(reported, court, scheme) == {"T-CICA": date(2026, 5, 21)}


def test_a_day_has_passed_only_when_nothing_was_done_by_it() -> None:
    (open_,) = own_deadlines(journey(sentenced(MONDAY)), LAW.code, LAW.calendar)
    assert [open_.passed_on(date(2026, 6, day)) for day in (15, 16)] == [False, True]
    used = event("sentence_review_asked", "2026-06-15", subject="Hearing 1")
    (kept,) = own_deadlines(journey(sentenced(MONDAY), used), LAW.code, LAW.calendar)
    assert not kept.passed_on(date(2026, 7, 1))

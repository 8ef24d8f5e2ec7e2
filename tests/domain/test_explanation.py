"""A deadline says why: what started it, who must act within what, which days do not count, and how sure we are."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders import duty, event, journey
from victimcare.domain.code import VictimsCode
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.explanation import explain, in_words
from victimcare.domain.journey import DutyNamed, JourneyEvent
from victimcare.editions import loader
from victimcare.editions.law import published_law
from victimcare.editions.loader import load_edition

LAW = published_law()
EXAMPLE_DRAFT = Path(loader.__file__).with_name("example-draft.toml")
NAMES = {"police": "Bedfordshire Police"}


def owed(rule: str, *events: JourneyEvent) -> Entitlement:
    """The last duty of this rule that the events start."""
    assessed = assess(journey(*events), LAW.code, LAW.calendar)
    return [entitlement for entitlement in assessed if entitlement.rule.id == rule][-1]


def why(rule: str, *events: JourneyEvent) -> str:
    return explain(owed(rule, *events), LAW.calendar, agency_names=NAMES)


ARRESTED = event("suspect_arrested", "2026-05-22", key="arrest", subject="Suspect 1")
UNDER_18 = event("needs_assessed", "2026-05-20", tier="enhanced", grounds="under_18")


def told(on: str, *duties: DutyNamed) -> JourneyEvent:
    return event("contact_made", on, channel="phone", answers=duties)


def test_the_whole_story_of_a_deadline_is_told_in_sentences() -> None:
    assert why("R6-ARR", UNDER_18, ARRESTED) == (
        "A suspect was arrested on Friday 22 May 2026. "
        "The victim has enhanced rights (under 18) since 20 May, so Bedfordshire Police must tell them within "
        "1 working day. "
        "Saturday 23, Sunday 24 and Monday 25 May (Spring bank holiday) do not count. "
        "Due by the end of Tuesday 26 May 2026. "
        "Right 6, Information about the investigation and prosecution (paragraph 6.1, recalled; edition 2021-04-01). "
        "Evidence: summary."
    )


def test_a_tier_gained_while_the_duty_is_open_is_counted_from_the_day_it_was_gained() -> None:
    gained = event("needs_assessed", "2026-05-26", tier="enhanced", grounds="vulnerable")
    text = why("R6-ARR", ARRESTED, gained)
    assert "The victim has enhanced rights (vulnerable) since 26 May, so Bedfordshire Police" in text
    assert "within 1 working day of that day. Due by the end of Wednesday 27 May 2026." in text
    assert "do not count" not in text


def test_a_tier_gained_in_another_year_says_the_year() -> None:
    early = event("needs_assessed", "2025-12-30", tier="enhanced", grounds="intimidated")
    assert "(intimidated) since 30 December 2025" in why("R6-ARR", early, ARRESTED)


def test_days_that_do_not_count_are_told_month_by_month() -> None:
    sentenced = event(
        "sentence_received", "2026-12-18", received="2026-12-21", subject="Hearing 1", hospital_order=True
    )
    assert (
        "Saturday 19, Sunday 20, Friday 25 (Christmas Day), Saturday 26, Sunday 27, Monday 28 December (Boxing Day, "
        "substitute day), Friday 1 (New Year's Day), Saturday 2 and Sunday 3 January do not count."
    ) in why("R11-VCSREF", sentenced)


def test_one_day_that_does_not_count_is_singular() -> None:
    reported = event("crime_reported", "2026-05-23")
    assert "Sunday 24 and Monday 25 May (Spring bank holiday) do not count." in why("R4-REF", reported)
    assert "Sunday 31 May does not count." in why("R4-REF", event("crime_reported", "2026-05-30"))


def test_a_clock_of_receipt_says_who_had_the_news_when() -> None:
    listed = event(
        "hearing_listed",
        "2026-05-19",
        received="2026-05-21",
        subject="H",
        hearing_on=date(2026, 8, 3),
        hearing_type="trial",
    )
    assert why("R8-HEAR", listed).startswith(
        "A hearing was listed; the Witness Care Unit had the news on Thursday 21 May 2026. "
        "The victim has standard rights, so the Witness Care Unit must tell them within 1 working day."
    )


def test_a_clock_of_receipt_that_has_not_started_says_so() -> None:
    listed = event("hearing_listed", "2026-05-19", subject="H", hearing_on=date(2026, 8, 3), hearing_type="trial")
    text = why("R8-HEAR", listed)
    assert text.startswith("A hearing was listed, but the clock has not started. Right 8")


def test_a_result_is_expected_until_it_is_confirmed_and_then_says_when_the_court_dealt_with_it() -> None:
    listed = event(
        "hearing_listed",
        "2026-05-01",
        received="2026-05-01",
        subject="H",
        hearing_on=date(2026, 6, 3),
        hearing_type="trial",
    )
    assert why("H-COURT9", listed).startswith(
        "A hearing was listed for Wednesday 3 June 2026; its result is expected and not yet confirmed. "
        "HM Courts and Tribunals Service must act within 5 working days: "
        "give the Witness Care Unit the outcome of the case and the sentence."
    )
    result = event("court_outcome_received", "2026-06-04", received="2026-06-12", subject="H")
    text = why("H-COURT9", listed, result)
    assert text.startswith("The court dealt with it on Thursday 4 June 2026. HM Courts")
    assert "It was done on Friday 12 June 2026, 1 working day late." in text


def test_news_that_comes_says_on_which_day_it_came() -> None:
    result = event("court_outcome_received", "2026-06-04", received="2026-06-12", subject="H")
    assert why("R9-OUT", result).startswith("The outcome of the case came from the court on Friday 12 June 2026.")


def test_what_is_no_telling_is_named() -> None:
    assert (
        "so the Probation Service must act within 20 working days: "
        "make the first contact with the victim as their victim liaison officer. "
    ) in why("R11-VLO", event("vcs_referred", "2026-05-20"))


def test_an_agreed_interval_is_told_in_calendar_days_from_the_last_contact() -> None:
    agreed = event("contact_interval_agreed", "2026-05-20", interval_days=14)
    assert why("R6-AGREED", agreed).startswith(
        "How often to be in touch was agreed with the victim on Wednesday 20 May 2026. "
        "Bedfordshire Police agreed to be in touch at least every 14 calendar days. "
        "Due by the end of Wednesday 3 June 2026."
    )
    assert why("R6-AGREED", agreed, told("2026-05-28")).startswith(
        "The victim was last reached on Thursday 28 May 2026. Bedfordshire Police agreed"
    )


def test_a_day_beyond_the_published_bank_holidays_is_provisional() -> None:
    assert "(provisional: bank holidays for that year are not yet published)." in why(
        "R6-ARR", event("suspect_arrested", "2090-05-22", subject="S")
    )
    assert "provisional" not in why("R6-ARR", ARRESTED)


@pytest.mark.parametrize("happened", ["2026-05", "2026-05-22"])
def test_what_cannot_be_shown_gives_no_day(happened: str) -> None:
    unknown = event("suspect_arrested", happened, subject="S", contacts_recorded=happened == "2026-05")
    text = why("R6-ARR", unknown)
    assert "so nothing can be shown" in text
    assert "Due by" not in text


def test_what_is_not_yet_known_names_what_is_missing() -> None:
    sentenced = event("sentence_received", "2026-05-18", received="2026-05-18", subject="H", custody_months=14)
    assert (
        "It is not yet known whether this applies (not recorded: Specified violent or sexual offence?; "
        "Detained in hospital under the Mental Health Act?). If it does: The victim has standard rights, so "
    ) in why("R11-VCSREF", sentenced)


def test_a_duty_that_was_done_says_when_and_how_late() -> None:
    arr = duty("R6-ARR", "arrest")
    assert "It was done on Friday 29 May 2026." in why("R6-ARR", ARRESTED, told("2026-05-29", arr))
    late = why("R6-ARR", ARRESTED, told("2026-06-03", arr))
    assert "It was done on Wednesday 3 June 2026, 2 working days late." in late


def test_a_part_that_is_left_to_tell_is_named() -> None:
    decided = event("police_decided_no_prosecution", "2026-05-20", key="nfa", subject="S")
    reasons_only = told("2026-05-21", duty("R6-POLNFA", "nfa", "reasons", "information", "support"))
    assert "Still to be told: how to ask for a review (Victims' Right to Review)." in why(
        "R6-POLNFA", decided, reasons_only
    )
    assert "Still to be told" not in why("R6-POLNFA", decided)


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("duty_declined", "The victim declined it; that ended it on Tuesday 26 May 2026."),
        ("duty_not_applicable", "It was found not to apply on Tuesday 26 May 2026."),
        ("duty_not_safe", "It was found not safe to inform the victim on Tuesday 26 May 2026."),
    ],
)
def test_an_ending_says_what_and_when(ending: str, sentence: str) -> None:
    ended = event(ending, "2026-05-26", answers=[duty("R6-ARR", "arrest")], details={"reason": "x", "contact": "y"})
    assert sentence in why("R6-ARR", ARRESTED, ended)


def test_a_good_reason_says_when_it_was_asked_for() -> None:
    arr = [duty("R6-ARR", "arrest")]
    asked = event("good_reason_requested", "2026-05-27", answers=arr, reason="x")
    agreed = event("good_reason_agreed", "2026-06-10", answers=arr)
    assert "A good reason not to comply was asked for on Wednesday 27 May 2026 and agreed." in why(
        "R6-ARR", ARRESTED, asked, agreed
    )


def test_later_news_says_that_it_took_the_place() -> None:
    listed, moved = (
        event(kind, on, received=on, subject="H", hearing_on=date(2026, 8, 3), hearing_type="trial")
        for kind, on in [("hearing_listed", "2026-05-19"), ("hearing_adjourned", "2026-05-20")]
    )
    first = next(e for e in assess(journey(listed, moved), LAW.code, LAW.calendar) if e.rule.id == "R8-HEAR")
    assert "Later news on the same subject took its place on Wednesday 20 May 2026." in explain(first, LAW.calendar)


def test_a_mistake_says_that_the_duty_never_arose() -> None:
    never = event(
        "suspect_arrested",
        "2026-05-22",
        subject="Suspect 1",
        corrects="arrest",
        correction="never_happened",
        recorded="2026-05-25",
    )
    assert "It was recorded in error: the duty never arose." in why("R6-ARR", ARRESTED, never)


def test_what_rests_on_weaker_evidence_says_that_it_is_not_verified() -> None:
    charged = event("suspect_charged", "2026-05-20", subject="S")
    assert why("R6-CHG", charged).endswith("Evidence: secondary, not verified.")
    assert why("R6-ARR", ARRESTED).endswith("Evidence: summary.")


def test_limits_in_calendar_days_and_months_skip_nothing_and_say_so() -> None:
    draft = VictimsCode((load_edition(EXAMPLE_DRAFT),))
    reported = event("crime_recorded", "2027-05-28")
    referred = event("vcs_referred", "2027-05-28")
    days, month = (explain(e, LAW.calendar) for e in assess(journey(reported, referred), draft, LAW.calendar))
    assert "must tell them within 7 calendar days. Due by the end of Friday 4 June 2027." in days
    assert "within 1 calendar month: invented: make the first contact. Due by the end of Monday 28 June 2027." in month


def test_an_agency_that_is_not_named_here_has_the_name_of_the_edition() -> None:
    assert "so the Police must tell them" in explain(owed("R6-ARR", ARRESTED), LAW.calendar)


def test_dates_are_told_as_people_say_them() -> None:
    assert in_words(date(2026, 5, 2)) == "Saturday 2 May 2026"

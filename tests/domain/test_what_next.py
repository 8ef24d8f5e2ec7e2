"""What can happen next: what is offered first fits what happened, and everything else stays within reach."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.builders import event, journey
from tests.domain.random_journeys import journeys
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Journey
from victimcare.domain.what_next import MAKES_POSSIBLE, RULES_OUT, START, what_next

K = EventKind
STORIES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "worked_examples.toml").read_text(encoding="utf-8")
)["example"]


def next_for(subject: str | None, *kinds: str) -> set[EventKind]:
    """What can happen next to this subject, after these kinds happened to it one by one."""
    day = iter(range(1, 29))
    told = [event(kind, f"2026-06-{next(day):02}", subject=subject) for kind in kinds]
    return {kind for kind, subjects in what_next(journey(*told)).items() if subject in subjects}


def test_a_case_begins_with_what_can_happen_on_any_day() -> None:
    assert what_next(journey(event("crime_reported", "2026-06-01"))) == {
        kind: (None,) for kind in EVENT_KINDS if kind in START
    }


def test_the_needs_of_a_business_are_not_asked() -> None:
    reported = journey(event("crime_reported", "2026-06-01"))
    assert what_next(reported).keys() - what_next(reported, is_person=False).keys() == {K.NEEDS_ASSESSED}


@pytest.mark.parametrize(
    ("so_far", "possible", "not_now"),
    [
        (["suspect_arrested"], ["suspect_interviewed", "suspect_bailed", "suspect_charged"], ["bail_cancelled"]),
        (["suspect_arrested", "suspect_bailed"], ["bail_conditions_changed", "bail_cancelled"], ["review_requested"]),
        (["suspect_bailed", "bail_cancelled"], ["suspect_charged"], ["bail_cancelled", "bail_conditions_changed"]),
        (
            ["suspect_arrested", "suspect_charged"],
            ["cps_changed_charges"],
            ["suspect_bailed", "suspect_charged", "suspect_arrested"],
        ),
        (["suspect_arrested", "police_decided_no_prosecution"], ["review_requested"], ["suspect_charged"]),
        (["cps_decided_no_charge", "review_requested"], ["review_acknowledged", "review_decided"], []),
        (["review_requested", "review_decided"], ["suspect_charged"], ["review_acknowledged"]),
        (["hearing_listed"], ["hearing_adjourned", "court_outcome_received", "plea_received"], ["vcs_referred"]),
        (["hearing_listed", "sentence_received"], ["sentence_review_asked"], ["hearing_adjourned", "trial_started"]),
        (["expenses_claimed"], ["expenses_claim_completed"], ["expenses_paid"]),
        (["expenses_claimed", "expenses_claim_completed"], ["expenses_paid"], []),
        (["property_held", "property_returned"], [], ["property_returned"]),
        (["complaint_made", "complaint_acknowledged"], ["complaint_answered"], ["complaint_acknowledged"]),
        (["referral_sent", "referral_refused"], [], ["referral_accepted"]),
    ],
    ids=lambda kinds: " ".join(kinds) or "none",
)
def test_to_one_subject_what_follows_is_possible_and_what_is_over_is_not(
    so_far: list[str], possible: list[str], not_now: list[str]
) -> None:
    found = next_for("One", *so_far)
    assert set(map(EventKind, possible)) <= found
    assert not set(map(EventKind, not_now)) & found


def test_one_suspect_is_not_the_other() -> None:
    first = event("suspect_arrested", "2026-06-01", subject="Suspect 1")
    second = event("suspect_charged", "2026-06-02", subject="Suspect 2")
    possible = what_next(journey(first, second))
    assert possible[K.SUSPECT_BAILED] == ("Suspect 1",)
    assert possible[K.CPS_CHANGED_CHARGES] == ("Suspect 2",)
    assert possible[K.SUSPECT_ARRESTED] == ("Suspect 1", None), "a third may be arrested"
    assert possible[K.HEARING_LISTED] == (None,)


def test_what_never_happened_makes_nothing_possible() -> None:
    arrest = event("suspect_arrested", "2026-06-01", subject="Suspect 1", key="arrest")
    gone = event(
        "suspect_arrested", "2026-06-01", recorded="2026-06-02", corrects="arrest", correction="never_happened"
    )
    assert K.SUSPECT_BAILED in what_next(journey(arrest))
    assert K.SUSPECT_BAILED not in what_next(journey(arrest, gone))


def test_on_one_day_at_no_known_hour_things_happened_as_they_were_recorded() -> None:
    kinds = ("suspect_arrested", "suspect_bailed", "suspect_charged")
    for keys in ("abc", "cba"):
        told = [
            event(kind, "2026-06-01", subject="A", key=key, recorded=f"2026-06-01T1{hour}:00Z")
            for hour, (kind, key) in enumerate(zip(kinds, keys, strict=True))
        ]
        assert K.SUSPECT_BAILED not in what_next(journey(*told))


def test_what_was_recorded_late_takes_its_own_place() -> None:
    charge = event("suspect_charged", "2026-06-10", subject="A", recorded="2026-06-10")
    arrest = event("suspect_arrested", "2026-06-01", subject="A", recorded="2026-06-20")
    assert what_next(journey(charge, arrest)) == what_next(journey(arrest, charge))


def test_every_kind_follows_from_some_other_or_can_happen_on_any_day() -> None:
    """Contacts, endings of duties, and what only the program or two people record, have forms of their own."""
    follows = {kind for kinds in MAKES_POSSIBLE.values() for kind in kinds} | set(START)
    of_their_own = {kind for kind, facts in EVENT_KINDS.items() if facts.stage.name in ("CONTACT", "DUTY")} | {
        K.CRIME_REPORTED,
        K.CRIME_RECORDED,
        K.VICTIM_JOINED,
        K.OUTCOME_PUBLISHED,
        K.OFFICER_ASSIGNED,
        K.VICTIM_CORRECTED,
        K.PREFERENCE_CHANGED,
        K.CASE_VOID_REQUESTED,
        K.CASE_VOID_REFUSED,
        K.CASE_VOIDED,
    }
    assert set(EventKind) - follows == of_their_own


def test_what_is_ruled_out_is_something_that_was_possible() -> None:
    follows = {kind for kinds in MAKES_POSSIBLE.values() for kind in kinds} | set(START)
    assert {kind for kinds in RULES_OUT.values() for kind in kinds} <= follows


@given(journeys())
def test_of_any_journey_the_answer_names_only_its_subjects_and_no_kind_is_lost(journey: Journey) -> None:
    possible = what_next(journey)
    labels = {(EVENT_KINDS[e.kind].subject, e.subject) for e in journey.events}
    for kind, subjects in possible.items():
        assert subjects
        assert len(subjects) == len(set(subjects))
        assert all(subject is None or (EVENT_KINDS[kind].subject, subject) in labels for subject in subjects)


@pytest.mark.parametrize("story", STORIES, ids=[story["title"] for story in STORIES])
def test_no_worked_example_is_a_fault(story: dict[str, Any]) -> None:
    kinds = [said["kind"] for said in story["events"] if "corrects" not in said]
    for count in range(len(kinds)):
        assert what_next(journey(*(event(kind, "2026-06-01", subject="One") for kind in kinds[:count])))

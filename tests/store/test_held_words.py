"""Codes and details of events as whoever asks what is held on them reads them."""

from __future__ import annotations

import json

from victimcare.store.held_words import details_in_plain_words, in_plain_words


def test_codes_are_said_in_words_several_one_after_another() -> None:
    assert in_plain_words("contact_choice.means", "phone,in_person") == "Phone call, In person"
    assert in_plain_words("needs_assessment.stage", "court") == "Before or during the trial"


def test_what_has_no_words_stays_as_it_is() -> None:
    assert in_plain_words("contact_choice.means", "phone,pigeon") == "Phone call, pigeon"
    assert in_plain_words("crime.crime_type", "Burglary, in a dwelling") == "Burglary, in a dwelling"


def test_details_of_an_event_have_the_words_of_its_form() -> None:
    said = json.dumps({"hearing_type": "trial", "hearing_on": "2026-06-01"})
    assert details_in_plain_words("hearing_listed", said, without_places=False) == (
        "Kind of hearing: Trial; Day of the hearing: Monday 1 June 2026"
    )


def test_of_an_assignment_nobody_is_named_and_of_a_protected_location_no_reason() -> None:
    stored = json.dumps({"officer": "o1", "team": "north", "why": "the least work"})
    said = details_in_plain_words("officer_assigned", stored, without_places=False)
    assert said == "Why this officer: the least work"
    assert details_in_plain_words("officer_assigned", stored, without_places=True) == ""

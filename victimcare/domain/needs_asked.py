"""What an assessment of needs asks beside the categories of the Code: codes and their words, all our own."""

from __future__ import annotations

from collections.abc import Mapping

AGENCIES: Mapping[str, str] = {"police": "Police", "witness_care_unit": "Witness Care Unit"}
STAGES: Mapping[str, str] = {
    "report": "At the report",
    "investigation": "During the investigation",
    "charge": "At charge",
    "court": "Before or during the trial",
    "after_sentence": "After sentence",
}
INTERPRETER: Mapping[str, str] = {"yes": "Yes", "no": "No", "not_asked": "Not asked yet"}
COMMUNICATION: Mapping[str, str] = {
    "sign_language": "Sign language",
    "lip_reading": "Sees who speaks, to read lips",
    "text_only": "In writing, not by voice",
    "large_print": "Large print",
    "braille": "Braille",
    "audio": "Recorded or read aloud",
    "easy_read": "Easy words and pictures",
    "more_time": "More time, shorter talks",
    "intermediary": "Somebody to help them be understood",
}
DISABILITY: Mapping[str, str] = {
    "mobility": "Moving or reaching",
    "hearing": "Hearing",
    "sight": "Sight",
    "speech": "Speech",
    "learning": "Learning",
    "mental_health": "Mental health",
    "neurodivergent": "Autism, dyslexia or the like",
    "long_illness": "A long illness",
    "other": "Another",
}
MEASURES: Mapping[str, str] = {
    "screens": "Screens in court",
    "live_link": "Evidence by live link",
    "recorded_evidence": "Recorded interview played as evidence",
    "recorded_cross_examination": "Cross-examination recorded before the trial",
    "in_private": "Public gallery cleared",
    "no_wigs": "No wigs and gowns",
    "intermediary": "Intermediary",
    "aids": "Aids to communicate",
}
"""Special measures of the Youth Justice and Criminal Evidence Act 1999, that a victim may ask the court for."""

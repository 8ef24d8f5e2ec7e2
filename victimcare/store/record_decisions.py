"""Of every column of every table: whether it is given to a victim who asks what is held on them (subject access).

Data Protection Act 2018 s.45 gives a right to all personal data held on oneself. What is about somebody else is marked
and left out, what is for officers is kept apart, and why a column is not about the person is said. A column without a
decision fails `tests/store/test_held_items.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Share(StrEnum):
    """What becomes of a column in a pack."""

    GIVEN = "given"
    THIRD_PARTY = "about somebody else"
    OFFICERS = "for officers only"
    NOT_ABOUT = "not about the person"


@dataclass(frozen=True, slots=True)
class Held:
    """A table that holds something on a victim, by case or by victim. `each`: every row is an item of its own.

    `given` are the columns with their labels, in order. Where the column `others` is set, the whole row is about
    somebody else. The columns in `left` are not about the person: keys, versions, who of staff wrote it.
    """

    title: str
    given: Mapping[str, str]
    third: Mapping[str, str] = field(default_factory=dict)
    officers: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    each: bool = False
    by: str = "case_id"
    others: str = ""

    def share_of(self, column: str) -> Share | None:
        """What was decided of the column; None where nothing was."""
        if column in self.given:
            return Share.GIVEN
        if column in self.third:
            return Share.THIRD_PARTY
        if column in self.officers:
            return Share.OFFICERS
        return Share.NOT_ABOUT if column in self.left else None


_KEYS = ("id", "case_id")

HELD: Mapping[str, Held] = {
    "victim": Held(
        "Who you are",
        {"name": "Name", "born_on": "Born", "basis": "Why you have these rights", "language": "Language"},
        left=("id", "searched_name"),
        by="id",
    ),
    "crime": Held(
        "The crime",
        {"source_ref": "Reference", "crime_type": "Type", "area": "Area"},
        left=("id", "source", "fingerprint"),
        by="id",
    ),
    "victim_case": Held(
        "Your case",
        {"ref": "Reference", "status": "Status", "opened_on": "Opened", "tier": "Rights", "tier_until_on": "Until"}
        | {"last_contact_on": "Last contact", "promised_contact_on": "Next contact promised by"}
        | {"attempts": "Attempts since", "area": "Area", "crime_type": "Type of crime", "support": "Support"}
        | {"at_court": "At court"},
        left=(
            *("id", "crime_id", "victim_id", "officer_id", "team_id", "held", "disposed_on", "version"),
            # They follow from the journey, which is given.
            *("silent_since_on", "stage", "stands_since_on"),
        ),
        by="id",
    ),
    "journey_event": Held(
        "What happened",
        {"happened_on": "Happened", "kind": "What", "details": "Details", "received_on": "We heard of it"}
        | {"recorded_at": "Recorded"},
        third={"subject": "Whom or what it is about"},
        left=(
            *_KEYS,
            "key",
            "happened_at",
            "precision",
            "received_at",
            "recorded_by",
            "duties",
            "corrects",
            "correction",
            "crime_event_key",
            "source",
            "contacts_recorded",
            "as_history",
        ),
    ),
    "due": Held(
        "What you were owed",
        {"rule": "Rule", "right_number": "Right", "owed_by": "By", "started_on": "From", "due_on": "Due"}
        | {"ended_on": "Ended", "ending": "How", "outcome": "Outcome"}
        | {"otherwise_on": "Due by the bank holidays of now"},
        left=(
            "case_id",
            "start_key",
            "edition",
            "owed_to",
            "policy",
            "tier",
            "area",
            "crime_type",
            "counting",
            "reported_on",
            "reported_month",
            "known_on",
            "provisional",
            "ended_by",
            "officer_id",
            "team_id",
            "holder_id",
            "holder_team_id",
            "asked",
        ),
    ),
    "breach": Held(
        "What was late",
        {"rule": "Rule", "owed_by": "Owed by", "due_on": "Due", "found_at": "Found", "cause": "Cause"}
        | {"overturned_at": "Put right"},
        left=(*_KEYS, "start_key", "right_number", "officer_id", "team_id", "supervisor_id", "overturned_by"),
    ),
    "breach_cause": Held(
        "Why something was late",
        {"cause": "Cause", "given_at": "Said"},
        left=(*_KEYS, "breach_id", "note_id", "given_by"),
    ),
    "assignment": Held(
        "Your case officers",
        {"from_at": "From", "until_at": "Until", "victim_told_at": "You were told"},
        officers={"sealed_why": "Why it was handed over"},
        left=(*_KEYS, "officer_id", "team_id", "why", "from_officer_id", "acknowledged_at"),
    ),
    "contact_point": Held(
        "Where you can be reached",
        {"kind": "Kind", "sealed": "Number or address", "safety": "Safe", "confirmed_at": "Confirmed"}
        | {"sealed_words": "How to use it safely", "voicemail": "Voicemail", "say_who": "Say who calls"}
        | {
            "preview_safe": "Others may see it",
            "added_at": "Added",
            "answered_by_another_at": "Somebody else answered",
        },
        third={"suspect": "Whose it is"},
        left=(*_KEYS, "confirmed_by", "superseded_by", "added_by", "version"),
        each=True,
        others="suspect",
    ),
    "location_protection": Held(
        "Protection of where you are",
        {"set_at": "From", "lifted_at": "Until"},
        officers={"sealed_reason": "Why", "sealed_lifted_reason": "Why it ended"},
        left=(*_KEYS, "custodian_id", "set_by", "lifted_by"),
    ),
    "case_note": Held(
        "A note",
        {"at": "Written", "sealed": "Words"},
        left=(*_KEYS, "contains_location", "by", "for_hand_over", "event_key"),
        each=True,
    ),
    "message": Held(
        "A message to you",
        {"written_at": "Written", "channel": "How", "language": "Language", "sealed": "Words"}
        | {"printed_at": "Printed", "withdrawn_at": "Withdrawn", "gone_at": "Gone"},
        third={"written_to": "Written to somebody else"},
        left=(
            *_KEYS,
            "template",
            "point_id",
            "duties",
            "contains_location",
            "urgent",
            "unwanted_because",
            "written_by",
            "event_key",
        ),
        each=True,
    ),
    "left_message": Held(
        "A message from you",
        {"taken_at": "Taken", "wants": "About", "sealed": "Words", "reply_by_on": "Answer promised by"}
        | {"done_at": "Answered", "safe_to_ring": "Safe to ring"},
        left=(*_KEYS, "team_id", "taken_by", "contains_location", "placed_by", "placed_at", "done_by"),
        each=True,
    ),
    "supervisor_question": Held(
        "A question of your officer to their supervisor",
        {"asked_at": "Asked", "answered_at": "Answered"},
        officers={"sealed": "Question", "sealed_answer": "Answer"},
        left=(*_KEYS, "asked_by", "contains_location", "answered_by", "read_at"),
        each=True,
    ),
    "feedback_request": Held(
        "We asked you how it was for you",
        {"point": "When", "channel": "How", "asked_on": "Asked", "ended_at": "Answered", "ended_as": "Answer"}
        | {"sealed_words": "Your words", "read_at": "Read by a supervisor"},
        left=(
            *_KEYS,
            "number",
            "message_id",
            "team_id",
            "area",
            "written_by",
            "written_at",
            "ended_by",
            "contains_location",
            "read_by",
        ),
        each=True,
    ),
    "feedback_answer": Held(
        "What you answered",
        {"question": "Question", "answer": "Answer"},
        left=("request_id",),
        by="request",
    ),
    "feedback_theme": Held(
        "What a supervisor found your words to be about",
        {"theme": "About"},
        left=("request_id",),
        by="request",
    ),
    "feedback_opt_out": Held(
        "You do not want to be asked how it was for you",
        {"from_at": "From", "until_at": "Until"},
        left=(*_KEYS, "recorded_by"),
    ),
    "quality_answer": Held(
        "What a supervisor found of how your case was done",
        {"month": "Month", "question": "Question", "answer": "Answer", "answered_at": "Answered"},
        left=(*_KEYS, "team_id", "officer_id", "answered_by"),
        each=True,
    ),
    "needs_assessment": Held(
        "An assessment of your needs",
        {"assessed_on": "Assessed", "agency": "By", "stage": "Stage", "language": "Language"}
        | {"interpreter": "Interpreter", "communication": "Communication", "disability": "Disability"}
        | {"criteria": "Found", "measures": "Measures", "tier_found": "Rights", "ground_found": "Because"},
        third={"sealed_supporter": "Who may support you"},
        left=(*_KEYS, "event_key", "recorded_by", "recorded_at"),
        each=True,
    ),
    "person_to_tell": Held(
        "Somebody who is told, or never told",
        {"from_on": "From", "until_on": "Until"},
        third={
            "sealed_name": "Name",
            "told_as": "As",
            "tells": "Is told",
            "is_suspect": "Never told",
            "why_ended": "End",
        },
        left=(*_KEYS, "recorded_by", "recorded_at"),
        each=True,
    ),
    "contact_choice": Held(
        "How you chose to hear",
        {"from_on": "From", "how_often": "How often", "interval_days": "Days between", "means": "How", "times": "When"},
        left=(*_KEYS, "recorded_by", "recorded_at"),
    ),
    "equality_answer": Held(
        "What you said of yourself",
        {"characteristic": "Of", "answer": "Answer", "category": "Category", "sealed_words": "Your words"},
        left=("id", "victim_id", "recorded_by", "recorded_at"),
        each=True,
        by="victim_id",
    ),
    "identity_correction": Held(
        "A correction of who you are",
        {"recorded_at": "Corrected", "sealed": "Before, after and note"},
        left=("id", "victim_id", "event_key", "contains_location", "recorded_by"),
        each=True,
        by="victim_id",
    ),
    "sent_referral": Held(
        "Sent to a service",
        {"sent_at": "Sent", "service_id": "To", "fields": "What was sent", "told_no_safe_way": "Said no way is safe"},
        left=("event_key", "case_id", "content_hash", "sent_by"),
    ),
    "outgoing_referral": Held(
        "Asked to be sent to a service",
        {"asked_at": "Asked", "service_id": "To", "by_email": "By e-mail", "guardian_agreed": "A guardian agreed"}
        | {"told_no_safe_way": "Said no way is safe", "printed_at": "Printed", "withdrawn_at": "Withdrawn"},
        third={"sealed_document": "What was sent, with the names of others"},
        left=(*_KEYS, "duties", "asked_by", "fields", "content_hash", "went_without_a_way", "event_key"),
    ),
    "case_link": Held(
        "Taken for the same person as in another case",
        {"proposed_at": "Proposed", "reason": "Because", "confirmed_at": "Confirmed", "undone_at": "Taken back"},
        left=(*_KEYS, "other_id", "confidence", "proposed_by", "confirmed_by", "undone_by", "why_undone"),
        by="link",
    ),
    "legal_hold": Held(
        "Kept longer",
        {"placed_at": "From", "lifted_at": "Until"},
        officers={"sealed_reason": "Why", "sealed_lifted_reason": "Why it ended"},
        left=(*_KEYS, "placed_by", "lifted_by"),
    ),
    "disposal": Held(
        "Review of how long it is kept",
        {
            "rule": "Rule",
            "trigger_on": "Counted from",
            "due_on": "Due",
            "state": "Decided",
            "kept_until_on": "Kept until",
        },
        officers={"sealed_reason": "Why"},
        left=(*_KEYS, "run_id", "decided_by", "decided_at", "erase_from_on", "ended_by", "ended_at"),
    ),
    "case_restriction": Held(
        "Restriction of who may see your case",
        {"from_at": "From", "until_at": "Until"},
        officers={"sealed_reason": "Why"},
        left=(*_KEYS, "set_by", "lifted_by"),
    ),
    "case_listing": Held(
        "Who is kept from your case",
        {},
        officers={"listed_as": "As", "from_at": "From", "until_at": "Until", "sealed_reason": "Why"},
        left=(*_KEYS, "person_id", "set_by", "lifted_by"),
    ),
    "emergency_access": Held(
        "Your case was opened in an emergency",
        {"opened_at": "From", "until_at": "Until", "ended_at": "Ended"},
        officers={"reason": "Reason", "sealed_words": "In words", "outcome": "Found to be", "sealed_review": "Review"},
        left=(*_KEYS, "person_id", "session_id", "reviewed_by", "reviewed_at", "escalated_at"),
    ),
    "access_alert": Held(
        "A sign that somebody may have looked without a reason",
        {},
        officers={"looked_on": "Day", "sign": "Sign", "outcome": "Found to be", "sealed_words": "Review"},
        left=(*_KEYS, "person_id", "count", "found_at", "reviewed_at", "reviewed_by"),
    ),
}

NOT_HELD: Mapping[str, str] = {
    "account": "of staff",
    "board_action": "of agencies: it names nobody",
    "board_action_step": "of agencies: it names nobody",
    "code_check": "of the law",
    "code_edition": "of the law",
    "board_pack": "counts of groups, small numbers hidden: it names nobody",
    "board_pack_file": "the same as a file",
    "contact_hash": "keyed hashes of what is given from contact_point",
    "cover": "of staff",
    "erasure_certificate": "of cases that are no more: it holds nothing of anybody",
    "former_duty": "of staff",
    "export": "that a file of counts was taken: it names nobody",
    "holiday": "of the law",
    "holiday_list": "of the law",
    "holiday_move": "which cases have yet to follow new bank holidays; what moves is given with what happened",
    "edition_move": "which cases have yet to follow an edition; what changes is given with what happened",
    "incident": "of the service; whoever it touched is told of it by letter or in person",
    "incident_case": "of the service; whoever it touched is told of it by letter or in person",
    "invitation": "of staff",
    "job": "of the machinery",
    "job_run": "of the machinery",
    "kept_form": "what somebody of staff was typing; thrown away within a day",
    "process_change": "of agencies: it names nobody",
    "process_change_withdrawn": "of agencies: it names nobody",
    "agency_contact": "of an organisation",
    "api_client": "of an organisation",
    "api_token": "of an organisation",
    "api_write": "that a request came, by references; what it asked to be written is given with what happened",
    "outbox": "that a message left; the message is given, and notices to staff are not about the person",
    "person": "of staff",
    "publication": "counts of groups, small numbers hidden: it names nobody",
    "replay": "counts of groups, small numbers hidden: it names nobody",
    "replay_asked": "of a quarter: it names nobody",
    "record_pack": "that what is held was asked for, which the person knows",
    "record_pack_item": "that what is held was asked for, which the person knows",
    "recovery_code": "of staff",
    "retention_run": "counts of cases",
    "saved_search": "what somebody of staff looked for, for the time of a sign-in",
    "service": "of an organisation",
    "setting": "of the machinery",
    "sign_in_attempt": "of staff",
    "sign_in_session": "of staff",
    "source_record": "what the force's own system said; what it became here is given",
    "team": "of staff",
    "unmatched_outcome": "published, and of a crime that is not known here",
    "used_form": "of the machinery",
    "webhook": "of an organisation",
    "webhook_event": "that a system was told of something, by a reference; what happened is given",
    "webhook_attempt": "of the machinery",
    "victim_name_key": "keyed hashes of the name, which is given",
}
"""Tables that hold nothing to give, and why."""

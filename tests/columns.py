"""What every column of text may hold. A new column has no decision, and tests fail until somebody has made one.

Words that people write about people are sealed. The one exception is the victim's own name, which is searched for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

import victimcare.store.tables  # noqa: F401  (fills the metadata)

CODE = "a code, one of those that the program knows"
REF = "a reference: an id, a key, the number of a crime"
OURS = "a sentence of this program, in which nothing that was typed stands"
HASH = "a hash"
WORK = "of an organisation, or of somebody who works here"
LAW = "about the law, and about nobody: refused where it tells a location (commands/check_code.py)"
LABEL = "a label such as Suspect 1: refused where it tells a location (web/event_forms.py)"
OPEN = "open data, published by the police"
SEALED = "sealed: words about people"
KEY = "sealed: a key, of somebody's second factor or of what a system of an agency is told"
FILE = "a file of figures, small numbers hidden, as somebody of the board may take it"
NAME = "the victim's own name, which lists show and search for"

DECIDED: Mapping[str, Mapping[str, str]] = {
    "access_alert": {"id": REF, "person_id": REF, "sign": CODE, "reviewed_by": REF, "outcome": CODE}
    | {"sealed_words": SEALED},
    "webhook": {"person_id": REF, "url": WORK, "kinds": CODE, "status": CODE, "changed_by": REF}
    | {"sealed_secret": KEY, "sealed_former": KEY},
    "webhook_attempt": {"event_id": REF, "outcome": CODE},
    "webhook_event": {"id": REF, "person_id": REF, "kind": CODE, "subject": REF, "status": CODE},
    "agency_contact": {"agency": CODE, "email": WORK, "changed_by": REF},
    "api_client": {
        "person_id": REF,
        "agency": CODE,
        "source": CODE,
        "scopes": CODE,
        "secret_hash": HASH,
        "registered_by": REF,
    },
    "api_token": {"id": HASH, "person_id": REF, "scopes": CODE},
    "api_write": {"id": HASH, "person_id": REF, "request_hash": HASH, "answer": OURS},
    "audit": {"operation": CODE, "what": OURS, "person_id": REF, "role": CODE, "outcome": CODE}
    | {"cases_hash": HASH, "basis": CODE, "team_id": REF, "sign_in": HASH, "request_id": REF, "recipient": REF}
    | {"follows": HASH, "hash": HASH},
    "board_pack": {"id": REF, "period": CODE, "baseline": CODE, "force": WORK, "asked_by": REF, "same_as": REF}
    | {"sha256": HASH, "content": OURS, "note": OURS},
    "board_pack_file": {"pack_id": REF, "format": CODE, "sha256": HASH, "content": FILE},
    "code_check": {"edition": CODE, "entry": CODE, "entry_mark": HASH, "finding": CODE, "source": LAW}
    | {"difference": LAW, "checked_by": REF},
    "code_edition": {"edition": CODE, "source": CODE, "text": LAW, "sha256": HASH, "proposed_by": REF}
    | {"state": CODE, "decided_by": REF, "withdrawn_by": REF},
    "crime": {"source": CODE, "source_ref": REF, "crime_type": CODE, "area": CODE, "fingerprint": HASH},
    "export": {"id": REF, "what": CODE, "of": CODE, "columns": OURS, "sha256": HASH, "classification": CODE}
    | {"purpose": CODE, "taken_by": REF},
    "holiday": {"name": LAW},
    "holiday_list": {"source": CODE, "proposed_by": REF, "state": CODE, "decided_by": REF},
    "job": {"name": CODE, "title": OURS, "does": OURS, "daily_at": OURS},
    "job_run": {"job": CODE, "status": CODE, "summary": OURS},
    "publication": {"quarter": CODE, "content": OURS, "sha256": HASH},
    "replay": {"quarter": CODE, "edition": CODE, "content": OURS, "sha256": HASH},
    "replay_asked": {"quarter": CODE, "own_times": OURS, "told": CODE, "asked_by": REF},
    "setting": {"name": CODE, "value": OURS},
    "sign_in_attempt": {"who_hash": HASH},
    "former_duty": {"team_id": REF, "supervisor_id": REF},
    "team": {"id": REF, "name": WORK, "area": CODE, "duty_supervisor_id": REF}
    | {"next_supervisor_id": REF, "inbox": WORK},
    "source_record": {"source": CODE, "kind": CODE, "source_id": REF, "content_hash": HASH, "id_hash": HASH}
    | {"state": CODE, "waits_for": REF, "about": REF, "person_id": REF, "event_key": REF, "sealed": SEALED},
    "unmatched_outcome": {"key": HASH, "source": CODE, "source_ref": REF, "outcome": OPEN},
    "used_form": {"key": REF, "person_id": REF},
    "victim": {"name": NAME, "searched_name": NAME, "basis": CODE, "language": CODE},
    "person": {
        "id": REF,
        "name": WORK,
        "role": CODE,
        "team_id": REF,
        "service_id": REF,
        "areas": CODE,
        "email": WORK,
        "specialisms": CODE,
    },
    "account": {"person_id": REF, "username": WORK, "password_hash": HASH, "sealed_otp_key": KEY}
    | {"issuer": WORK, "subject": WORK},
    "kept_form": {"id": REF, "person_id": REF, "path": REF, "sealed": SEALED},
    "invitation": {"id": HASH, "person_id": REF, "sealed_otp_key": KEY, "made_by": REF},
    "recovery_code": {"person_id": REF, "code_hash": HASH},
    "cover": {"officer_id": REF, "cover_id": REF, "named_by": REF, "ended_by": REF},
    "emergency_access": {"person_id": REF, "session_id": HASH, "reason": CODE, "sealed_words": SEALED}
    | {"outcome": CODE, "reviewed_by": REF, "sealed_review": SEALED},
    "equality_answer": {"characteristic": CODE, "answer": CODE, "category": CODE, "sealed_words": SEALED}
    | {"recorded_by": REF},
    "service": {"id": REF, "name": WORK, "areas": CODE, "needs": CODE, "specialisms": CODE, "languages": CODE}
    | {"capacity": CODE, "contact_way": WORK, "delivery": CODE, "email": WORK, "certificate": WORK, "changed_by": REF},
    "sign_in_session": {"id": HASH, "person_id": REF, "csrf_token": REF, "browser": CODE},
    "victim_case": {"ref": REF, "officer_id": REF, "team_id": REF, "area": CODE, "crime_type": CODE, "tier": CODE}
    | {"status": CODE, "support": CODE, "stage": CODE},
    "assignment": {"officer_id": REF, "team_id": REF, "why": OURS, "sealed_why": SEALED, "from_officer_id": REF},
    "breach": {"rule": CODE, "start_key": REF, "owed_by": CODE, "officer_id": REF, "team_id": REF}
    | {"supervisor_id": REF, "cause": CODE, "overturned_by": REF},
    "breach_cause": {"cause": CODE, "note_id": REF, "given_by": REF},
    "case_restriction": {"sealed_reason": SEALED, "set_by": REF, "lifted_by": REF},
    "case_listing": {"person_id": REF, "listed_as": CODE, "sealed_reason": SEALED, "set_by": REF, "lifted_by": REF},
    "case_link": {"reason": CODE, "confidence": CODE, "proposed_by": REF, "confirmed_by": REF, "undone_by": REF}
    | {"why_undone": CODE},
    "incident": {"id": REF, "team_id": REF, "sealed": SEALED, "recorded_by": REF, "decision": CODE}
    | {"sealed_decision": SEALED, "decided_by": REF, "closed_by": REF},
    "incident_case": {"incident_id": REF},
    "record_pack": {"id": REF, "recipient": CODE, "sealed_recipient": SEALED, "prepared_by": REF, "approved_by": REF}
    | {"released_by": REF, "withdrawn_by": REF},
    "record_pack_item": {"pack_id": REF, "key": REF, "why_left_out": CODE, "mark": HASH},
    "retention_run": {"counts": CODE, "state": CODE, "first_agreed_by": REF, "agreed_by": REF},
    "disposal": {"rule": CODE, "state": CODE, "decided_by": REF, "sealed_reason": SEALED, "ended_by": REF},
    "legal_hold": {"sealed_reason": SEALED, "placed_by": REF, "sealed_lifted_reason": SEALED, "lifted_by": REF},
    "erasure_certificate": {"case_ref": REF, "team_id": REF, "rule": CODE, "disposed_by": REF, "run_agreed_by": REF}
    | {"counts": CODE},
    "case_note": {"id": REF, "sealed": SEALED, "by": REF, "event_key": REF},
    "contact_choice": {"how_often": CODE, "means": CODE, "times": CODE, "recorded_by": REF},
    "contact_point": {"id": REF, "kind": CODE, "sealed": SEALED, "safety": CODE, "confirmed_by": REF}
    | {"sealed_words": SEALED, "superseded_by": REF, "suspect": LABEL, "added_by": REF},
    "contact_hash": {"point_id": REF, "part": CODE, "hash": HASH},
    "due": {"rule": CODE, "start_key": REF, "edition": CODE, "owed_by": CODE, "owed_to": CODE, "tier": CODE}
    | {"area": CODE, "crime_type": CODE, "counting": CODE, "reported_month": CODE, "outcome": CODE, "ending": CODE}
    | {"ended_by": REF, "officer_id": REF, "team_id": REF, "holder_id": REF, "holder_team_id": REF, "asked": REF},
    "journey_event": {"key": REF, "kind": CODE, "precision": CODE, "recorded_by": REF, "subject": LABEL}
    | {"details": CODE, "duties": REF, "corrects": REF, "correction": CODE, "crime_event_key": REF, "source": CODE},
    "left_message": {"id": REF, "team_id": REF, "taken_by": REF, "wants": CODE, "sealed": SEALED}
    | {"placed_by": REF, "done_by": REF},
    "location_protection": {"custodian_id": REF, "sealed_reason": SEALED, "set_by": REF, "lifted_by": REF}
    | {"sealed_lifted_reason": SEALED},
    "needs_assessment": {"event_key": REF, "agency": CODE, "stage": CODE, "language": CODE, "interpreter": CODE}
    | {"communication": CODE, "disability": CODE, "criteria": CODE, "measures": CODE, "sealed_supporter": SEALED}
    | {"tier_found": CODE, "ground_found": CODE, "recorded_by": REF},
    "person_to_tell": {"sealed_name": SEALED, "told_as": CODE, "tells": CODE, "why_ended": CODE, "recorded_by": REF},
    "saved_search": {"id": REF, "session_id": HASH, "sealed_words": SEALED},
    "sent_referral": {"event_key": REF, "service_id": REF, "fields": CODE, "content_hash": HASH, "sent_by": REF},
    "message": {"id": REF, "template": CODE, "language": CODE, "channel": CODE, "point_id": REF, "sealed": SEALED}
    | {"duties": REF, "unwanted_because": CODE, "written_by": REF, "event_key": REF},
    "identity_correction": {"id": REF, "event_key": REF, "sealed": SEALED, "recorded_by": REF},
    "outgoing_referral": {"id": REF, "service_id": REF, "duties": REF, "asked_by": REF, "fields": CODE}
    | {"sealed_document": SEALED}
    | {"content_hash": HASH, "event_key": REF},
    "supervisor_question": {"id": REF, "asked_by": REF, "sealed": SEALED, "sealed_answer": SEALED, "answered_by": REF},
    "quality_answer": {"team_id": REF, "officer_id": REF, "month": CODE, "question": CODE, "answer": CODE}
    | {"answered_by": REF},
    "board_action": {"words": WORK, "measure": CODE, "way": CODE, "baseline": CODE, "owner": CODE},
    "process_change": {"agency": CODE, "reason": WORK, "decided_by": CODE, "recorded_by": REF},
    "process_change_withdrawn": {"reason": WORK, "recorded_by": REF},
    "board_action_step": {"step": CODE, "words": WORK, "recorded_by": REF},
    "feedback_request": {"number": REF, "point": CODE, "channel": CODE, "message_id": REF, "team_id": REF, "area": CODE}
    | {"written_by": REF, "ended_as": CODE, "ended_by": REF, "sealed_words": SEALED, "read_by": REF},
    "feedback_answer": {"question": CODE, "answer": CODE},
    "feedback_theme": {"theme": CODE},
    "feedback_opt_out": {"recorded_by": REF},
    "outbox": {
        "rule": CODE,
        "start_key": REF,
        "step": CODE,
        "told_as": CODE,
        "recipient_id": REF,
        "team_id": REF,
        "agency": CODE,
        "message_id": REF,
        "referral_id": REF,
        "status": CODE,
        "delivery": CODE,
    }
    | {"reference": REF, "error": OURS},
}


def text_columns() -> dict[str, Any]:
    """Every column that can hold words, sealed ones too, by "table.column"."""
    return {
        f"{table.name}.{column.name}": column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, (Integer, Boolean, Date, DateTime, UTCDateTime))
    }


def decided(*decisions: str) -> set[str]:
    """The columns, as "table.column", of which this was decided."""
    return {f"{table}.{name}" for table, of in DECIDED.items() for name, what in of.items() if what in decisions}

"""What leaves when everything leaves: table by table and column by column, what stays behind, and what is made anew.

Nothing leaves that is not listed here: a new table or column fails `tests/store/test_export_decisions.py` until
somebody has decided. What lets anybody in stays: passwords, second factors, secrets of systems. So does what is derived
with a key of this installation, for another has another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from victimcare.store import tables

LEAVES: Mapping[str, str] = {
    "audit": (
        "seq at operation what person_id role outcome case_count cases_hash basis team_id sign_in request_id "
        "recipient chain follows hash"
    ),
    "board_action": "id words measure way baseline owner decided_on",
    "crime": "id source source_ref crime_type area fingerprint",
    "job": "name position title does every_minutes daily_at late_after_minutes declared_at",
    "job_run": "id job slot_at started_at finished_at status summary",
    "publication": "quarter number form threshold published_at content sha256",
    "replay": "id quarter known_on edition made_at content sha256",
    "setting": "name value",
    "team": "id name area duty_supervisor_id next_supervisor_id inbox",
    "unmatched_outcome": "key source source_ref happened_on outcome",
    "victim": "id name searched_name born_on basis language",
    "audit_subject": "case_id seq",
    "former_duty": "team_id until_on supervisor_id",
    "person": (
        "id name role team_id service_id areas email specialisms capacity active absent_from_on absent_until_on "
        "each_notice_alone"
    ),
    "account": "person_id username disabled issuer subject",
    "agency_contact": "agency email version changed_by changed_at",
    "api_client": "person_id agency source scopes secret_made_at disabled registered_by registered_at",
    "board_action_step": "id action_id step due_on words recorded_by recorded_at",
    "board_pack": (
        "id period baseline force threshold asked_by asked_at started_at steps_done steps made_at failed_at "
        "same_as sha256 content note"
    ),
    "code_check": "id edition entry entry_mark finding source looked_on difference checked_by checked_at",
    "code_edition": (
        "id edition in_force_from source text sha256 proposed_by proposed_at state decided_by decided_at "
        "withdrawn_by withdrawn_at cases"
    ),
    "cover": "id officer_id cover_id from_on until_on named_by named_at ended_by ended_at",
    "equality_answer": "id victim_id characteristic answer category sealed_words recorded_by recorded_at",
    "export": "id what of columns rows sha256 classification purpose taken_by taken_at",
    "holiday_list": "id source known_until_on proposed_by proposed_at state decided_by decided_at cases",
    "identity_correction": "id victim_id event_key sealed contains_location recorded_by recorded_at",
    "incident": (
        "id team_id found_at sealed recorded_by recorded_at decision sealed_decision decided_by decided_at "
        "closed_by closed_at"
    ),
    "process_change": "id agency from_on reason decided_by decided_on recorded_by recorded_at",
    "replay_asked": (
        "id quarter known_on edition_id own_times told threshold asked_by asked_at seen_at cases_done cases failed_at "
        "made_at replay_id officers"
    ),
    "retention_run": "id at cases found cap counts state first_agreed_by first_agreed_at agreed_by agreed_at",
    "service": (
        "id name areas needs specialisms languages age_from age_to capacity contact_way delivery email certificate "
        "listed_first checked_on retired_on version changed_by changed_at"
    ),
    "victim_case": (
        "id ref crime_id victim_id officer_id team_id area crime_type tier tier_until_on opened_on last_contact_on "
        "promised_contact_on attempts silent_since_on stage stands_since_on held status support at_court "
        "disposed_on version"
    ),
    "access_alert": "id person_id sign looked_on count case_id found_at reviewed_at reviewed_by outcome sealed_words",
    "api_write": "id person_id request_hash answer at",
    "assignment": (
        "id case_id officer_id team_id from_at until_at why sealed_why from_officer_id acknowledged_at victim_told_at"
    ),
    "board_pack_file": "pack_id format sha256 content",
    "breach": (
        "id case_id rule start_key right_number owed_by due_on found_at officer_id team_id supervisor_id cause "
        "overturned_by overturned_at"
    ),
    "case_link": (
        "id case_id other_id reason confidence proposed_by proposed_at confirmed_by confirmed_at undone_by "
        "undone_at why_undone"
    ),
    "case_listing": "id case_id person_id listed_as sealed_reason from_at set_by until_at lifted_by",
    "case_note": "id case_id sealed contains_location by at for_hand_over event_key",
    "case_restriction": "id case_id sealed_reason from_at set_by until_at lifted_by",
    "contact_choice": "id case_id from_on how_often interval_days means times recorded_by recorded_at",
    "contact_point": (
        "id case_id kind sealed safety confirmed_at confirmed_by sealed_words voicemail say_who preview_safe "
        "answered_by_another_at superseded_by suspect added_at added_by version"
    ),
    "disposal": (
        "id run_id case_id rule trigger_on due_on state decided_by decided_at sealed_reason kept_until_on "
        "erase_from_on ended_by ended_at"
    ),
    "due": (
        "case_id rule start_key edition right_number owed_by owed_to policy tier area crime_type counting "
        "started_on due_on reported_on reported_month outcome known_on provisional ending ended_on ended_by "
        "officer_id team_id holder_id holder_team_id asked otherwise_on"
    ),
    "edition_move": "edition_id case_id",
    "emergency_access": (
        "id case_id person_id session_id reason sealed_words opened_at until_at ended_at outcome reviewed_by "
        "reviewed_at sealed_review escalated_at"
    ),
    "feedback_opt_out": "id case_id from_at recorded_by until_at",
    "holiday": "list_id on_date name",
    "holiday_move": "list_id case_id",
    "incident_case": "incident_id case_id",
    "journey_event": (
        "id key case_id kind happened_on happened_at precision received_on received_at recorded_at recorded_by "
        "subject details duties corrects correction crime_event_key source contacts_recorded as_history"
    ),
    "left_message": (
        "id case_id team_id taken_by taken_at wants sealed contains_location safe_to_ring reply_by_on placed_by "
        "placed_at done_at done_by"
    ),
    "legal_hold": "id case_id sealed_reason placed_by placed_at sealed_lifted_reason lifted_by lifted_at",
    "location_protection": (
        "id case_id custodian_id sealed_reason set_by set_at lifted_by lifted_at sealed_lifted_reason"
    ),
    "needs_assessment": (
        "id case_id event_key agency stage assessed_on language interpreter communication disability criteria "
        "measures sealed_supporter tier_found ground_found recorded_by recorded_at"
    ),
    "outgoing_referral": (
        "id case_id service_id by_email guardian_agreed told_no_safe_way duties asked_by asked_at fields "
        "content_hash went_without_a_way printed_at withdrawn_at sealed_document event_key"
    ),
    "person_to_tell": (
        "id case_id sealed_name told_as tells is_suspect from_on until_on why_ended recorded_by recorded_at"
    ),
    "process_change_withdrawn": "change_id reason recorded_by recorded_at",
    "quality_answer": "id case_id team_id officer_id month question answer answered_by answered_at",
    "record_pack": (
        "id case_id recipient sealed_recipient prepared_by prepared_at approved_by approved_at released_by "
        "released_at withdrawn_by withdrawn_at"
    ),
    "sent_referral": "event_key case_id service_id fields content_hash told_no_safe_way sent_by sent_at",
    "source_record": (
        "id source kind source_id version id_hash state waits_for about crime_id case_id person_id event_key sealed "
        "came_at"
    ),
    "supervisor_question": (
        "id case_id asked_by asked_at sealed sealed_answer contains_location answered_by answered_at read_at"
    ),
    "webhook": "person_id url kinds status status_at failing_since changed_by changed_at",
    "breach_cause": "id breach_id case_id cause note_id given_by given_at",
    "erasure_certificate": (
        "disposal_id case_ref team_id rule disposed_by disposed_at run_agreed_by erased_at backups_until_on counts"
    ),
    "message": (
        "id case_id template language channel point_id written_to sealed duties contains_location urgent "
        "unwanted_because written_by written_at printed_at withdrawn_at event_key gone_at"
    ),
    "record_pack_item": "pack_id key given why_left_out mark",
    "webhook_event": "id person_id kind subject case_id created_at status next_try_at lease_until attempts",
    "feedback_request": (
        "id case_id number point channel message_id team_id area written_by written_at asked_on ended_at ended_as "
        "ended_by sealed_words contains_location read_at read_by"
    ),
    "outbox": (
        "id case_id rule start_key step due_on told_as recipient_id team_id message_id referral_id agency "
        "digest_id status created_at next_try_at lease_until attempts sent_at delivery delivery_at reference error"
    ),
    "webhook_attempt": "id event_id at outcome status milliseconds",
    "feedback_answer": "request_id question answer",
    "feedback_theme": "request_id theme",
}
"""By table its columns that leave, in their order."""

STAYS: Mapping[str, str] = {
    "api_token": "good for 15 minutes: a system asks for another",
    "contact_hash": "derived from contact_point with a key of the installation",
    "invitation": "a one-time secret is given anew",
    "kept_form": "what somebody was typing, kept for a day",
    "recovery_code": "its owner makes others with the new second factor",
    "saved_search": "ends with its sign-in",
    "sign_in_attempt": "counted for 15 minutes",
    "sign_in_session": "everybody signs in anew",
    "used_form": "ends with its sign-in",
    "victim_name_key": "derived from the names with a key of the installation",
}
"""Tables that do not leave, and why."""


@dataclass(frozen=True, slots=True)
class Anew:
    """What stands in a column after importing, which has not left, and why it has not."""

    value: Any
    why: str


_SIGNS_IN = "it lets somebody in: they set it up anew with a one-time secret"
_SIGNS = "it lets a system in, or vouches to one: it is made anew"
ANEW: Mapping[str, Anew] = {
    "account.otp_step": Anew(None, _SIGNS_IN),
    "account.password_alone": Anew(False, _SIGNS_IN),
    "account.password_hash": Anew("", _SIGNS_IN),
    "account.sealed_otp_key": Anew(None, _SIGNS_IN),
    "api_client.secret_hash": Anew("", _SIGNS),
    "source_record.content_hash": Anew("", "derived from what the record said with a key of the installation"),
    "webhook.former_until": Anew(None, _SIGNS),
    "webhook.sealed_former": Anew(None, _SIGNS),
    "webhook.sealed_secret": Anew(None, _SIGNS),
    "webhook.secret_made_at": Anew(None, _SIGNS),
}
"""Columns of tables that leave, which do not."""

WRITTEN_TO = frozenset({"api_client", "audit", "audit_subject", "outbox", "webhook_event"})
"""Tables in which importing itself writes: systems are disabled, nothing is sent again, and that it was done."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A table that leaves, with the columns that do, and what it holds, as it is written where the table is."""

    table: Table
    columns: tuple[Column[Any], ...]
    holds: str

    @property
    def name(self) -> str:
        """The table's."""
        return self.table.name


def leaving() -> tuple[Leaving, ...]:
    """Every table that leaves, each after those whose rows it names."""
    models = [getattr(tables, name) for name in tables.__all__ if not name.isupper()]
    holds = {model.__table__.name: " ".join(model.__doc__.split()) for model in models}
    return tuple(
        Leaving(table, tuple(table.c[name] for name in LEAVES[table.name].split()), holds[table.name])
        for table in SQLModel.metadata.sorted_tables
        if table.name in LEAVES
    )

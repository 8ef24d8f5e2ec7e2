"""Whose the duties of the Code are, where it makes a difference. What agencies there are, an edition says."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.kind import EventKind

OWN_AGENCY = "police"
"""Whose program this is: its duties have officers, teams and causes of their own here."""

OTHER_AGENCY = "other"
"""Whoever no edition names. Who is complained of is typed in, and what is typed in is not for a board to read."""

SUPPORT_SERVICE = "support_service"
"""A service of the directory, that victims are referred to: it owes nothing by the Code."""

_K = EventKind
_NEWS_OF_COURT = frozenset(
    {
        _K.HEARING_LISTED,
        _K.HEARING_ADJOURNED,
        _K.PLEA_RECEIVED,
        _K.BAIL_RESULT_RECEIVED,
        _K.WARRANT_RECEIVED,
        _K.REARREST_RESULT_RECEIVED,
        _K.SPECIAL_MEASURES_DECIDED,
        _K.TRIAL_STARTED,
        _K.COURT_OUTCOME_RECEIVED,
        _K.SENTENCE_RECEIVED,
        _K.APPEAL_LODGED,
        _K.APPEAL_NEWS_RECEIVED,
    }
)
"""The court's own to say, and the unit's to have received."""

RECORDED_BY: Mapping[str, frozenset[EventKind]] = {
    "hmcts": _NEWS_OF_COURT,
    "witness_care_unit": _NEWS_OF_COURT
    | frozenset(
        {
            _K.REQUIRED_TO_GIVE_EVIDENCE,
            _K.WITNESS_NEEDS_ASSESSED,
            _K.COURT_VISIT_OFFERED,
            _K.COURT_VISITED,
            _K.SPECIAL_MEASURES_ASKED,
            _K.VCS_REFERRED,
            _K.CONTACT_MADE,
        }
    ),
    "cps": frozenset(
        {
            _K.CPS_DECIDED_NO_CHARGE,
            _K.CPS_CHANGED_CHARGES,
            _K.CPS_MEETING_OFFERED,
            _K.CPS_MEETING_HELD,
            _K.SPECIAL_MEASURES_ASKED,
            _K.EXPENSES_CLAIM_COMPLETED,
            _K.EXPENSES_PAID,
            _K.EXPENSES_REFUSED,
            _K.CONTACT_MADE,
        }
    ),
    "probation": frozenset({_K.VCS_FIRST_CONTACT, _K.LICENCE_CONDITIONS_DECIDED, _K.CONTACT_MADE}),
    "yot": frozenset({_K.CONTACT_MADE}),
    "supreme_court_registry": frozenset({_K.SUPREME_COURT_RESULT_RECEIVED}),
}
"""What the system of an agency may record: the events that meet what it owes, and those that are its own to know.

A contact with the victim only where it answers a duty of the agency (`commands/record_for_agency.py`).
"""

RECEIVES_WHAT_IT_RECORDS = frozenset({"witness_care_unit", "cps"})
"""Who says when something was received: the unit of news of court, the prosecutor of a claim. A court's own word on
when others heard from it would decide its own clock, and set back theirs."""

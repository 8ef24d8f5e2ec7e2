"""What can happen next: which kinds of event make which others possible, and which they rule out.

It decides only what is offered first. Everything else stays one step away, for life keeps to no plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Journey, JourneyEvent

_K = EventKind
Possible = dict[EventKind, tuple[str | None, ...]]

_STOPPED = (_K.POLICE_DECIDED_NO_PROSECUTION, _K.CPS_DECIDED_NO_CHARGE, _K.OUT_OF_COURT_DISPOSAL)
_DECISIONS = (_K.SUSPECT_CHARGED, *_STOPPED)
_RELEASES = (_K.SUSPECT_BAILED, _K.SUSPECT_RELEASED_UNDER_INVESTIGATION, _K.SUSPECT_RELEASED_WITHOUT_CHARGE)
_BAIL = (_K.BAIL_CONDITIONS_CHANGED, _K.BAIL_CANCELLED)
_SUSPECTED = (_K.SUSPECT_ARRESTED, _K.SUSPECT_INTERVIEWED, *_RELEASES, *_DECISIONS, _K.VIEWS_SOUGHT)
_OF_A_HEARING = (
    _K.HEARING_ADJOURNED,
    _K.PLEA_RECEIVED,
    _K.BAIL_RESULT_RECEIVED,
    _K.WARRANT_RECEIVED,
    _K.REQUIRED_TO_GIVE_EVIDENCE,
    _K.SPECIAL_MEASURES_ASKED,
    _K.SPECIAL_MEASURES_DECIDED,
    _K.TRIAL_STARTED,
    _K.COURT_OUTCOME_RECEIVED,
    _K.SENTENCE_RECEIVED,
)
_AFTER_CHARGE = (_K.CPS_CHANGED_CHARGES, _K.HEARING_LISTED, _K.CPS_MEETING_OFFERED, _K.VPS_OFFERED)

START: tuple[EventKind, ...] = (
    _K.WRITTEN_CONFIRMATION_SENT,
    _K.NEEDS_ASSESSED,
    _K.CONTACT_INTERVAL_AGREED,
    _K.OPTED_OUT,
    _K.VPS_OFFERED,
    _K.RESTORATIVE_JUSTICE_OFFERED,
    _K.COMPENSATION_TOLD,
    _K.SUPPORT_NEEDS_ASKED,
    _K.NO_SERVICE_FITS,
    _K.REFERRAL_OFFERED,
    _K.REFERRAL_CONSENTED,
    _K.REFERRAL_DECLINED,
    _K.REFERRAL_SENT,
    _K.SUSPECT_ARRESTED,
    _K.SUSPECT_INTERVIEWED,
    _K.SUSPECT_CHARGED,
    _K.PROPERTY_HELD,
    _K.DECIDED_NOT_TO_INVESTIGATE,
    _K.INVESTIGATION_CLOSED_NO_SUSPECT,
    _K.COMPLAINT_MADE,
    _K.CASE_CLOSED,
)
"""What can happen on any case from the day on which the crime is reported."""

MAKES_POSSIBLE: Mapping[EventKind, tuple[EventKind, ...]] = {
    _K.NEEDS_ASSESSED: (_K.NEEDS_ASSESSED,),
    _K.CONTACT_INTERVAL_AGREED: (_K.CONTACT_INTERVAL_AGREED, _K.CONTACT_INTERVAL_ENDED),
    _K.CONTACT_INTERVAL_ENDED: (_K.CONTACT_INTERVAL_AGREED,),
    _K.OPTED_OUT: (_K.OPTED_OUT, _K.OPTED_IN),
    _K.OPTED_IN: (_K.OPTED_OUT,),
    _K.VPS_OFFERED: (_K.VPS_TAKEN, _K.VPS_DECLINED),
    _K.VPS_TAKEN: (_K.VPS_OFFERED, _K.VPS_TAKEN),
    _K.VPS_DECLINED: (_K.VPS_OFFERED,),
    _K.RESTORATIVE_JUSTICE_OFFERED: (_K.RESTORATIVE_JUSTICE_ANSWERED,),
    _K.RESTORATIVE_JUSTICE_ANSWERED: (_K.RESTORATIVE_JUSTICE_OFFERED,),
    _K.COMPENSATION_TOLD: (_K.COMPENSATION_TOLD, _K.COMPENSATION_APPLIED),
    _K.COMPENSATION_APPLIED: (_K.COMPENSATION_APPLIED, _K.COMPENSATION_DECIDED),
    _K.REFERRAL_OFFERED: (_K.REFERRAL_CONSENTED, _K.REFERRAL_DECLINED),
    _K.REFERRAL_CONSENTED: (_K.REFERRAL_SENT,),
    _K.REFERRAL_DECLINED: (_K.REFERRAL_OFFERED,),
    _K.REFERRAL_SENT: (_K.REFERRAL_RECEIVED, _K.REFERRAL_ACCEPTED, _K.REFERRAL_REFUSED),
    _K.REFERRAL_RECEIVED: (_K.REFERRAL_ACCEPTED, _K.REFERRAL_REFUSED),
    _K.REFERRAL_ACCEPTED: (_K.SUPPORT_CONTACTED, _K.SUPPORT_STARTED),
    _K.SUPPORT_CONTACTED: (_K.SUPPORT_STARTED,),
    _K.REFERRAL_REFUSED: (_K.REFERRAL_OFFERED,),
    _K.SUPPORT_STARTED: (_K.SUPPORT_ENDED,),
    _K.SUPPORT_ENDED: (_K.REFERRAL_OFFERED,),
    _K.SUSPECT_ARRESTED: _SUSPECTED,
    _K.SUSPECT_INTERVIEWED: _SUSPECTED,
    _K.SUSPECT_BAILED: (*_BAIL, *_SUSPECTED),
    _K.BAIL_CONDITIONS_CHANGED: _BAIL,
    _K.SUSPECT_RELEASED_UNDER_INVESTIGATION: _SUSPECTED,
    _K.SUSPECT_RELEASED_WITHOUT_CHARGE: (_K.SUSPECT_ARRESTED, *_DECISIONS),
    _K.VIEWS_SOUGHT: (_K.VIEWS_SOUGHT,),
    _K.SUSPECT_CHARGED: _AFTER_CHARGE,
    _K.OUT_OF_COURT_DISPOSAL: (_K.RESTORATIVE_JUSTICE_OFFERED,),
    _K.POLICE_DECIDED_NO_PROSECUTION: (_K.REVIEW_REQUESTED,),
    _K.CPS_DECIDED_NO_CHARGE: (_K.REVIEW_REQUESTED, _K.CPS_MEETING_OFFERED),
    _K.CPS_CHANGED_CHARGES: (_K.CPS_CHANGED_CHARGES, _K.REVIEW_REQUESTED, _K.CPS_MEETING_OFFERED),
    _K.CPS_MEETING_OFFERED: (_K.CPS_MEETING_HELD,),
    _K.REVIEW_REQUESTED: (_K.REVIEW_ACKNOWLEDGED, _K.REVIEW_DECIDED),
    _K.REVIEW_DECIDED: (_K.SUSPECT_CHARGED,),
    _K.HEARING_LISTED: _OF_A_HEARING,
    _K.HEARING_ADJOURNED: _OF_A_HEARING,
    _K.PLEA_RECEIVED: (_K.REQUIRED_TO_GIVE_EVIDENCE,),
    _K.BAIL_RESULT_RECEIVED: (_K.BAIL_RESULT_RECEIVED,),
    _K.WARRANT_RECEIVED: (_K.REARREST_RESULT_RECEIVED,),
    _K.REQUIRED_TO_GIVE_EVIDENCE: (_K.WITNESS_NEEDS_ASSESSED, _K.COURT_VISIT_OFFERED, _K.EXPENSES_CLAIMED),
    _K.WITNESS_NEEDS_ASSESSED: (_K.WITNESS_NEEDS_ASSESSED,),
    _K.COURT_VISIT_OFFERED: (_K.COURT_VISITED,),
    _K.TRIAL_STARTED: (_K.EXPENSES_CLAIMED,),
    _K.COURT_OUTCOME_RECEIVED: (_K.SENTENCE_RECEIVED, _K.APPEAL_LODGED, _K.VPS_OFFERED, _K.CPS_MEETING_OFFERED),
    _K.SENTENCE_RECEIVED: (
        _K.SENTENCE_REVIEW_ASKED,
        _K.APPEAL_LODGED,
        _K.APPEAL_NEWS_RECEIVED,
        _K.VPS_READ,
        _K.VCS_REFERRED,
        _K.RELEASE_INFORMATION_RECEIVED,
        _K.CPS_MEETING_OFFERED,
    ),
    _K.SENTENCE_REVIEW_ASKED: (_K.SENTENCE_REVIEW_DECIDED,),
    _K.SENTENCE_REVIEW_DECIDED: (_K.SENTENCE_REVIEW_DECIDED,),
    _K.APPEAL_LODGED: (_K.APPEAL_NEWS_RECEIVED,),
    _K.APPEAL_NEWS_RECEIVED: (_K.APPEAL_NEWS_RECEIVED, _K.SUPREME_COURT_RESULT_RECEIVED, _K.VPS_OFFERED),
    _K.SUPREME_COURT_RESULT_RECEIVED: (_K.SUPREME_COURT_RESULT_RECEIVED,),
    _K.EXPENSES_CLAIMED: (_K.EXPENSES_CLAIM_COMPLETED, _K.EXPENSES_REFUSED),
    _K.EXPENSES_CLAIM_COMPLETED: (_K.EXPENSES_PAID, _K.EXPENSES_REFUSED),
    _K.PROPERTY_HELD: (_K.PROPERTY_RETURNED,),
    _K.VCS_REFERRED: (_K.VCS_FIRST_CONTACT,),
    _K.VCS_FIRST_CONTACT: (_K.LICENCE_CONDITIONS_ASKED, _K.VPS_OFFERED),
    _K.RELEASE_INFORMATION_RECEIVED: (
        _K.RELEASE_INFORMATION_RECEIVED,
        _K.LICENCE_CONDITIONS_ASKED,
        _K.VPS_OFFERED,
        _K.VPS_READ,
    ),
    _K.LICENCE_CONDITIONS_ASKED: (_K.LICENCE_CONDITIONS_DECIDED,),
    _K.COMPLAINT_MADE: (_K.COMPLAINT_ACKNOWLEDGED, _K.COMPLAINT_ANSWERED),
    _K.CASE_CLOSED: (_K.CASE_REOPENED,),
    _K.CASE_REOPENED: (_K.CASE_CLOSED,),
}
"""What each kind makes possible: on its own subject where both are about one of the same sort, else on the case."""

_ENDED_BY_A_DECISION = (_K.SUSPECT_INTERVIEWED, *_RELEASES, *_BAIL, *_DECISIONS)
RULES_OUT: Mapping[EventKind, tuple[EventKind, ...]] = {
    **dict.fromkeys(_STOPPED, _ENDED_BY_A_DECISION),
    _K.SUSPECT_CHARGED: (_K.SUSPECT_ARRESTED, _K.INVESTIGATION_CLOSED_NO_SUSPECT, *_ENDED_BY_A_DECISION),
    _K.SUSPECT_RELEASED_WITHOUT_CHARGE: (*_RELEASES, *_BAIL),
    _K.SUSPECT_RELEASED_UNDER_INVESTIGATION: _BAIL,
    _K.BAIL_CANCELLED: _BAIL,
    _K.OPTED_IN: (_K.OPTED_IN,),
    _K.REFERRAL_DECLINED: (_K.REFERRAL_CONSENTED, _K.REFERRAL_SENT),
    _K.REFERRAL_SENT: (_K.REFERRAL_CONSENTED, _K.REFERRAL_DECLINED),
    _K.REFERRAL_ACCEPTED: (_K.REFERRAL_REFUSED,),
    _K.REFERRAL_REFUSED: (_K.REFERRAL_ACCEPTED,),
    _K.DECIDED_NOT_TO_INVESTIGATE: (_K.INVESTIGATION_CLOSED_NO_SUSPECT,),
    _K.INVESTIGATION_CLOSED_NO_SUSPECT: (_K.DECIDED_NOT_TO_INVESTIGATE,),
    _K.SUSPECT_ARRESTED: (_K.DECIDED_NOT_TO_INVESTIGATE,),
    _K.REVIEW_DECIDED: (_K.REVIEW_ACKNOWLEDGED,),
    _K.COURT_OUTCOME_RECEIVED: (_K.HEARING_ADJOURNED, _K.PLEA_RECEIVED, _K.TRIAL_STARTED, _K.REQUIRED_TO_GIVE_EVIDENCE),
    _K.SENTENCE_RECEIVED: _OF_A_HEARING,
    _K.EXPENSES_PAID: (_K.EXPENSES_REFUSED,),
    _K.EXPENSES_REFUSED: (_K.EXPENSES_PAID,),
    _K.COMPLAINT_ANSWERED: (_K.COMPLAINT_ACKNOWLEDGED,),
}
"""What each kind rules out, of its own subject alike. Every kind rules itself out, unless it makes itself possible."""


OF_PEOPLE_ALONE: frozenset[EventKind] = frozenset({_K.NEEDS_ASSESSED})
"""What happens to no business: it has needs of nobody."""


def what_next(journey: Journey, *, is_person: bool = True) -> Possible:
    """The kinds that can happen next, in the order of the stages, each with the subjects that it can happen to.

    The subject None is a new one, or none at all. `is_person`: the victim is one, and no business.
    """
    events = [chain.current for chain in journey.chains().values() if chain.happened]
    possible = after(sorted(events, key=_in_order))
    return {kind: subjects for kind, subjects in possible.items() if is_person or kind not in OF_PEOPLE_ALONE}


def after(events: Iterable[JourneyEvent]) -> Possible:
    """The same after these events, in the order in which they happened."""
    possible: set[tuple[EventKind, str | None]] = {(kind, None) for kind in START}
    for event in events:
        for kind in (event.kind, *RULES_OUT.get(event.kind, ())):
            possible.discard((kind, _subject(kind, event)))
        possible.update((kind, _subject(kind, event)) for kind in MAKES_POSSIBLE.get(event.kind, ()))
    subjects: dict[EventKind, list[str | None]] = {}
    for kind, subject in possible:
        subjects.setdefault(kind, []).append(subject)
    return {kind: tuple(sorted(subjects[kind], key=_named_first)) for kind in EVENT_KINDS if kind in subjects}


def _in_order(event: JourneyEvent) -> tuple[date, datetime, datetime]:
    """On one day at no known hour, as they were recorded."""
    return event.happened.on, event.happened.at or event.recorded_at, event.recorded_at


def _subject(kind: EventKind, event: JourneyEvent) -> str | None:
    """What an event of `kind` would be about, following this one: the same suspect, hearing, claim."""
    of = EVENT_KINDS[kind].subject
    return event.subject if of is not None and of == EVENT_KINDS[event.kind].subject else None


def _named_first(subject: str | None) -> tuple[bool, str]:
    return subject is None, subject or ""

"""What a duty comes to in figures of compliance. The words on screens and the definitions are in presentation."""

from __future__ import annotations

from enum import StrEnum

from victimcare.domain.entitlements import Counting, Ending, Entitlement


class Outcome(StrEnum):
    """Where a duty is counted; each is counted once, so that totals reconcile.

    It does not depend on today: an `OPEN` duty is overdue as soon as its day is past.
    """

    MET = "met"
    MET_LATE = "met_late"
    OPEN = "open"
    LATE_THEN_ENDED = "late_then_ended"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    NOT_SAFE = "not_safe"
    GOOD_REASON = "good_reason"
    RECORDED_IN_ERROR = "recorded_in_error"
    NO_EVIDENCE = "no_evidence"
    NOT_YET_KNOWN = "not_yet_known"
    EXPECTED = "expected"
    NOT_STARTED = "not_started"


COUNTED = (Outcome.MET, Outcome.MET_LATE, Outcome.OPEN, Outcome.LATE_THEN_ENDED)
"""The duties of which a percentage is met in time: the denominator, in the order in which they are shown."""

LATE = COUNTED[1:]
"""The duties that were not met in time, however they ended."""

NOT_COUNTED = tuple(outcome for outcome in Outcome if outcome not in COUNTED)
"""Shown beside the percentage, and in none."""

_UNCOUNTED = {
    Counting.NO_EVIDENCE: Outcome.NO_EVIDENCE,
    Counting.NOT_YET_KNOWN: Outcome.NOT_YET_KNOWN,
    Counting.EXPECTED: Outcome.EXPECTED,
    Counting.NOT_STARTED: Outcome.NOT_STARTED,
}


def outcome_of(entitlement: Entitlement) -> Outcome:
    """Where this duty is counted. Lateness is not taken away by whatever ended the duty afterwards."""
    ending, counting = entitlement.ending, entitlement.counting
    if ending is Ending.RECORDED_IN_ERROR:
        return Outcome.RECORDED_IN_ERROR
    if counting in (Counting.NO_EVIDENCE, Counting.NOT_YET_KNOWN):
        return _UNCOUNTED[counting]
    if ending is not None and ending is not Ending.MET:
        return Outcome.LATE_THEN_ENDED if _late(entitlement) else Outcome(ending.value)
    if counting is not Counting.COUNTED:
        return _UNCOUNTED[counting]
    if entitlement.due_on is None:
        return Outcome.NOT_STARTED
    if ending is None:
        return Outcome.OPEN
    return Outcome.MET_LATE if _late(entitlement) else Outcome.MET


def _late(entitlement: Entitlement) -> bool:
    return entitlement.ended_on is not None and entitlement.late_on(entitlement.ended_on)

"""How an entitlement stands, whether it counts, and how it can end."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """How an entitlement stands on a given day."""

    NOT_STARTED = "not started"
    EXPECTED = "expected"
    DUE = "due"
    DUE_TODAY = "due today"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met late"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    NOT_APPLICABLE = "not applicable"
    NOT_SAFE = "not safe to inform"
    GOOD_REASON = "good reason"
    RECORDED_IN_ERROR = "recorded in error"
    NO_EVIDENCE = "no evidence"
    NOT_YET_KNOWN = "not yet known"


class Ending(StrEnum):
    """How a duty ended. No ending takes away lateness."""

    MET = "met"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    NOT_SAFE = "not_safe"
    GOOD_REASON = "good_reason"
    RECORDED_IN_ERROR = "recorded_in_error"


class Counting(StrEnum):
    """Whether a duty counts in figures; all the others are shown and not counted."""

    COUNTED = "counted"
    NOT_STARTED = "not_started"
    EXPECTED = "expected"
    NO_EVIDENCE = "no_evidence"
    NOT_YET_KNOWN = "not_yet_known"


STANDING_OF_ENDING = {
    Ending.SUPERSEDED: Standing.SUPERSEDED,
    Ending.DECLINED: Standing.DECLINED,
    Ending.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
    Ending.NOT_SAFE: Standing.NOT_SAFE,
    Ending.GOOD_REASON: Standing.GOOD_REASON,
    Ending.RECORDED_IN_ERROR: Standing.RECORDED_IN_ERROR,
}

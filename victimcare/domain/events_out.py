"""What the systems of agencies are told by themselves: that there is something to ask for, and nothing of what it is.

The kinds are those of what the API answers, and not those of the journey: that a victim declined, or that somebody was
bailed, would tell a system more than it may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from victimcare.domain.agencies import RECORDED_BY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import ApiScope


class Told(StrEnum):
    """A kind of what a system is told. The word after the dot says what became of it, as the system reads it now."""

    DUTY_OWED = "duty.owed"
    DUTY_CHANGED = "duty.changed"
    DUTY_ENDED = "duty.ended"
    REFERRAL_SENT = "referral.sent"
    REFERRAL_CHANGED = "referral.changed"
    TEST = "test"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _WORDS[self]


_WORDS = {
    Told.DUTY_OWED: "The agency owes something in a case that it did not owe before",
    Told.DUTY_CHANGED: "What it owes there is due on another day, or counts now",
    Told.DUTY_ENDED: "It no longer owes something there",
    Told.REFERRAL_SENT: "A referral lies with the service",
    Told.REFERRAL_CHANGED: "Somebody else recorded how far a referral has come",
    Told.TEST: "A test: an administrator asked for it",
}
OF_DUTIES = (Told.DUTY_OWED, Told.DUTY_CHANGED, Told.DUTY_ENDED)
OF_REFERRALS = (Told.REFERRAL_SENT, Told.REFERRAL_CHANGED)
TOLD_TO: Mapping[str, tuple[Told, ...]] = {**dict.fromkeys(RECORDED_BY, OF_DUTIES), SUPPORT_SERVICE: OF_REFERRALS}
"""What each agency can be told at most."""
NEEDS: Mapping[Told, ApiScope] = {
    **dict.fromkeys(OF_DUTIES, ApiScope.READ_CASES),
    **dict.fromkeys(OF_REFERRALS, ApiScope.READ_REFERRALS),
}
"""The scope that a system must have to be told: what it may not ask for it is not told of."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""After each attempt that failed: the schedule of the Standard Webhooks specification, three days in all."""
STOPPED_AFTER = timedelta(days=5)
"""For how long no attempt may succeed before a system is told nothing any more."""
BOTH_SIGN_FOR = timedelta(days=7)
"""For how long a secret signs beside the one that followed it."""
KEPT_FOR = timedelta(days=30)
"""How long what was told, and the attempts, can be looked at."""

STANDS = ("counted", "expected")
"""Of a due row: the agency owes it, or will once a hearing is over."""


def told_of_duties(
    changes: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]],
) -> dict[str, set[Told]]:
    """By agency, what there is to tell of these due rows, each as it was and as it is (None: there is none)."""
    found: dict[str, set[Told]] = {}
    for before, after in changes:
        for agency in {row["owed_by"] for row in (before, after) if row is not None}:
            kind = _told_of(_standing(before, agency), _standing(after, agency))
            if kind is not None:
                found.setdefault(agency, set()).add(kind)
    return found


def _told_of(before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> Told | None:
    if before == after:
        return None
    if before is None:
        return Told.DUTY_OWED
    return Told.DUTY_ENDED if after is None else Told.DUTY_CHANGED


def _standing(row: Mapping[str, Any] | None, agency: str) -> tuple[Any, ...] | None:
    """What the agency reads of it; None where it owes nothing of it."""
    if row is None or row["owed_by"] != agency or row["ended_on"] is not None or row["counting"] not in STANDS:
        return None
    return row["due_on"], row["counting"], row["started_on"]


def cloud_event(*, event_id: str, kind: Told, subject: str | None, at: datetime) -> dict[str, str]:
    """What is sent: a CloudEvents 1.0 envelope with identifiers alone.

    `source` and `subject` together are the address at which the API is asked for it. `at` is a UTC instant.
    """
    said = {
        "specversion": "1.0",
        "id": event_id,
        "source": _SOURCES.get(kind, "/api/v1"),
        "type": f"victimcare.{kind.value}",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return said | ({"subject": subject} if subject else {})


_SOURCES: Mapping[Told, str] = {
    **dict.fromkeys(OF_DUTIES, "/api/v1/cases"),
    **dict.fromkeys(OF_REFERRALS, "/api/v1/referrals"),
}

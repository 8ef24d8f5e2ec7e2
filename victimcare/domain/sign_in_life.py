"""How long a sign-in lasts (OWASP ASVS 5.0, 7.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
"""Without doing anything."""
LONGEST = timedelta(hours=8)
"""However busy."""
WARNED = timedelta(minutes=5)
"""Before it ends, people are told."""
PROOF = timedelta(minutes=10)
"""For so long somebody has proved who they are, where something asks for it anew."""
REMEMBERED = timedelta(hours=24)
"""For so long it is known whose an ended sign-in was, so that what they were typing is kept for them."""


def has_ended(*, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether nobody is signed in by it any more."""
    return now - created_at >= LONGEST or now - last_seen_at >= IDLE

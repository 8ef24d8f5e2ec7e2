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
CLOCKS_DIFFER = timedelta(minutes=1)
"""Those of two machines do, by a little: so far ahead an instant is taken for now."""


def is_within(at: datetime, how_long: timedelta, *, now: datetime) -> bool:
    """Whether it was less than `how_long` ago.

    An instant that has not come was not: where a clock was set back, ten minutes would become a day.
    """
    return -CLOCKS_DIFFER <= now - at < how_long


def has_ended(*, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether nobody is signed in by it any more."""
    return not (is_within(created_at, LONGEST, now=now) and is_within(last_seen_at, IDLE, now=now))


def is_proved(proved_at: datetime, *, now: datetime) -> bool:
    """Whether whoever is signed in proved who they are within the last minutes."""
    return is_within(proved_at, PROOF, now=now)

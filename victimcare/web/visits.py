"""Who asks for a page, and what every page says; and the few pages that are shown while nobody can tell who asks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from victimcare.domain.incident import TellingClock
from victimcare.domain.people import Person
from victimcare.domain.sign_in_life import IDLE, LONGEST, WARNED
from victimcare.store.sign_ins import OpenEmergency, StoredSession, form_token

WITHOUT_RECORDS = ("/help", "/accessibility", "/sign-in")
"""Pages that are shown where the database does not answer, to nobody in particular."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for this page, and what every page says. `token` is that of the cookie, new where there was none.

    `clocks`: the references and clocks of the incidents about which the person is to decide.
    `ended` is the sign-in that this browser had, where it lasts no more: nobody is signed in by it. `out_of_reach`: the
    database does not answer, so nobody knows who it is.
    """

    at: datetime
    token: str
    csrf_token: str
    person: Person | None
    session_id: str | None
    demonstration: bool
    notices: tuple[str, ...]
    clocks: tuple[tuple[str, TellingClock], ...] = ()
    session: StoredSession | None = None
    ended: StoredSession | None = None
    out_of_reach: bool = False

    @property
    def emergency(self) -> OpenEmergency | None:
        """The case that is open in an emergency now."""
        return self.session.emergency_at(self.at) if self.session else None

    @property
    def life(self) -> Life | None:
        """How long the sign-in lasts yet; None where nobody is signed in."""
        if self.session is None:
            return None
        lasts = LONGEST - (self.at - self.session.created_at)
        return Life(*(int(each.total_seconds()) for each in (IDLE, WARNED, lasts)))


@dataclass(frozen=True, slots=True)
class Life:
    """In seconds: for how long nothing may be done, how long before that it is said, and the end in any case."""

    idle: int
    warned: int
    lasts: int


def nobody_known(at: datetime, token: str) -> Visit:
    """The visit while the database does not answer: the browser keeps its cookie, and with it its sign-in."""
    token = token or secrets.token_urlsafe(32)
    return Visit(at, token, form_token(token), None, None, demonstration=False, notices=(), out_of_reach=True)

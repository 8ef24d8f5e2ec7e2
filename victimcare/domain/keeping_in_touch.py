"""Keeping in touch with the victim: what they asked for, the next contact promised, attempts that did not reach them.

A promise is the word that an officer gave; it is no duty of the Code, and is never counted as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from victimcare.domain.case import status_of
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearing_choices import wants_nothing
from victimcare.domain.journey import EventChain, JourneyEvent
from victimcare.domain.kinds.contact import MADE_BY, PROMISED, WISHES, wish_detail

_POLICE = "police"


@dataclass(frozen=True, slots=True)
class Promise:
    """That the victim hears again by the end of `on`, agreed on `made_on` (London dates)."""

    on: date
    made_on: date


@dataclass(frozen=True, slots=True)
class InTouch:
    """How things stand with the victim.

    `promise` is what the last contact that reached them promised: the next one ends it, whatever day it is.
    `attempts` counts those since that contact. Both are of the police: what another agency did, a witness care unit,
    neither keeps nor makes a promise of the case officer's. `wishes` are the codes of what they asked for when they
    last asked for something, on `wished_on`.
    """

    promise: Promise | None = None
    attempts: int = 0
    wishes: tuple[str, ...] = ()
    wished_on: date | None = None

    @property
    def wished(self) -> str:
        """What they asked for, in words."""
        return ", ".join(WISHES[code] for code in self.wishes)


def in_touch(chains: Iterable[EventChain]) -> InTouch:
    """How things stand by what happened of `chains`, in any order."""
    promise: Promise | None = None
    attempts, wishes, wished_on = 0, (), None  # type: int, tuple[str, ...], date | None
    for event in sorted((chain.current for chain in chains if chain.happened), key=_in_order):
        by_police = event.details.get(MADE_BY, _POLICE) == _POLICE
        if event.kind is EventKind.CONTACT_ATTEMPTED and by_police:
            attempts += 1
        elif event.kind is EventKind.CONTACT_MADE:
            if by_police:
                attempts, promise = 0, _promise_of(event)
            if said := wishes_of(event.details):
                wishes, wished_on = said, event.happened.on
    return InTouch(promise, attempts, wishes, wished_on)


TELLS_OF_SILENCE = frozenset(
    {
        EventKind.CASE_CLOSED,
        EventKind.CASE_REOPENED,
        EventKind.CASE_VOIDED,
        EventKind.CONTACT_MADE,
        EventKind.CRIME_REPORTED,
        EventKind.OPTED_IN,
        EventKind.OPTED_OUT,
        EventKind.VICTIM_JOINED,
    }
)
"""The kinds of event from which `silent_since` is known; the report tells whether its source tells of contacts."""


def silent_since(chains: Iterable[EventChain], *, opened_on: date) -> date | None:
    """Since when (London date) nothing has reached the victim of a case that was opened on `opened_on`.

    None where they chose to hear nothing, where the case is not open, and where its source tells of no contacts and
    nobody has recorded one since: there silence proves nothing.
    """
    happened = [chain for chain in chains if chain.happened]
    if status_of(happened) != "open" or wants_nothing(happened):
        return None
    contacts = [chain.current.happened.on for chain in happened if chain.root.kind is EventKind.CONTACT_MADE]
    if not contacts and not all(chain.root.contacts_recorded for chain in happened):
        return None
    return max(contacts, default=opened_on)


def wishes_of(details: Mapping[str, object]) -> tuple[str, ...]:
    """The codes of what a contact says that the victim asked for."""
    return tuple(code for code in WISHES if details.get(wish_detail(code)) is True)


def _promise_of(contact: JourneyEvent) -> Promise | None:
    on = contact.details.get(PROMISED)
    return Promise(on, contact.happened.on) if isinstance(on, date) else None


def _in_order(event: JourneyEvent) -> tuple[date, datetime, datetime, str]:
    """On one day at no known hour, as they were recorded."""
    return event.happened.on, event.happened.at or event.recorded_at, event.recorded_at, event.key

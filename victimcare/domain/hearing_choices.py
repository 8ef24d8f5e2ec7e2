"""How a victim chooses to hear: how often, by what means and at which times. What follows for the journey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from victimcare.domain.choices import opt_outs
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearing_times import TIMES
from victimcare.domain.journey import EventChain

__all__ = [
    "MEANS",
    "TIMES",
    "UNWANTED_BECAUSE",
    "Chosen",
    "HowOften",
    "interval_now",
    "interval_of",
    "kinds_that_follow",
    "wants_nothing",
]

EVERYTHING = "all"


class HowOften(StrEnum):
    """How often a victim wants to hear."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    POLICY = "policy"
    OTHER = "other"
    ONLY_NEWS = "only_news"
    NOT_AT_ALL = "not_at_all"


MEANS: Mapping[str, str] = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "E-mail",
    "letter": "Letter",
    "in_person": "In person",
    "video": "Video call",
}
UNWANTED_BECAUSE: Mapping[str, str] = {
    "asked_now": "They asked for it this time",
    "no_chosen_way": "No way that they chose is safe",
    "must_be_written": "It must be in writing",
    "urgent": "It is about their safety and cannot wait",
}
"""Why something goes in a way that the victim did not choose."""
_DAYS = {HowOften.WEEKLY: 7, HowOften.FORTNIGHTLY: 14}


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the victim wants to hear now; no means and no times: they did not say. `nothing`: not at all."""

    means: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    nothing: bool = False

    def wants(self, means: str) -> bool:
        """Whether they want to hear by this means."""
        return not self.nothing and (not self.means or means in self.means)


def wants_nothing(chains: Iterable[EventChain]) -> bool:
    """Whether they opted out of everything that the Code offers, in a journey of which `chains` happened."""
    happened = [chain for chain in chains if chain.happened]
    return any(out.scope == EVERYTHING and not _is_back_in(out.back_in) for out in opt_outs(happened))


def interval_of(how_often: HowOften, *, policy_days: int, other_days: int | None) -> int | None:
    """The calendar days between contacts that are agreed; None where no interval is."""
    if how_often is HowOften.POLICY:
        return policy_days
    return other_days if how_often is HowOften.OTHER else _DAYS.get(how_often)


def kinds_that_follow(
    how_often: HowOften, interval_days: int | None, chains: Iterable[EventChain]
) -> tuple[tuple[EventKind, Mapping[str, str | int]], ...]:
    """The events, with their details, that make the choice so in a journey of which `chains` happened (oldest first).

    "Not at all" opts out of everything that the Code offers; any other choice opts back in to that.
    """
    happened = [chain for chain in chains if chain.happened]
    follow: list[tuple[EventKind, Mapping[str, str | int]]] = []
    opted_out = wants_nothing(happened)
    if opted_out and how_often is not HowOften.NOT_AT_ALL:
        follow.append((EventKind.OPTED_IN, {"scope": EVERYTHING}))
    if interval_days is not None:
        follow.append((EventKind.CONTACT_INTERVAL_AGREED, {"interval_days": interval_days}))
    elif interval_now(happened) is not None:
        follow.append((EventKind.CONTACT_INTERVAL_ENDED, {}))
    if how_often is HowOften.NOT_AT_ALL and not opted_out:
        follow.append((EventKind.OPTED_OUT, {"scope": EVERYTHING, "reason": "does_not_want"}))
    return tuple(follow)


def interval_now(chains: Iterable[EventChain]) -> int | None:
    """The calendar days agreed between contacts as of the last agreement; None where there is none."""
    days: int | None = None
    for chain in chains:
        if chain.root.kind is EventKind.CONTACT_INTERVAL_AGREED:
            days = int(str(chain.current.details["interval_days"]))
        elif chain.root.kind is EventKind.CONTACT_INTERVAL_ENDED:
            days = None
    return days


def _is_back_in(back_in: Iterable[tuple[str, object]]) -> bool:
    return any(scope == EVERYTHING for scope, _ in back_in)

"""The victim: which tier of rights they hold on which days, and on what grounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from unicodedata import combining, normalize

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, by_moment

_APOSTROPHES = "'’‘`ʼ"
_PLAIN_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class TierPeriod:
    """A tier held from the day it was assessed (`from_on`, None: from the first) until the day before `until_on`."""

    tier: str
    from_on: date | None
    until_on: date | None
    grounds: str | None = None


def tier_history(chains: Iterable[EventChain], *, default_tier: str) -> tuple[TierPeriod, ...]:
    """The tiers held, in order and without gaps, from the needs assessments among `chains` (oldest first).

    Grounds found later never backdate: a tier is held from the day on which it was assessed. Where an assessment
    ends by itself (an eighteenth birthday), the default tier follows. Of two of one moment, a day or an hour, which
    nothing orders, one that gives more than the default tier counts.
    """
    kind = EventKind.NEEDS_ASSESSED
    assessed = [c.current for c in chains if c.root.kind is kind and c.happened]
    assessed.sort(key=lambda event: (*by_moment(event), event.details["tier"] != default_tier))
    if not assessed:
        return (TierPeriod(default_tier, None, None),)
    periods = [TierPeriod(default_tier, None, assessed[0].happened.on)]
    for index, event in enumerate(assessed):
        begins = event.happened.on
        next_begins = assessed[index + 1].happened.on if index + 1 < len(assessed) else None
        ends = event.details.get("until_on")
        grounds = event.details.get("grounds")
        tier, why = str(event.details["tier"]), str(grounds) if grounds else None
        if isinstance(ends, date) and (next_begins is None or ends < next_begins):
            ends = max(begins, ends)
            periods.append(TierPeriod(tier, begins, ends, why))
            periods.append(TierPeriod(default_tier, ends, next_begins))
        else:
            periods.append(TierPeriod(tier, begins, next_begins, why))
    return tuple(period for period in periods if period.from_on is None or period.from_on != period.until_on)


def tier_on(history: Iterable[TierPeriod], day: date) -> TierPeriod:
    """The period of the tier held on `day` (London date)."""
    for period in history:
        begun = period.from_on is None or period.from_on <= day
        if begun and (period.until_on is None or day < period.until_on):
            return period
    raise LookupError(f"no tier is held on {day}")


def as_searched(name: str) -> str:
    """The name as it is searched for: no capitals, accents or apostrophes, on every database alike."""
    letters = normalize("NFKD", name.casefold())
    return "".join(c for c in letters if not combining(c) and c not in _APOSTROPHES).translate(_PLAIN_LETTERS)


def eighteenth_birthday(born_on: date) -> date:
    """The day on which a person born on `born_on` turns 18 (1 March for 29 February)."""
    try:
        return born_on.replace(year=born_on.year + 18)
    except ValueError:
        return date(born_on.year + 18, 3, 1)


def is_under_18(born_on: date, day: date) -> bool:
    """Whether a person born on `born_on` is a child on `day` (London dates)."""
    return day < eighteenth_birthday(born_on)

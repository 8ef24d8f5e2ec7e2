"""Who a victim is, as far as it is known, and what a date of birth that was wrong changes of the tier they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Value
from victimcare.domain.needs import Found, Ground
from victimcare.domain.victim import eighteenth_birthday, is_under_18

NAME, BORN_ON = "name", "born_on"
FIELDS = {NAME: "Name", BORN_ON: "Date of birth", "basis": "Counts as a victim", "language": "Language"}
"""What is known of a victim, and what each is called."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a victim: codes for why they count as one and for their language."""

    name: str | None = field(repr=False)
    born_on: date | None = field(repr=False)
    basis: str
    language: str


def differing(one: Identity, other: Identity) -> tuple[str, ...]:
    """The names of the fields in which the two differ."""
    return tuple(each.name for each in fields(Identity) if getattr(one, each.name) != getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class TierPutRight:
    """What an assessment of needs would have found. `corrects`: the one that found something else; None: found now."""

    found: Found
    corrects: EventChain | None = None

    def details(self) -> dict[str, Value]:
        """The details of the event, with whatever of the assessment was right."""
        known = self.corrects.current.details if self.corrects else {}
        details = {name: value for name, value in known.items() if name not in ("grounds", "until_on")}
        details["tier"] = self.found.tier
        if self.found.ground is not None:
            details["grounds"] = self.found.ground.id
        if self.found.until_on is not None:
            details["until_on"] = self.found.until_on
        return details


def tiers_put_right(
    chains: Iterable[EventChain],
    grounds: Sequence[Ground],
    *,
    default_tier: str,
    born_on: date | None,
    today: date,
) -> tuple[TierPutRight, ...]:
    """What the assessments among `chains` (oldest first) found that a victim born on `born_on` cannot have, and have.

    A childhood that was none, or that ended sooner, is put right from the day of the assessment: it was never so. One
    that nobody knew of gives rights from today on, for what is found later never backdates. Nobody is assessed by a
    date of birth alone: where there is no assessment, nothing follows.
    """
    childhood = next((ground for ground in grounds if ground.of_age), None)
    assessed = [c for c in chains if c.root.kind is EventKind.NEEDS_ASSESSED and c.happened]
    right: list[TierPutRight] = []
    found_last: Found | None = None
    for chain in assessed:
        found_last = _recorded(chain, grounds)
        if found_last.ground is None or not found_last.ground.of_age:
            continue
        holds = _childhood(found_last, default_tier, born_on, chain.current.happened.on, today)
        if holds != found_last:
            right.append(TierPutRight(holds, chain))
            found_last = holds
    if found_last is not None and childhood is not None and born_on is not None and is_under_18(born_on, today):
        lapsed = found_last.until_on is not None and found_last.until_on <= today
        if lapsed or found_last.tier == default_tier:
            right.append(TierPutRight(Found(childhood.tier, childhood, eighteenth_birthday(born_on))))
    return tuple(right)


def _recorded(chain: EventChain, grounds: Sequence[Ground]) -> Found:
    """What an assessment found, as its event says."""
    details = chain.current.details
    ground = next((each for each in grounds if each.id == details.get("grounds")), None)
    until_on = details.get("until_on")
    return Found(str(details["tier"]), ground, until_on if isinstance(until_on, date) else None)


def _childhood(found: Found, default_tier: str, born_on: date | None, assessed_on: date, today: date) -> Found:
    """What a finding of childhood comes to with this date of birth; what has lapsed already is never made longer."""
    if born_on is not None and not is_under_18(born_on, assessed_on):
        return Found(default_tier, None)
    until_on = eighteenth_birthday(born_on) if born_on else None
    lapsed_on = found.until_on if found.until_on is not None and found.until_on <= today else None
    if lapsed_on is not None and (until_on is None or until_on > lapsed_on):
        return found
    return Found(found.tier, found.ground, until_on)

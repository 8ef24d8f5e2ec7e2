"""What changed at the source as corrections of what is here: only what changed there, and never over what changed here.

Three are compared: what the source said before, what it says now, and what stands here. Where source and people here
both changed the same thing, what was recorded here stays, and it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from victimcare.commands.record_event import NewEvent
from victimcare.domain.event_kinds import EVENT_KINDS, Stage
from victimcare.domain.journey import Correction, EventChain, Value

_NO_NEWS = (Stage.CONTACT, Stage.REPORT, Stage.CASE)
_MOMENTS = ("happened", "received", "subject")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PutRight:
    """The corrections of one event, in order, and the fields in which what is here was kept."""

    corrections: tuple[NewEvent, ...]
    kept_here: tuple[str, ...] = ()


def corrections(before: NewEvent, now: NewEvent, chain: EventChain) -> PutRight:
    """What makes of the event as it stands what its source says now.

    A day, a label, or a detail that was not known before is put right: what the victim was told stays told. A detail
    that was something else is other news: whoever was told was told the wrong thing.
    """
    stands = chain.current
    if not chain.happened:
        changed = _changed(before, now)
        return PutRight((), tuple(changed))
    kept_here: list[str] = []
    right: dict[str, Any] = {
        name: three_way(name, getattr(before, name), getattr(now, name), getattr(stands, name), kept_here)
        for name in _MOMENTS
    }
    added, news = dict(stands.details), dict(stands.details)
    for name in sorted({*before.details, *now.details}):
        was, said, here = before.details.get(name), now.details.get(name), stands.details.get(name)
        value = three_way(f"details.{name}", was, said, here, kept_here)
        _set(news, name, value)
        if was is None or said is None:
            _set(added, name, value)
    as_it_stands = NewEvent.correcting(chain.current, Correction.AMENDS)
    if EVENT_KINDS[stands.kind].stage in _NO_NEWS:
        added = news
    put_right = replace(as_it_stands, **right, details=added)
    found = [] if put_right == as_it_stands else [put_right]
    if added != news:
        found.append(replace(put_right, details=news, correction=Correction.CHANGES_NEWS))
    return PutRight(tuple(found), tuple(kept_here))


def taken_back(chain: EventChain) -> PutRight:
    """That it never happened."""
    if not chain.happened:
        return PutRight(())
    return PutRight((NewEvent.correcting(chain.current, Correction.NEVER_HAPPENED),))


def stays(field: str) -> PutRight:
    """Nothing: what stands here was decided by people, and `field` says what its source says otherwise."""
    return PutRight((), (field,))


def after_all(now: NewEvent, chain: EventChain) -> PutRight:
    """That it did happen, as its source says it now."""
    event = replace(now, corrects=chain.key, correction=Correction.AMENDS, duties=chain.current.duties)
    return PutRight((event,))


def three_way(name: str, before: T, now: T, here: T, kept_here: list[str]) -> T:
    """What is to stand: what the source says now where it changed, unless somebody here changed it too."""
    if before == now or here == now:
        return here
    if here != before:
        kept_here.append(name)
        return here
    return now


def _changed(before: NewEvent, now: NewEvent) -> list[str]:
    moments = [name for name in _MOMENTS if getattr(before, name) != getattr(now, name)]
    names = sorted({*before.details, *now.details})
    return moments + [f"details.{name}" for name in names if before.details.get(name) != now.details.get(name)]


def _set(details: dict[str, Value], name: str, value: Value | None) -> None:
    if value is None:
        details.pop(name, None)
    else:
        details[name] = value


def plain(details: Mapping[str, Value | None]) -> dict[str, Value]:
    """The details that are known."""
    return {name: value for name, value in details.items() if value is not None}

"""What the news of a hearing leaves unsaid: a hearing that is put off stays the kind of hearing that it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from victimcare.domain.clocks import time_of_news
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, JourneyEvent

_TYPE = "hearing_type"
_NEWS = (EventKind.HEARING_LISTED, EventKind.HEARING_ADJOURNED)


def with_kinds_of_hearings(chains: Mapping[str, EventChain]) -> Mapping[str, EventChain]:
    """The chains, in which an adjournment that names no kind of hearing has that of the news before it.

    Of the same hearing, by when the news came; where nothing before it says, it is not yet known.
    """
    adjourned = [chain for chain in chains.values() if chain.root.kind is EventKind.HEARING_ADJOURNED]
    silent = {chain.key for chain in adjourned if _TYPE not in chain.current.details}
    if not silent:
        return chains
    filled: dict[str, EventChain] = {}
    known: dict[str, str] = {}
    news = [chain for chain in chains.values() if chain.root.kind in _NEWS and chain.current.subject]
    for chain in sorted(news, key=time_of_news):
        current, hearing = chain.current, str(chain.current.subject)
        if chain.key in silent and hearing in known:
            current = _as(known[hearing], current)
            told = tuple(_as(known[hearing], version) for version in chain.told)
            filled[chain.key] = replace(chain, current=current, told=told)
        if chain.happened and _TYPE in current.details:
            known[hearing] = str(current.details[_TYPE])
    return {key: filled.get(key, chain) for key, chain in chains.items()}


def _as(kind: str, news: JourneyEvent) -> JourneyEvent:
    return news if _TYPE in news.details else replace(news, details={**news.details, _TYPE: kind})

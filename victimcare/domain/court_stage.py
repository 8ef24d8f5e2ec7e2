"""From when on a case is at court: the stage in which a witness care unit works on it."""

from __future__ import annotations

from collections.abc import Iterable

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain

WITNESS_CARE_UNIT = "witness_care_unit"
"""The agency, as the editions of the Code name it."""
_BEGINS_WITH = frozenset({EventKind.SUSPECT_CHARGED, EventKind.HEARING_LISTED})


def is_at_court(chains: Iterable[EventChain]) -> bool:
    """Whether somebody was charged, or a hearing listed. What was corrected away never happened."""
    return any(chain.happened and chain.root.kind in _BEGINS_WITH for chain in chains)

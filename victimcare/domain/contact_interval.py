"""The contact interval agreed with the victim: a clock that starts anew at each contact that reached them.

"No news" is a valid update. The interval is counted in calendar days; any contact that reached the victim meets it
(the one exception to naming), and a miss is one lapse until the next contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain

_AGREEMENTS = (EventKind.CONTACT_INTERVAL_AGREED, EventKind.CONTACT_INTERVAL_ENDED)


@dataclass(frozen=True, slots=True)
class ContactInterval:
    """One turn of the clock: from an agreement or contact, `days` calendar days, and what ended it.

    `met` and `stopped` are (London date, key of the event). `stopped_how` is "superseded" by a new agreement or
    "declined" where the victim no longer wants regular contact.
    """

    start: EventChain
    started_on: date
    days: int
    met: tuple[date, str] | None
    stopped: tuple[date, str] | None
    stopped_how: str = ""


def contact_turns(chains: Iterable[EventChain]) -> Iterator[ContactInterval]:
    """Every turn of the agreed interval, from the events of a journey that happened (oldest first).

    Several contacts on one day are one turn; an agreement made on the day of a contact governs that day's turn.
    """
    relevant = [c for c in chains if c.root.kind in (*_AGREEMENTS, EventKind.CONTACT_MADE)]
    agreements = [c for c in relevant if c.root.kind in _AGREEMENTS]
    starts: dict[date, EventChain] = {}
    for chain in relevant:
        on = chain.current.happened.on
        if on not in starts or chain.root.kind is EventKind.CONTACT_INTERVAL_AGREED:
            starts[on] = chain
    for on, chain in starts.items():
        agreed = _in_force(agreements, on)
        if agreed is None:
            continue
        days = int(str(agreed.current.details["interval_days"]))
        met = _first_after(relevant, on, (EventKind.CONTACT_MADE,))
        stopped = _first_after(agreements, on, _AGREEMENTS)
        ended = stopped is not None and stopped.root.kind is EventKind.CONTACT_INTERVAL_ENDED
        yield ContactInterval(chain, on, days, _dated(met), _dated(stopped), "declined" if ended else "superseded")


def _in_force(agreements: list[EventChain], day: date) -> EventChain | None:
    """The agreement in force on `day`; of several on one day the last counts."""
    latest = None
    for agreement in agreements:
        if agreement.current.happened.on <= day:
            latest = agreement
    return latest if latest and latest.root.kind is EventKind.CONTACT_INTERVAL_AGREED else None


def _first_after(chains: list[EventChain], day: date, kinds: tuple[EventKind, ...]) -> EventChain | None:
    return next((c for c in chains if c.root.kind in kinds and c.current.happened.on > day), None)


def _dated(chain: EventChain | None) -> tuple[date, str] | None:
    return (chain.current.happened.on, chain.key) if chain else None

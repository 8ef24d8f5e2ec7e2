"""The contact interval agreed with the victim: a clock that starts anew at each contact that reached them.

"No news" is a valid update. The interval is counted in calendar days; any contact that reached the victim meets it
(the one exception to naming), and a miss is one lapse until the next contact. It rests while the case is closed: the
closing ends the turn that is not late yet, and the reopening begins one with the interval that was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.case import is_closed
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain

_AGREEMENTS = (EventKind.CONTACT_INTERVAL_AGREED, EventKind.CONTACT_INTERVAL_ENDED)
_DAY = timedelta(days=1)
_TURNS = (EventKind.CASE_CLOSED, EventKind.CASE_REOPENED)
_HOW_STOPPED = {EventKind.CONTACT_INTERVAL_ENDED: "declined", EventKind.CASE_CLOSED: "not_applicable"}


@dataclass(frozen=True, slots=True)
class ContactInterval:
    """One turn of the clock: from an agreement or contact, `days` calendar days, and what ended it.

    `met` and `stopped` are (London date, key of the event). `stopped_how` is "superseded" by a new agreement,
    "declined" where the victim no longer wants regular contact, or "not_applicable" where the case was closed.
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
    relevant = [c for c in chains if c.root.kind in (*_AGREEMENTS, *_TURNS, EventKind.CONTACT_MADE)]
    agreements = [c for c in relevant if c.root.kind in _AGREEMENTS]
    turns = [c for c in relevant if c.root.kind in _TURNS]
    starts: dict[date, EventChain] = {}
    for chain in relevant:
        on = chain.current.happened.on
        if chain.root.kind in _TURNS and (_is_closed(turns, on) or not _is_closed(turns, on - _DAY)):
            continue
        if on not in starts or chain.root.kind is EventKind.CONTACT_INTERVAL_AGREED:
            starts[on] = chain
    closings = [c for c in turns if _is_closed(turns, c.current.happened.on)]
    for on, chain in starts.items():
        agreed = _in_force(agreements, on)
        if agreed is None or _is_closed(turns, on):
            continue
        days = int(str(agreed.current.details["interval_days"]))
        met = _first_after(relevant, on, (EventKind.CONTACT_MADE,))
        ends = (_first_after(agreements, on, _AGREEMENTS), _first_after(closings, on, (EventKind.CASE_CLOSED,)))
        stopped = min((end for end in ends if end is not None), key=lambda end: end.current.happened.on, default=None)
        how = _HOW_STOPPED.get(stopped.root.kind, "superseded") if stopped else "superseded"
        yield ContactInterval(chain, on, days, _dated(met), _dated(stopped), how)


def _is_closed(turns: list[EventChain], day: date) -> bool:
    """Whether the case was closed at the end of this London date."""
    return is_closed(chain.current for chain in turns if chain.current.happened.on <= day)


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

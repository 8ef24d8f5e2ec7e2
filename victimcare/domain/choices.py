"""What the victim chose: services they opted out of, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from victimcare.domain.code import Rule
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, JourneyEvent

_BEFORE_ANY_HOUR = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OptOut:
    """An opt-out of `scope` ("all", "right:6", "rule:R4-REF") from `from_on`.

    `back_in` is what the victim opted in to again afterwards, and on which day: perhaps a part of the scope only.
    """

    key: str
    scope: str
    from_on: date
    back_in: tuple[tuple[str, date], ...] = ()

    def covers(self, rule: Rule) -> bool:
        """Whether the rule is within the scope; clocks between agencies never are."""
        return rule.owed_to == "victim" and _within(rule, self.scope)

    def until_on(self, rule: Rule) -> date | None:
        """The first day on which the rule is owed again; None where the victim never opted back in to it."""
        return next((on for scope, on in self.back_in if _within(rule, scope)), None)


def opt_outs(chains: Iterable[EventChain]) -> tuple[OptOut, ...]:
    """Every opt-out among `chains`, oldest first; what the victim opts in to afterwards is owed again."""
    choices = sorted(
        (c for c in chains if c.happened and c.root.kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN)),
        key=lambda chain: _order(chain.current),
    )
    periods = []
    for index, choice in enumerate(choices):
        if choice.root.kind is EventKind.OPTED_OUT:
            later = (c.current for c in choices[index + 1 :] if c.root.kind is EventKind.OPTED_IN)
            back_in = tuple((str(event.details["scope"]), event.happened.on) for event in later)
            out = choice.current
            periods.append(OptOut(choice.key, str(out.details["scope"]), out.happened.on, back_in))
    return tuple(periods)


def _within(rule: Rule, scope: str) -> bool:
    return scope in ("all", f"right:{rule.right}", f"rule:{rule.id}")


def _order(event: JourneyEvent) -> tuple[date, datetime, bool]:
    # Out and back in on one day at no known hour: the victim is told rather than not.
    return event.happened.on, event.happened.at or _BEFORE_ANY_HOUR, event.kind is EventKind.OPTED_IN

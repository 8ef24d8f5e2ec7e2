"""What the victim chose: services they opted out of, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from victimcare.domain.code import Rule
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain


@dataclass(frozen=True, slots=True)
class OptOut:
    """An opt-out of `scope` ("all", "right:6", "rule:R4-REF") from `from_on` until the day before `until_on`."""

    key: str
    scope: str
    from_on: date
    until_on: date | None

    def covers(self, rule: Rule) -> bool:
        """Whether the rule is within the scope; clocks between agencies never are."""
        if rule.owed_to != "victim":
            return False
        return self.scope in ("all", f"right:{rule.right}", f"rule:{rule.id}")


def opt_outs(chains: Iterable[EventChain]) -> tuple[OptOut, ...]:
    """Every opt-out among `chains` (oldest first); opting in to the same scope, or to all, ends it."""
    choices = [c.current for c in chains if c.happened and c.root.kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN)]
    periods = []
    for index, choice in enumerate(choices):
        if choice.kind is EventKind.OPTED_OUT:
            scope = str(choice.details["scope"])
            back_in = (
                later.happened.on
                for later in choices[index + 1 :]
                if later.kind is EventKind.OPTED_IN and later.details["scope"] in (scope, "all")
            )
            periods.append(OptOut(choice.key, scope, choice.happened.on, next(back_in, None)))
    return tuple(periods)

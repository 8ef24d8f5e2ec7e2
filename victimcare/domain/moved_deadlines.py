"""Which deadlines move when something more is known: what appears, goes, moves, ends or opens again, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from victimcare.domain.entitlements import Counting, Ending, Entitlement
from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.explanation import ending_in_words, in_words
from victimcare.domain.standing import Standing


class Move(StrEnum):
    """What becomes of a duty."""

    APPEARS = "new"
    GOES = "goes"
    OPENS = "open again"
    ENDS = "ends"
    EARLIER = "earlier"
    LATER = "later"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """One duty before and after; `before` is None where it is new, `after` None where it is no longer owed at all.

    `owed` is the later of the two that there is. The standings are those at the end of `on` (London date).
    """

    on: date
    owed: Entitlement
    before: Entitlement | None
    after: Entitlement | None

    @property
    def title(self) -> str:
        """What the rule is called."""
        return self.owed.rule.marked_title

    @property
    def subject(self) -> str | None:
        """Which suspect, hearing or claim it is about."""
        return self.owed.start.current.subject

    @property
    def due_before(self) -> date | None:
        """The London date until which it had to be kept, if there was one."""
        return self.before.due_on if self.before else None

    @property
    def due_after(self) -> date | None:
        """The London date until which it will have to be kept, if there is one."""
        return self.after.due_on if self.after else None

    @property
    def standing_before(self) -> Standing | None:
        """How it stood."""
        return self.before.standing_on(self.on) if self.before else None

    @property
    def standing_after(self) -> Standing | None:
        """How it will stand."""
        return self.after.standing_on(self.on) if self.after else None

    @property
    def tier_before(self) -> str | None:
        """The title of the tier whose limit decided the old day."""
        return _tier(self.before)

    @property
    def tier_after(self) -> str | None:
        """The title of the tier whose limit decides the new day."""
        return _tier(self.after)

    @property
    def move(self) -> Move:
        """What becomes of it, in one word."""
        if self.before is None:
            return Move.APPEARS
        if self.after is None or self._only_now(Ending.RECORDED_IN_ERROR):
            return Move.GOES
        if self.after.ending is None and self.before.ending is not None:
            return Move.OPENS
        if self.after.ending is not None and self.before.ending is None:
            return Move.ENDS
        if self.due_before and self.due_after and self.due_before != self.due_after:
            return Move.EARLIER if self.due_after < self.due_before else Move.LATER
        return Move.CHANGES

    @property
    def why(self) -> str:
        """The reason in a sentence."""
        return " ".join(_reasons(self.before, self.after))

    def _only_now(self, ending: Ending) -> bool:
        return (
            self.after is not None
            and self.before is not None
            and self.after.ending is ending
            and self.before.ending is not ending
        )


def moved_deadlines(
    before: Iterable[Entitlement], after: Iterable[Entitlement], *, on: date
) -> tuple[MovedDeadline, ...]:
    """The duties of one journey that are not the same `before` and `after`, the next due first.

    `on` is the London date for which standings are told.
    """
    old = {owed.key: owed for owed in before}
    new = {owed.key: owed for owed in after}
    moved = [
        MovedDeadline(on, owed, old.get(key), new.get(key))
        for key, owed in {**old, **new}.items()
        if _seen(old.get(key), on) != _seen(new.get(key), on)
    ]
    return tuple(sorted(moved, key=lambda one: (one.due_after or one.due_before or date.max, one.owed.rule.id)))


def _seen(owed: Entitlement | None, on: date) -> object:
    """All of a duty that a person sees of it."""
    return owed and (owed.owed_by, owed.due_on, owed.standing_on(on), owed.ended_on, owed.outstanding)


def _tier(owed: Entitlement | None) -> str | None:
    return owed.edition.tier_title(owed.tier.tier) if owed and owed.rule.owed_to == "victim" else None


def _reasons(before: Entitlement | None, after: Entitlement | None) -> Iterable[str]:
    if after is None:
        yield "Nothing that is recorded starts it any longer."
        return
    if before is None:
        on = f" on {in_words(after.started_on)}" if after.started_on else ""
        yield f"{EVENT_KINDS[after.start.current.kind].sentence}{on}, which starts it."
    else:
        yield from _moved(before, after)
    if after.ending is not None and (
        before is None or (before.ending, before.ended_on) != (after.ending, after.ended_on)
    ):
        yield ending_in_words(after)


def _moved(before: Entitlement, after: Entitlement) -> Iterable[str]:
    if before.started_on != after.started_on and after.started_on:
        instead = f" instead of {in_words(before.started_on)}" if before.started_on else ""
        yield f"Its clock starts on {in_words(after.started_on)}{instead}."
    if before.tier.tier != after.tier.tier and before.due_on != after.due_on and after.rule.owed_to == "victim":
        since = f" from {in_words(after.tier.from_on)}" if after.tier.from_on else ""
        yield f"The victim has {after.edition.tier_title(after.tier.tier).lower()}{since}."
    if before.owed_by != after.owed_by:
        yield f"It is owed by {after.edition.agencies.get(after.owed_by, after.owed_by)}."
    if before.counting is not after.counting and after.counting is Counting.COUNTED:
        yield "It is now known to apply."
    if before.ending is not None and after.ending is None:
        yield "What ended it no longer does, so it is owed again."
    elif len(before.outstanding) < len(after.outstanding):
        yield "More of it must be told."

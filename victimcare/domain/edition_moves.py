"""What a new edition of the Code, or one that is put back, changes in one case, as its journey says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import VictimsCode
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.holiday_moves import duties_told_of
from victimcare.domain.journey import DutyNamed, Journey, JourneyEvent, Moment, Value
from victimcare.domain.standing import Ending


class EditionChange(StrEnum):
    """What becomes of a duty; the codes are those of the event `code_changed`."""

    MOVES = "moves"
    BEGINS = "begins"
    ENDS = "ends"
    GOES = "goes"
    OPENS = "opens"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class EditionMoved:
    """One duty before and after; `before` is None where it begins, `after` where it is no longer owed at all."""

    before: Entitlement | None
    after: Entitlement | None

    @property
    def owed(self) -> Entitlement:
        """The later of the two that there is."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a duty that was never owed does not change")
        return found

    @property
    def due_before(self) -> date | None:
        """The London date until which it had to be kept."""
        return self.before.due_on if self.before else None

    @property
    def due_after(self) -> date | None:
        """The London date until which it will have to be kept."""
        return self.after.due_on if self.after else None

    @property
    def change(self) -> EditionChange:
        """What becomes of it, in one word."""
        if self.before is None:
            return EditionChange.BEGINS
        if self.after is None:
            return EditionChange.GOES
        ended = _ended_by_edition(self.after)
        if ended is not _ended_by_edition(self.before):
            return EditionChange.ENDS if ended else EditionChange.OPENS
        return EditionChange.MOVES if self.due_before != self.due_after else EditionChange.STAYS


def _ended_by_edition(owed: Entitlement) -> bool:
    return owed.ending is Ending.NOT_APPLICABLE and owed.ended_by is None


def changed_by_edition(journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> tuple[EditionMoved, ...]:
    """The duties that the last change of the Code made something else of, of all that were known by then."""
    if code.earlier is None:
        return ()
    before = {owed.key: owed for owed in assess(journey, code.earlier, calendar)}
    after = {owed.key: owed for owed in assess(journey, code, calendar)}
    pairs = (EditionMoved(before.get(key), after.get(key)) for key in {**before, **after})
    return tuple(one for one in pairs if _differs(one) and _known(one, code.since))


def _differs(one: EditionMoved) -> bool:
    return _seen(one.before) != _seen(one.after)


def _seen(owed: Entitlement | None) -> object:
    return owed and (owed.edition.id, owed.due_on, owed.ending, owed.ended_on, owed.owed_by)


def _known(one: EditionMoved, since: datetime | None) -> bool:
    return since is None or one.owed.start.root.recorded_at <= since


def as_events(
    moved: Iterable[EditionMoved], journey: Journey, code: VictimsCode, *, at: datetime, key: Callable[[], str]
) -> list[JourneyEvent]:
    """What the journey says of it at `at` (UTC), an event for each duty of which it does not say so yet."""
    told = duties_told_of(journey, EventKind.CODE_CHANGED, "number", code.number)
    put_back = code.earlier is not None and len(code.editions) < len(code.earlier.editions)
    about = code.withdrawn[-1] if put_back else code.latest
    details: dict[str, Value] = {"in_force_on": about.in_force_from, "put_back": put_back, "number": code.number}
    return [
        JourneyEvent(
            key=key(),
            kind=EventKind.CODE_CHANGED,
            happened=Moment.instant(at),
            recorded_at=at,
            details={"change": _told_as(one.change, put_back).value, **details, **_days(one)},
            duties=(DutyNamed(one.owed.rule.id, one.owed.start.current.key),),
        )
        for one in moved
        if (one.owed.rule.id, one.owed.start.current.key) not in told
    ]


def _told_as(change: EditionChange, put_back: bool) -> EditionChange:
    """What an edition that is put back had taken away does not begin, but is owed again."""
    return EditionChange.OPENS if put_back and change is EditionChange.BEGINS else change


def _days(one: EditionMoved) -> dict[str, Value]:
    days = {"due_before": one.due_before, "due_after": one.due_after}
    return {name: day for name, day in days.items() if day is not None}

"""For how long a case is kept: what is due for review and disposal, and what must stay.

Data Protection Act 2018 s.39 asks for periodic review and for no longer than necessary. How long that is, is the policy
of a force (`editions/retention.toml`). This says what falls due; a person decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from victimcare.domain.calendar import add_calendar_months, london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey

_MONTHS = 12


class Trigger(StrEnum):
    """From which day a period runs (a London date)."""

    CASE_ENDED = "case_ended"
    """The day on which the case was last closed, or recorded as void."""
    LAST_RECORDED = "last_recorded"
    """The day on which anything was last recorded on the journey."""
    VICTIM_BORN = "victim_born"
    """The victim's date of birth: the period is an age."""


class Finding(StrEnum):
    """What is to be said of a case that is over."""

    DUE = "due"
    NOT_YET = "not_yet"
    HELD = "held"
    WAITS = "waits"
    KEPT = "kept"
    UNDATED = "undated"
    """The day from which the period runs is not known: it is never taken for long ago."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A rule of the force: cases of this status, and of these types of crime, stay `years` after the trigger.

    Without `crime_types` it is for every type that no other rule of the status names. `verified`: somebody of the force
    has confirmed it.
    """

    id: str
    title: str
    group: str
    status: str
    crime_types: frozenset[str]
    trigger: Trigger
    years: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """All rules. A run may find `most` cases or `share` of all cases, whichever is less, and more with two people.

    For `undo_days` a disposal can be undone; backups are kept for `backups_days`. Both count calendar days.
    """

    rules: tuple[RetentionRule, ...]
    most: int
    share: float
    undo_days: int
    backups_days: int

    def rule_of(self, *, status: str, crime_type: str) -> RetentionRule | None:
        """The one rule for these cases; None where the force has none: then they are kept."""
        of_status = [rule for rule in self.rules if rule.status == status]
        named = [rule for rule in of_status if crime_type in rule.crime_types]
        return next(iter(named or [rule for rule in of_status if not rule.crime_types]), None)

    def cap(self, cases: int) -> int:
        """How many cases a run may find, of so many that there are; one at the least."""
        return max(1, min(self.most, int(cases * self.share)))

    def opened_until(self, today: date) -> date:
        """A case that was opened after this day cannot be due today."""
        if any(rule.trigger is Trigger.VICTIM_BORN for rule in self.rules):
            return today
        return add_calendar_months(today, -_MONTHS * min((rule.years for rule in self.rules), default=0))


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """What a decision on keeping a case rests on. `waits`: something of it is still to be done."""

    status: str
    crime_type: str
    ended_on: date | None
    last_recorded_on: date | None
    born_on: date | None
    held: bool = False
    waits: bool = False
    kept_until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules say of a case on a day."""

    finding: Finding
    rule: RetentionRule | None = None
    trigger_on: date | None = None
    due_on: date | None = None


def review(record: KeptRecord, policy: RetentionPolicy, *, today: date) -> Review:
    """What is to be said of the case on `today` (London). A hold wins over everything."""
    rule = policy.rule_of(status=record.status, crime_type=record.crime_type)
    if rule is None:
        return Review(Finding.NOT_YET)
    started_on = _started_on(record, rule.trigger)
    if started_on is None:
        return Review(Finding.HELD if record.held else Finding.UNDATED, rule)
    due_on = add_calendar_months(started_on, _MONTHS * rule.years)
    return Review(_finding(record, due_on, today), rule, started_on, due_on)


def _finding(record: KeptRecord, due_on: date, today: date) -> Finding:
    if record.held:
        return Finding.HELD
    if due_on > today:
        return Finding.NOT_YET
    if record.kept_until_on is not None and record.kept_until_on > today:
        return Finding.KEPT
    return Finding.WAITS if record.waits else Finding.DUE


def _started_on(record: KeptRecord, trigger: Trigger) -> date | None:
    if trigger is Trigger.VICTIM_BORN:
        return record.born_on
    return record.ended_on if trigger is Trigger.CASE_ENDED else record.last_recorded_on


def ended_on(journey: Journey) -> date | None:
    """The London date on which the case was last closed, or found void; None where neither happened."""
    ends = (EventKind.CASE_CLOSED, EventKind.CASE_VOIDED)
    happened = (chain.current for chain in journey.chains().values() if chain.happened)
    return max((event.happened.on for event in happened if event.kind in ends), default=None)


def last_recorded_on(journey: Journey) -> date | None:
    """The London date on which anything was last recorded."""
    return max((london_date(event.recorded_at) for event in journey.events), default=None)


def people_missing(agreed: Iterable[str | None], *, by: str) -> int:
    """How many people must still agree once `by` has. Raises `SamePersonTwice`."""
    already: Sequence[str] = [person for person in agreed if person is not None]
    if by in already:
        raise SamePersonTwice
    return max(0, 2 - len(already) - 1)


class SamePersonTwice(PermissionError):
    """Somebody would agree alone with what takes two."""

    def __init__(self) -> None:
        super().__init__("you have agreed already: a second person must")

"""The Victims' Code as values: `VictimsCode` > `Edition` > `Rule` > `TimeLimit`.

Nothing here knows a number of the Code. Numbers live in edition files (`victimcare/editions/*.toml`), each with its
citation and the evidence for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from victimcare.domain.conditions import Answer, Condition
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.evidence import Evidence
from victimcare.domain.journey import JourneyEvent, Value
from victimcare.domain.needs import Ground
from victimcare.domain.transition import Transition
from victimcare.domain.who_counts import VictimBasis

NOT_VERIFIED = "(not verified)"
"""What stands behind the title of a duty that rests on less than the Code's words or a close summary."""


LONGEST_YEARS = 10
"""No time limit is longer: a larger number is a slip of the finger, and could not be counted."""


class Unit(StrEnum):
    """What a time limit counts in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"

    @property
    def most(self) -> int:
        """The largest amount of a limit in it, of `LONGEST_YEARS`."""
        in_a_year = {Unit.WORKING_DAYS: 260, Unit.CALENDAR_DAYS: 365, Unit.CALENDAR_MONTHS: 12}
        return in_a_year[self] * LONGEST_YEARS


class Clock(StrEnum):
    """Which day of the starting event is day 0."""

    HAPPENED = "happened"
    RECEIVED = "received"
    HEARING = "hearing_on"


class Meeting(StrEnum):
    """How a duty comes to be met."""

    NAMED = "named"
    """An event names it as answered; nothing answers a duty by accident."""
    CONFIRMED = "confirmed"
    """The confirming event meets it on the day it was received (clocks between agencies)."""
    ANY_CONTACT = "any_contact"
    """Any contact that reached the victim (the agreed interval, the one exception to naming)."""


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of days or months after day 0."""

    amount: int
    unit: Unit

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        one = self.unit.value.replace("_", " ").removesuffix("s")
        return f"{self.amount} {one}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class TimeLimit(Length):
    """How long a tier of victim may wait, with the evidence for it."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class LimitFromEvent:
    """A limit agreed with this victim: the starting event's detail `field` holds the amount."""

    field: str
    unit: Unit
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the paragraph cited, how it was seen, and when a person last compared it."""

    cites: str
    evidence: Evidence
    seen_in: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class DutyBearer:
    """The agency that owes a duty: fixed, read from a field of the starting event, or depending on conditions."""

    otherwise: str
    field: str | None = None
    cases: tuple[tuple[Condition, str], ...] = ()

    def of(self, event: JourneyEvent) -> str:
        """The agency that owes the duty started by `event`."""
        for condition, agency in self.cases:
            if condition.ask(event.details) is Answer.YES:
                return agency
        named = event.details.get(self.field) if self.field else None
        return str(named) if named else self.otherwise


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that must have been told before the duty is met; asked only where `condition` says yes."""

    id: str
    says: str
    condition: Condition = Condition.always()


@dataclass(frozen=True, slots=True)
class Rule:
    """One time-limited duty of the Code.

    `limits` maps each tier to its limit (a tier without one takes that of the edition's default tier) unless
    `limit_from_event` says that the starting event carries it. `subject` says what the duty is about (suspect,
    hearing, complaint, claim), if it is about one. `declined_by` are events in which the victim says no to it.
    `also_starts_on` are further events that start its clock, each with evidence of its own. `in_writing`: whoever
    records a contact that is no writing says whether it was given so too, or was not safe to (`kinds/contact.py`).
    """

    id: str
    right: int
    title: str
    says: str
    owed_by: DutyBearer
    starts_on: frozenset[EventKind]
    clock: Clock
    source: Source
    start_evidence: Evidence
    also_starts_on: Mapping[EventKind, Evidence] = field(default_factory=dict)
    limits: Mapping[str, TimeLimit] = field(default_factory=dict)
    limit_from_event: LimitFromEvent | None = None
    meeting: Meeting = Meeting.NAMED
    met_by: frozenset[EventKind] = frozenset()
    confirmed_by: frozenset[EventKind] = frozenset()
    superseded_by: frozenset[EventKind] = frozenset()
    declined_by: frozenset[EventKind] = frozenset()
    must_tell: tuple[Telling, ...] = ()
    condition: Condition = Condition.always()
    subject: str | None = None
    owed_to: str = "victim"
    in_writing: bool = False
    recurring: bool = False
    policy: bool = False
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether the rule, its start and every one of its limits rest on the Code's words or a close summary."""
        grades = [
            self.source.evidence,
            self.start_evidence,
            *(limit.evidence for limit in self.limits.values()),
            *((self.limit_from_event.evidence,) if self.limit_from_event else ()),
        ]
        return all(grade.verified for grade in grades)

    @property
    def marked_title(self) -> str:
        """Its title and, where it is so, that it is not verified: for lists, which show no more of it."""
        return self.title if self.verified else f"{self.title} {NOT_VERIFIED}"

    def evidence_of_start(self, kind: EventKind) -> Evidence:
        """How it was seen that an event of this kind starts the clock."""
        return self.also_starts_on.get(kind, self.start_evidence)

    def verified_from(self, kind: EventKind) -> bool:
        """Whether the duty is verified where an event of this kind started it."""
        return self.verified and self.evidence_of_start(kind).verified

    @property
    def answered_by(self) -> EventKind:
        """The kind of event that answers the duty in the ordinary course: what an officer records to keep it."""
        if not self.met_by or EventKind.CONTACT_MADE in self.met_by:
            return EventKind.CONTACT_MADE
        return min(self.met_by)

    def due_tellings(self, details: Mapping[str, Value]) -> tuple[Telling, ...]:
        """What must be told when the duty was started by an event with these details."""
        return tuple(telling for telling in self.must_tell if telling.condition.ask(details) is Answer.YES)


@dataclass(frozen=True, slots=True)
class OwnDeadline:
    """A limit that runs against the victim (the victim's own deadlines), shown to the officer and never counted.

    `promised_by`: instead, what a scheme promises the victim, by this agency. An event of a `met_by` kind on the same
    subject, for which `met_if` says yes, shows that it was used or kept.
    """

    id: str
    title: str
    says: str
    starts_on: frozenset[EventKind]
    limit: TimeLimit
    source: Source
    day_field: str | None = None
    condition: Condition = Condition.always()
    promised_by: str | None = None
    met_by: frozenset[EventKind] = frozenset()
    met_if: Condition = Condition.always()


@dataclass(frozen=True, slots=True)
class UntimedDuty:
    """A duty of the Code without a time limit: an entry of the officer's checklist."""

    id: str
    right: int
    says: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of victim that the edition gives its own limits; the default tier is held by everyone."""

    id: str
    title: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """One of the Code's numbered rights."""

    number: int
    title: str


@dataclass(frozen=True)
class Edition:
    """One dated edition of the Code, in force from `in_force_from` until the day before `in_force_to`.

    `transition` says what it does with what began under the edition before; without one, that stays as it was.
    """

    id: str
    title: str
    in_force_from: date
    in_force_to: date | None
    source: str
    checked_on: date
    fictional: bool
    tiers: tuple[Tier, ...]
    rights: tuple[Right, ...]
    agencies: Mapping[str, str]
    rules: tuple[Rule, ...]
    own_deadlines: tuple[OwnDeadline, ...] = ()
    untimed: tuple[UntimedDuty, ...] = ()
    victim_bases: tuple[VictimBasis, ...] = ()
    grounds: tuple[Ground, ...] = ()
    transition: Transition | None = None

    def __post_init__(self) -> None:
        by_id = {rule.id: rule for rule in self.rules}
        by_start: dict[EventKind, list[Rule]] = {}
        for rule in self.rules:
            for kind in (*(rule.starts_on | rule.confirmed_by), *rule.also_starts_on):
                by_start.setdefault(kind, []).append(rule)
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_by_start", {kind: tuple(rules) for kind, rules in by_start.items()})
        object.__setattr__(self, "default_tier", next(tier.id for tier in self.tiers if tier.default))

    _by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)
    _by_start: Mapping[EventKind, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    default_tier: str = field(init=False, repr=False, compare=False)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. Raises `UnknownRule`."""
        try:
            return self._by_id[rule_id]
        except KeyError:
            raise UnknownRule(rule_id, self.id, tuple(self._by_id)) from None

    def has_rule(self, rule_id: str) -> bool:
        """Whether this edition has a rule with this id."""
        return rule_id in self._by_id

    def rules_started_by(self, kind: EventKind) -> tuple[Rule, ...]:
        """The rules whose clock an event of this kind can start or confirm."""
        return self._by_start.get(kind, ())

    def limit(self, rule: Rule, tier: str) -> TimeLimit | None:
        """The limit of `rule` for victims of `tier`; None where the starting event carries it."""
        return rule.limits.get(tier) or rule.limits.get(self.default_tier)

    def tier_title(self, tier: str) -> str:
        """The tier's title; the bare id for a tier of another edition."""
        return next((known.title for known in self.tiers if known.id == tier), tier)

    def right_title(self, number: int) -> str:
        """The title of right `number`."""
        return next((right.title for right in self.rights if right.number == number), f"Right {number}")

    def basis(self, basis_id: str) -> VictimBasis | None:
        """The basis of this id on which somebody counts as a victim; None for one of another edition."""
        return next((basis for basis in self.victim_bases if basis.id == basis_id), None)

    def is_person(self, basis_id: str) -> bool:
        """Whether somebody of this basis is a person, and no business; one of another edition is taken for one."""
        basis = self.basis(basis_id)
        return basis is None or basis.is_person

    def covers(self, day: date) -> bool:
        """Whether the edition is in force on `day` (London date)."""
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)

    def begins_with(self, rule: Rule, day: date) -> bool:
        """Whether an event of this London date, before the edition commences, starts `rule` when it does."""
        return self.transition is not None and day < self.in_force_from and self.transition.begins_with(rule.id, day)


@dataclass(frozen=True)
class VictimsCode:
    """Every edition, oldest first. At most one is in force on any day.

    `number` counts the editions that were brought in, or put back, here since the program came; `earlier` is the Code
    before the last of these. Of the `withdrawn` ones none governs anything: they explain what is still called by them.
    """

    editions: tuple[Edition, ...]
    number: int = 0
    earlier: VictimsCode | None = field(default=None, repr=False, compare=False)
    withdrawn: tuple[Edition, ...] = ()
    since: datetime | None = None

    def __post_init__(self) -> None:
        for earlier, later in zip(self.editions, self.editions[1:], strict=False):
            if earlier.in_force_to is None or earlier.in_force_to > later.in_force_from:
                raise OverlappingEditions(earlier.id, later.id)
        following = {
            edition.id: tuple(later for later in self.editions[place:] if later.transition is not None)
            for place, edition in enumerate(self.editions, start=1)
        }
        object.__setattr__(self, "_following", following)

    _following: Mapping[str, tuple[Edition, ...]] = field(init=False, repr=False, compare=False)

    def following(self, edition: Edition) -> tuple[Edition, ...]:
        """The later editions that say what becomes of what began under this one, oldest first."""
        return self._following[edition.id]

    def in_force(self, day: date) -> Edition | None:
        """The edition that governs a clock starting on `day` (London date); None before the first."""
        for edition in reversed(self.editions):
            if edition.covers(day):
                return edition
        return None

    def edition(self, edition_id: str) -> Edition:
        """The edition with this id. Raises `UnknownEdition`."""
        for edition in self.known:
            if edition.id == edition_id:
                return edition
        raise UnknownEdition(edition_id)

    def on(self, day: date) -> Edition:
        """The edition by which `day` (London date) is spoken of: the one in force, or where none is, the nearest before
        it; the first, before all of them."""
        begun = [edition for edition in self.editions if edition.in_force_from <= day]
        return begun[-1] if begun else self.editions[0]

    @property
    def known(self) -> tuple[Edition, ...]:
        """Every edition that anything here may still be called by, the newest first."""
        return (*self.editions, *self.withdrawn)[::-1]

    @property
    def agreed_intervals(self) -> frozenset[str]:
        """The rules of every edition by which a victim is to hear as often as was agreed with them."""
        return frozenset(rule.id for edition in self.known for rule in edition.rules if rule.recurring)

    @property
    def as_shipped(self) -> VictimsCode:
        """The Code before anything was brought in here."""
        return self.earlier.as_shipped if self.earlier else replace(self, number=0)

    @property
    def latest(self) -> Edition:
        """The edition that commences last; it may not have commenced yet."""
        return self.editions[-1]


class UnknownRule(LookupError):
    """No rule of that id in the edition."""

    def __init__(self, rule_id: str, edition_id: str, known: tuple[str, ...]) -> None:
        self.rule_id = rule_id
        self.edition_id = edition_id
        super().__init__(f"edition {edition_id} has no rule {rule_id!r}; it has {', '.join(known)}")


class UnknownEdition(LookupError):
    """No edition of that id."""

    def __init__(self, edition_id: str) -> None:
        self.edition_id = edition_id
        super().__init__(f"there is no edition {edition_id!r}")


class OverlappingEditions(ValueError):
    """Two editions would both be in force on some day."""

    def __init__(self, earlier: str, later: str) -> None:
        super().__init__(f"editions {earlier} and {later} overlap: give {earlier} an in_force_to")

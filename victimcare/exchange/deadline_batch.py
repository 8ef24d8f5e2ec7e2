"""Deadlines without a case: one from a rule, a tier and an instant, or a file of them.

Each is what `assess` says of a journey that holds nothing but the start, so the answer is that of a case.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from io import TextIOWrapper
from typing import Any

from victimcare.domain.calendar import london_date
from victimcare.domain.clocks import add_limit
from victimcare.domain.code import Clock, Rule
from victimcare.domain.conditions import Condition, Operator
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.explanation import explain, in_words
from victimcare.domain.journey import Journey, JourneyEvent, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.victim import TierPeriod

COLUMNS = ("id", "rule", "tier", "started_at")
ANSWER_COLUMNS = ("id", "due_on", "explanation", "error")
_KEPT_ANSWERS = 200_000


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is owed when, and why that day."""

    entitlement: Entitlement
    explanation: str

    @property
    def due_on(self) -> date | None:
        """The last day on which the duty is kept (London date)."""
        return self.entitlement.due_on

    @property
    def due_in_words(self) -> str:
        """The day as people say it."""
        return in_words(self.due_on) if self.due_on else ""

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints; dates are London dates in ISO 8601."""
        owed = self.entitlement
        return {
            "rule": owed.rule.id,
            "title": owed.rule.title,
            "edition": owed.edition.id,
            "tier": owed.tier.tier,
            "owed_by": owed.owed_by,
            "started_on": str(owed.started_on),
            "due_on": str(owed.due_on),
            "provisional": owed.provisional,
            "explanation": self.explanation,
        }


class DeadlineCalculator:
    """Answers for one law. `agency_names` overrides the edition's names of agencies in explanations."""

    def __init__(self, law: Law, *, agency_names: Mapping[str, str] | None = None) -> None:
        self._law = law
        self._agency_names = agency_names or {}
        self._assessed = cache(self._assess)
        self.on_day = lru_cache(maxsize=_KEPT_ANSWERS)(self._on_day)

    def deadline(self, *, rule: str, tier: str, started_at: str) -> Deadline:
        """The deadline of a clock that starts at an instant: ISO 8601 with an offset or Z.

        Raises `NotAnInstant`, `NoDeadline` and, for a day that the calendar does not reach, `DayOutsideCalendar`.
        """
        instant = instant_of(started_at)
        try:
            day = london_date(instant)
        except ValueError:
            raise NotAnInstant(started_at, "has no date in London") from None
        return self.on_day(rule, tier, day)

    def _on_day(self, rule_id: str, tier: str, day: date) -> Deadline:
        edition = self._law.code.in_force(day)
        if edition is None:
            first = self._law.code.editions[0].in_force_from
            raise NoDeadline(f"no edition of the Code here was in force on {day}: the first is of {first}")
        entitlement = self._moved_to(day, self._assessed(rule_id, tier, edition.id))
        explanation = explain(entitlement, self._law.calendar, agency_names=self._agency_names)
        return Deadline(entitlement, explanation)

    def _moved_to(self, day: date, assessed: Entitlement) -> Entitlement:
        """The same duty with another day 0: `assess` is asked once for a rule and tier, which is what makes it fast."""
        limit, calendar = assessed.limit, self._law.calendar
        if limit is None:
            raise NoDeadline(f"{assessed.rule.id} has no limit for this tier")
        due_on = add_limit(day, limit, calendar)
        tier = TierPeriod(assessed.tier.tier, day, None) if assessed.tier.from_on else assessed.tier
        provisional = calendar.is_provisional(due_on)
        return replace(assessed, started_on=day, due_on=due_on, provisional=provisional, tier=tier)

    def _assess(self, rule_id: str, tier: str, edition_id: str) -> Entitlement:
        """What the rule owes to a victim of this tier where its clock starts on the edition's first day."""
        edition = self._law.code.edition(edition_id)
        if not edition.has_rule(rule_id):
            raise NoDeadline(f"edition {edition.id} has no rule {rule_id!r}")
        if tier not in {known.id for known in edition.tiers}:
            tiers = ", ".join(known.id for known in edition.tiers)
            raise NoDeadline(f"edition {edition.id} has no tier {tier!r}: it has {tiers}")
        rule = edition.rule(rule_id)
        if rule.limit_from_event is not None:
            raise NoDeadline(f"the limit of {rule.id} is agreed with each victim, so its start alone gives no day")
        events = start_alone(rule, edition.in_force_from, tier=None if tier == edition.default_tier else tier)
        assessed = assess(Journey.of("deadline", events), self._law.code, self._law.calendar)
        return next(entitlement for entitlement in assessed if entitlement.rule is rule)


def answer_file(questions: TextIOWrapper, answers: TextIOWrapper, calculator: DeadlineCalculator) -> int:
    """Answer a CSV file row by row as CSV; returns how many rows could not be. Raises `WrongHeader`."""
    questions.reconfigure(encoding="utf-8-sig", errors="surrogateescape", newline="")
    answers.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
    rows = answer_rows(questions, calculator)
    out, errors = csv.writer(answers, lineterminator="\n"), 0
    out.writerow(ANSWER_COLUMNS)
    for row in rows:
        errors += bool(row[-1])
        out.writerow(row)
    answers.flush()
    return errors


def answer_rows(lines: Iterable[str], calculator: DeadlineCalculator) -> Iterator[tuple[str, str, str, str]]:
    """The rows (id, due_on, explanation, error) that answer the lines of a CSV file, one by one.

    A row that cannot be answered says why in `error`. Raises `WrongHeader`, before anything is answered.
    """
    rows = csv.reader(lines)
    try:
        header = tuple(cell.strip() for cell in next(rows, []))
    except csv.Error:
        header = ()
    if header != COLUMNS:
        raise WrongHeader(header)
    return _answers(rows, calculator)


def _answers(rows: Any, calculator: DeadlineCalculator) -> Iterator[tuple[str, str, str, str]]:
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield "", "", "", f"line {rows.line_num} is not CSV: {error}"
            continue
        if row is None:
            return
        if row:
            yield _answer(row, calculator)


def _answer(row: list[str], calculator: DeadlineCalculator) -> tuple[str, str, str, str]:
    if len(row) != len(COLUMNS):
        return row[0], "", "", f"this row has {len(row)} columns instead of {len(COLUMNS)}"
    row_id, rule, tier, started_at = row
    try:
        found = calculator.deadline(rule=rule.strip(), tier=tier.strip(), started_at=started_at)
    except ValueError as error:
        return row_id, "", "", str(error)
    return row_id, str(found.due_on), found.explanation, ""


def instant_of(text: str) -> datetime:
    """The instant that the text names: ISO 8601 with an offset or Z. Raises `NotAnInstant`."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotAnInstant(text, "is not an instant like 2026-05-22T15:00+01:00") from None
    if instant.utcoffset() is None:
        raise NotAnInstant(text, "has no offset: write +01:00, +00:00 or Z after the time")
    return instant


def start_alone(rule: Rule, day: date, *, tier: str | None) -> list[JourneyEvent]:
    """The event that starts the rule on `day`, as its condition asks, and the assessment that gave the tier."""
    kind = _first_kind(rule.confirmed_by or rule.starts_on)
    moment = Moment.day(day)
    recorded_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    received = moment if rule.clock is Clock.RECEIVED else None
    details = _details_that_meet(rule.condition) if kind in rule.starts_on else {}
    events = [JourneyEvent("start", kind, moment, recorded_at, received, "it", details)]
    if tier is not None:
        events.append(JourneyEvent("tier", EventKind.NEEDS_ASSESSED, moment, recorded_at, details={"tier": tier}))
    return events


@cache
def _first_kind(kinds: frozenset[EventKind]) -> EventKind:
    return next(kind for kind in EventKind if kind in kinds)


def _details_that_meet(condition: Condition) -> dict[str, Value]:
    """Details of an event to which the condition answers yes."""
    if condition.operator is Operator.ALL:
        return {name: value for part in condition.parts for name, value in _details_that_meet(part).items()}
    if condition.operator is Operator.ANY:
        return _details_that_meet(condition.parts[0])
    return {condition.detail: condition.values[0]}


class NoDeadline(ValueError):
    """No deadline can be computed, and the sentence says why."""


class NotAnInstant(ValueError):
    """A text that names no instant."""

    def __init__(self, text: str, why: str) -> None:
        self.text = text
        super().__init__(f"{text[:60]!r} {why}")


class WrongHeader(ValueError):
    """The file is not one of deadlines to compute."""

    def __init__(self, found: tuple[str, ...]) -> None:
        self.found = found
        shown = ",".join(found)[:200] or "nothing"
        super().__init__(f"the first line must be {','.join(COLUMNS)}, and it is {shown}")

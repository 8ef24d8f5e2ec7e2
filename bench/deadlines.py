"""The pure functions: assessing a case, counting working days, and answering a file of deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, TextIOWrapper
from random import Random

import numpy

from bench.measuring import Measured, both, in_words, quickest
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import DutyNamed, Journey, JourneyEvent, Moment, Value
from victimcare.editions.law import published_law
from victimcare.exchange.deadline_batch import DeadlineCalculator, answer_file

_BEGAN = datetime(2022, 5, 16, 9, tzinfo=UTC)
_ROWS = 100_000
_A_ROW = 1 / 20_000
"""Seconds that a row of a file may take."""


def measure() -> list[Measured]:
    """`assess` of 12 events in microseconds, `add_working_days` against numpy's scalar `busday_offset`, and the rows
    that `victimcare deadline-batch` answers, in processor time."""
    return [_assessing(), _counting(), _answering()]


def twelve_events() -> Journey:
    """A case from the report to a listed hearing: needs assessed, an arrest, bail and a charge, each told."""
    events = [
        _event(0, K.CRIME_REPORTED),
        _event(0, K.CRIME_RECORDED),
        _event(0, K.OFFICER_ASSIGNED, officer="o1", team="t1", why="present"),
        _event(1, K.NEEDS_ASSESSED, tier="enhanced", grounds="vulnerable"),
        _event(2, K.CONTACT_MADE, answers=[("R3-ACK", 0)], channel="phone"),
        _event(4, K.SUSPECT_ARRESTED, subject="Suspect 1"),
        _event(5, K.CONTACT_MADE, answers=[("R6-ARR", 5)], channel="phone"),
        _event(6, K.SUSPECT_BAILED, subject="Suspect 1"),
        _event(20, K.SUSPECT_CHARGED, subject="Suspect 1"),
        _event(20, K.CONTACT_ATTEMPTED, channel="phone"),
        _event(21, K.CONTACT_MADE, answers=[("R6-CHG", 8)], channel="phone"),
        _event(30, K.HEARING_LISTED, subject="Hearing 1", hearing_on=date(2022, 7, 4), hearing_type="first"),
    ]
    numbered = (_numbered(number, event) for number, event in enumerate(events))
    return Journey.of("BENCH-00001", numbered)


def _event(
    day: int, kind: K, *, subject: str | None = None, answers: list[tuple[str, int]] | None = None, **details: Value
) -> JourneyEvent:
    at = _BEGAN + timedelta(days=day)
    duties = tuple(DutyNamed(rule, f"event-{start}") for rule, start in answers or ())
    moment = Moment.instant(at)
    return JourneyEvent("", kind, moment, at, moment, subject, details, duties)


def _numbered(number: int, event: JourneyEvent) -> JourneyEvent:
    moved = event.happened, event.recorded_at, event.received, event.subject, event.details, event.duties
    return JourneyEvent(f"event-{number}", event.kind, *moved)


def _assessing() -> Measured:
    law, journey = published_law(), twelve_events()
    duties = len(assess(journey, law.code, law.calendar))
    seconds = quickest(lambda: assess(journey, law.code, law.calendar))
    what = f"assess a case of {len(journey.events)} events, {duties} duties (ratio: of 100 µs)"
    return Measured(what, in_words(seconds), "100 µs", seconds / 100e-6, 1.0)


def _counting() -> Measured:
    calendar = published_law().calendar
    holidays = numpy.busdaycalendar(holidays=[day.isoformat() for day in calendar.holidays])
    start, as_numpy = date(2022, 12, 22), numpy.datetime64("2022-12-22")
    theirs = lambda: numpy.busday_offset(as_numpy, 5, roll="backward", busdaycal=holidays)  # noqa: E731
    assert calendar.add_working_days(start, 5) == theirs().item()
    ours, numpys = quickest(lambda: calendar.add_working_days(start, 5)), quickest(theirs)
    return Measured(
        "add 5 working days over Christmas",
        in_words(ours),
        f"numpy busday_offset, {in_words(numpys)}",
        ours / numpys,
        0.1,
    )


def _answering() -> Measured:
    """Five rules at random instants of three years."""
    asked = "".join(("id,rule,tier,started_at\n", *_rows(Random(1))))
    answered = BytesIO()
    answers = TextIOWrapper(answered)
    calculator = DeadlineCalculator(published_law(), agency_names={})
    took = both(lambda: answer_file(TextIOWrapper(BytesIO(asked.encode())), answers, calculator))
    answers.flush()
    assert answered.getvalue().count(b"\n") == _ROWS + 1
    each = took.processor / _ROWS
    what = f"answer a row of deadline-batch, of {_ROWS:,} (ratio: of {in_words(_A_ROW)})"
    return Measured(what, in_words(each), in_words(_A_ROW), each / _A_ROW, 1.0)


def _rows(chance: Random) -> Iterator[str]:
    for number in range(_ROWS):
        rule = chance.choice(("R6-ARR", "R4-REF", "R3-WRIT", "R9-SENT", "R6-CHG"))
        tier = chance.choice(("standard", "enhanced"))
        at = _BEGAN + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
        yield f"{number},{rule},{tier},{at.isoformat()}\n"

"""An invented force at work for a month, with twelve people among them who look where they have no reason to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from victimcare.domain.snooping import Deed, Did, PersonsDay

FIRST, DAYS, OFFICERS, SUPERVISORS = date(2026, 3, 9), 30, 50, 10
NAMESAKE_OF_A_STRANGER = 0.0012
"""How often two people taken at random have one surname: a little more than in England."""


def ordinary(person: int, on: date, random: Random) -> Iterator[Deed]:
    """A day's work: looks at some cases more than once, misspells a search, now and then asks for a wrong reference."""
    supervisor = person >= OFFICERS
    if on.weekday() > 4 and random.random() > 0.15:
        return
    begins = time(random.choice((7, 8, 8, 9, 13)), random.randrange(60))
    if random.random() < 0.02:
        begins = time(22, 30)
    at = datetime.combine(on, begins, UTC)
    for _ in range(random.randint(4, 24)):
        at += timedelta(minutes=random.randint(1, 25))
        case_id = person * 1000 + random.randrange(90)
        if random.random() < 0.3:
            yield Deed(at, Did.SEARCHED)
            if random.random() < 0.25:
                at += timedelta(seconds=30)
                yield Deed(at, Did.SEARCHED)
        if random.random() < 0.01:
            yield Deed(at, Did.REFUSED)
            continue
        namesake = supervisor and random.random() < NAMESAKE_OF_A_STRANGER
        yield Deed(at + timedelta(seconds=40), Did.LOOKED, case_id, namesake=namesake)
        if random.random() < 0.4:
            yield Deed(at + timedelta(minutes=1), Did.OPENED_CONTACT, case_id)
            if random.random() < 0.9:
                yield Deed(at + timedelta(minutes=6), Did.WORKED, case_id)


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)


def _each_minute(on: date, count: int, did: Did, *, from_hour: int = 12, **more: bool) -> list[Deed]:
    first = datetime.combine(on, time(from_hour), UTC)
    return [Deed(first + timedelta(minutes=n), did, 900_000 + n, **more) for n in range(count)]


PLANTED: tuple[tuple[str, int, Callable[[date], list[Deed]]], ...] = (
    ("looks up a relative", 3, lambda on: [Deed(_noon(on), Did.LOOKED, 7, namesake=True)]),
    ("tries references one after the other", 8, lambda on: _each_minute(on, 9, Did.REFUSED)),
    ("tries a few references", 11, lambda on: _each_minute(on, 5, Did.REFUSED)),
    ("searches for everybody they know", 14, lambda on: _each_minute(on, 25, Did.SEARCHED)),
    ("searches for a former partner by every name", 17, lambda on: _each_minute(on, 14, Did.SEARCHED)),
    ("reads a whole team's cases", 21, lambda on: _each_minute(on, 70, Did.LOOKED)),
    ("reads cases in the night", 24, lambda on: _each_minute(on, 18, Did.LOOKED, from_hour=1)),
    ("collects addresses", 28, lambda on: _each_minute(on, 6, Did.OPENED_CONTACT)),
    ("collects some telephone numbers", 33, lambda on: _each_minute(on, 4, Did.OPENED_CONTACT)),
    ("follows cases that were handed over", 36, lambda on: _each_minute(on, 4, Did.LOOKED, theirs=False)),
    ("supervisor who reads a namesake's case", 52, lambda on: [Deed(_noon(on), Did.LOOKED, 8, namesake=True)]),
    ("asks once about one neighbour", 40, lambda on: _each_minute(on, 1, Did.REFUSED)),
)
"""What, by whom, and how it looks. The last cannot be told from somebody who mistypes a reference."""


@dataclass(frozen=True)
class Month:
    """What everybody did, by day, and on which day each of the planted did theirs."""

    days: tuple[tuple[date, tuple[PersonsDay, ...]], ...]
    planted: frozenset[tuple[str, date]]


def a_month(seed: int) -> Month:
    """Thirty days of sixty people. The same seed, the same month."""
    random = Random(seed)
    when = {who: FIRST + timedelta(days=random.randrange(DAYS)) for _, who, _ in PLANTED}
    what = {who: deeds for _, who, deeds in PLANTED}
    days = []
    for on in (FIRST + timedelta(days=n) for n in range(DAYS)):
        everybody = []
        for person in range(OFFICERS + SUPERVISORS):
            deeds = list(ordinary(person, on, random))
            if when.get(person) == on:
                deeds += what[person](on)
            role = "supervisor" if person >= OFFICERS else "officer"
            everybody.append(PersonsDay(str(person), role, tuple(sorted(deeds, key=lambda deed: deed.at))))
        days.append((on, tuple(everybody)))
    return Month(tuple(days), frozenset((str(who), on) for who, on in when.items()))

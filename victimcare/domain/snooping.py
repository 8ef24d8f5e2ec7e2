"""Signs, in what one day's audit holds, that somebody looked where their work gives no reason to look.

A sign is a question for a privacy reviewer and never a finding: a busy day, a review or a night shift can look so too.
The limits are policy of the force, not law. What officers look up without cause is mostly family, former partners and
neighbours, so a shared surname counts once, and the rest counts what a curious person does: asks for cases that are not
theirs, searches and opens nothing, opens contact details without contacting anybody, reads far more than the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median

from victimcare.domain.calendar import LONDON

SIGN_FOUND = "sign_found"
"""That there is one to review, as a step of the outbox: a notice of no case, which tells its reference alone."""


class Sign(StrEnum):
    """What somebody did that calls for a question."""

    PROTECTED = "protected location"
    SAME_NAME = "same name"
    NOT_THEIRS = "not theirs"
    REFUSED = "refused"
    SEARCHED = "searched"
    OPENED_CONTACTS = "opened contacts"
    MANY = "many"
    AT_NIGHT = "at night"


class Did(StrEnum):
    """What one row of the audit is, as far as it matters here."""

    LOOKED = "looked"
    """At one case."""
    REFUSED = "refused"
    TRIED_PROTECTED = "tried protected"
    """Refused too: where a victim can be found whose location is protected, and somebody else is its custodian."""
    SEARCHED = "searched"
    OPENED_CONTACT = "opened contact"
    WORKED = "worked"
    """Recorded or changed something in a case."""
    TOOK_MESSAGE = "took message"
    """Left one for somebody, who reads it: of a case, or of none that could be found."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did at a UTC instant, to one case where it is about one.

    `theirs`: it was theirs to reach in the ordinary way. `namesake`: the victim has the person's surname, and it is not
    a case that they hold.
    """

    at: datetime
    did: Did
    case_id: int | None = None
    theirs: bool = True
    namesake: bool = False


@dataclass(frozen=True, slots=True)
class PersonsDay:
    """All that one person did on one London date, in the order of time."""

    person_id: str
    role: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many of each in a day a question is asked. Policy of the force.

    Against the others of the same role is measured only where at least `peers` of them worked that day.
    """

    not_theirs: int = 3
    refused: int = 5
    searched: int = 12
    opened_contacts: int = 4
    many: int = 40
    at_night: int = 12
    times_the_others: float = 3
    peers: int = 5
    night_from: time = time(22)
    night_until: time = time(6)
    opens_within: timedelta = timedelta(minutes=15)
    opened_together: timedelta = timedelta(hours=1)
    works_in_at_least: float = 0.1


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A sign, how many times, and the case where it is about one only."""

    person_id: str
    sign: Sign
    count: int
    case_id: int | None = None


LIMITS = Limits()
_REFUSED = (Did.REFUSED, Did.TRIED_PROTECTED)
_ENDS_A_SEARCH = (Did.LOOKED, Did.TOOK_MESSAGE)
_RECORDED = (Did.WORKED, Did.TOOK_MESSAGE)


def suspicions(days: Sequence[PersonsDay], *, limits: Limits = LIMITS) -> list[Suspicion]:
    """The signs in what everybody did on one day, by person.

    A namesake and a protected location are asked about once a case; of the rest, how much there was of it counts.
    """
    usual = {role: _usual([day for day in days if day.role == role], limits) for role in {day.role for day in days}}
    return [found for day in days for found in _of(day, usual[day.role], limits)]


def _of(day: PersonsDay, usual: float | None, limits: Limits) -> Iterator[Suspicion]:
    for case_id in sorted({deed.case_id for deed in day.deeds if deed.namesake and deed.case_id is not None}):
        yield Suspicion(day.person_id, Sign.SAME_NAME, 1, case_id)
    tried = Counter(deed.case_id for deed in day.deeds if deed.did is Did.TRIED_PROTECTED and deed.case_id is not None)
    for case_id, times in sorted(tried.items()):
        yield Suspicion(day.person_id, Sign.PROTECTED, times, case_id)
    many = max(limits.many, limits.times_the_others * (usual or 0))
    counted = (
        (Sign.NOT_THEIRS, len(_cases(d for d in day.deeds if d.did is Did.LOOKED and not d.theirs)), limits.not_theirs),
        (Sign.REFUSED, sum(deed.did in _REFUSED for deed in day.deeds), limits.refused),
        (Sign.SEARCHED, _searched_in_vain(day, limits), limits.searched),
        (Sign.OPENED_CONTACTS, _opened_without_work(day, limits), limits.opened_contacts),
        (Sign.MANY, len(_looked_at(day)), many + 1),
        (Sign.AT_NIGHT, _only_read_at_night(day, limits), limits.at_night),
    )
    for sign, count, from_how_many in counted:
        if count >= from_how_many:
            yield Suspicion(day.person_id, sign, count)


def _usual(days: Sequence[PersonsDay], limits: Limits) -> float | None:
    """The median number of cases that people of one role looked at, of those who looked at any; None of too few."""
    looked = [count for day in days if (count := len(_looked_at(day)))]
    return median(looked) if len(looked) >= limits.peers else None


def _looked_at(day: PersonsDay) -> set[int]:
    return _cases(deed for deed in day.deeds if deed.did is Did.LOOKED)


def _cases(deeds: Iterator[Deed]) -> set[int]:
    return {deed.case_id for deed in deeds if deed.case_id is not None}


def _searched_in_vain(day: PersonsDay, limits: Limits) -> int:
    """Searches after which no case was opened and no message left before the next one, or not soon."""
    in_vain, open_search = 0, None
    for deed in day.deeds:
        if deed.did is Did.SEARCHED:
            in_vain += open_search is not None
            open_search = deed
        elif open_search and deed.did in _ENDS_A_SEARCH and deed.at - open_search.at <= limits.opens_within:
            open_search = None
    return in_vain + (open_search is not None)


def _opened_without_work(day: PersonsDay, limits: Limits) -> int:
    """The most cases whose contact details were opened within the hour, where nothing was recorded in them that day."""
    worked = _cases(deed for deed in day.deeds if deed.did in _RECORDED)
    opened = [deed for deed in day.deeds if deed.did is Did.OPENED_CONTACT and deed.case_id not in worked]
    together = (
        _cases(deed for deed in opened[first:] if deed.at - opened[first].at <= limits.opened_together)
        for first in range(len(opened))
    )
    return max(map(len, together), default=0)


def _only_read_at_night(day: PersonsDay, limits: Limits) -> int:
    """Cases looked at by night, where hardly anything was recorded in them: who works at night records what they do."""
    looked = _cases(deed for deed in day.deeds if deed.did is Did.LOOKED and _at_night(deed, limits))
    worked = looked & _cases(deed for deed in day.deeds if deed.did in _RECORDED)
    return len(looked) if len(worked) < len(looked) * limits.works_in_at_least else 0


def _at_night(deed: Deed, limits: Limits) -> bool:
    hour = deed.at.astimezone(LONDON).time()
    return hour >= limits.night_from or hour < limits.night_until

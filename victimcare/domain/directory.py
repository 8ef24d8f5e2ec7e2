"""The directory of services: what each offers to whom, which fit a victim's needs, and why.

Nothing here is about a case: a `Wanted` is what is asked of the directory, without a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from victimcare.domain.support_needs import SUPPORT_NEEDS


class Capacity(StrEnum):
    """Whether a service takes referrals now."""

    FREE = "free"
    WAITING = "waiting"
    FULL = "full"


CAPACITY_IN_WORDS = {
    Capacity.FREE: "Takes referrals now",
    Capacity.WAITING: "Has a waiting list",
    Capacity.FULL: "Is full, takes no referrals now",
}


class Delivery(StrEnum):
    """How a referral reaches a service."""

    EMAIL = "email"
    """As an e-mail sealed for the service's own certificate."""
    PRINT = "print"
    """Printed here and handed over."""


@dataclass(frozen=True, slots=True)
class Service:
    """An entry of the directory. No areas: every area. No languages: English only. Ages in whole years, inclusive.

    `specialisms` are the needs for which it is a specialist; `first`: it is offered before the others of its kind.
    `contact_way` is in words, for people; `email` and `certificate` (X.509, PEM) are there where `delivery` is EMAIL.
    """

    id: str
    name: str
    areas: frozenset[str]
    needs: frozenset[str]
    specialisms: frozenset[str]
    languages: frozenset[str]
    age_from: int | None
    age_to: int | None
    capacity: Capacity
    contact_way: str
    checked_on: date
    first: bool = False
    delivery: Delivery = Delivery.PRINT
    email: str = ""
    certificate: str = field(default="", repr=False)

    @property
    def meets(self) -> frozenset[str]:
        """Every need that it can meet."""
        return self.needs | self.specialisms


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the directory. `age` in whole years on the day, None: not known.

    `specialist_first` are the needs for which a specialist is asked first (the force's policy).
    """

    area: str
    needs: frozenset[str]
    age: int | None
    language: str
    specialist_first: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A service with why it fits, and why not. `specialist`: for a need that asks for one first."""

    service: Service
    fits_because: tuple[str, ...]
    not_because: tuple[str, ...]
    specialist: bool
    needs_met: frozenset[str]

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.not_because


def matches(services: Iterable[Service], wanted: Wanted) -> tuple[Match, ...]:
    """Every service: those that fit first, the best first; the same services give the same order."""
    return tuple(sorted((_match(service, wanted) for service in services), key=_best_first))


def unmet_needs(found: Iterable[Match], wanted: Wanted) -> tuple[str, ...]:
    """The needs that no service which fits can meet, in the order in which they are asked."""
    met = {need for match in found if match.fits for need in match.needs_met}
    return tuple(need for need in SUPPORT_NEEDS if need in wanted.needs and need not in met)


def age_on(born_on: date, day: date) -> int:
    """The age in whole years on `day`."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _match(service: Service, wanted: Wanted) -> Match:
    met = service.meets & wanted.needs
    for_it: list[str] = []
    against: list[str] = []
    _judge_area(service, wanted, for_it, against)
    _judge_needs(service, wanted, met, for_it, against)
    _judge_age(service, wanted, for_it, against)
    _judge_language(service, wanted, for_it, against)
    (against if service.capacity is Capacity.FULL else for_it).append(CAPACITY_IN_WORDS[service.capacity])
    specialist = bool(service.specialisms & wanted.needs & wanted.specialist_first)
    return Match(service, tuple(for_it), tuple(against), specialist, met)


def _judge_area(service: Service, wanted: Wanted, for_it: list[str], against: list[str]) -> None:
    if not service.areas:
        for_it.append("Works in every area")
    elif wanted.area in service.areas:
        for_it.append(f"Works in {wanted.area}")
    else:
        against.append(f"Does not work in {wanted.area}")


def _judge_needs(service: Service, wanted: Wanted, met: frozenset[str], for_it: list[str], against: list[str]) -> None:
    if not wanted.needs:
        if service.needs:
            for_it.append("Gives general support (no needs are recorded)")
        else:
            against.append("A specialist service, and no need for one is recorded")
        return
    if not met:
        against.append("Meets none of the needs recorded")
        return
    for need, title in SUPPORT_NEEDS.items():
        if need in met:
            for_it.append(f"{'Specialist' if need in service.specialisms else 'Helps'}: {title[:1].lower()}{title[1:]}")


def _judge_age(service: Service, wanted: Wanted, for_it: list[str], against: list[str]) -> None:
    if service.age_from is None and service.age_to is None:
        for_it.append("Any age")
        return
    ages = _ages_in_words(service.age_from, service.age_to)
    if wanted.age is None:
        for_it.append(f"For {ages}: check the age, which is not recorded")
    elif (service.age_from or 0) <= wanted.age and (service.age_to is None or wanted.age <= service.age_to):
        for_it.append(f"For {ages}")
    else:
        against.append(f"For {ages} only")


def _judge_language(service: Service, wanted: Wanted, for_it: list[str], against: list[str]) -> None:
    if wanted.language == "en" or wanted.language in service.languages:
        for_it.append("Speaks their language")
    else:
        against.append("Does not offer their language")


def _ages_in_words(age_from: int | None, age_to: int | None) -> str:
    if age_to is None:
        return f"{age_from} and over"
    return f"{age_to} and under" if not age_from else f"{age_from} to {age_to}"


def _best_first(match: Match) -> tuple[object, ...]:
    service = match.service
    return (
        not match.fits,
        not match.specialist,
        not service.first,
        service.capacity is not Capacity.FREE,
        -len(match.needs_met),
        service.name,
        service.id,
    )

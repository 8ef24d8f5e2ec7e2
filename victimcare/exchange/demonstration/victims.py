"""The victims of the demonstration and the crimes that they report. All are invented, and look it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from victimcare.domain.allocation import Specialism
from victimcare.exchange.demonstration.names import victim_name
from victimcare.exchange.demonstration.people import AREAS

_LANGUAGES = ("en", "pl", "ro", "ur", "bn", "pa", "lt", "gu")
_LANGUAGE_WEIGHTS = (91, 2, 2, 1, 1, 1, 1, 1)

CRIME_TYPES = {
    "Violence and sexual offences": 38,
    "Criminal damage and arson": 11,
    "Burglary": 9,
    "Vehicle crime": 12,
    "Other theft": 11,
    "Public order": 8,
    "Robbery": 4,
    "Theft from the person": 4,
    "Bicycle theft": 3,
}


@dataclass(frozen=True, slots=True)
class InventedContactPoint:
    """Where a victim can be reached, and whether that is known to be safe."""

    kind: str
    value: str
    safety: str


@dataclass(frozen=True, slots=True)
class InventedVictim:
    """A victim as known when the crime is recorded. `grounds` for enhanced rights, if any are found."""

    name: str
    born_on: date
    language: str
    grounds: str | None
    contact_points: tuple[InventedContactPoint, ...]


@dataclass(frozen=True, slots=True)
class InventedCrime:
    """A crime and what of it decides who takes the case and how the story goes."""

    crime_type: str
    area: str
    domestic: bool = False
    sexual: bool = False

    @property
    def serious(self) -> bool:
        """Whether its victims have enhanced rights for the crime's sake."""
        return self.domestic or self.sexual

    def needs(self, victim: InventedVictim) -> frozenset[Specialism]:
        """What an officer must be trained for to take this victim's case."""
        needs = set()
        if self.domestic:
            needs.add(Specialism.DOMESTIC_ABUSE)
        elif self.sexual:
            needs.add(Specialism.SEXUAL_VIOLENCE)
        elif victim.grounds == "under_18":
            needs.add(Specialism.CHILD)
        return frozenset(needs)


def invent_crime(chance: Random, *, area: str | None = None, crime_type: str | None = None) -> InventedCrime:
    """A crime of a usual type, in the area given or any of the three."""
    kind = crime_type or chance.choices(list(CRIME_TYPES), list(CRIME_TYPES.values()))[0]
    where = area or chance.choices(AREAS, (30, 35, 35))[0]
    violent = kind == "Violence and sexual offences"
    domestic = violent and chance.random() < 0.3
    return InventedCrime(kind, where, domestic, violent and not domestic and chance.random() < 0.14)


def invent_victim(
    chance: Random, crime: InventedCrime, *, reported_on: date, child: bool | None = None
) -> InventedVictim:
    """A victim of this crime, one in fourteen of them a child unless `child` says which."""
    name = victim_name(chance)
    if child is None:
        child = chance.random() < 0.07
    age_in_days = chance.randint(9 * 365, 17 * 365 + 300) if child else chance.randint(19 * 365, 84 * 365)
    return InventedVictim(
        name=name,
        born_on=reported_on - timedelta(days=age_in_days),
        language=chance.choices(_LANGUAGES, _LANGUAGE_WEIGHTS)[0],
        grounds=_grounds(chance, crime, child),
        contact_points=_contact_points(chance, name.lower().replace(" ", "."), crime),
    )


def _grounds(chance: Random, crime: InventedCrime, child: bool) -> str | None:
    if child:
        return "under_18"
    if crime.serious:
        return "serious_crime"
    drawn = chance.random()
    if drawn < 0.03:
        return "persistently_targeted"
    if drawn < 0.08:
        return "vulnerable"
    return "intimidated" if drawn < 0.11 else None


def _contact_points(chance: Random, address: str, crime: InventedCrime) -> tuple[InventedContactPoint, ...]:
    """Numbers from the ranges that Ofcom keeps for drama, mail at a domain that is kept for examples."""
    weights = (30, 30, 40) if crime.domestic else (55, 5, 40)

    def safety() -> str:
        return chance.choices(("safe", "unsafe", "not_confirmed"), weights)[0]

    points = [InventedContactPoint("mobile", f"07700 900{chance.randrange(1000):03}", safety())]
    if chance.random() < 0.25:
        points.append(InventedContactPoint("landline", f"01632 960{chance.randrange(1000):03}", safety()))
    if chance.random() < 0.6:
        points.append(InventedContactPoint("email", f"{address}.{chance.randrange(1000)}@example.org", safety()))
    return tuple(points)

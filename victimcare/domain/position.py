"""What somebody is here: role, team, what they are trained for; and what must be handed over before that changes."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.allocation import Specialism
from victimcare.domain.people import ROLES, Role

ACCESS_GIVEN = "access_given"
"""The step of the outbox at which others hear that an administrator gave somebody access to cases."""


@dataclass(frozen=True, slots=True)
class Position:
    """Raises `PositionRefused` where role and team do not go together."""

    role: Role
    team_id: str | None = None
    specialisms: frozenset[Specialism] = frozenset()
    service_id: str | None = None
    areas: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise PositionRefused("role", "Choose a role")
        if self.role.works_in_a_team and self.team_id is None:
            raise PositionRefused("team", "Choose a team: case officers and supervisors work in one")
        if not self.role.works_in_a_team and self.team_id is not None:
            raise PositionRefused("team", f"Choose no team: the role {self.role.in_words.lower()} has none")
        if self.role.works_for_a_service and self.service_id is None:
            raise PositionRefused("service", "Choose the service that they work for")
        if not self.role.works_for_a_service and self.service_id is not None:
            raise PositionRefused("service", f"Choose no service: the role {self.role.in_words.lower()} has none")
        if self.role.serves_areas and not self.areas:
            raise PositionRefused("areas", "Choose the areas that they serve")
        if not self.role.serves_areas and self.areas:
            raise PositionRefused("areas", f"Choose no area: the role {self.role.in_words.lower()} serves none")
        if self.role is not Role.OFFICER and self.specialisms:
            raise PositionRefused("specialisms", "Only case officers are trained for kinds of cases")


@dataclass(frozen=True, slots=True)
class Held:
    """What is in somebody's hands, and would be in nobody's if they went."""

    open_cases: int = 0
    protected_locations: int = 0
    teams_on_duty: tuple[str, ...] = ()
    covers: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to hand over first, and where."""
        found = []
        if self.open_cases:
            cases = "1 open case" if self.open_cases == 1 else f"{self.open_cases} open cases"
            found.append(f"They hold {cases}: their supervisor hands them over on the page Team")
        if self.protected_locations:
            many = self.protected_locations
            of = "1 protected location" if many == 1 else f"{many} protected locations"
            found.append(f"They are the custodian of {of}: their supervisor names another, under Hand cases over")
        for team in self.teams_on_duty:
            found.append(f"They are the supervisor on duty of {team}: name another on the page Teams")
        if self.covers:
            found.append("They stand in for somebody who is away: their supervisor ends that on the page Team")
        return tuple(found)


class PositionRefused(ValueError):
    """Role, team and specialisms do not go together; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)

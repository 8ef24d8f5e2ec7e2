"""Who works in the demonstration: teams, officers, supervisors, the board, an administrator. All are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from victimcare.domain.allocation import Specialism, TeamOnDuty
from victimcare.domain.people import Role
from victimcare.exchange.demonstration.names import staff_names
from victimcare.exchange.demonstration.services import SPECIALIST_ID

AREAS = ("Bedford Borough", "Central Bedfordshire", "Luton")
PASSPHRASE = "everything here is invented"  # noqa: S105 - printed on purpose, and only ever in a demonstration
USERNAMES = (
    "officer",
    "supervisor",
    "board",
    "admin",
    "directory",
    "privacy",
    "codelead",
    "service",
    "witnesscare",
    "member",
)
HOW_TO_SIGN_IN = f'Sign in as {", ".join(USERNAMES)} with the password "{PASSPHRASE}".'
EDITOR_ID = "directory-editor-1"
CODE_LEAD_ID = "code-lead-1"
_TEAM_KINDS = ("North", "South", "Investigation", "Protection")
_OFFICERS_IN_TEAM = 5
_CAPACITY = 25
_SCARCE_CAPACITY = 12
_OVERLOADED = 3
_ABSENT = (26, 13, 17, 19, 52)  # 17 and 19: whoever is trained for child victims in the first area


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here. `keeps` shifts how often their duties are kept, in percentage points."""

    id: str
    name: str
    role: Role
    team_id: str | None = None
    area: str = ""
    specialisms: frozenset[Specialism] = frozenset()
    capacity: int = _CAPACITY
    absent_from_on: date | None = None
    absent_until_on: date | None = None
    username: str | None = None
    keeps: int = 0
    service_id: str | None = None
    areas: frozenset[str] = frozenset()

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{self.name.lower().replace(' ', '.')}@example.org"

    def absent_on(self, day: date) -> bool:
        """Whether they are away on `day`."""
        return self.absent_from_on is not None and self.absent_from_on <= day < (self.absent_until_on or date.max)


@dataclass(frozen=True, slots=True)
class Team:
    """A team, its area, and its supervisor on duty."""

    id: str
    name: str
    area: str
    supervisor_id: str


@dataclass(frozen=True, slots=True)
class Establishment:
    """Everybody, and the teams they are in."""

    teams: tuple[Team, ...]
    staff: tuple[Staff, ...]

    @property
    def officers(self) -> tuple[Staff, ...]:
        """The case officers; the first is the demonstration account's."""
        return tuple(person for person in self.staff if person.role is Role.OFFICER)

    @property
    def accounts(self) -> tuple[Staff, ...]:
        """Those who can sign in, with `PASSPHRASE`."""
        return tuple(person for person in self.staff if person.username)

    @property
    def on_duty(self) -> tuple[TeamOnDuty, ...]:
        """The duty supervisors, for allocation."""
        return tuple(TeamOnDuty(team.id, team.area, team.supervisor_id) for team in self.teams)


def establishment(chance: Random, *, today: date) -> Establishment:
    """60 officers in 12 teams with a supervisor each, two board members, and one of each other role."""
    names = staff_names(chance)
    teams, staff = [], []
    for number, (area, kind) in enumerate(((area, kind) for area in AREAS for kind in _TEAM_KINDS), start=1):
        team_id, supervisor_id = f"team-{number:02}", f"supervisor-{number:02}"
        teams.append(Team(team_id, f"{area} {kind}", area, supervisor_id))
        username = "supervisor" if number == 1 else None
        staff.append(Staff(supervisor_id, next(names), Role.SUPERVISOR, team_id, area, username=username))
        keeps = chance.randint(-9, 6)
        for place in range(_OFFICERS_IN_TEAM):
            officer_number = (number - 1) * _OFFICERS_IN_TEAM + place + 1
            away_from, away_until = _absence(officer_number, today)
            staff.append(
                Staff(
                    f"officer-{officer_number:02}",
                    next(names),
                    Role.OFFICER,
                    team_id,
                    area,
                    _specialisms(kind, place),
                    _SCARCE_CAPACITY if officer_number == _OVERLOADED else _CAPACITY,
                    away_from,
                    away_until,
                    "officer" if officer_number == 1 else None,
                    keeps + chance.randint(-3, 3),
                )
            )
    staff.append(Staff("board-1", next(names), Role.BOARD, username="board"))
    staff.append(Staff("board-2", next(names), Role.BOARD_MEMBER, username="member"))
    staff.append(Staff("administrator-1", next(names), Role.ADMINISTRATOR, username="admin"))
    staff.append(Staff(EDITOR_ID, next(names), Role.DIRECTORY_EDITOR, username="directory"))
    staff.append(Staff("privacy-reviewer-1", next(names), Role.PRIVACY_REVIEWER, username="privacy"))
    staff.append(Staff(CODE_LEAD_ID, next(names), Role.CODE_LEAD, username="codelead"))
    staff.append(Staff("service-user-1", next(names), Role.SERVICE_USER, username="service", service_id=SPECIALIST_ID))
    staff.append(
        Staff("witness-care-1", next(names), Role.WITNESS_CARE, username="witnesscare", areas=frozenset(AREAS))
    )
    return Establishment(tuple(teams), tuple(staff))


def _specialisms(kind: str, place: int) -> frozenset[Specialism]:
    if kind == "Protection":
        second = (Specialism.SEXUAL_VIOLENCE, Specialism.CHILD)[place % 2]
        return frozenset({Specialism.DOMESTIC_ABUSE, second})
    return frozenset({Specialism.DOMESTIC_ABUSE}) if place == 0 else frozenset()


def _absence(officer_number: int, today: date) -> tuple[date | None, date | None]:
    """A few are away this week, one of them with no day of return."""
    if officer_number not in _ABSENT:
        return None, None
    return today - timedelta(days=3), None if officer_number == _ABSENT[0] else today + timedelta(days=9)

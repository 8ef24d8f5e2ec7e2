"""The people who work here as the store knows them: sign-in identity, candidates for a case, teams on duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from victimcare.domain.allocation import Candidate, Specialism, TeamOnDuty
from victimcare.domain.people import Person, Role
from victimcare.domain.workload import UNIT, Weights
from victimcare.store.database import is_sqlite
from victimcare.store.tables import CoverRow, PersonRow, Team
from victimcare.store.workload import open_work

PEOPLE = PersonRow.__table__  # type: ignore[attr-defined]
TEAMS = Team.__table__  # type: ignore[attr-defined]
_COVERS = CoverRow.__table__  # type: ignore[attr-defined]

CASE_ROLES = (Role.OFFICER.value, Role.SUPERVISOR.value)
SYSTEM = Person("system", "victimcare", Role.SYSTEM)


def team_names(connection: Connection) -> dict[str, str]:
    """What every team is called, by its id."""
    return {row.id: row.name for row in connection.execute(select(TEAMS.c.id, TEAMS.c.name))}


def ensure_system(connection: Connection) -> None:
    """Make sure that what the program does by itself has somebody to be recorded under."""
    found = connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.id == SYSTEM.id)).first()
    if found is None:
        # Another process that starts at this moment may be the first.
        dialect = sqlite if is_sqlite(connection) else postgresql
        new = dialect.insert(PEOPLE).values(id=SYSTEM.id, name=SYSTEM.name, role=SYSTEM.role.value)
        connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))


def person(connection: Connection, person_id: str) -> Person:
    """The person of this id. Raises `NoSuchPerson`."""
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.id == person_id)).first()
    if row is None:
        raise NoSuchPerson(person_id)
    return Person(row.id, row.name, Role(row.role), row.team_id, row.service_id, areas_of(row.areas))


def areas_of(listed: str) -> frozenset[str]:
    """The areas of a row of `person`."""
    return frozenset(listed.splitlines())


def candidates(
    connection: Connection,
    *,
    today: date,
    weights: Weights,
    officer_ids: Sequence[str] | None = None,
    counted: Mapping[str, int] | None = None,
) -> list[Candidate]:
    """Every active officer who could take a case, with their open work as `weights` count it.

    With `counted`, points by officer that were counted before, it is not counted again.
    """
    work = open_work(weights)
    statement = select(PEOPLE, stands_in(today), TEAMS.c.area).join(TEAMS, TEAMS.c.id == PEOPLE.c.team_id)
    if counted is None:
        statement = statement.add_columns(func.coalesce(work.c.points, 0).label("points"))
        statement = statement.outerjoin(work, work.c.holder_id == PEOPLE.c.id)
    statement = statement.where(PEOPLE.c.role == Role.OFFICER.value, PEOPLE.c.active).order_by(PEOPLE.c.id)
    if officer_ids is not None:
        statement = statement.where(PEOPLE.c.id.in_(officer_ids))
    rows = connection.execute(statement)
    return [_candidate(row, today, row.points if counted is None else counted.get(row.id, 0)) for row in rows]


def teams_on_duty(connection: Connection) -> list[TeamOnDuty]:
    """Every team that has a supervisor on duty."""
    rows = connection.execute(select(TEAMS).where(TEAMS.c.duty_supervisor_id.is_not(None)).order_by(TEAMS.c.id))
    return [TeamOnDuty(row.id, row.area, row.duty_supervisor_id) for row in rows]


def present_supervisors(connection: Connection, team_id: str) -> list[str]:
    """The active supervisors of a team."""
    rows = connection.execute(
        select(PEOPLE.c.id)
        .where(PEOPLE.c.team_id == team_id, PEOPLE.c.active, PEOPLE.c.role == Role.SUPERVISOR.value)
        .order_by(PEOPLE.c.id)
    )
    return [row.id for row in rows]


def email_of(connection: Connection, person_id: str) -> str | None:
    """The e-mail address of somebody who works here, where it is known."""
    return connection.execute(select(PEOPLE.c.email).where(PEOPLE.c.id == person_id)).scalar_one_or_none()


def inbox_of(connection: Connection, team_id: str) -> str | None:
    """The address at which a team is reached where nobody of it is, if it has one."""
    return connection.execute(select(TEAMS.c.inbox).where(TEAMS.c.id == team_id)).scalar_one_or_none()


def every_supervisor(connection: Connection) -> list[tuple[str, str]]:
    """The active supervisors of all teams, id and name."""
    active = (PEOPLE.c.role == Role.SUPERVISOR.value) & PEOPLE.c.active
    rows = connection.execute(select(PEOPLE.c.id, PEOPLE.c.name).where(active).order_by(PEOPLE.c.name, PEOPLE.c.id))
    return [(row.id, row.name) for row in rows]


def areas(connection: Connection) -> tuple[str, ...]:
    """Each area that has a team, once, in the order of the alphabet."""
    return tuple(connection.execute(select(TEAMS.c.area).distinct().order_by(TEAMS.c.area)).scalars())


def team_exists(connection: Connection, team_id: str | None) -> bool:
    """Whether there is a team of this id."""
    return connection.execute(select(TEAMS.c.id).where(TEAMS.c.id == team_id)).first() is not None


def works_cases(connection: Connection, person_id: str) -> bool:
    """Whether they work here now and can hold cases."""
    return connection.execute(_who_works_cases(person_id)).first() is not None


def goes_on_working(connection: Connection, person_id: str) -> bool:
    """The same, and until this transaction ends nobody notes that they left or have another role.

    Whatever is put into somebody's hands asks this first: that they leave is noted where their hands are empty.
    """
    return connection.execute(_who_works_cases(person_id).with_for_update(read=True)).first() is not None


def _who_works_cases(person_id: str) -> Select[Any]:
    return select(PEOPLE.c.id).where(PEOPLE.c.id == person_id, PEOPLE.c.active, PEOPLE.c.role.in_(CASE_ROLES))


def works_here(connection: Connection, person_id: str) -> bool:
    """Whether they work here now, in whatever role."""
    them = (PEOPLE.c.id == person_id) & PEOPLE.c.active
    return connection.execute(select(PEOPLE.c.id).where(them)).first() is not None


def privacy_reviewers(connection: Connection) -> list[str]:
    """Who reviews emergency access and signs of snooping, of those who work here now."""
    return working_as(connection, Role.PRIVACY_REVIEWER)


def working_as(connection: Connection, role: Role) -> list[str]:
    """Who works here now in this role."""
    here = (PEOPLE.c.role == role.value) & PEOPLE.c.active
    return list(connection.execute(select(PEOPLE.c.id).where(here).order_by(PEOPLE.c.id)).scalars())


def is_away(connection: Connection, person_id: str, *, from_on: date, until_on: date) -> bool:
    """Whether an absence of theirs is recorded for one of these days (half-open)."""
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.id == person_id)).one()
    begins = row.absent_from_on is not None and row.absent_from_on < until_on
    return begins and (row.absent_until_on is None or from_on < row.absent_until_on)


def specialisms_of(text_of_codes: str) -> frozenset[Specialism]:
    """The specialisms in the comma-separated codes of a row of `person`."""
    return frozenset(Specialism(code) for code in text_of_codes.split(",") if code)


def stands_in(today: date | ColumnElement[date]) -> ColumnElement[str | None]:
    """The column `cover_id` beside those of `person`: who works on their cases today, None where they do themselves."""
    covers = (_COVERS.c.officer_id == PEOPLE.c.id) & (_COVERS.c.from_on <= today) & (_COVERS.c.until_on > today)
    return select(func.min(_COVERS.c.cover_id)).where(covers).correlate(PEOPLE).scalar_subquery().label("cover_id")


def is_absent(row: Any, today: date) -> bool:
    """Whether a row of `person` and `stands_in` says that they are away today."""
    if row.cover_id is not None:
        return True
    begun = row.absent_from_on is not None and row.absent_from_on <= today
    return begun and (row.absent_until_on is None or today < row.absent_until_on)


def _candidate(row: Any, today: date, points: int) -> Candidate:
    return Candidate(
        officer_id=row.id,
        team_id=row.team_id,
        area=row.area,
        specialisms=specialisms_of(row.specialisms),
        present=not is_absent(row, today),
        open_work=points / UNIT,
        capacity=float(row.capacity),
    )


class NoSuchPerson(LookupError):
    """Nobody of that id works here."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id
        super().__init__(f"nobody here has the id {person_id!r}")

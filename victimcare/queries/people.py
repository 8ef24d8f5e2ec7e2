"""Who works here and how they sign in, and the teams: for those who keep people. Of cases it says how many, no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from victimcare.domain.allocation import Specialism
from victimcare.domain.people import ROLES, Action, Person, Role, scope_of
from victimcare.domain.position import Held
from victimcare.domain.sign_in_life import IDLE, LONGEST
from victimcare.store.accounts import ACCOUNTS, INVITATIONS
from victimcare.store.services import SERVICES
from victimcare.store.sign_ins import SESSIONS
from victimcare.store.staff import (
    PEOPLE,
    TEAMS,
    NoSuchPerson,
    areas_of,
    every_supervisor,
    present_supervisors,
    specialisms_of,
)
from victimcare.store.staffing import held_by, seen_of


@dataclass(frozen=True, slots=True)
class SomebodyHere:
    """Somebody who works here, or did. `secret_until_at` is until when a secret that they were given is good."""

    id: str
    name: str
    email: str | None
    role: Role
    team_id: str | None
    team: str | None
    service_id: str | None
    service: str | None
    areas: frozenset[str]
    specialisms: frozenset[Specialism]
    active: bool
    username: str | None
    stopped: bool
    can_sign_in: bool
    password_alone: bool
    by_provider: bool
    secret_until_at: datetime | None

    @property
    def standing(self) -> str:
        """How it stands with their signing in, in a word or two."""
        if not self.active:
            return "Has left"
        if self.stopped:
            return "Stopped"
        if self.can_sign_in:
            return "Can sign in"
        return "Secret given" if self.secret_until_at else "No secret yet"


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Somebody, what they hold, where they are signed in, and the row as it was seen."""

    somebody: SomebodyHere
    held: Held
    sign_ins: int
    seen: str


@dataclass(frozen=True, slots=True)
class TeamHere:
    """A team, how many work in it, its supervisors, and those who could be above it (id and name)."""

    id: str
    name: str
    area: str
    on_duty: str | None
    on_duty_id: str | None
    next_supervisor: str | None
    next_supervisor_id: str | None
    inbox: str | None
    people: int
    seen: str
    supervisors: tuple[tuple[str, str], ...] = field(default=())
    others: tuple[tuple[str, str], ...] = field(default=())


def people(connection: Connection, *, person: Person, now: datetime) -> tuple[SomebodyHere, ...]:
    """Everybody, those who left last; nobody for those who do not keep people."""
    if scope_of(person, Action.KEEP_PEOPLE) is None:
        return ()
    rows = connection.execute(_somebody(now).order_by(PEOPLE.c.active.desc(), PEOPLE.c.name, PEOPLE.c.id))
    return tuple(_here(row) for row in rows)


def one_person(connection: Connection, *, person: Person, person_id: str, now: datetime, today: date) -> OnePerson:
    """Somebody, for those who keep people. Raises `NoSuchPerson`."""
    row = connection.execute(_somebody(now).where(PEOPLE.c.id == person_id)).first()
    if row is None or scope_of(person, Action.KEEP_PEOPLE) is None:
        raise NoSuchPerson(person_id)
    lasting = (SESSIONS.c.last_seen_at > now - IDLE) & (SESSIONS.c.created_at > now - LONGEST)
    signed_in = select(func.count()).select_from(SESSIONS).where(SESSIONS.c.person_id == person_id, lasting)
    return OnePerson(
        somebody=_here(row),
        held=held_by(connection, person_id, today=today),
        sign_ins=connection.execute(signed_in).scalar_one(),
        seen=seen_of(connection.execute(select(PEOPLE).where(PEOPLE.c.id == person_id)).one()),
    )


def teams_here(connection: Connection, *, person: Person) -> tuple[TeamHere, ...]:
    """Every team; none for those who do not keep them."""
    if scope_of(person, Action.KEEP_PEOPLE) is None:
        return ()
    names = {row.id: row.name for row in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name))}
    of_team = select(PEOPLE.c.team_id, func.count().label("people")).where(PEOPLE.c.active).group_by(PEOPLE.c.team_id)
    supervisors = every_supervisor(connection)
    counts = {row.team_id: row.people for row in connection.execute(of_team)}
    return tuple(
        TeamHere(
            id=row.id,
            name=row.name,
            area=row.area,
            on_duty=names.get(row.duty_supervisor_id),
            on_duty_id=row.duty_supervisor_id,
            next_supervisor=names.get(row.next_supervisor_id),
            next_supervisor_id=row.next_supervisor_id,
            inbox=row.inbox,
            people=counts.get(row.id, 0),
            seen=seen_of(row),
            supervisors=tuple((each, names[each]) for each in present_supervisors(connection, row.id)),
            others=tuple(each for each in supervisors if each[0] != row.duty_supervisor_id),
        )
        for row in connection.execute(select(TEAMS).order_by(TEAMS.c.name, TEAMS.c.id)).all()
    )


def _somebody(now: datetime) -> Select[Any]:
    invited = (INVITATIONS.c.person_id == PEOPLE.c.id) & (INVITATIONS.c.expires_at > now)
    until = select(func.max(INVITATIONS.c.expires_at)).where(invited).scalar_subquery()
    joined = (
        PEOPLE.outerjoin(TEAMS, TEAMS.c.id == PEOPLE.c.team_id)
        .outerjoin(SERVICES, SERVICES.c.id == PEOPLE.c.service_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.person_id == PEOPLE.c.id)
    )
    of_account = (
        ACCOUNTS.c.username,
        ACCOUNTS.c.disabled,
        ACCOUNTS.c.password_hash,
        ACCOUNTS.c.subject,
        ACCOUNTS.c.password_alone,
    )
    names = (TEAMS.c.name.label("team"), SERVICES.c.name.label("service"))
    columns = (PEOPLE, *names, *of_account, until.label("secret_until_at"))
    return select(*columns).select_from(joined).where(PEOPLE.c.role.in_(ROLES))


def _here(row: Any) -> SomebodyHere:
    return SomebodyHere(
        id=row.id,
        name=row.name,
        email=row.email,
        role=Role(row.role),
        team_id=row.team_id,
        team=row.team,
        service_id=row.service_id,
        service=row.service,
        areas=areas_of(row.areas),
        specialisms=specialisms_of(row.specialisms),
        active=row.active,
        username=row.username,
        stopped=bool(row.disabled),
        can_sign_in=bool(row.password_hash or row.subject),
        password_alone=bool(row.password_alone),
        by_provider=row.subject is not None,
        secret_until_at=row.secret_until_at,
    )

"""A small invented force in a database: two teams, their officers and supervisors, and crimes to work on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from victimcare.commands.record_crime import NewCrime, NewVictim, record_crime
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.editions.law import published_law
from victimcare.store import staff
from victimcare.store.cases import StoredCase
from victimcare.store.database import Database
from victimcare.store.vault import Vault

VAULT = Vault(bytes(32))
MONDAY = datetime(2026, 5, 18, 9, tzinfo=UTC)


@dataclass
class Force:
    """The database with people in it. Officers `ash` and `birch` are of Luton, `cedar` of Bedford Borough."""

    database: Database
    law: Law
    ash: Person
    birch: Person
    cedar: Person
    elm: Person
    fir: Person
    board: Person
    administrator: Person

    def record_crime(
        self,
        *victims: str,
        area: str = "Luton",
        crime_type: str = "Burglary",
        ref: str = "40/1/26",
        at: datetime = MONDAY,
        officer_of_open_case: str | None = None,
    ) -> list[StoredCase]:
        """Record a crime with these victims, by default on Monday 18 May 2026 at 10:00 in London."""
        crime = NewCrime(
            source="test",
            source_ref=ref,
            crime_type=crime_type,
            area=area,
            reported=Moment.instant(at),
            recorded=Moment.instant(at),
            victims=[
                NewVictim(name, officer_of_open_case=officer_of_open_case) for name in victims or ("Wren Sample",)
            ],
        )
        with self.database.writing() as connection:
            return record_crime(connection, crime=crime, by=staff.SYSTEM, now=at, law=self.law, vault=VAULT)

    def record(
        self,
        ref: str,
        kind: EventKind,
        at: datetime,
        *,
        by: Person | None = None,
        subject: str | None = None,
        received: datetime | None = None,
        duties: Sequence[DutyNamed] = (),
        **details: Value,
    ) -> str:
        """Record an event that happens as it is recorded."""
        event = NewEvent(
            kind,
            Moment.instant(at),
            received=Moment.instant(received) if received else None,
            subject=subject,
            details=details,
            duties=duties,
        )
        with self.database.writing() as connection:
            return record_event(connection, ref=ref, event=event, by=by or staff.SYSTEM, now=at, law=self.law)


def a_force(url: str) -> Force:
    """The force in the empty, migrated database at this address. Nobody wants a digest, but each notice by itself."""
    database = Database(url)
    ash = Person("ash", "Ash Example", Role.OFFICER, "luton")
    birch = Person("birch", "Birch Example", Role.OFFICER, "luton")
    cedar = Person("cedar", "Cedar Example", Role.OFFICER, "bedford")
    elm = Person("elm", "Elm Example", Role.SUPERVISOR, "luton")
    fir = Person("fir", "Fir Example", Role.SUPERVISOR, "bedford")
    board = Person("board", "Board Example", Role.BOARD)
    administrator = Person("admin", "Administrator Example", Role.ADMINISTRATOR)
    people = (ash, birch, cedar, elm, fir, board, administrator)
    teams = [
        {"id": "luton", "name": "Luton A", "area": "Luton", "duty_supervisor_id": "elm", "next_supervisor_id": "fir"},
        {
            "id": "bedford",
            "name": "Bedford A",
            "area": "Bedford Borough",
            "duty_supervisor_id": "fir",
            "next_supervisor_id": None,
        },
    ]
    with database.writing() as connection:
        staff.ensure_system(connection)
        connection.execute(staff.TEAMS.insert(), teams)
        rows = [
            {"id": p.id, "name": p.name, "role": p.role.value, "team_id": p.team_id, "each_notice_alone": True}
            for p in people
        ]
        connection.execute(staff.PEOPLE.insert(), rows)
    return Force(database, published_law(), *people)

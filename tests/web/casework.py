"""Cases on a site: crimes recorded, what happened since, and the officers' forms filled in from their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select

from tests.web.page import Page
from tests.web.site import NAMES, OTHER_TEAM, PASSWORD_HASH, TEAM, Browser, Site
from victimcare.commands.keep_directory import add_service
from victimcare.commands.record_crime import NewCrime, NewVictim, record_crime
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.directory import Capacity, Service
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Moment, Value
from victimcare.domain.people import Person, Role
from victimcare.store import accounts, staff
from victimcare.store.cases import CASES
from victimcare.store.tables import Audit, AuditSubject, ContactPoint, JourneyEventRow, PersonRow

MONDAY = datetime(2026, 5, 18, 9, tzinfo=UTC)
AREAS = {TEAM: "E01", OTHER_TEAM: "E02"}
PEOPLE = {
    name: Person(name, f"Example {name.title()}", role, team)
    for name, role, team in (
        ("officer", Role.OFFICER, TEAM),
        ("colleague", Role.OFFICER, TEAM),
        ("supervisor", Role.SUPERVISOR, TEAM),
        ("stranger", Role.OFFICER, OTHER_TEAM),
        ("board", Role.BOARD, None),
        ("administrator", Role.ADMINISTRATOR, None),
        ("editor", Role.DIRECTORY_EDITOR, None),
        ("reviewer", Role.PRIVACY_REVIEWER, None),
        ("lead", Role.CODE_LEAD, None),
        ("helper", Role.SERVICE_USER, None),
        ("clerk", Role.WITNESS_CARE, None),
        ("member", Role.BOARD_MEMBER, None),
    )
}
A_SERVICE = Service(
    "",
    "Example Support",
    areas=frozenset(),
    needs=frozenset({"emotional", "practical"}),
    specialisms=frozenset(),
    languages=frozenset(),
    age_from=None,
    age_to=None,
    capacity=Capacity.FREE,
    contact_way="01632 960001, an invented office",
    checked_on=date.min,
)


@dataclass
class Casework:
    """The site's cases. The clock stands at Friday 22 May 2026, 10:30 in London, unless a test moves it."""

    site: Site
    numbers: Any = field(default_factory=lambda: count(1))

    def crime(
        self,
        *victims: str | None,
        officer: str = "officer",
        at: datetime = MONDAY,
        crime_type: str = "Burglary",
        area: str | None = None,
        born_on: date | None = None,
        language: str = "en",
    ) -> list[str]:
        """Record a crime, with its victims' cases in the hands of this officer; the cases' references."""
        team = PEOPLE[officer].team_id if officer in PEOPLE else None
        crime = NewCrime(
            source="test",
            source_ref=f"40/{next(self.numbers)}/26",
            crime_type=crime_type,
            area=area or AREAS[team or TEAM],
            reported=Moment.instant(at),
            recorded=Moment.instant(at),
            victims=[
                NewVictim(name, born_on=born_on, language=language, officer_of_open_case=officer)
                for name in victims or ("Wren Sample",)
            ],
        )
        with self.site.database.writing() as connection:
            stored = record_crime(connection, crime=crime, by=staff.SYSTEM, now=at, law=self.law, vault=self.vault)
        return [case.case.ref for case in stored]

    def case(self, victim: str | None = "Wren Sample", **more: Any) -> str:
        """The reference of the case of a crime with this one victim."""
        return self.crime(victim, **more)[0]

    def record(
        self,
        ref: str,
        kind: EventKind | str,
        at: datetime | None = None,
        *,
        subject: str | None = None,
        received: datetime | None = None,
        duties: Sequence[DutyNamed] = (),
        by: Person = staff.SYSTEM,
        **details: Value,
    ) -> str:
        """Record an event that happens as it is recorded, by default now."""
        at = at or self.site.clock.now
        event = NewEvent(
            EventKind(kind),
            Moment.instant(at),
            received=Moment.instant(received) if received else None,
            subject=subject,
            details=details,
            duties=duties,
        )
        with self.site.database.writing() as connection:
            return record_event(connection, ref=ref, event=event, by=by, now=at, law=self.law)

    def service(self, name: str = "Example Support", **changes: Any) -> str:
        """A service in the directory that takes anybody who needs somebody to talk to; its id."""
        service = replace(A_SERVICE, name=name, **changes)
        with self.site.database.writing() as connection:
            return add_service(connection, service=service, by=PEOPLE["editor"], now=self.site.clock.now)

    def safe_way(self, ref: str, kind: str = "phone") -> None:
        """A contact point of the case that is confirmed safe."""
        point = {
            "id": f"{ref}-{kind}",
            "kind": kind,
            "sealed": self.site.app.state.vault.seal("07700 900123", row_id=f"{ref}-{kind}"),
            "safety": "safe",
            "confirmed_at": self.site.clock.now,
        }
        with self.site.database.writing() as connection:
            case_id = connection.execute(select(CASES.c.id).where(CASES.c.ref == ref)).scalar_one()
            connection.execute(insert(ContactPoint.__table__).values(case_id=case_id, **point))

    @property
    def law(self) -> Any:
        """The law of the site."""
        return self.site.app.state.law_in_force.law

    @property
    def vault(self) -> Any:
        """Where the site seals words."""
        return self.site.app.state.vault

    def named(self, table: str, number: Any) -> str:
        """What the row of this number is called in an address."""
        return NAMES.name(table, int(number))

    def stored_events(self) -> int:
        """How many events are stored, of every case."""
        with self.site.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(JourneyEventRow.__table__)).scalar_one())

    def consulted(self) -> set[str]:
        """The references of the cases that the last consultation names."""
        audit, subject = Audit.__table__, AuditSubject.__table__
        last = select(func.max(audit.c.seq)).where(audit.c.operation == "consultation").scalar_subquery()
        statement = select(CASES.c.ref).join(subject, subject.c.case_id == CASES.c.id).where(subject.c.seq == last)
        with self.site.database.reading() as connection:
            return set(connection.execute(statement).scalars())

    def page(self, browser: Browser, path: str, status: int = 200) -> Page:
        """A page, read."""
        answer = browser.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code} {Page(answer.text).text[:400]}"
        page = Page(answer.text)
        assert page.counted() == [], path
        return page

    def contact(self, browser: Browser, ref: str, *, duty: str = "", **changes: str | Sequence[str]) -> Any:
        """Open the contact form of a case and send it: by default a phone call that reached the victim."""
        page = self.page(browser, f"/cases/{ref}/contacts/new" + (f"?duty={duty}" if duty else ""))
        form = page.form(f"/cases/{ref}/contacts")
        return browser.post(form.action, form.filled(**{"reached": "yes", "channel": "phone", **changes}))


def add_strangers(site: Site) -> None:
    """An officer of the other team, whose cases nobody of the first may see."""
    person = PEOPLE["stranger"]
    row = {"id": person.id, "name": person.name, "role": person.role.value, "team_id": person.team_id}
    with site.database.writing() as connection:
        staff.ensure_system(connection)
        connection.execute(insert(PersonRow.__table__), row)
        accounts.add_account(
            connection, person_id=person.id, username=person.id, password_hash=PASSWORD_HASH, password_alone=True
        )

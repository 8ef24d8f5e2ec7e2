"""Building the demonstration database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.open_account import open_account
from victimcare.commands.passwords import HASHER
from victimcare.commands.publish_figures import publish_figures, quarters_to_publish, tally_quarter
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.small_numbers import THRESHOLD
from victimcare.editions.board_policy import published_board_policy
from victimcare.exchange.demonstration.board_actions import decide_for_the_board
from victimcare.exchange.demonstration.code_checks import add_code_checks
from victimcare.exchange.demonstration.contact_details import settle_contacts
from victimcare.exchange.demonstration.exceptions import make_exceptions
from victimcare.exchange.demonstration.feedback import hear_victims
from victimcare.exchange.demonstration.invention import SOURCE, InventedCase, Invention
from victimcare.exchange.demonstration.late_duties import say_why_late
from victimcare.exchange.demonstration.looked_at import look_at_cases
from victimcare.exchange.demonstration.lying_referrals import lay_with_service
from victimcare.exchange.demonstration.people import EDITOR_ID, PASSPHRASE, Establishment, Staff, establishment
from victimcare.exchange.demonstration.real_crimes import published_crimes
from victimcare.exchange.demonstration.services import services_on
from victimcare.exchange.demonstration.systems import register_court
from victimcare.exchange.demonstration.victim_records import add_victim_records
from victimcare.exchange.demonstration.what_leaves import settle_links, settle_what_leaves
from victimcare.exchange.progress import Tick, no_progress
from victimcare.store import bulk, crimes, installation, services, staff
from victimcare.store.cases import Recording
from victimcare.store.database import Database
from victimcare.store.vault import Vault
from victimcare.store.victim_names import make_findable

DEFAULT_SEED = 1
DEFAULT_VICTIMS = 2000
_CRIMES_IN_CHUNK = 150
_BEGUN = "demonstration_begun"
_FINISHED = "demonstration_finished"


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides the content: built again from the same plan, it comes out the same. `at` is today's instant."""

    at: datetime
    victims: int = DEFAULT_VICTIMS
    seed: int = DEFAULT_SEED
    police_uk: Path | None = None

    def as_text(self) -> str:
        """As it is kept in the database, so that an interrupted build can go on."""
        folder = str(self.police_uk) if self.police_uk else None
        return json.dumps({"at": self.at.isoformat(), "victims": self.victims, "seed": self.seed, "police_uk": folder})

    @classmethod
    def from_text(cls, text: str) -> Plan:
        """The plan as it was kept."""
        kept = json.loads(text)
        folder = Path(kept["police_uk"]) if kept["police_uk"] else None
        return cls(datetime.fromisoformat(kept["at"]), kept["victims"], kept["seed"], folder)


@dataclass(frozen=True, slots=True)
class State:
    """Whether there is anything here, and the plan of a build that was interrupted."""

    empty: bool
    unfinished: Plan | None


def state_of(connection: Connection) -> State:
    """How far the database has come as a demonstration."""
    kept = installation.values(connection)
    if _BEGUN in kept:
        return State(False, None if _FINISHED in kept else Plan.from_text(kept[_BEGUN]))
    return State(not installation.holds_cases(connection) and installation.IN_EARNEST not in kept, None)


def build_demonstration(
    database: Database, plan: Plan, *, law: Law, vault: Vault, progress: Tick = no_progress
) -> None:
    """Fill an empty database with invented people and 18 months of their journeys up to `plan.at`.

    Interrupted and called again with the same plan but for `at`, it goes on as of then. Raises `NotEmpty`.
    """
    plan = _resumed(database, plan)
    chance = Random(plan.seed)  # noqa: S311 - the same seed must make the same demonstration
    recording = Recording(staff.SYSTEM, plan.at, "build demonstration", "collection", source=SOURCE)
    today = london_date(plan.at)
    published = published_crimes(plan.police_uk, chance, today=today) if plan.police_uk else []
    people = establishment(chance, today=today)
    _begin(database, plan, people, law)
    invention = Invention(chance=chance, law=law, now=plan.at, people=people)
    invented = chain(invention.on_published(published), invention.crimes(victims=plan.victims))
    done, total = 0, len(published) + plan.victims
    while chunk := list(islice(invented, _CRIMES_IN_CHUNK)):
        with database.writing() as connection:
            _store(connection, chunk, recording, law, vault)
        done += sum(len(cases) for _, cases in chunk)
        progress(done, total)
    make_findable(database, vault)
    with database.writing() as connection:
        look_at_cases(connection, people.teams, at=plan.at)
    _publish(database, plan.at, law)
    with database.writing() as connection:
        decide_for_the_board(connection, people, at=plan.at, threshold=THRESHOLD)
        make_exceptions(connection, at=plan.at, law=law, vault=vault)
        installation.set_value(connection, _FINISHED, plan.at.isoformat())


def _publish(database: Database, at: datetime, law: Law) -> None:
    """The figures of each quarter for the board, as far as the threshold of a new installation lets them be shown."""
    today, policy = london_date(at), published_board_policy()
    with database.reading() as connection:
        quarters = quarters_to_publish(
            connection, today=today, calendar=law.calendar, policy=policy, threshold=THRESHOLD
        )
    for quarter in quarters:
        with database.writing() as connection:
            tally = tally_quarter(connection, quarter=quarter, law=law)
            publish_figures(connection, tally, quarter=quarter, now=at, threshold=THRESHOLD)


def _resumed(database: Database, plan: Plan) -> Plan:
    with database.reading() as connection:
        state = state_of(connection)
    if state.unfinished and replace(plan, at=state.unfinished.at) == state.unfinished:
        return state.unfinished
    if not state.empty:
        raise NotEmpty
    return plan


def _begin(database: Database, plan: Plan, people: Establishment, law: Law) -> None:
    with database.writing() as connection:
        if state_of(connection).empty:
            installation.set_value(connection, _BEGUN, plan.as_text())
            _settle_in(connection, people, plan.at)
            add_code_checks(connection, law.code, now=plan.at)


def _settle_in(connection: Connection, people: Establishment, now: datetime) -> None:
    """Everybody who works here, and accounts that exist in a demonstration only."""
    installation.set_value(connection, "demonstration", "true")
    staff.ensure_system(connection)
    teams = [
        {"id": team.id, "name": team.name, "area": team.area, "duty_supervisor_id": team.supervisor_id}
        for team in people.teams
    ]
    installation.add_staff(connection, teams=teams, people=[_row(person) for person in people.staff])
    services.add(connection, services_on(london_date(now)), by=EDITOR_ID, at=now)
    register_court(connection, at=now)
    for person in people.accounts:
        open_account(
            connection,
            person_id=person.id,
            username=str(person.username),
            password=PASSPHRASE,
            by=staff.SYSTEM,
            now=now,
            hash_of=_hash_of,
        )


@cache
def _hash_of(passphrase: str) -> str:
    """Once for all accounts: they share a passphrase that everybody may read, and to hash it takes a quarter second."""
    return HASHER.hash(passphrase)


def _row(person: Staff) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role.value,
        "team_id": person.team_id,
        "service_id": person.service_id,
        "areas": "\n".join(sorted(person.areas)),
        "email": person.email,
        "specialisms": ",".join(sorted(person.specialisms)),
        "capacity": person.capacity,
        "active": True,
        "absent_from_on": person.absent_from_on,
        "absent_until_on": person.absent_until_on,
    }


def _store(
    connection: Connection,
    chunk: Sequence[tuple[bulk.CrimeWithCases, Sequence[InventedCase]]],
    recording: Recording,
    law: Law,
    vault: Vault,
) -> None:
    """One chunk in one transaction; what an interrupted build stored before is passed over."""
    chunk = [(crime, cases) for crime, cases in chunk if not _is_stored(connection, crime)]
    stored = bulk.open_cases(connection, [crime for crime, _ in chunk], recording=recording, law=law)
    invented = [case for _, cases in chunk for case in cases]
    victims = {case.ref: case.victim for case in invented}
    reached = [
        (case, settle_contacts(connection, case, victims[case.case.ref], at=recording.at, vault=vault))
        for case in stored
    ]
    settle_what_leaves(connection, reached, at=recording.at, vault=vault)
    hear_victims(connection, reached, victims, at=recording.at, vault=vault)
    lay_with_service(connection, stored, at=recording.at, law=law, vault=vault)
    settle_links(connection, stored, at=recording.at)
    say_why_late(connection, stored, at=recording.at)
    add_victim_records(connection, invented, {case.case.ref: case for case in stored}, vault=vault)


def _is_stored(connection: Connection, crime: bulk.CrimeWithCases) -> bool:
    return bool(crimes.fingerprints(connection, source=crime.source, refs=[crime.source_ref]))


class NotEmpty(RuntimeError):
    """There are cases already, real ones or those of another demonstration."""

    def __init__(self) -> None:
        super().__init__(
            "this database holds cases or another demonstration already, and they are never mixed: "
            "set VICTIMCARE_DATABASE_URL to a new database"
        )

"""On PostgreSQL the service cannot change its own audit, and who counts for the force cannot read it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel
from typer.testing import CliRunner

from tests import postgres
from tests.backups import KEY
from tests.columns import CODE, DECIDED, HASH, LAW, REF, WORK
from tests.conftest import migrate
from tests.web.casework import Casework
from tests.web.due_cases import disposed_case
from tests.web.furnished import furnish
from tests.web.site import VAULT, Site, add_people, make_site
from victimcare.cli import database_roles
from victimcare.commands.erase_case import erase_cases
from victimcare.editions.law import published_law
from victimcare.editions.retention import published_retention
from victimcare.exchange.backup.make import Backups, make_backup
from victimcare.exchange.closed_audit import close_months
from victimcare.queries.audit_check import check_audit
from victimcare.store import audit, staff
from victimcare.store.append_only import NotTheOwner
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database
from victimcare.store.database_roles import APPEND_ONLY, COUNTED, NoRoleName, counting_role, service_role

OF_A_VICTIM = {"victim_case": "id", "victim": "name", "contact_point": "sealed", "journey_event": "details"}
DENIED = "permission denied|must be owner"


@dataclass(frozen=True)
class Roles:
    """Three roles of a server, and the address of a database with each of them."""

    owner: str
    service: str
    counting: str
    address: Callable[[str], str]


@pytest.fixture(scope="module")
def roles(postgresql_server: postgres.Server) -> Iterator[Roles]:
    """A database that its owner migrated, who is no superuser, and granted as the command says."""
    mark = uuid.uuid4().hex
    name, names = f"victimcare_test_{mark}", [f"{each}_{mark}" for each in ("owner", "service", "counting")]
    url = make_url(postgresql_server.create(name))
    made = Roles(*names, lambda role: url.update_query_dict({"options": f"-crole={role}"}).render_as_string(False))
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True) as superuser:
        for role in names:
            superuser.execute(f"CREATE ROLE {role}".encode())
        superuser.execute(f"ALTER DATABASE {name} OWNER TO {made.owner}".encode())
    migrate(made.address(made.owner))
    named = ["--service", made.service, "--counting", made.counting]
    printed = CliRunner().invoke(database_roles.app, named)
    assert printed.exit_code == 0
    as_owner = make_url(made.address(made.owner)).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(as_owner, autocommit=True) as owner:
        owner.execute(printed.stdout.encode())
    yield made
    postgresql_server.drop(name)
    with postgresql_server._connect() as superuser:
        superuser.execute(f"DROP ROLE {', '.join(names)}".encode())


@pytest.fixture(scope="module")
def site(roles: Roles) -> Iterator[Site]:
    """The site, run by the service's role, with a case that has something of everything."""
    made = make_site(roles.address(roles.service), published_law())
    add_people(made.database)
    yield made
    made.database.close()


def refused(url: str, *statements: str) -> None:
    database = Database(url)
    for statement in statements:
        with pytest.raises(ProgrammingError, match=DENIED), database.writing() as connection:
            connection.execute(text(statement))
    database.close()


@pytest.mark.postgres
def test_the_service_does_all_its_work_and_cannot_change_its_audit(site: Site, roles: Roles) -> None:
    casework = Casework(site)
    ref = furnish(casework, casework.case("Wren Sample")).ref
    browser = site.sign_in()
    for page in ("", "/victim", "/contact-details", "/notes", "/messages"):
        casework.page(browser, f"/cases/{ref}{page}")
    _, number = disposed_case(casework)
    how = {"policy": published_retention(), "law": casework.law, "now": site.clock.now + timedelta(days=99)}
    with site.database.writing() as connection:
        assert erase_cases(connection, disposal_ids=[number], **how) == 1
    with site.database.reading() as connection:
        assert check_audit(connection, []).wrong is None
    for table in APPEND_ONLY:
        refused(
            roles.address(roles.service),
            f"UPDATE {table} SET seq = seq + 1",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TABLE {table}",
        )
    refused(
        roles.address(roles.service),
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE beside (id int)",
    )


@pytest.mark.postgres
def test_the_service_backs_itself_up(site: Site, tmp_path: Path) -> None:
    backups = Backups(tmp_path, KEY, VAULT.fingerprint, programs=postgres.find_programs(""))
    made = make_backup(site.database, backups=backups, now=site.clock.now)
    assert made.file.stat().st_size > 10_000


@pytest.mark.postgres
def test_the_service_cannot_close_its_audit_and_its_owner_can(site: Site, roles: Roles, tmp_path: Path) -> None:
    later = site.clock.now + timedelta(days=800)
    how = {"before": later.date().replace(year=later.year - 2), "key": KEY, "now": later}
    anchors = AnchorFile(tmp_path / "anchors.jsonl", key_file=tmp_path / "audit.key")
    with site.database.writing() as connection:
        for _ in range(2):  # of one chain: a first row leaves with a second
            audit.write(connection, at=site.clock.now, operation="access", what="sign out", person=staff.SYSTEM)
    with pytest.raises(NotTheOwner, match="set VICTIMCARE_DATABASE_URL to that role"):
        list(close_months(site.database, tmp_path, anchors=anchors, **how))
    assert not anchors.file.exists()
    owner = Database(roles.address(roles.owner))
    assert len(list(close_months(owner, tmp_path, anchors=anchors, **how))) == 1
    with site.database.reading() as connection:
        assert check_audit(connection, anchors.anchors()).wrong is None
    owner.close()
    refused(roles.address(roles.service), "DELETE FROM audit")


@pytest.mark.postgres
def test_who_counts_reads_what_is_listed_and_nothing_of_the_audit_or_of_anybody(site: Site, roles: Roles) -> None:
    Casework(site, count(100)).case("Lark Sample")
    counting = Database(roles.address(roles.counting))
    with counting.reading() as connection:
        for table, columns in COUNTED.items():
            connection.execute(text(f"SELECT {', '.join(columns.split())} FROM {table}"))
        assert connection.execute(text("SELECT count(*) FROM due")).scalar_one() > 0
        assert connection.execute(text("SELECT count(*) FROM team")).scalar_one() == 2
    counting.close()
    unlisted = {
        name: next(iter(table.c)).name for name, table in SQLModel.metadata.tables.items() if name not in COUNTED
    }
    refused(
        roles.address(roles.counting),
        *(f"SELECT {column} FROM {table}" for table, column in {**unlisted, **OF_A_VICTIM}.items()),
        "SELECT count(*) FROM audit",
        "SELECT case_id FROM due",
        "SELECT due_on FROM due",
        "SELECT words FROM board_action",
        "SELECT duty_supervisor_id FROM team",
        "UPDATE team SET name = 'Another'",
        "DELETE FROM due",
        "CREATE TABLE beside (id int)",
    )


@pytest.mark.postgres
def test_a_table_of_a_later_migration_is_the_services_and_not_for_counting(roles: Roles) -> None:
    owner, service = Database(roles.address(roles.owner)), Database(roles.address(roles.service))
    with owner.writing() as connection:
        connection.execute(text("CREATE TABLE later (id serial PRIMARY KEY, words text)"))
    with service.writing() as connection:
        connection.execute(text("INSERT INTO later (words) VALUES ('x')"))
    refused(roles.address(roles.counting), "SELECT id FROM later")
    for database in (owner, service):
        database.close()


def test_nothing_is_counted_that_holds_words_or_says_of_whom_it_is() -> None:
    listed = [(table, column) for table, columns in COUNTED.items() for column in columns.split()]
    told = {f"{table}.{column}": DECIDED[table].get(column, CODE) for table, column in listed}
    assert set(told.values()) <= {CODE, REF, WORK, LAW, HASH}
    references = {name for name, kind in told.items() if kind == REF}
    assert references == {"due.team_id", "team.id"}
    numbers = {name for name in told if name.endswith("_id")} - references
    assert numbers == {"board_action_step.action_id", "holiday.list_id"}
    days = {name for name in told if name.startswith("due.") and name.endswith(("_on", "_at", "_from", "_to"))}
    assert days == {"due.owed_to"}, "a code: to whom of those who have rights it is owed"


def test_the_command_asks_for_the_name_of_a_role() -> None:
    assert CliRunner().invoke(database_roles.app, []).exit_code == 2


@pytest.mark.parametrize("name", ["", "Service", 'a"; DROP TABLE audit; --', "a b", "a" * 64, "1a", "ä"])
def test_what_is_no_name_of_a_role_is_refused(name: str) -> None:
    for statements in (service_role, counting_role):
        with pytest.raises(NoRoleName, match="small letters, digits and _ alone"):
            list(statements(name))

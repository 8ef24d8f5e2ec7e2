"""All that an installation holds leaves it and arrives in an empty one, on the other engine too, with other keys."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
from sqlalchemy import select, text

from tests import postgres
from tests.everything import KEY, NEW_VAULT, NOW, anchors_in, arrive, leave
from tests.schema import ROWS, TOGETHER, VAULT, Row, fill_empty_tables, fill_every_table, in_database
from tests.web.casework import Casework
from tests.web.planted import MARKUP
from tests.web.planted_everywhere import plant_everywhere, sealed_in
from tests.web.site import Site
from victimcare.domain.calendar import london_date
from victimcare.editions.law import published_law
from victimcare.exchange.everything.arrive import store_all
from victimcare.exchange.everything.lines import hash_of, lines_of
from victimcare.exchange.everything.manifest import Table
from victimcare.exchange.everything.parts import MANIFEST, parts_in
from victimcare.exchange.everything.schema import schema
from victimcare.queries.audit_check import check_audit
from victimcare.store import rebuilding, victim_names
from victimcare.store.database import Database
from victimcare.store.export_decisions import ANEW, STAYS, WRITTEN_TO, leaving
from victimcare.store.rotating import vault_for
from victimcare.store.row_counts import row_counts
from victimcare.store.sealed_rows import sealed_columns

NEVER_FILLED = {f"{table}.{name}" for table, of in TOGETHER.items() for name, value in of.items() if value is None}
"""Columns that hold nothing where others of their row do."""


@pytest.fixture
def planted(site: Site) -> Casework:
    """Rows in every table: those with words as people work, the others with something in every column."""
    casework = plant_everywhere(site)
    casework.case("Lark Sample")
    with site.database.writing() as connection:
        fill_empty_tables(connection)
    return casework


@pytest.fixture
def elsewhere(site: Site, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database on the other engine."""
    if site.database.engine.dialect.name == "postgresql":
        yield from _opened(f"sqlite:///{_a_file(tmp_path, request)}")
        return
    server: postgres.Server = request.getfixturevalue("postgresql_server")
    name = f"victimcare_test_{uuid.uuid4().hex}"
    yield from _opened(server.create(name, template=request.getfixturevalue("postgresql_template")))
    server.drop(name)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def _a_file(folder: Path, request: pytest.FixtureRequest) -> Path:
    file = folder / f"{uuid.uuid4().hex}.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
    return file


def rows(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return row_counts(connection)


@pytest.mark.both_engines
def test_all_of_it_arrives_on_the_other_engine_and_leaves_that_the_same(
    planted: Casework, elsewhere: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    here = planted.site.database
    left = leave(here, tmp_path / "first.export", vault=planted.vault)
    assert [name for name, table in left.manifest.tables.items() if not table.rows] == [], "of these it proves nothing"
    assert {name: table.rows for name, table in left.manifest.tables.items() if name not in WRITTEN_TO} == {
        name: count for name, count in rows(here).items() if name not in {*STAYS, *WRITTEN_TO}
    }
    anchors = anchors_in(tmp_path)
    arrive(elsewhere, left.file, anchors=anchors)
    again = leave(elsewhere, tmp_path / "second.export", vault=NEW_VAULT)
    assert again.manifest.contents == left.manifest.contents
    assert differing(left.manifest.tables, again.manifest.tables) <= WRITTEN_TO
    assert rebuilding.check(elsewhere, law=published_law(), today=london_date(NOW)) == []
    with elsewhere.reading() as connection:
        checked = check_audit(connection, anchors.anchors())
        assert checked.wrong is None
        assert checked.rows > left.manifest.tables["audit"].rows
    third = Database(f"sqlite:///{_a_file(tmp_path, request)}")
    arrive(third, again.file, anchors=anchors_in(tmp_path / "third"))
    last = leave(third, tmp_path / "third.export", vault=NEW_VAULT)
    third.close()
    assert differing(again.manifest.tables, last.manifest.tables) == {"audit"}, "what was settled is not settled anew"


@pytest.mark.both_engines
def test_every_column_arrives_with_what_it_held(site: Site, elsewhere: Database, tmp_path: Path) -> None:
    """Rows with something in all of their columns, of which nothing is settled: they are of no cases that could be."""
    in_database(site.database.url, lambda connection: fill_every_table(connection, words_in))
    assert empty_columns(site.database) == NEVER_FILLED
    left = leave(site.database, tmp_path / "full.export", vault=VAULT)
    with elsewhere.writing() as connection:
        store_all(connection, left.file, left.manifest, key=KEY, vault=NEW_VAULT)
        arrived = {each.name: Table(*hash_of(lines_of(connection, each, NEW_VAULT))) for each in leaving()}
    assert arrived == left.manifest.tables
    assert min(table.rows for table in arrived.values()) >= ROWS


def words_in(table: str, row: Row) -> Row:
    """Words in every sealed column of the row, instead of what opens with no key."""
    words = {
        sealed.column.name: VAULT.seal(f"Words \u00e9 of {sealed.name}", row_id=sealed.bound_by(row))
        for sealed in sealed_columns()
        if sealed.table.name == table
    }
    # PostgreSQL numbers what is written after them from 1.
    return words | ({"seq": row["seq"] + ROWS} if "seq" in row else {})


def empty_columns(database: Database) -> set[str]:
    with database.reading() as connection:
        return {
            str(column)
            for each in leaving()
            for column in each.columns
            if connection.execute(select(column).where(column.is_not(None)).limit(1)).first() is None
        }


def differing(one: dict[str, object], other: dict[str, object]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


def test_every_word_opens_there_with_the_new_key_alone_and_is_found(
    planted: Casework, elsewhere: Database, tmp_path: Path
) -> None:
    here = planted.site.database
    arrive(elsewhere, leave(here, tmp_path / "all.export", vault=planted.vault).file, anchors=anchors_in(tmp_path))
    without = {name for name in sealed_in(here, planted.vault) if name[0].split(".")[0] in STAYS or name[0] in ANEW}
    words = {name: said for name, said in sealed_in(here, planted.vault).items() if name not in without}
    assert len({column for column, _ in words}) > 25
    assert sealed_in(elsewhere, NEW_VAULT) == words
    assert not any(sealed_in(elsewhere, planted.vault).values()), "with the old key nothing opens"
    vault = vault_for(elsewhere, NEW_VAULT)
    with elsewhere.reading() as connection:
        for name in ("CanaryformernameA", f"CanarynameA {MARKUP}"):
            assert connection.execute(victim_names.called(name, vault)).all(), "the name of now, and the former one"
    both = ("contact_hash", "victim_name_key")
    assert [rows(elsewhere)[name] for name in both] == [rows(here)[name] for name in both]


@pytest.mark.both_engines
def test_nobody_and_no_system_is_let_in_there_nothing_is_sent_and_work_goes_on(
    planted: Casework, elsewhere: Database, tmp_path: Path
) -> None:
    left = leave(planted.site.database, tmp_path / "all.export", vault=planted.vault)
    with left.file.open("rb") as file:
        hashes = [part for part, content in parts_in(file, KEY) if b"$argon2" in content]
    assert not hashes
    arrive(elsewhere, left.file, anchors=anchors_in(tmp_path))
    with elsewhere.reading() as connection:
        for statement in (
            "SELECT count(*) FROM account WHERE password_hash <> '' OR sealed_otp_key IS NOT NULL",
            "SELECT count(*) FROM api_client WHERE secret_hash <> '' OR NOT disabled",
            "SELECT count(*) FROM webhook WHERE sealed_secret IS NOT NULL",
            "SELECT count(*) FROM outbox WHERE status IN ('waiting', 'leased')",
            "SELECT count(*) FROM webhook_event WHERE status IN ('waiting', 'leased')",
        ):
            assert connection.execute(text(statement)).scalar_one() == 0, statement
    counts = rows(elsewhere)
    assert not [name for name in STAYS if counts[name] and name not in ("contact_hash", "victim_name_key")]
    planted.site.database = elsewhere
    planted.site.app.state.vault = NEW_VAULT
    planted.case("Somebody New")
    planted.case("Somebody Else")
    with elsewhere.reading() as connection:
        assert check_audit(connection, []).wrong is None
        assert connection.execute(text("SELECT count(*) FROM victim_case")).scalar_one() == counts["victim_case"] + 2


def test_every_line_is_as_the_published_schema_says(planted: Casework, tmp_path: Path) -> None:
    left = leave(planted.site.database, tmp_path / "all.export", vault=planted.vault)
    validators = {
        name: jsonschema_rs.validator_for({**schema(), "$ref": f"#/$defs/{name}"}, validate_formats=True)
        for name in left.manifest.tables
    }
    with left.file.open("rb") as file:
        for part, content in parts_in(file, KEY):
            if part.startswith("tables/"):
                validator = validators[part.removeprefix("tables/").rpartition("-")[0]]
                for line in content.splitlines():
                    validator.validate(json.loads(line))
    assert part == MANIFEST

"""No word about a person lies open in the database: what may is decided, and what was open before is sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, LargeBinary, text
from sqlalchemy.engine import make_url

from tests.columns import DECIDED, FILE, KEY, SEALED, decided, text_columns
from tests.conftest import NewDatabase
from tests.schema import ROWS, VAULT, columns_of, fill_every_table, in_database, lost_or_changed, migrate_to
from tests.store.test_migrate import revision_of
from victimcare.store import migrate
from victimcare.store.people_to_tell import NAME
from victimcare.store.sealed_rows import sealed_columns
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.vault import DoesNotOpen, NoVaultKey, Vault, kept_vault

BEFORE = "0017"
MANY = 1_500
OPEN_WORDS = "Opencanary"


def test_of_every_column_of_text_it_is_decided_what_it_may_hold() -> None:
    known = {f"{table}.{name}" for table, of in DECIDED.items() for name in of}
    assert set(text_columns()) == known


def test_what_is_sealed_is_bytes_and_no_other_column_is() -> None:
    of_bytes = {name for name, column in text_columns().items() if isinstance(column.type, LargeBinary)}
    assert of_bytes == decided(SEALED, KEY, FILE)
    assert {sealed.name for sealed in sealed_columns()} == decided(SEALED, KEY)


def test_sealed_words_open_in_their_own_row_and_column_alone() -> None:
    sealed = sealed_in(NAME, 7, "Wren Sample", VAULT)
    assert b"Wren" not in sealed
    assert opened_from(NAME, 7, sealed, VAULT) == "Wren Sample"
    other = text_columns()["needs_assessment.sealed_supporter"]
    for column, row, vault in ((NAME, 8, VAULT), (other, 7, VAULT), (NAME, 7, Vault(b"k" * 32))):
        with pytest.raises(DoesNotOpen):
            opened_from(column, row, sealed, vault)


# ------------------------------------------------------------------------------------------ what was open before 0018

AGAIN = 10_000
FILLED = (
    "UPDATE person_to_tell SET name = 'Opencanary ' || id",
    "UPDATE needs_assessment SET supporter = CASE id WHEN 1 THEN '' ELSE 'Opencanary ' || event_key END",
    "UPDATE equality_answer SET words = CASE id WHEN 1 THEN '' ELSE"
    " 'Opencanary ' || victim_id || ':' || characteristic END",
    "UPDATE location_protection SET reason = 'Opencanary ' || id,"
    " lifted_reason = CASE id WHEN 1 THEN NULL ELSE 'Opencanary ' || id END",
    "UPDATE saved_search SET words = 'Opencanary ' || id",
    f"INSERT INTO assignment (id, case_id, officer_id, team_id, from_at, until_at, why) SELECT id + {AGAIN}, case_id,"
    f" officer_id, team_id, from_at, until_at, 'Opencanary ' || (id + {AGAIN}) FROM assignment WHERE id <= 3",
)
"""Words everywhere, each with the key of its row; three cases were handed over."""
ASSIGNED = (
    "INSERT INTO journey_event (id, key, case_id, kind, happened_on, precision, recorded_at, recorded_by, source,"
    " contacts_recorded, details) SELECT id + :again, key || :again, case_id, 'officer_assigned', happened_on,"
    " precision, recorded_at, recorded_by, source, contacts_recorded, :details FROM journey_event WHERE id <= 3"
)
KEYS = {
    "person_to_tell.sealed_name": (["id"], ROWS + MANY),
    "needs_assessment.sealed_supporter": (["event_key"], ROWS - 1),
    "equality_answer.sealed_words": (["victim_id", "characteristic"], ROWS - 1),
    "location_protection.sealed_reason": (["id"], ROWS),
    "location_protection.sealed_lifted_reason": (["id"], ROWS - 1),
    "saved_search.sealed_words": (["id"], ROWS),
    "assignment.sealed_why": (["id"], 3),
}
"""What names the row in what is bound to it, and how many words there are."""


def fill_with_words(connection: Connection) -> None:
    """Words in every column that was open, more of them than are sealed at once."""
    fill_every_table(connection)
    names = "case_id, name, told_as, tells, is_suspect, from_on, recorded_by, recorded_at"
    copy = f"INSERT INTO person_to_tell (id, {names}) SELECT :id, {names} FROM person_to_tell WHERE id = 1"
    connection.execute(text(copy), [{"id": AGAIN + number} for number in range(MANY)])
    for statement in FILLED:
        connection.execute(text(statement))
    allotted = {"again": AGAIN, "details": '{"officer":"ash","why":"present in Luton"}'}
    handed_over = {"again": 2 * AGAIN, "details": '{"officer":"birch","why":"Opencanary"}'}
    connection.execute(text(ASSIGNED), [allotted, handed_over])


@pytest.mark.in_turn
def test_words_that_lay_open_are_sealed_each_in_its_row(new_database: NewDatabase) -> None:
    url = new_database()
    migrate_to(url, BEFORE)
    in_database(url, fill_with_words)
    before = {table: rows(columns) for table, columns in in_database(url, columns_of).items()}
    migrate_to(url, "head")
    after = in_database(url, columns_of)
    assert {table: rows(columns) for table, columns in after.items() if table in before} == before
    for name, (keys, count) in KEYS.items():
        table, column = name.split(".")
        named = zip(*(after[table][key] for key in keys), strict=True)
        sealed = {":".join(map(str, key)): sealed for key, sealed in zip(named, after[table][column], strict=True)}
        words = {key: VAULT.open(found, row_id=f"{name}:{key}") for key, found in sealed.items() if found}
        assert words == {key: f"{OPEN_WORDS} {key}" for key in words}
        assert len(words) == count
    assigned = [details for details in after["journey_event"]["details"] if "officer" in details]
    assert sorted(assigned) == ['{"officer":"ash","why":"present in Luton"}'] * 3 + ['{"officer":"birch"}'] * 3
    assert OPEN_WORDS not in repr(after)
    if url.startswith("sqlite"):
        file = Path(str(make_url(url).database))
        assert not [part for part in file.parent.glob(f"{file.name}*") if OPEN_WORDS.encode() in part.read_bytes()]


def rows(columns: dict[str, list[Any]]) -> int:
    return len(next(iter(columns.values())))


def test_events_cannot_be_changed_afterwards(migrated_database: NewDatabase) -> None:
    url = migrated_database()
    in_database(url, fill_every_table)
    with pytest.raises(Exception, match="kept for ever"):
        in_database(url, lambda connection: connection.execute(text("UPDATE journey_event SET details = NULL")))


def no_key(folder: Path) -> Callable[[], Vault]:
    return lambda: kept_vault(key=None, key_file=folder / "vault.key")


def another_key(_folder: Path) -> Callable[[], Vault]:
    return lambda: Vault(b"k" * 32)


@pytest.mark.parametrize(
    ("vault", "error", "says"),
    [
        (no_key, NoVaultKey, r"key of the vault is not there: put it back at .*vault\.key.*; nothing was changed"),
        (another_key, DoesNotOpen, "is it the key it was sealed with"),
    ],
)
@pytest.mark.in_turn
def test_without_the_key_nothing_is_half_done(
    new_database: NewDatabase, tmp_path: Path, vault: Any, error: type[Exception], says: str
) -> None:
    url = new_database()
    migrate_to(url, BEFORE)
    in_database(url, fill_with_words)
    before = in_database(url, columns_of)
    with pytest.raises(error, match=says):
        migrate.upgrade(url, vault(tmp_path))
    assert lost_or_changed(before, in_database(url, columns_of)) == set()
    assert in_database(url, revision_of) == BEFORE
    assert not (tmp_path / "vault.key").exists()


@pytest.mark.in_turn
def test_a_database_without_words_needs_no_key(new_database: NewDatabase) -> None:
    url = new_database()
    migrate_to(url, BEFORE)
    migrate.upgrade(url)

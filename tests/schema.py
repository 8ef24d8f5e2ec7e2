"""Databases at any migration: brought there, filled in every table, and described."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, MetaData, Table, create_engine, inspect, select
from sqlalchemy.pool import NullPool
from sqlalchemy.types import Boolean, Date, DateTime, Integer, LargeBinary

from victimcare.store import migrate
from victimcare.store.vault import Vault

VERSIONS = Path(__file__).parents[1] / "migrations/versions"
ROWS = 20
Columns = dict[str, dict[str, list[Any]]]
Row = dict[str, Any]
VAULT = Vault(bytes(32))
# Where the columns of one row depend on each other, and so cannot all be filled.
TOGETHER: Mapping[str, Mapping[str, Any]] = {
    "board_pack": {"same_as": None},
    "case_link": {
        "case_id": lambda number: min(number, number % ROWS + 1),
        "other_id": lambda number: max(number, number % ROWS + 1),
        "confirmed_by": None,
    },
    "case_note": {"sealed": lambda number: VAULT.seal("A note", row_id=f"{number}:note")},
    "code_check": {"difference": None},
    "code_edition": {"state": "proposed"},
    "contact_point": {"sealed": lambda number: VAULT.seal("A point", row_id=str(number))},
    "incident": {"decision": "told"},
    "record_pack": {"approved_by": None, "released_by": None, "released_at": None},
    "record_pack_item": {"why_left_out": None},
    "retention_run": {"agreed_by": None},
    "cover": {"cover_id": lambda number: str(number % ROWS + 1)},
    "job": {"daily_at": "02:15", "every_minutes": None},
    "left_message": {"sealed": lambda number: VAULT.seal("Said", row_id=f"{number}:message")},
    "message": {"sealed": lambda number: VAULT.seal("Written", row_id=f"{number}:message")},
    "journey_event": {"correction": None, "corrects": None},
    "outbox": {"message_id": None, "referral_id": None, "team_id": None, "agency": None, "digest_id": None},
    "person_to_tell": {"is_suspect": False},
}


def scripts() -> ScriptDirectory:
    """The migrations."""
    return ScriptDirectory.from_config(migrate._config("sqlite://"))


def revisions() -> list[str]:
    """Every migration's number, the first one first."""
    return [script.revision for script in scripts().walk_revisions()][::-1]


def migrate_to(url: str, revision: str) -> None:
    """Bring the database up to this migration."""
    command.upgrade(migrate._config(url, lambda: VAULT), revision)


def bring_up(url: str) -> None:
    """Bring the database up to date."""
    migrate.upgrade(url, lambda: VAULT)


def in_database(url: str, do: Callable[[Connection], Any]) -> Any:
    """What `do` returns of a plain connection, without any of the program's own settings; what it wrote is kept."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        return do(connection)


def fill_every_table(connection: Connection, also: Callable[[str, Row], Row] = lambda _table, _row: {}) -> None:
    """Put rows into every table as it is now, whatever its columns are; `also` gives what else stands in a row."""
    metadata = MetaData()
    metadata.reflect(connection)
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            codes = _codes_of(table, inspector)
            rows = [_row(table, number) | codes | _together(table, number) for number in range(1, ROWS + 1)]
            connection.execute(table.insert(), [row | also(table.name, row) for row in rows])


def fill_empty_tables(connection: Connection) -> None:
    """Put a row into every table that has none, with something in all of its columns; it names rows that are there."""
    metadata = MetaData()
    metadata.reflect(connection)
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        if table.name != "alembic_version" and connection.execute(table.select().limit(1)).first() is None:
            row = _row(table, 1) | _codes_of(table, inspector) | _together(table, 1) | _names_of(connection, table)
            connection.execute(table.insert().values(row))


def _names_of(connection: Connection, table: Table) -> dict[str, Any]:
    """A row of another table for each column that names one: two columns name two rows."""
    names, times = {}, Counter[Table]()
    for column in table.columns:
        for key in column.foreign_keys:
            of = key.column.table
            if of is not table:
                found = select(key.column).order_by(key.column).offset(times[of]).limit(1)
                names[column.name] = connection.execute(found).scalar_one()
                times[of] += 1
    return names


def columns_of(connection: Connection) -> Columns:
    """All that the database holds: every table's columns by name, each with its values, in the order of the rows."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = {}
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            rows = connection.execute(table.select().order_by(*table.primary_key)).all()
            found[table.name] = {column.name: [row[at] for row in rows] for at, column in enumerate(table.columns)}
    return found


RENAMED = {"replay_asked.split": "told"}
"""Columns that a migration gave another name: as they were called, and as they are."""


def lost_or_changed(before: Columns, after: Columns) -> set[str]:
    """The columns that are not there any more, by no name, or have another value in some row."""
    return {
        f"{table}.{name}"
        for table, columns in before.items()
        for name, values in columns.items()
        if values not in [after.get(table, {}).get(each) for each in (name, RENAMED.get(f"{table}.{name}", name))]
    }


def description(connection: Connection) -> dict[str, dict[str, object]]:
    """Every table as the database describes it: more than Alembic compares."""
    inspector = inspect(connection)
    return {name: _table(inspector, name) for name in inspector.get_table_names() if name != "alembic_version"}


def migrations_with(folder: Path, name: str, text: str) -> Path:
    """A copy of the migrations with one more."""
    copy = folder / "migrations"
    (copy / "versions").mkdir(parents=True)
    for file in ("env.py", *(f"versions/{path.name}" for path in sorted(VERSIONS.glob("*.py")))):
        (copy / file).write_text((VERSIONS.parent / file).read_text("utf-8"), "utf-8")
    (copy / "versions" / name).write_text(text, "utf-8")
    return copy


def _row(table: Table, number: int) -> dict[str, Any]:
    """The same number in all columns of a row, so that what names a row of another table finds it."""
    return {column.name: _value(column.type, number) for column in table.columns}


def _codes_of(table: Table, inspector: Inspector) -> dict[str, Any]:
    """The first of the codes that each column takes which takes only some."""
    checks = [str(check["sqltext"]) for check in inspector.get_check_constraints(table.name)]
    taken = {}
    for column in (column.name for column in table.columns):
        codes = [check for check in checks if re.match(rf"\W*{column}\b.*(\bIN\b|ANY)", check, re.IGNORECASE | re.S)]
        if codes:
            taken[column] = re.findall(r"'([\w ]+)'", codes[0])[0]
    return taken


def _together(table: Table, number: int) -> dict[str, Any]:
    given = {name: value for name, value in TOGETHER.get(table.name, {}).items() if name in table.columns}
    return {name: value(number) if callable(value) else value for name, value in given.items()}


def _value(kind: Any, number: int) -> Any:
    values: list[tuple[Any, Any]] = [
        (Boolean, True),
        (Integer, number),
        (DateTime, datetime(2026, 5, 18, 9, tzinfo=UTC)),
        (Date, date(2026, 5, 18)),
        (LargeBinary, b"\x00" + str(number).encode()),
    ]
    return next((value for known, value in values if isinstance(kind, known)), str(number))


def _table(inspector: Inspector, name: str) -> dict[str, object]:
    return {
        "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)},
        "key": inspector.get_pk_constraint(name)["constrained_columns"],
        "unique": sorted(sorted(unique["column_names"]) for unique in inspector.get_unique_constraints(name)),
        "checks": sorted(_plain(check["sqltext"]) for check in inspector.get_check_constraints(name)),
        "indexes": sorted(_index(index) for index in inspector.get_indexes(name)),
        "names": sorted(
            (key["constrained_columns"], key["referred_table"], str(key["options"]))
            for key in inspector.get_foreign_keys(name)
        ),
    }


def _index(index: Any) -> tuple[str, str, bool, str]:
    where = [str(value) for key, value in (index.get("dialect_options") or {}).items() if key.endswith("_where")]
    return str(index["name"]), ",".join(map(str, index["column_names"])), bool(index["unique"]), _plain("".join(where))


def _plain(sql: object) -> str:
    return re.sub(r"\s+", " ", str(sql)).strip()

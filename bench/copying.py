"""A world on PostgreSQL: every row of the SQLite file, as it is there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy import LargeBinary, Table
from sqlmodel import SQLModel

from tests.postgres import Server
from victimcare.store.migrate import upgrade
from victimcare.store.vault import Vault

_AT_A_TIME = 50_000


def copied(file: Path, server: Server, name: str) -> str:
    """The address of a new database of this name with all that the file holds."""
    url = server.create(name)
    upgrade(url, vault=lambda: Vault(bytes(32)))
    address = url.replace("postgresql+psycopg://", "postgresql://")
    tables = SQLModel.metadata.sorted_tables
    with psycopg.connect(address) as target, sqlite3.connect(f"file:{file}?mode=ro", uri=True) as source:
        # As a replica: neither the triggers that keep rows for ever nor foreign keys are asked.
        target.execute("SET session_replication_role = replica; SET timezone = 'UTC'")
        target.execute("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables))
        for table in tables:
            _copy(table, source, target)
        target.execute("SELECT setval(seqrelid::regclass, 1000000000) FROM pg_sequence")
    with psycopg.connect(address, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")
    return url


def _copy(table: Table, source: sqlite3.Connection, target: psycopg.Connection) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    rows = source.execute(f'SELECT {names} FROM "{table.name}"')
    sealed = [place for place, column in enumerate(table.columns) if isinstance(column.type, LargeBinary)]
    with target.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        while some := rows.fetchmany(_AT_A_TIME):
            for row in some:
                copy.write_row(
                    [bytes(cell) if place in sealed and cell is not None else cell for place, cell in enumerate(row)]
                    if sealed
                    else row
                )

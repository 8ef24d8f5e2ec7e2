"""An import that is killed at any moment leaves whole records behind, and run again it ends as if it never had been."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.exchange.records.said import (
    NOW,
    Records,
    Said,
    arrest,
    contact,
    crime,
    lines,
    needs,
    suspect,
    victim,
    vps,
)
from tests.exchange.records.test_importing import CHANGES, EVERYTHING, empty
from tests.force import VAULT
from victimcare.editions.law import published_law
from victimcare.exchange.records.importing import import_records

SAID = (*EVERYTHING, *CHANGES)
"""What is not plain, in corrections and all: it is taken record by record."""
IMPORT = """
import os, signal, sys
from pathlib import Path
from tests.exchange.records.said import NOW, VAULT
from victimcare.editions.law import published_law
from victimcare.exchange.records.importing import import_records
from victimcare.store.database import Database
stop = int(sys.argv[3])
def tick(done, total):
    if done >= stop:
        os.kill(os.getpid(), signal.SIGKILL)
database, paths, law = Database(sys.argv[1]), [Path(sys.argv[2])], published_law()
print("begins", flush=True)
import_records(database, paths, law=law, vault=VAULT, now=NOW, progress=tick, chunk=int(sys.argv[4]))
"""
NEVER = 10**9


def new_crimes(many: int) -> list[Said]:
    """Crimes that are taken in one piece."""
    return [
        one
        for n in range(many)
        for ref, who in [(f"D{n}", f"W{n}")]
        for one in (
            crime(ref),
            suspect(f"S{ref}", crime=ref),
            victim(who, crime=ref, phone="07700 900123"),
            needs(f"N{who}", victim=who),
            vps(f"E{who}", victim=who),
            contact(f"K{who}", victim=who),
            arrest(f"A{ref}", crime=ref, suspect=f"S{ref}"),
        )
    ]


def started(records: Records, file: Path, *, stop: int = NEVER, chunk: int) -> subprocess.Popen[str]:
    """The import in a process of its own, which has just begun."""
    command = [sys.executable, "-c", IMPORT, records.database.url, str(file), str(stop), str(chunk)]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n", process.communicate()
    return process


def again(records: Records, file: Path) -> None:
    """Run again what was killed."""
    report = import_records(records.database, [file], law=published_law(), vault=VAULT, now=NOW)
    assert report.is_whole


def test_killed_between_two_transactions_and_run_again_it_ends_the_same(records: Records, tmp_path: Path) -> None:
    said = [*SAID, *new_crimes(4)]
    file = lines(tmp_path / "all.jsonl", *said)
    records.read(file)
    standing = records.standing()
    for taken in (1, len(EVERYTHING), len(said) - 10):
        empty(records)
        killed = started(records, file, stop=len(said) + taken, chunk=2)
        _, wrong = killed.communicate()
        assert killed.returncode == -signal.SIGKILL, wrong
        assert records.rows("SELECT count(*) FROM source_record") != [(0,)]
        again(records, file)
        assert records.standing() == standing


@pytest.mark.slow
def test_killed_at_fifty_moments_and_run_again_it_ends_the_same_each_time(records: Records, tmp_path: Path) -> None:
    file = lines(tmp_path / "all.jsonl", *SAID, *new_crimes(60))
    whole = started(records, file, chunk=20)
    began = time.monotonic()
    _, wrong = whole.communicate()
    assert whole.returncode == 0, wrong
    takes = time.monotonic() - began
    standing, stored, chance = records.standing(), set(), random.Random(13)
    for _ in range(50):
        empty(records)
        killed = started(records, file, chunk=20)
        time.sleep(chance.uniform(0, takes))
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate()
        stored |= set(records.rows("SELECT count(*) FROM source_record"))
        again(records, file)
        assert records.standing() == standing
    assert len(stored) > 5, "it was killed at moments that differ"

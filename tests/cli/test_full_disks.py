"""A disk that fills while all of one's own data comes in or leaves, or while records are read: nothing is half kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_everything import move_to_a_new_one
from tests.small_disk import disk, fill

__all__ = ["disk"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "room", [1_400, *(pytest.param(more, marks=pytest.mark.slow) for more in (0, 64, 256, 700, 1_000))]
)
def test_an_import_of_everything_that_meets_a_full_disk_stores_nothing(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], disk: Path, room: int
) -> None:
    """Whether it fills before there are tables, while rows are stored, or as they are kept."""
    assert command("export", "all", "all.export", "--key-file", "export.key") == 0
    move_to_a_new_one(monkeypatch)
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", f"sqlite:///{disk / 'victimcare.db'}")
    bring_in = ("import", "all", "all.export", "--key-file", "export.key")
    filler = fill(disk, but=room * 2**10)
    capsys.readouterr()
    assert command(*bring_in) == 1
    said = capsys.readouterr().err
    assert "disk is full" in said
    filler.unlink()
    assert command(*bring_in) == 0, "with room it comes into what is empty still"
    assert command("audit", "verify") == 0


@pytest.mark.usefixtures("installed")
def test_an_export_that_meets_a_full_disk_leaves_nothing_there(
    command: Command, capsys: pytest.CaptureFixture[str], disk: Path
) -> None:
    filler = fill(disk)
    assert command("export", "all", str(disk / "all.export"), "--key-file", "export.key") == 1
    assert "No space left" in capsys.readouterr().err
    assert list(disk.iterdir()) == [filler]


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_where_there_is_no_room_for_what_was_read_nothing_of_it_is_taken(installed: Path, disk: Path) -> None:
    """More than is in memory, so that it goes to where temporary files lie."""
    lines = (
        {"kind": "officer", "source": "rms", "id": f"S{number}", "version": 1, "name": f"Officer {number}", "team": "N"}
        for number in range(40_000)
    )
    (installed / "staff.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    fill(disk)
    ran = subprocess.run(
        [sys.executable, "-m", "victimcare", "import", "rms", "staff.jsonl"],
        env={**os.environ, "SQLITE_TMPDIR": str(disk)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "there is no room for what was read" in ran.stderr
    assert "Traceback" not in ran.stderr

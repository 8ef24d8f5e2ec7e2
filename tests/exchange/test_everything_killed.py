"""An import of everything that is killed leaves nothing, and run again it ends as if nobody had stopped it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.conftest import NewDatabase
from tests.everything import anchors_in, arrive, empty, leave
from tests.exchange.test_everything import furnished
from tests.force import VAULT
from tests.forked import FORKED
from victimcare.domain.audit_chain import Anchor
from victimcare.queries.audit_check import check_audit
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database

__all__ = ["furnished"]
Kill = Callable[[str, Path], None]


@pytest.fixture(scope="module")
def export(furnished: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return leave(furnished, tmp_path_factory.mktemp("export") / "all.export", vault=VAULT).file


@pytest.fixture
def new(migrated_database: NewDatabase) -> str:
    """The address of another installation."""
    return migrated_database()


def no_more() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_the_first_rows(url: str, file: Path) -> None:
    arrive(Database(url), file, anchors=anchors_in(file.parent), progress=lambda _done, _of: no_more())


def at_the_last_row(url: str, file: Path) -> None:
    def told(done: int, of: int) -> None:
        if done == of:
            no_more()

    arrive(Database(url), file, anchors=anchors_in(file.parent), progress=told)


def once_it_is_anchored(url: str, file: Path) -> None:
    class Anchored(AnchorFile):
        def add(self, anchor: Anchor) -> None:
            super().add(anchor)
            no_more()

    anchors = anchors_in(file.parent)
    arrive(Database(url), file, anchors=Anchored(anchors.file, key_file=file.parent / "audit.key"))


def killed(how: Kill, url: str, file: Path) -> None:
    importing = FORKED.Process(target=how, args=(url, file))
    importing.start()
    importing.join()
    assert importing.exitcode == -signal.SIGKILL


def check_arrived(url: str, folder: Path) -> None:
    """All of it is there, and its audit verifies by the anchors of the new installation."""
    assert not empty(url)
    with closing(Database(url)) as database, database.reading() as connection:
        assert check_audit(connection, anchors_in(folder).anchors()).wrong is None


@pytest.fixture
def file(export: Path, tmp_path: Path) -> Path:
    """The export, beside the anchors of the new installation."""
    here = tmp_path / "all.export"
    here.write_bytes(export.read_bytes())
    return here


@pytest.mark.parametrize("how", [at_the_first_rows, at_the_last_row, once_it_is_anchored])
def test_killed_it_leaves_nothing_and_run_again_all_of_it_is_there(new: str, file: Path, how: Kill) -> None:
    killed(how, new, file)
    assert empty(new)
    to_its_end(new, file)
    check_arrived(new, file.parent)


def to_its_end(url: str, file: Path) -> None:
    with closing(Database(url)) as database:
        arrive(database, file, anchors=anchors_in(file.parent))


@pytest.mark.slow
def test_killed_at_twenty_moments_it_leaves_nothing_or_all_of_it(
    migrated_database: NewDatabase, file: Path, tmp_path: Path
) -> None:
    chance, whole = Random(5), 0
    for number in range(20):
        url, here = migrated_database(), tmp_path / str(number) / "all.export"
        here.parent.mkdir()
        here.write_bytes(file.read_bytes())
        importing = FORKED.Process(target=to_its_end, args=(url, here))
        importing.start()
        time.sleep(chance.uniform(0.02, 0.7))
        if importing.is_alive():
            os.kill(importing.pid or 0, signal.SIGKILL)
        importing.join()
        if empty(url):
            to_its_end(url, here)
        else:
            whole += 1
        check_arrived(url, here.parent)
    print(f"\nkilled 20 times: {20 - whole} left nothing, {whole} were all there")

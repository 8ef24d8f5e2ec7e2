"""A backup made while others write comes back to the last byte, a damaged one is refused, nothing is sent twice."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Timer

import psycopg
import pytest
from sqlalchemy import make_url, text

from tests import postgres
from tests.backups import KEY, NOW, OTHER_KEY, SETTLED, Kept, cut, flipped, furnish, swapped, writing
from tests.force import VAULT, Force
from tests.packs import SPRING, add_duties, files_of, pack_of, published
from tests.schema import migrate_to, revisions
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Person, Role
from victimcare.editions.law import published_law
from victimcare.exchange.backup.kind import Unsound
from victimcare.exchange.backup.make import make_backup
from victimcare.exchange.backup.postgresql import NoPrograms
from victimcare.exchange.backup.restore import NotForHere, OtherVault, read_manifest
from victimcare.exchange.board_packs import check_pack
from victimcare.exchange.sealed_file import Damaged, NotThisForm, SealedWithAnother
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store import rebuilding
from victimcare.store.database import Database
from victimcare.store.in_use import BeingRestored, InUse, alone, at_work
from victimcare.store.migrate import newest_revision
from victimcare.store.opening import opened
from victimcare.store.vault import Vault

pytestmark = pytest.mark.both_engines  # each engine is backed up in its own way

HEADER = len(b"victimcare backup 1\n") + 16 + 32
CYCLES = 20
DAMAGES = 20


@pytest.fixture(scope="module")
def furnished_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("furnished") / "victimcare.db"
    shutil.copyfile(sqlite_template, file)
    furnish(f"sqlite:///{file}").database.close()
    return file


@pytest.fixture(scope="module")
def furnished_name(postgresql_server: postgres.Server, postgresql_template: str) -> Iterator[str]:
    name = f"victimcare_test_{uuid.uuid4().hex}"
    furnish(postgresql_server.create(name, template=postgresql_template)).database.close()
    yield name
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        file = tmp_path / "victimcare.db"
        shutil.copyfile(request.getfixturevalue("furnished_file"), file)
        yield Kept(f"sqlite:///{file}", tmp_path, lambda: f"sqlite:///{tmp_path / 'another.db'}")
        return
    server: postgres.Server = request.getfixturevalue("postgresql_server")
    name, another = (f"victimcare_test_{uuid.uuid4().hex}" for _ in range(2))
    url = server.create(name, template=request.getfixturevalue("furnished_name"))
    yield Kept(url, tmp_path, lambda: server.create(another))
    for each in (name, another):
        drop_former(server, each)
        server.drop(each)


def drop_former(server: postgres.Server, name: str) -> None:
    """What restoring kept of the databases before."""
    named = text("SELECT datname FROM pg_database WHERE datname LIKE :like")
    address = server.address.render_as_string(hide_password=False)
    with closing(Database(address)) as database, database.reading() as connection:
        found = list(connection.execute(named, {"like": f"{name[:33]}_before_%"}).scalars())
    for each in found:
        server.drop(each)


def check_whole(kept: Kept) -> None:
    """Deadlines are as derived, the audit as it was written and as anchored."""
    with closing(Database(kept.url)) as database:
        assert rebuilding.check(database, law=published_law(), today=london_date(kept.clock)) == []
        with database.reading() as connection:
            assert check_audit(connection, kept.anchors.anchors()).wrong is None


def test_all_of_it_comes_back_and_nothing_is_sent_again(kept: Kept) -> None:
    before, made = kept.contents(), kept.back_up()
    assert made.manifest.contents.rows == {name: len(rows) for name, rows in before.items()}
    assert made.manifest.vault == VAULT.fingerprint
    waiting = kept.scalar("SELECT count(*) FROM outbox WHERE status = 'waiting'")
    kept.run("UPDATE victim SET name = 'Somebody Else'")
    kept.run("DELETE FROM outbox")
    done = kept.restore(made.file)
    after = kept.contents()
    assert {name for name in before if before[name] != after[name]} <= SETTLED
    held_back = kept.scalar("SELECT count(*) FROM outbox WHERE status = 'outcome_unknown' AND lease_until IS NULL")
    assert held_back == done.held_back == len(after["outbox"])
    assert held_back > waiting > 0, "the reminders of a morning that may have been are held back too"
    assert not done.migrated
    assert kept.scalar("SELECT count(*) FROM audit WHERE what LIKE 'restore backup of %'") == 1
    check_whole(kept)


@pytest.mark.in_turn
def test_a_backup_made_while_others_write_holds_all_that_was_acknowledged_before(kept: Kept, tmp_path: Path) -> None:
    assert cycle(kept, tmp_path / "noted", 0) > 0


@pytest.mark.slow
def test_twenty_backups_made_while_others_write_are_all_restored(kept: Kept, tmp_path: Path) -> None:
    checked = [cycle(kept, tmp_path / "noted", number * 100_000) for number in range(CYCLES)]
    print(f"\n{len(checked)} cycles under load on {kept.url.split(':')[0]}, {sum(checked)} crimes acknowledged before")


def cycle(kept: Kept, noted: Path, first: int) -> int:
    """Back up under load, restore, look: how many crimes had been acknowledged before the backup was begun."""
    noted.unlink(missing_ok=True)
    with writing(kept.url, noted, first) as acknowledged:
        before = acknowledged()
        made = kept.back_up()
        after = acknowledged()
    assert len(after) >= len(before)
    kept.restore(made.file)
    with closing(Database(kept.url)) as database, database.reading() as connection:
        found = connection.execute(text("SELECT source_ref FROM crime WHERE source_ref LIKE 'load/%'")).scalars()
        stored = [int(ref.removeprefix("load/")) for ref in found]
    of_this = [number for number in stored if number >= first]
    assert set(before) <= set(of_this) <= set(range(first, first + len(after) + 2))
    assert kept.scalar("SELECT count(*) FROM audit WHERE what = 'record crime'") == kept.scalar(
        "SELECT count(*) FROM crime"
    )
    check_whole(kept)
    return len(before)


def damages(archive: Path, folder: Path) -> Iterator[tuple[str, Path, type[Exception]]]:
    """Archives that are not as they were written, and what is said of each."""
    size, to = archive.stat().st_size, folder / "damaged"
    yield "a bit of the first line", flipped(archive, to, 3), NotThisForm
    yield "a bit of the name of the key", flipped(archive, to, HEADER - 40), SealedWithAnother
    yield "a bit of the salt", flipped(archive, to, HEADER - 5), Damaged
    yield "a bit of a length", flipped(archive, to, HEADER + 1), Damaged
    yield "a bit of a block", flipped(archive, to, HEADER + 50), Damaged
    yield "a bit of the manifest", flipped(archive, to, size - 20), Damaged
    for number in range(6):
        yield "a bit anywhere", flipped(archive, to, random.Random(number).randrange(HEADER, size)), Damaged
    yield "nothing but the header", cut(archive, to, HEADER), Damaged
    yield "half of it", cut(archive, to, size // 2), Damaged
    yield "all but the last byte", cut(archive, to, size - 1), Damaged
    yield "empty", cut(archive, to, 0), NotThisForm
    to.write_bytes(archive.read_bytes() + b"\n")
    yield "more than it was", to, Damaged
    yield "blocks in another order", swapped(archive, to, HEADER), Damaged


def refuse(kept: Kept, file: Path, error: type[Exception], **how: object) -> None:
    """It is refused, and not a byte of the database or the anchors is another."""
    before = kept.contents()
    with pytest.raises(error):
        kept.restore(file, **how)  # type: ignore[arg-type]
    assert kept.contents() == before
    assert not kept.anchors.file.exists()
    assert not list(kept.folder.rglob(".unfinished-*"))


def test_a_damaged_backup_is_refused_before_anything_is_touched(kept: Kept, tmp_path: Path) -> None:
    made = kept.back_up()
    for number, (_, file, error) in enumerate(damages(made.file, tmp_path)):
        if number in {0, 2, 4, 5, 14, 17}:
            refuse(kept, file, error)


@pytest.mark.slow
def test_twenty_bad_backups_are_refused_or_safely_migrated(kept: Kept, tmp_path: Path) -> None:
    made, told = kept.back_up(), []
    for what, file, error in damages(made.file, tmp_path):
        refuse(kept, file, error)
        told.append(what)
    for what, try_it in OTHERWISE_WRONG.items():
        try_it(kept, made.file)
        told.append(what)
    assert len(told) >= DAMAGES
    print(f"\n{len(told)} bad backups on {kept.url.split(':')[0]}: {', '.join(told)}")


def wrong_key(kept: Kept, file: Path) -> None:
    with pytest.raises(SealedWithAnother, match="put the right one at VICTIMCARE_BACKUP_KEY_FILE"):
        read_manifest(file, key=OTHER_KEY)


def wrong_vault(kept: Kept, file: Path) -> None:
    refuse(kept, file, OtherVault, vault=Vault(OTHER_KEY))


def newer_schema(kept: Kept, _file: Path) -> None:
    kept.run("UPDATE alembic_version SET version_num = '9999'")
    newer = kept.back_up().file
    kept.run(f"UPDATE alembic_version SET version_num = '{newest_revision()}'")
    with pytest.raises(NotForHere, match="made by a newer program"):
        kept.restore(newer)


def older_schema(kept: Kept, _file: Path) -> None:
    """The backup of a database that was one migration behind: restored, and brought up to date."""
    old = Kept(kept.another(), kept.folder / "old")
    migrate_to(old.url, revisions()[-2])
    old.run("INSERT INTO setting (name, value) VALUES ('old', 'kept')")
    done = old.restore(old.back_up().file)
    assert done.migrated
    assert old.scalar("SELECT value FROM setting WHERE name = 'old'") == "kept"
    assert old.scalar("SELECT version_num FROM alembic_version") == newest_revision()


def stale_log(kept: Kept, file: Path) -> None:
    """Of a database that was not closed: SQLite would read the log into whatever lies beside it."""
    if not kept.url.startswith("sqlite"):
        return
    database = Path(kept.url.removeprefix("sqlite:///"))
    left_open = sqlite3.connect(database, isolation_level=None)
    left_open.execute("INSERT INTO setting (name, value) VALUES ('in the log', '1')")
    log = database.with_name(f"{database.name}-wal")
    stale = log.read_bytes()
    left_open.close()
    log.write_bytes(stale)
    done = kept.restore(file)
    assert kept.scalar("SELECT count(*) FROM setting WHERE name = 'in the log'") == 0
    assert Path(f"{done.former}-wal").read_bytes() == stale
    check_whole(kept)


OTHERWISE_WRONG: dict[str, Callable[[Kept, Path], None]] = {
    "another backup key": wrong_key,
    "another vault key": wrong_vault,
    "a newer schema": newer_schema,
    "an older schema": older_schema,
    "a stale log beside": stale_log,
}


@pytest.mark.parametrize("what", OTHERWISE_WRONG)
@pytest.mark.in_turn
def test_a_backup_that_does_not_fit_is_refused_or_safely_migrated(kept: Kept, what: str) -> None:
    OTHERWISE_WRONG[what](kept, kept.back_up().file)


def test_with_another_vault_key_it_says_what_is_lost_and_restores_only_if_asked(kept: Kept) -> None:
    made = kept.back_up()
    with pytest.raises(
        OtherVault, match=r"opens with the vault key [0-9a-f]{16}.* nobody reads: .*--without-vault-key"
    ):
        kept.restore(made.file, vault=Vault(OTHER_KEY))
    assert kept.restore(made.file, vault=Vault(OTHER_KEY), other_vault=True).manifest == made.manifest


def test_a_service_that_runs_is_not_restored_over(kept: Kept) -> None:
    made = kept.back_up()
    with opened(kept.url), pytest.raises(InUse, match="stop the service"):
        kept.restore(made.file)
    kept.restore(made.file)


@pytest.mark.postgres
def test_somebody_who_has_just_left_is_in_nobodys_way(postgresql_server: postgres.Server) -> None:
    """The server notices a moment later that a process was killed."""
    url = postgresql_server.create(f"victimcare_test_{uuid.uuid4().hex}")
    last = psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    Timer(0.3, last.close).start()
    with alone(url):
        pass
    postgresql_server.drop(str(make_url(url).database))


def test_no_service_starts_while_a_backup_is_restored(sqlite_url: str) -> None:
    with alone(sqlite_url), pytest.raises(BeingRestored), at_work(sqlite_url):
        pass


def test_rows_anchored_after_the_backup_are_told_as_lost_and_not_as_tampering(kept: Kept) -> None:
    made = kept.back_up()
    with closing(Database(kept.url)) as database, database.reading() as connection:
        kept.anchors.add(current_anchor(connection, now=kept.clock))
    outside = kept.anchors.file.with_name("outside.jsonl")
    outside.write_bytes(kept.anchors.file.read_bytes())
    kept.restore(made.file)
    with closing(Database(kept.url)) as database, database.reading() as connection:
        signed = check_audit(connection, kept.anchors.anchors())
        kept.anchors.file.write_bytes(outside.read_bytes())
        unsigned = check_audit(connection, kept.anchors.anchors())
    assert signed.wrong is None
    (lost,) = signed.lost
    assert (lost.made_at, lost.anchored_at) == (made.manifest.made_at, made.manifest.made_at)
    assert "Rows written in between are lost since the backup" in str(lost)
    assert unsigned.wrong is not None, "a row of the database alone proves nothing"
    assert "rows lost since the backup" in unsigned.wrong.sentence


def test_the_former_database_is_kept(kept: Kept) -> None:
    made = kept.back_up()
    kept.run("INSERT INTO setting (name, value) VALUES ('since', '1')")
    done = kept.restore(made.file)
    former = f"sqlite:///{done.former}"
    if not kept.url.startswith("sqlite"):
        name = str(done.former).removeprefix("the database ")
        former = make_url(kept.url).set(database=name).render_as_string(hide_password=False)
    assert Kept(former, kept.folder).scalar("SELECT value FROM setting WHERE name = 'since'") == "1"


def test_it_is_restored_where_there_is_no_database_yet(kept: Kept, tmp_path: Path) -> None:
    made = kept.back_up()
    address = make_url(kept.url)
    if kept.url.startswith("sqlite"):
        empty = Kept(f"sqlite:///{tmp_path}/elsewhere/new.db", tmp_path / "elsewhere")
    else:
        postgres.Server(address.set(database="postgres")).drop(str(address.database))
        empty = Kept(kept.url, tmp_path / "elsewhere")
    assert empty.restore(made.file).former is None
    check_whole(empty)


def test_a_backup_that_was_stopped_leaves_nothing_behind(kept: Kept) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with closing(Database(kept.url)) as database, pytest.raises(KeyboardInterrupt):
        make_backup(database, backups=kept.backups, now=NOW, progress=stop)
    assert not [path for path in kept.folder.rglob("*") if "unfinished" in path.name or path.suffix == ".backup"]


def test_what_a_killed_backup_left_is_taken_away_by_the_next(kept: Kept) -> None:
    left = kept.backups.folder / ".unfinished-killed"
    left.mkdir(parents=True)
    (left / "archive").write_bytes(b"half")
    kept.back_up()
    assert not left.exists()


def test_older_backups_go_after_a_newer_one_was_read_again(kept: Kept) -> None:
    first = kept.back_up()
    theirs = kept.backups.folder / "victimcare-of-somebody.backup"
    theirs.touch()
    kept.clock += timedelta(days=3)
    second = kept.back_up(keep_days=7)
    kept.clock += timedelta(days=5)
    third = kept.back_up(keep_days=7)
    assert (second.deleted, third.deleted) == (0, 1)
    assert not first.file.exists()
    assert second.file.exists()
    assert theirs.exists()


def test_nobody_else_on_the_machine_reads_a_backup_and_none_of_a_name_is_in_it(kept: Kept) -> None:
    made = kept.back_up()
    assert os.stat(made.file).st_mode & 0o077 == 0
    assert b"Wren" not in made.file.read_bytes()
    assert read_manifest(made.file, key=KEY) == made.manifest


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(sqlite_url: str, tmp_path: Path) -> None:
    kept = Kept(sqlite_url, tmp_path)
    furnish(sqlite_url).database.close()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(file.read_bytes())
    raw[4096 * 20 : 4096 * 21] = bytes(4096)
    file.write_bytes(raw)
    with pytest.raises((Unsound, sqlite3.DatabaseError)):
        kept.back_up()
    assert not list(kept.backups.folder.glob("*.backup"))


@pytest.mark.postgres
def test_without_the_programs_of_postgresql_it_says_what_to_install(postgresql_url: str, tmp_path: Path) -> None:
    kept = Kept(postgresql_url, tmp_path)
    with pytest.raises(NoPrograms, match="VICTIMCARE_POSTGRES_PROGRAMS"):
        kept.back_up(programs=tmp_path)


@pytest.mark.in_turn
def test_a_board_pack_comes_back_to_the_last_byte_and_is_derived_again(kept: Kept) -> None:
    board = Person("board", "Board Example", Role.BOARD)
    with closing(Database(kept.url)) as database:
        force = Force(database, published_law(), *[board] * 7)
        add_duties(force, SPRING)
        published(force, SPRING)
        row = pack_of(force)
        files = files_of(force, row)
    assert files["pdf"].startswith(b"%PDF")
    made = kept.back_up()
    for table in ("board_pack_file", "board_pack", "publication"):
        kept.run(f"DELETE FROM {table}")
    kept.restore(made.file)
    with closing(Database(kept.url)) as database:
        assert check_pack(database, row.sha256, law=published_law()).faults == ()
        assert files_of(replace(force, database=database), row) == files

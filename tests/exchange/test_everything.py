"""An export that is not as it was written is refused and stores nothing; one that was interrupted leaves nothing."""

from __future__ import annotations

import io
import json
import random
import shutil
import sqlite3
import tarfile
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import event, text

from tests.backups import cut, flipped, furnish, swapped
from tests.everything import KEY, NEW_VAULT, NOW, anchors_in, arrive, empty, leave
from tests.force import VAULT
from victimcare.commands.keep_shipped_holidays import keep_shipped_holidays
from victimcare.domain.calendar import london_date
from victimcare.editions.law import published_law
from victimcare.exchange.demonstration.build import Plan, build_demonstration
from victimcare.exchange.everything.arrive import DoesNotFit, NotEmpty, OtherVersion
from victimcare.exchange.everything.leave import AlreadyThere, OtherForm, read_manifest
from victimcare.exchange.everything.lines import CannotBeOpened, lines_of
from victimcare.exchange.everything.manifest import Manifest, Table
from victimcare.exchange.everything.parts import EXPORT, MANIFEST, Parts, parts_in
from victimcare.exchange.everything.passphrase import BadPassphrase, check_passphrase, key_of
from victimcare.exchange.sealed_file import BLOCK, Damaged, NotThisForm, SealedWithAnother, SealedWriter
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store import installation, rebuilding
from victimcare.store.database import Database
from victimcare.store.export_decisions import leaving
from victimcare.store.vault import Vault

pytestmark = pytest.mark.both_engines  # each engine has its own cells

HEADER = len(EXPORT.first_line) + 16 + 32
PLACES = 12


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    file = tmp_path_factory.mktemp("furnished") / "victimcare.db"
    shutil.copyfile(sqlite_template, file)
    force = furnish(f"sqlite:///{file}")
    yield force.database
    force.database.close()


@pytest.fixture(scope="module")
def export(furnished: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return leave(furnished, tmp_path_factory.mktemp("export") / "all.export", vault=VAULT).file


@pytest.fixture
def new(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url)) as database:
        yield database


def refuse(
    new: Database, file: Path, error: type[Exception], match: str = "nothing was changed", **how: object
) -> None:
    """It is refused in a sentence, and no row is stored, nor an anchor."""
    anchors = anchors_in(file.parent)
    with pytest.raises(error, match=match):
        arrive(new, file, anchors=anchors, **how)
    assert empty(new.url)
    assert not anchors.file.exists()


def damages(archive: Path, folder: Path) -> Iterator[tuple[Path, type[Exception]]]:
    size, to = archive.stat().st_size, folder / "damaged"
    yield flipped(archive, to, 3), NotThisForm
    yield flipped(archive, to, HEADER - 40), SealedWithAnother
    yield flipped(archive, to, HEADER - 5), Damaged
    yield flipped(archive, to, HEADER + 1), Damaged
    for number in range(PLACES):
        yield flipped(archive, to, random.Random(number).randrange(HEADER, size)), Damaged
    yield flipped(archive, to, size - 1), Damaged
    for length, error in ((0, NotThisForm), (HEADER, Damaged), (size // 2, Damaged), (size - 1, Damaged)):
        yield cut(archive, to, length), error
    to.write_bytes(archive.read_bytes() + b"\n")
    yield to, Damaged


def test_a_changed_byte_anywhere_or_a_missing_end_is_refused(new: Database, export: Path, tmp_path: Path) -> None:
    for damaged, error in damages(export, tmp_path):
        refuse(new, damaged, error)


def test_blocks_in_another_order_are_refused(new: Database, furnished: Database, tmp_path: Path) -> None:
    file = tmp_path / "two.export"
    with file.open("wb") as opened:
        parts = Parts(opened, KEY)
        parts.add("README.txt", random.Random(1).randbytes(2**20))
        parts.finish(b"{}")
    refuse(new, file, Damaged, match="its manifest cannot be read")
    refuse(new, swapped(file, tmp_path / "swapped", HEADER), Damaged, match="was changed")


def test_another_passphrase_is_told_from_damage(new: Database, export: Path, tmp_path: Path) -> None:
    refuse(new, export, SealedWithAnother, match="does not open with this passphrase or key", key=bytes(32))


def test_a_backup_is_no_export(new: Database, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(b"victimcare backup 1\n" + bytes(200))
    refuse(new, file, NotThisForm, match="is no export of victimcare")


def written(export: Path, to: Path, change: object) -> Path:
    """The same with other parts, sealed by somebody who has the key."""
    with export.open("rb") as file:
        parts = dict(parts_in(file, KEY))
    manifest = Manifest.from_bytes(parts.pop(MANIFEST))
    manifest = change(parts, manifest) or manifest  # type: ignore[operator]
    with to.open("wb") as file:
        out = Parts(file, KEY)
        for name, content in parts.items():
            out.add(name, content)
        out.finish(manifest.as_bytes())
    return to


def test_what_is_not_as_its_manifest_says_is_refused(new: Database, export: Path, tmp_path: Path) -> None:
    def rename_a_victim(parts: dict[str, bytes], _manifest: Manifest) -> None:
        parts["tables/victim-000001.jsonl"] = parts["tables/victim-000001.jsonl"].replace(b"Wren", b"Ruff")

    def leave_a_table_out(parts: dict[str, bytes], _manifest: Manifest) -> None:
        del parts["tables/crime-000001.jsonl"]

    for change in (rename_a_victim, leave_a_table_out):
        refuse(new, written(export, tmp_path / "changed", change), Damaged, match="not what its manifest says")


def test_one_of_another_version_says_what_to_do(new: Database, export: Path, tmp_path: Path) -> None:
    for migration, said in (("9999", "newer program"), ("0012", "older program")):
        other = written(export, tmp_path / "other", lambda _, manifest, to=migration: replace(manifest, migration=to))
        refuse(new, other, OtherVersion, match=said)
    other = written(export, tmp_path / "other", lambda _, manifest: replace(manifest, form=2))
    refuse(new, other, OtherForm, match="has the form 2")


CRIME = b'{"id":1,"source":"s","source_ref":"r","crime_type":"t","area":"a","fingerprint":null}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[" * 100_000, "is no JSON"),
        (b"nothing", "is no JSON"),
        (b"[]", "other fields"),
        (b'{"id": 1}', "other fields"),
        (CRIME.replace(b"1", b'"1"'), "not of its kind"),
        (CRIME.replace(b"1", b"null"), "id is missing"),
        (CRIME.replace(b"s", b"\\ud800", 1), "other fields"),
        (CRIME.replace(b'"s"', b'"\\ud800"'), "refuses a row"),
        (CRIME.replace(b"1", b"1" + b"0" * 30), "refuses a row"),
    ],
)
def test_a_line_that_is_no_row_is_named_and_nothing_is_stored(
    new: Database, export: Path, tmp_path: Path, line: bytes, said: str
) -> None:
    def change(parts: dict[str, bytes], manifest: Manifest) -> Manifest:
        parts["tables/crime-000001.jsonl"] = line + b"\n"
        table = Table(1, sha256(line + b"\n").hexdigest())
        return replace(manifest, tables={**manifest.tables, "crime": table})

    refuse(new, written(export, tmp_path / "changed", change), DoesNotFit, match=said)


def test_a_table_that_this_program_does_not_know_is_refused(new: Database, export: Path, tmp_path: Path) -> None:
    def change(parts: dict[str, bytes], manifest: Manifest) -> Manifest:
        parts["tables/sign_in_session-000001.jsonl"] = b"{}\n"
        tables = {**manifest.tables, "sign_in_session": Table(1, sha256(b"{}\n").hexdigest())}
        return replace(manifest, tables=tables)

    refuse(new, written(export, tmp_path / "more", change), DoesNotFit, match="has no table 'sign_in_session'")


def test_what_would_unfold_without_end_is_refused(new: Database, tmp_path: Path) -> None:
    file = tmp_path / "bomb"
    with file.open("wb") as opened:
        sealed = SealedWriter(opened, KEY, EXPORT)
        sealed.add(bytes(2**27))
        sealed.finish(b"{}")
    assert file.stat().st_size < 2**20
    refuse(new, file, Damaged, match="larger than any")


def test_what_is_no_tar_file_or_has_parts_of_another_kind_is_refused(new: Database, tmp_path: Path) -> None:
    link = io.BytesIO()
    with tarfile.open(mode="w", fileobj=link) as tar:
        part = tarfile.TarInfo("tables/victim-000001.jsonl")
        part.type, part.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(part)
    headers = io.BytesIO()
    with tarfile.open(
        mode="w", fileobj=headers, format=tarfile.PAX_FORMAT, pax_headers={"comment": "x" * 2**22}
    ) as tar:
        tar.addfile(tarfile.TarInfo("tables/victim-000001.jsonl"))
    for inside, said in (
        (b"no tar at all" * 1_000, "it is no TAR file inside"),
        (b"", "it is no TAR file inside"),
        (link.getvalue(), "none that this program writes"),
        (headers.getvalue(), "it is no TAR file inside"),
    ):
        file = tmp_path / "inside"
        with file.open("wb") as opened:
            sealed = SealedWriter(opened, KEY, EXPORT)
            for begins in range(0, len(inside) or 1, BLOCK):
                sealed.add(inside[begins : begins + BLOCK])
            sealed.finish(b"{}")
        refuse(new, file, Damaged, match=said)


def test_a_database_that_was_made_and_not_used_is_empty(export: Path, new: Database, tmp_path: Path) -> None:
    with new.writing() as connection:
        keep_shipped_holidays(connection, shipped=published_law().calendar, now=NOW)
    assert not empty(new.url)
    arrive(new, export, anchors=anchors_in(tmp_path))


def test_it_is_imported_into_an_empty_database_only(furnished: Database, export: Path, tmp_path: Path) -> None:
    with pytest.raises(NotEmpty, match="the database is not empty"):
        arrive(furnished, export, anchors=anchors_in(tmp_path))


@contextmanager
def copied(database: Database, to: Path) -> Iterator[Database]:
    with closing(sqlite3.connect(str(database.engine.url.database))) as one, closing(sqlite3.connect(to)) as other:
        one.backup(other)
    with closing(Database(f"sqlite:///{to}")) as copy:
        yield copy


def test_an_audit_that_was_changed_leaves_as_it_is_and_says_so_and_does_not_come_in(
    furnished: Database, new: Database, tmp_path: Path
) -> None:
    """Whether or not the file says it."""
    with copied(furnished, tmp_path / "changed.db") as changed:
        with changed.writing() as connection:
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("UPDATE audit SET person_id = 'elm' WHERE seq = 2"))
        left = leave(changed, tmp_path / "changed.export", vault=VAULT)
    assert "row 2 was changed" in left.manifest.audit_wrong
    assert left.manifest.tables["audit"].rows > 2
    refuse(new, left.file, DoesNotFit, match=r"was not as it was written when it left \(.*row 2 was changed")
    silent = written(left.file, tmp_path / "silent", lambda _, manifest: replace(manifest, audit_wrong=""))
    refuse(new, silent, DoesNotFit, match="row 2 was changed")


def test_rows_of_the_audit_that_were_taken_away_are_missed_by_the_anchors(furnished: Database, tmp_path: Path) -> None:
    with furnished.reading() as connection:
        anchor = current_anchor(connection, now=NOW)
    with copied(furnished, tmp_path / "cut.db") as shortened:
        with shortened.writing() as connection:
            for table in ("audit_subject", "audit"):
                connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
                connection.execute(text(f"DELETE FROM {table} WHERE seq = (SELECT max(seq) FROM audit)"))
        left = leave(shortened, tmp_path / "cut.export", vault=VAULT, anchors=[anchor])
    assert left.manifest.audit_wrong
    assert leave(furnished, tmp_path / "whole.export", vault=VAULT, anchors=[anchor]).manifest.audit_wrong == ""


def test_interrupted_it_leaves_no_half_file_and_does_not_say_that_it_left(furnished: Database, tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    before = disclosed(furnished)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("victimcare.exchange.everything.leave._TOLD_EVERY", 1)
        with pytest.raises(KeyboardInterrupt):
            leave(furnished, tmp_path / "all.export", vault=VAULT, progress=stop)
    assert not list(tmp_path.iterdir())
    assert disclosed(furnished) == before


def disclosed(database: Database) -> list[str]:
    with database.reading() as connection:
        said = "SELECT what FROM audit WHERE operation = 'disclosure' AND recipient = 'export' ORDER BY seq"
        return list(connection.execute(text(said)).scalars())


def test_that_it_left_is_written_down_with_the_hash_of_the_file(furnished: Database, tmp_path: Path) -> None:
    left = leave(furnished, tmp_path / "all.export", vault=VAULT)
    assert disclosed(furnished)[-1] == f"export all as the file {left.sha256}"
    assert left.file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(AlreadyThere):
        leave(furnished, left.file, vault=VAULT)


def test_a_row_that_names_a_later_one_of_its_own_table_arrives_after_it(
    furnished: Database, new: Database, tmp_path: Path
) -> None:
    with copied(furnished, tmp_path / "digest.db") as digest:
        with digest.writing() as connection:
            last = "(SELECT max(id) FROM outbox)"
            connection.execute(text(f"UPDATE outbox SET digest_id = {last} WHERE id < {last}"))
        left = leave(digest, tmp_path / "digest.export", vault=VAULT)
    arrive(new, left.file, anchors=anchors_in(tmp_path))
    with new.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM outbox WHERE digest_id IS NOT NULL")).scalar_one() > 0


def test_rows_leave_in_an_order_that_is_of_no_language(database_url: str) -> None:
    """Else the same rows had another hash on a server that sorts as people of some country do."""
    names = ["Zebra", "_under", "apple", "\u00e9clair"]
    with closing(Database(database_url)) as database:
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        with database.writing() as connection:
            for name in reversed(names):
                installation.set_value(connection, name, "")
        (setting,) = (each for each in leaving() if each.name == "setting")
        with database.reading() as connection:
            assert [json.loads(line)["name"] for line in lines_of(connection, setting, VAULT)] == names
        # The server of these tests has no other order than "C".
        assert ('COLLATE "C"' in asked[-1]) == (database.engine.dialect.name == "postgresql")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_demonstration_goes_to_the_other_engine_and_back(
    postgresql_url: str, new: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "invented.db")
    hashes = []
    with closing(Database(f"sqlite:///{tmp_path / 'invented.db'}")) as invented:
        build_demonstration(invented, Plan(NOW, 150, 1), law=published_law(), vault=VAULT)
        left = leave(invented, tmp_path / "first.export", vault=VAULT)
    hashes.append(left.manifest.contents)
    with closing(Database(postgresql_url)) as there:
        for database, vault, folder in ((there, NEW_VAULT, "there"), (new, Vault(b"b" * 32), "back")):
            anchors = anchors_in(tmp_path / folder)
            arrive(database, left.file, anchors=anchors, vault=vault)
            left = leave(database, tmp_path / f"{folder}.export", vault=vault)
            hashes.append(left.manifest.contents)
            assert rebuilding.check(database, law=published_law(), today=london_date(NOW)) == []
            with database.reading() as connection:
                assert check_audit(connection, anchors.anchors()).wrong is None
    assert len(set(hashes)) == 1


def test_what_does_not_open_here_is_not_left_out_in_silence(furnished: Database, tmp_path: Path) -> None:
    with copied(furnished, tmp_path / "lost.db") as lost:
        with lost.writing() as connection:
            sealed = {"sealed": Vault(b"l" * 32).seal("lost", row_id="x")}
            connection.execute(text("UPDATE assignment SET sealed_why = :sealed"), sealed)
        with pytest.raises(CannotBeOpened, match="reasons for handing a case over"):
            leave(lost, tmp_path / "lost.export", vault=VAULT)
    assert not (tmp_path / "lost.export").exists()


def test_a_passphrase_opens_what_it_sealed_and_a_weak_one_seals_nothing(furnished: Database, tmp_path: Path) -> None:
    left = leave(furnished, tmp_path / "all.export", vault=VAULT, key=key_of("seven otters quietly knitting"))
    assert read_manifest(left.file, key=key_of("seven otters quietly knitting")) == left.manifest
    with pytest.raises(SealedWithAnother):
        read_manifest(left.file, key=key_of("seven otters quietly sitting"))
    for weak in ("short", "passwordpassword"):
        with pytest.raises(BadPassphrase):
            check_passphrase(weak)


def test_of_many_rows_few_are_in_memory(tmp_path: Path) -> None:
    line, lines = random.Random(1).randbytes(500).hex().encode() + b"\n", 64_000
    file = tmp_path / "many"
    tracemalloc.start()
    try:
        with file.open("wb") as opened:
            parts = Parts(opened, KEY)
            parts.add_lines("tables/audit", (line for _ in range(lines)))
            parts.finish(b"{}")
        with file.open("rb") as opened:
            read = sum(content.count(b"\n") for name, content in parts_in(opened, KEY) if name != MANIFEST)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == lines
    assert most < 12 * 2**20 < len(line) * lines

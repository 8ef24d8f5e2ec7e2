"""Everything out: as of one moment, into one sealed file that is read again before it counts, and written down first.

README.txt                         what this is, for whoever opens it
schema.json                        the JSON Schema of each kind of line
tables/victim_case-000001.jsonl    rows of a table, and so on
manifest.json                      how many rows and which hash each table has
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.audit_chain import Anchor
from victimcare.exchange.backup.scratch import keep, scratch_in
from victimcare.exchange.everything.lines import lines_of
from victimcare.exchange.everything.manifest import FORM, Manifest, Table
from victimcare.exchange.everything.parts import EXPORT, MANIFEST, Parts, parts_in
from victimcare.exchange.everything.schema import schema_text
from victimcare.exchange.progress import Tick, no_progress
from victimcare.exchange.sealed_file import Damaged, Key
from victimcare.queries.audit_check import check_audit
from victimcare.store import audit
from victimcare.store.database import Database
from victimcare.store.export_decisions import ANEW, STAYS, Leaving, leaving
from victimcare.store.migrate import revision_of
from victimcare.store.row_counts import row_counts
from victimcare.store.staff import SYSTEM, ensure_system
from victimcare.store.vault import Vault

FOLDER = "tables/"
_TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was read again, what it holds, and the SHA-256 of its bytes."""

    file: Path
    manifest: Manifest
    sha256: str


def export_all(
    database: Database,
    to: Path,
    *,
    key: Key,
    vault: Vault,
    now: datetime,
    anchors: Sequence[Anchor] = (),
    progress: Tick = no_progress,
) -> Exported:
    """Everything into one file, while the database is written to; that it left is written down before it can be read.

    Where the audit is not as it was written, by itself or by its `anchors`, it leaves as it is, and the manifest says
    so. `progress` may raise to stop it, and then nothing is left behind. Raises `AlreadyThere`, `CannotBeOpened`,
    `OSError`.
    """
    if to.exists():
        raise AlreadyThere(to)
    with database.writing() as connection:
        ensure_system(connection)
    with scratch_in(to.absolute().parent) as scratch:
        unfinished = scratch / "export"
        manifest = _write(database, unfinished, key, vault, now, anchors, progress)
        if read_manifest(unfinished, key=key) != manifest:
            raise Damaged("it does not read as it was written", EXPORT)
        with unfinished.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        with database.writing() as connection:
            said = f"export all as the file {digest}"
            audit.write_everything_left(connection, at=now, what=said, person=SYSTEM)
        if to.exists():
            raise AlreadyThere(to)
        keep(unfinished, to)
    return Exported(to, manifest, digest)


def read_manifest(file: Path, *, key: Key, progress: Tick = no_progress) -> Manifest:
    """What an export holds; all of it was read, and every table is as the manifest says.

    Raises `NotThisForm`, `SealedWithAnother`, `Damaged`, `OtherForm`.
    """
    found: dict[str, Counted] = {}
    size, done, manifest = file.stat().st_size, 0, None
    with file.open("rb") as opened:
        for name, content in parts_in(opened, key):
            if name == MANIFEST:
                manifest = _manifest(content)
            elif (table := table_of(name)) is not None:
                found.setdefault(table, Counted()).add(content)
            progress(done := min(done + len(content), size), size)
    counted = {name: each.as_table() for name, each in found.items()}
    if manifest is None or counted != {name: each for name, each in manifest.tables.items() if each.rows}:
        raise Damaged("it is not what its manifest says", EXPORT)
    return manifest


def table_of(part: str) -> str | None:
    """Whose rows the part of this name has; None where it has none."""
    if not part.startswith(FOLDER):
        return None
    return part.removeprefix(FOLDER).rpartition("-")[0]


@dataclass(slots=True)
class Counted:
    """Lines of one table as they pass."""

    rows: int = 0
    _hash: Any = field(default_factory=sha256)

    def add(self, lines: bytes) -> None:
        """Count these."""
        self.rows += lines.count(b"\n")
        self._hash.update(lines)

    def as_table(self) -> Table:
        """What the manifest says of them."""
        return Table(self.rows, self._hash.hexdigest())


def _write(
    database: Database,
    to: Path,
    key: Key,
    vault: Vault,
    now: datetime,
    anchors: Sequence[Anchor],
    progress: Tick,
) -> Manifest:
    with ExitStack() as stack:
        file = stack.enter_context(to.open("wb"))
        connection = stack.enter_context(database.reading())
        to.chmod(0o600)
        parts, tables = Parts(file, key), {}
        counts = row_counts(connection)
        parts.add("README.txt", readme_text().encode())
        parts.add("schema.json", schema_text().encode())
        done, of = 0, sum(counts[each.name] for each in leaving())
        for each in leaving():
            lines = _Told(connection, each, vault, done, of, progress)
            parts.add_lines(FOLDER + each.name, lines)
            tables[each.name] = lines.counted.as_table()
            done += counts[each.name]
        wrong = check_audit(connection, anchors).wrong
        manifest = Manifest(
            now.astimezone(UTC),
            revision_of(connection) or "",
            tables,
            audit.heads(connection),
            audit_wrong=wrong.sentence if wrong else "",
        )
        parts.finish(manifest.as_bytes())
    return manifest


class _Told:
    """The lines of a table, counted and told of as they pass."""

    def __init__(
        self, connection: Connection, table: Leaving, vault: Vault, done: int, of: int, progress: Tick
    ) -> None:
        self._lines = lines_of(connection, table, vault)
        self._done, self._of, self._progress = done, of, progress
        self.counted = Counted()

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.counted.add(line)
            if self.counted.rows % _TOLD_EVERY == 0:
                self._progress(self._done + self.counted.rows, self._of)
            yield line


def readme_text() -> str:
    """What lies in every export beside the data."""
    stays = "\n".join(f"- {name}: {why}" for name, why in STAYS.items())
    anew = "\n".join(f"- {name}: {each.why}" for name, each in ANEW.items())
    return (
        "All that one installation of victimcare held at one moment: manifest.json says when.\n\n"
        "tables/NAME-000001.jsonl and so on are the rows of the table NAME in their order: UTF-8, one JSON object a\n"
        "line. schema.json says in JSON Schema what each has. manifest.json has the number of rows of each table and\n"
        "the SHA-256 of its lines one after another. What is sealed in the database is open here: whoever reads this\n"
        "reads everything. What was sealed is marked x-sealed in the schema.\n\n"
        f"Not in here, because it cannot be used elsewhere or would let somebody in:\n\n{stays}\n{anew}\n"
    )


def _manifest(content: bytes) -> Manifest:
    try:
        manifest = Manifest.from_bytes(content)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Damaged("its manifest cannot be read", EXPORT) from None
    if manifest.form != FORM:
        raise OtherForm(manifest.form)
    return manifest


class AlreadyThere(FileExistsError):
    """A file of that name is there, and none is written over."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is there already: choose another name; nothing was written")


class OtherForm(ValueError):
    """The export was made in another form than this program reads."""

    def __init__(self, form: int) -> None:
        super().__init__(
            f"this export has the form {form}, and this program reads the form {FORM}: take the version of the program "
            "that it was made with; nothing was changed"
        )

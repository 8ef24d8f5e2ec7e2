"""Open tables for the force's data team, in a folder each night: what was published, small numbers hidden.

    FOLDER/current -> versions/0123456789abcdef
    FOLDER/versions/0123456789abcdef/manifest.json
                                     2026-q2/csv-metadata.json, duties-by-right.csv, ..., figures.ods

A version is called after its contents. It is written beside the one before, and `current` is made to name it in one
step: whoever reads there finds all of the one or all of the other.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from victimcare.commands.take_export import take_export
from victimcare.domain.board_pack import pack_document, tables_of
from victimcare.domain.calendar import london_date
from victimcare.domain.exports import CLASSIFICATION, Export, Manifest, Purpose
from victimcare.domain.law import Law
from victimcare.editions.feedback import published_survey
from victimcare.presentation.board_pack import csvw, ods
from victimcare.presentation.board_pack.figures import figures_of
from victimcare.presentation.board_pack.pack import Pack
from victimcare.presentation.board_pack.words import words_of
from victimcare.queries.board_pack import pack_source
from victimcare.queries.periods import Period, period_menu
from victimcare.store.database import Database
from victimcare.store.staff import SYSTEM, ensure_system, team_names

CURRENT, VERSIONS, MANIFEST = "current", "versions", "manifest.json"
_UNFINISHED = ".unfinished-"
_KEPT = 3
"""Versions, the current one among them: whoever was reading the one before can go on."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Where they are written, and whose they are."""

    folder: Path
    force: str


@dataclass(frozen=True, slots=True)
class WrittenFeeds:
    """What stands there now: how many quarters and files, under which name, and whether it is new."""

    version: str
    quarters: int
    files: int
    is_new: bool


def write_feeds(database: Database, feeds: Feeds, *, law: Law, threshold: int, now: datetime) -> WrittenFeeds:
    """Write every quarter that was published, if anything of it changed. That it left is kept before it can be read.

    Raises `OSError` where the folder cannot be written to; what stood there stays.
    """
    with database.reading() as connection:
        packs = _packs(connection, feeds, law=law, threshold=threshold, now=now)
    files = {f"{quarter}/{name}": content for quarter, pack in packs.items() for name, content in _files(pack).items()}
    manifest = _manifest(files, packs)
    version = sha256(manifest).hexdigest()[:16]
    written = WrittenFeeds(version, len(packs), len(files), is_new=_current(feeds.folder) != version)
    if written.is_new:
        finished = _write(feeds.folder, version, {**files, MANIFEST: manifest})
        with database.writing() as connection:
            _leaves(connection, packs, manifest, now=now)
        _make_current(feeds.folder, finished)
    return written


def _packs(connection: Connection, feeds: Feeds, *, law: Law, threshold: int, now: datetime) -> Mapping[str, Pack]:
    """By quarter, what was last published of it, as a board pack that is held against nothing has it."""
    menu, teams = period_menu(connection, person=SYSTEM, threshold=threshold), team_names(connection)
    return {period.id: _pack(connection, period, feeds, law, teams, threshold, now) for period in menu.quarters}


def _pack(
    connection: Connection,
    period: Period,
    feeds: Feeds,
    law: Law,
    teams: Mapping[str, str],
    threshold: int,
    now: datetime,
) -> Pack:
    source = pack_source(
        connection,
        person=SYSTEM,
        period=period,
        baseline=None,
        threshold=threshold,
        survey=published_survey(),
        today=london_date(now),
    )
    words = words_of(source, law=law, teams=teams, force=feeds.force)
    return Pack(pack_document(figures_of(source), None, words))


def _files(pack: Pack) -> dict[str, bytes]:
    return {**csvw.csv_files(pack), "figures.ods": ods.ods_bytes(pack)}


def _manifest(files: Mapping[str, bytes], packs: Mapping[str, Pack]) -> bytes:
    """What the folder holds, each file with its hash. No time: the same contents have the same name."""
    listed = [
        {"file": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    made_of = {quarter: pack.name for quarter, pack in packs.items()}
    said = {"classification": CLASSIFICATION, "figures_sha256": made_of, "files": listed}
    return json.dumps(said, indent=1, sort_keys=True).encode()


def _leaves(connection: Connection, packs: Mapping[str, Pack], manifest: bytes, *, now: datetime) -> None:
    """Keep that it was written, as of every file that leaves."""
    ensure_system(connection)
    tables = [table for pack in packs.values() for table in tables_of(pack.document)]
    taken = Manifest(
        Export.FEEDS,
        ", ".join(packs) or "nothing yet",
        tuple(dict.fromkeys(table.id for table in tables)),
        sum(len(table.rows) for table in tables),
        sha256(manifest).hexdigest(),
    )
    take_export(connection, manifest=taken, purpose=Purpose.PUBLICATION, by=SYSTEM, now=now)


def _current(folder: Path) -> str:
    """The name of the version that is read now, where all of it is still there; "" for none."""
    current = folder / CURRENT
    if not (current / MANIFEST).is_file():
        return ""
    return current.resolve().name if _is_whole(current) else ""


def _is_whole(version: Path) -> bool:
    """Whether every file is as the manifest says: what somebody changed there is written anew."""
    try:
        listed = json.loads((version / MANIFEST).read_bytes())["files"]
        return all(sha256((version / each["file"]).read_bytes()).hexdigest() == each["sha256"] for each in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write(folder: Path, version: str, files: Mapping[str, bytes]) -> Path:
    """The version, whole, under its name, which nobody reads yet."""
    versions = folder / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    for left in versions.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    unfinished, finished = versions / f"{_UNFINISHED}{secrets.token_hex(4)}", versions / version
    for name, content in files.items():
        path = unfinished / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    if finished.exists():
        shutil.rmtree(finished)
    unfinished.rename(finished)
    return finished


def _make_current(folder: Path, finished: Path) -> None:
    """Let `current` name this version, in one step, and take away those of long ago."""
    link = folder / f".{CURRENT}-{secrets.token_hex(4)}"
    link.symlink_to(Path(VERSIONS) / finished.name, target_is_directory=True)
    os.replace(link, folder / CURRENT)
    others = [each for each in (folder / VERSIONS).iterdir() if each != finished]
    for old in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(old)

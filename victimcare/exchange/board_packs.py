"""Making a board pack from what was published, and finding out whether one is still what it was made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.ask_for_pack import ask_for_pack
from victimcare.commands.take_export import take_export
from victimcare.domain.board_pack import (
    SHORT_NAME,
    Document,
    PackFormat,
    canonical,
    file_id,
    name_of,
    pack_document,
    says_the_same,
    tables_of,
)
from victimcare.domain.calendar import london_date
from victimcare.domain.exports import Export, Manifest, Purpose
from victimcare.domain.law import Law
from victimcare.editions.feedback import published_survey
from victimcare.exchange.progress import Tick, no_progress
from victimcare.presentation.board_pack import csvw, html, ods, pdf
from victimcare.presentation.board_pack.figures import changes_of, figures_of
from victimcare.presentation.board_pack.pack import Pack
from victimcare.presentation.board_pack.words import words_of
from victimcare.queries.board_pack import pack_source, source_again
from victimcare.queries.periods import Period, PeriodMenu, period_menu
from victimcare.store import board_packs
from victimcare.store.board_packs import WaitingPack
from victimcare.store.database import Database
from victimcare.store.staff import SYSTEM, ensure_system, team_names

STEPS = 1 + len(PackFormat)
"""The document, then each of its files."""


def make_pack(
    database: Database,
    asked: WaitingPack,
    *,
    law: Law,
    clock: Callable[[], datetime],
    progress: Tick = no_progress,
) -> bool:
    """Make a pack that was asked for and keep it; False where somebody else is making it.

    Where nothing has changed since the last one of the same period, that one serves. Raises `NotPublished`.
    """
    with database.writing() as connection:
        if not board_packs.begin(connection, asked.id, steps=STEPS, now=clock()):
            return False
    try:
        _make(database, asked, law=law, clock=clock, progress=progress)
    except Exception:
        with database.writing() as connection:
            board_packs.give_up(connection, asked.id, at=clock())
        raise
    return True


def _make(database: Database, asked: WaitingPack, *, law: Law, clock: Callable[[], datetime], progress: Tick) -> None:
    with database.reading() as connection:
        document, same_as = _document(connection, asked, law, london_date(clock()))
    if same_as:
        with database.writing() as connection:
            board_packs.keep_same(connection, asked.id, same_as=same_as, at=clock())
        return
    files, note = _files(document, _Steps(database, asked.id, progress))
    with database.writing() as connection:
        board_packs.keep(connection, asked.id, document, files, note=note, at=clock())


def _document(connection: Connection, asked: WaitingPack, law: Law, today: date) -> tuple[Document, str | None]:
    """The document, and the id of the pack that is the same, if there is one."""
    baseline = Period.named(asked.baseline) if asked.baseline else None
    what: dict[str, Any] = {"period": Period.named(asked.period), "baseline": baseline, "threshold": asked.threshold}
    source = pack_source(connection, person=SYSTEM, survey=published_survey(), today=today, **what)
    teams = team_names(connection)
    figures, words = figures_of(source), words_of(source, law=law, teams=teams, force=asked.force)
    newest = {"period": asked.period, "threshold": asked.threshold}
    last = board_packs.last_made(connection, **newest, baseline=asked.baseline)  # type: ignore[arg-type]
    if last and says_the_same(last.document, pack_document(figures, None, words)):
        return last.document, last.id
    before = board_packs.last_made(connection, **newest)  # type: ignore[arg-type]
    changes = changes_of(before.document, figures, sha256=before.sha256, law=law) if before else None
    return pack_document(figures, changes, words), None


@dataclass(frozen=True, slots=True)
class _Steps:
    """Says how far a pack has come: to whoever waits at a terminal, and to its page."""

    database: Database
    pack_id: str
    progress: Tick

    def done(self, count: int) -> None:
        self.progress(count, STEPS)
        with self.database.writing() as connection:
            board_packs.note_step(connection, self.pack_id, count)


def _files(document: Document, steps: _Steps) -> tuple[Mapping[PackFormat, bytes], str]:
    """Every file of the pack, all from its document, and what could not be made."""
    pack, note, files = Pack(document), "", dict[PackFormat, bytes]()
    makers: dict[PackFormat, Callable[[], bytes]] = {
        PackFormat.JSON: lambda: canonical(document),
        PackFormat.HTML: lambda: html.html_bytes(pack),
        PackFormat.ODS: lambda: ods.ods_bytes(pack),
        PackFormat.CSV: lambda: csvw.csv_zip_bytes(pack),
        PackFormat.PDF: lambda: pdf.pdf_bytes(files[PackFormat.HTML]),
    }
    for done, (file_format, make) in enumerate(makers.items(), start=1):
        steps.done(done)
        try:
            files[file_format] = make()
        except pdf.NoPango as missing:
            note = str(missing)
    return files, note


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a pack that were written, and what could not be made of it."""

    name: str
    files: tuple[Path, ...]
    note: str


def pack_into(
    database: Database,
    folder: Path,
    *,
    period_id: str,
    since: str,
    law: Law,
    force: str,
    threshold: int,
    clock: Callable[[], datetime],
    progress: Tick = no_progress,
) -> Written:
    """Make the pack of a period and write its files into a folder; that they left is kept as of any file.

    `since` is the period that it is held against, "none" for none, "" for the one before. Raises `NotOnTheMenu`.
    """
    with database.writing() as connection:
        ensure_system(connection)
        menu = period_menu(connection, person=SYSTEM, threshold=threshold)
        period, baseline = _chosen(menu, period_id, since)
        what = {"period": period.id, "baseline": baseline.id if baseline else "", "force": force}
        asked = ask_for_pack(connection, **what, threshold=threshold, by=SYSTEM, now=clock())
    if not make_pack(database, asked, law=law, clock=clock, progress=progress):
        raise AlreadyBeingMade(period.id)
    with database.writing() as connection:
        row = board_packs.of_id(connection, asked.id)
        files = board_packs.files_of(connection, row.id)
        for file_format, held in files.items():
            _leaves(connection, period, row, file_format, held, now=clock())
    return Written(row.sha256, tuple(_write(folder, period, row.sha256, each, files[each]) for each in files), row.note)


def _chosen(menu: PeriodMenu, period_id: str, since: str) -> tuple[Period, Period | None]:
    offered = [period.id for period in (*menu.quarters, *menu.years)]
    period = menu.chosen(period_id)
    if period is None:
        raise NotOnTheMenu(period_id, offered)
    if since in ("", "none"):
        return period, None if since else menu.one_before(period)
    baseline = menu.chosen(since)
    if baseline is None or baseline not in menu.before(period):
        raise NotOnTheMenu(since, [one.id for one in menu.before(period)])
    return period, baseline


def _leaves(connection: Connection, period: Period, row: Any, which: PackFormat, held: Any, *, now: datetime) -> None:
    """Keep that a file of the pack was taken, before it is written."""
    tables = tables_of(json.loads(row.content))
    manifest = Manifest(
        Export.PACKS,
        file_id(period.id, row.sha256, which),
        tuple(table.id for table in tables),
        sum(len(table.rows) for table in tables),
        held.sha256,
    )
    take_export(connection, manifest=manifest, purpose=Purpose.MEETING, by=SYSTEM, now=now)


def _write(folder: Path, period: Period, name: str, which: PackFormat, held: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"pack-{period.id}-{name[:SHORT_NAME]}.{which.suffix}"
    path.write_bytes(held.content)
    return path


class NotOnTheMenu(LookupError):
    """A period of which no pack can be made, or that cannot be held against another."""

    def __init__(self, period_id: str, offered: Sequence[str]) -> None:
        self.period_id = period_id
        those = f"there are {', '.join(offered)}" if offered else "there is none"
        super().__init__(f"{period_id or 'no period'} is not one that can be chosen; {those}")


class AlreadyBeingMade(RuntimeError):
    """Somebody else is making the pack of this period."""

    def __init__(self, period_id: str) -> None:
        super().__init__(f"the pack of {period_id} is being made already: ask again in a minute")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a pack: each thing that is not as it was, in a sentence. Nothing where all is."""

    name: str
    faults: tuple[str, ...]


def check_pack(database: Database, name: str, *, law: Law) -> Checked:
    """Derive the figures of a pack again from the publications that it names, and compare them byte for byte.

    `name` is its hash, or the beginning of it. Raises `NoSuchPack`.
    """
    with database.reading() as connection:
        row = board_packs.named(connection, name)
        files = board_packs.files_of(connection, row.id)
        document = json.loads(row.content)
        derived = _derived_again(connection, document, law)
    faults = []
    if name_of(row.content.encode()) != row.sha256:
        faults.append("its document is not the one that it is called after")
    if canonical(document["figures"]) != canonical(derived["figures"]):
        faults.append("its figures are not those of the publications that it names")
    if canonical({"changes": document["changes"]}) != canonical({"changes": derived["changes"]}):
        faults.append("what changed since the pack before is not what it says")
    for file_format, held in files.items():
        if sha256(held.content).hexdigest() != held.sha256:
            faults.append(f"its {file_format.value} file is not as it was made")
    return Checked(row.sha256, tuple(faults))


def _derived_again(connection: Connection, document: Document, law: Law) -> dict[str, Any]:
    figures = figures_of(source_again(connection, person=SYSTEM, figures=document["figures"], form=document["form"]))
    if document["changes"] is None:
        return {"figures": figures, "changes": None}
    since = document["changes"]["since"]
    before = json.loads(board_packs.named(connection, since).content)
    return {"figures": figures, "changes": changes_of(before, figures, sha256=since, law=law)}

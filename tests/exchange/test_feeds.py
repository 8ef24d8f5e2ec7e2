"""Open tables in a folder each night: what was published and nothing else, all of it or what was there before."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.jobs.test_tasks import work
from tests.packs import ARRESTS, PUBLISHED_AT, SPRING, WINTER, add_duties, published
from victimcare.domain.compliance import Outcome
from victimcare.exchange import feeds as feeds_here
from victimcare.exchange.feeds import CURRENT, VERSIONS, Feeds, WrittenFeeds, write_feeds
from victimcare.jobs.tasks import write_feeds as the_job
from victimcare.store.exports import EXPORTS

LATER = PUBLISHED_AT + timedelta(days=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """Two quarters are published."""
    force = a_force(database_url)
    add_duties(force, WINTER)
    add_duties(force, SPRING)
    published(force, WINTER, SPRING)
    yield force
    force.database.close()


def write(force: Force, folder: Path, **more: Any) -> WrittenFeeds:
    how: dict[str, Any] = {"law": force.law, "threshold": 5, "now": LATER, **more}
    return write_feeds(force.database, Feeds(folder, "Example Police"), **how)


def publish_more(force: Force) -> None:
    """Enough changes in the spring to publish it again."""
    add_duties(force, SPRING, {ARRESTS: {Outcome.MET: 60, Outcome.MET_LATE: 20}}, name="later")
    published(force, SPRING)


def taken(force: Force) -> list[Any]:
    with force.database.reading() as connection:
        return list(connection.execute(select(EXPORTS)).all())


def contents(folder: Path) -> dict[str, bytes]:
    current = folder / CURRENT
    return {str(each.relative_to(current)): each.read_bytes() for each in current.rglob("*") if each.is_file()}


def test_every_quarter_is_there_as_tables_with_what_their_columns_mean(force: Force, tmp_path: Path) -> None:
    written = write(force, tmp_path)
    assert (written.quarters, written.is_new) == (2, True)
    for quarter in (SPRING, WINTER):
        folder = tmp_path / CURRENT / quarter.id
        said = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
        assert said["dc:publisher"] == "Example Police"
        assert {table["url"] for table in said["tables"]} == {each.name for each in folder.glob("*.csv")}
        for table in said["tables"]:
            rows = list(csv.reader(io.StringIO((folder / table["url"]).read_text("utf-8-sig"))))
            assert rows[0] == [column["titles"] for column in table["tableSchema"]["columns"]]
        assert (folder / "figures.ods").read_bytes().startswith(b"PK")


def test_small_numbers_are_hidden_and_nobody_is_in_it(force: Force, tmp_path: Path) -> None:
    write(force, tmp_path)
    files = contents(tmp_path)
    text = b"\n".join(content for name, content in files.items() if name.endswith(".csv")).decode()
    assert "[c]" in text
    for told in ("Wren", "Sample", "40/1/26", "CASE-", "ash", "elm"):
        assert told not in text.split()


def test_the_manifest_has_the_hash_of_every_file(force: Force, tmp_path: Path) -> None:
    write(force, tmp_path)
    files = contents(tmp_path)
    manifest = json.loads(files.pop("manifest.json"))
    listed = {each["file"]: (each["bytes"], each["sha256"]) for each in manifest["files"]}
    assert listed == {name: (len(content), sha256(content).hexdigest()) for name, content in files.items()}
    assert manifest["classification"] == "OFFICIAL"


def test_that_it_left_is_kept_and_not_again_where_nothing_changed(force: Force, tmp_path: Path) -> None:
    first = write(force, tmp_path)
    again = write(force, tmp_path, now=LATER + timedelta(days=1))
    assert (again.version, again.is_new) == (first.version, False)
    (row,) = taken(force)
    assert (row.what, row.purpose, row.taken_by) == ("feeds", "publication", "system")
    assert row.sha256 == sha256((tmp_path / CURRENT / "manifest.json").read_bytes()).hexdigest()


def test_what_is_published_anew_takes_the_place_of_what_was_there_in_one_step(force: Force, tmp_path: Path) -> None:
    first = write(force, tmp_path)
    publish_more(force)
    second = write(force, tmp_path)
    assert second.is_new
    assert (tmp_path / CURRENT).resolve() == tmp_path / VERSIONS / second.version
    assert (tmp_path / VERSIONS / first.version / "manifest.json").is_file()
    assert len(taken(force)) == 2


@pytest.mark.parametrize("dies", ["write", "audit", "link"])
def test_whatever_fails_on_the_way_what_was_there_is_still_read_whole(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    first = write(force, tmp_path)
    before = contents(tmp_path)
    publish_more(force)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        if dies == "write":
            patched.setattr(os, "fsync", fail)
        elif dies == "audit":
            patched.setattr(feeds_here, "take_export", fail)
        else:
            patched.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="no space"):
            write(force, tmp_path)
    assert contents(tmp_path) == before
    assert (tmp_path / CURRENT).resolve().name == first.version
    assert len(taken(force)) == (2 if dies == "link" else 1)
    assert write(force, tmp_path).is_new
    assert not list((tmp_path / VERSIONS).glob(".unfinished-*"))


def test_what_somebody_changed_there_is_written_anew(force: Force, tmp_path: Path) -> None:
    write(force, tmp_path)
    before = contents(tmp_path)
    (tmp_path / CURRENT / SPRING.id / "csv-metadata.json").write_text("{}")
    assert write(force, tmp_path).is_new
    assert contents(tmp_path) == before


def test_versions_of_long_ago_are_taken_away(force: Force, tmp_path: Path) -> None:
    write(force, tmp_path)
    for number in range(4):
        (tmp_path / VERSIONS / f"old-{number}").mkdir()
        os.utime(tmp_path / VERSIONS / f"old-{number}", (number, number))
    publish_more(force)
    write(force, tmp_path)
    assert len(list((tmp_path / VERSIONS).iterdir())) == 3


def test_the_job_writes_where_a_folder_is_set_and_says_so(force: Force, tmp_path: Path) -> None:
    assert the_job(work(force, LATER)).summary == "No folder for feeds is set"
    feeds = Feeds(tmp_path, "Example Police")
    assert the_job(work(force, LATER, feeds=feeds, dry_run=True)).summary == f"Open tables in {tmp_path}"
    assert not list(tmp_path.iterdir())
    done = the_job(work(force, LATER, feeds=feeds)).summary
    assert done.startswith("2 quarters, ")
    assert "new, version" in done
    assert "as they were" in the_job(work(force, LATER, feeds=feeds)).summary

"""The file of anchors: what was written down stays as it was, and whoever has the public key can check it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from victimcare.domain.audit_chain import Anchor, Head
from victimcare.store.audit_anchors import AnchorFile, BadAnchor
from victimcare.store.key_file import BadKey

NOON = datetime(2026, 5, 22, 12, tzinfo=UTC)
ANCHORS = [Anchor(NOON + timedelta(hours=n), (Head(0, 10 + n, f"{n:064}"), Head(1, 5, "f" * 64))) for n in range(4)]


@pytest.fixture
def kept(tmp_path: Path) -> AnchorFile:
    """A file with four anchors."""
    file = AnchorFile(tmp_path / "elsewhere" / "anchors.jsonl", key_file=tmp_path / "audit.key")
    for anchor in ANCHORS:
        file.add(anchor)
    return file


def lines_of(kept: AnchorFile) -> list[str]:
    return kept.file.read_text().splitlines()


def write(kept: AnchorFile, lines: list[str]) -> None:
    kept.file.write_text("".join(line + "\n" for line in lines))


def test_what_was_written_down_is_read_again(kept: AnchorFile) -> None:
    assert kept.anchors() == ANCHORS


def test_many_that_write_at_once_follow_one_another(kept: AnchorFile) -> None:
    """Else a check would speak of a line taken out, and nobody did that."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(kept.add, ANCHORS * 10))
    assert len(kept.anchors()) == len(ANCHORS) * 11


@pytest.mark.parametrize("before", [0, len(ANCHORS)])
def test_a_line_that_was_not_written_to_its_end_spoils_none(kept: AnchorFile, before: int) -> None:
    write(kept, lines_of(kept)[:before])
    with kept.file.open("a") as file:
        file.write('{"at":"2026-05-22T')
    kept.add(ANCHORS[0])
    assert kept.anchors() == [*ANCHORS[:before], ANCHORS[0]]


def test_there_are_none_where_there_is_no_file(tmp_path: Path) -> None:
    assert AnchorFile(tmp_path / "none", key_file=tmp_path / "key").anchors() == []
    assert not (tmp_path / "key").exists()


def test_a_copy_is_checked_elsewhere_with_the_public_key_alone(kept: AnchorFile, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(kept.file.read_bytes())
    assert AnchorFile(copy, key_file=tmp_path / "no key here").anchors(kept.public_key()) == ANCHORS
    assert not (tmp_path / "no key here").exists()


def test_a_line_that_was_changed_is_found(kept: AnchorFile) -> None:
    lines = lines_of(kept)
    said = json.loads(lines[1])
    said["heads"][0][1] = 99
    write(kept, [lines[0], json.dumps(said), *lines[2:]])
    with pytest.raises(BadAnchor, match=r"line 2 of .* was changed"):
        kept.anchors()


def test_a_line_that_was_taken_out_is_found(kept: AnchorFile) -> None:
    lines = lines_of(kept)
    write(kept, [lines[0], *lines[2:]])
    with pytest.raises(BadAnchor, match=r"line 2 of .* does not follow the line before it"):
        kept.anchors()


def test_anchors_signed_with_another_key_are_none_of_ours(kept: AnchorFile, tmp_path: Path) -> None:
    with pytest.raises(BadAnchor, match=r"line 1 .* is not signed with this key"):
        AnchorFile(kept.file, key_file=tmp_path / "another.key").anchors()


@pytest.mark.parametrize("line", ["", "x", "[]", "{}", '{"signature": 7}', '{"signature": "AAAA"}'])
def test_what_is_no_anchor_is_said_to_be_none(kept: AnchorFile, line: str) -> None:
    write(kept, [*lines_of(kept), line])
    with pytest.raises(BadAnchor, match="line 5"):
        kept.anchors()


def test_what_is_no_public_key_is_refused(kept: AnchorFile) -> None:
    with pytest.raises(BadKey, match="the public key must hold 32 bytes"):
        kept.anchors("short")

"""The file of anchors: what was written down stays as it was, and whoever has the public key can check it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from victimcare.domain.audit_chain import Anchor, Head
from victimcare.store import audit_anchors
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


def rotated(kept: AnchorFile) -> list[str]:
    """Another key after the four anchors, and another after one more; the public keys in order."""
    keys = [kept.public_key(), kept.rotate(ANCHORS[-1])]
    kept.add(ANCHORS[0])
    return [*keys, kept.rotate(ANCHORS[1])]


def test_after_another_key_old_and_new_anchors_are_checked_with_any_of_them(kept: AnchorFile, tmp_path: Path) -> None:
    first, last = kept._key_file.read_bytes(), [ANCHORS[-1]] * 2 + [ANCHORS[0]] + [ANCHORS[1]] * 2
    keys = rotated(kept)
    assert len(set(keys)) == 3
    assert kept.public_key() == keys[-1]
    assert first.strip() not in kept._key_file.read_bytes(), "the old key is thrown away"
    copy = AnchorFile(kept.file, key_file=tmp_path / "no key here")
    for key in (None, *keys):
        assert (kept if key is None else copy).anchors(key) == [*ANCHORS, *last]


def test_the_start_of_the_new_key_is_anchored_under_the_old(kept: AnchorFile) -> None:
    old, new, _ = rotated(kept)
    said = json.loads(lines_of(kept)[len(ANCHORS)])
    assert (said["key"], said["next_key"]) == (old, new)


def test_whoever_has_only_the_old_key_writes_no_line_after_it_was_changed(kept: AnchorFile, tmp_path: Path) -> None:
    stolen = tmp_path / "stolen.key"
    stolen.write_bytes(kept._key_file.read_bytes())
    stolen.chmod(0o600)
    rotated(kept)
    AnchorFile(kept.file, key_file=stolen).add(ANCHORS[0])
    with pytest.raises(BadAnchor, match=f"line {len(lines_of(kept))} .* is not signed with this key"):
        kept.anchors()


def test_a_change_to_a_key_of_somebody_else_is_found_with_the_new_key(kept: AnchorFile, tmp_path: Path) -> None:
    """With the stolen old key they write the change anew; whoever has the new public key is not taken in."""
    before, stolen = kept.file.read_bytes(), tmp_path / "stolen.key"
    stolen.write_bytes(kept._key_file.read_bytes())
    stolen.chmod(0o600)
    new = rotated(kept)[-1]
    kept.file.write_bytes(before)
    AnchorFile(kept.file, key_file=stolen).rotate(ANCHORS[0])
    for key in (None, new):
        with pytest.raises(BadAnchor, match="signed with other keys than this"):
            kept.anchors(key)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_interrupted_it_is_as_good_as_before_and_again_finishes_it(
    kept: AnchorFile, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """Before the new key is written down, or before the old one is thrown away."""
    steps = iter(range(1, 9))

    def stop_at(real: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            if next(steps) == fails_at:
                raise OSError("the machine stops")
            return real(*given, **named)

        return step

    monkeypatch.setattr(audit_anchors, "write_keys", stop_at(audit_anchors.write_keys))
    with pytest.raises(OSError, match="stops"):
        kept.rotate(ANCHORS[0])
    monkeypatch.undo()
    kept.add(ANCHORS[1])
    assert kept.anchors()[-1] == ANCHORS[1]
    new = kept.rotate(ANCHORS[2])
    assert kept.public_key() == new
    assert kept.anchors()[-1] == ANCHORS[2 if fails_at == 1 else 1], "or it was written then"


def test_what_is_no_public_key_is_refused(kept: AnchorFile) -> None:
    with pytest.raises(BadKey, match="the public key must hold 32 bytes"):
        kept.anchors("short")

"""Keys in files: made once, read by their owner only."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from victimcare.store.key_file import KEY_BYTES, KeyLiesOpen, decoded, encoded, key_in


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.key"
    key = key_in(file)
    assert len(key) == KEY_BYTES
    assert key_in(file) == key == decoded(file.read_text().strip(), "here")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: key_in(tmp_path / "a.key"), range(8)))
    assert len(found) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["a.key"]


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644, 0o777, 0o640, 0o620, 0o660, 0o440])
def test_a_key_that_its_group_or_everybody_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.key"
    file.write_text(encoded(bytes(KEY_BYTES)))
    os.chmod(file, mode)
    with pytest.raises(KeyLiesOpen, match=r"others than its owner can reach the key .*a\.key.*chmod 600"):
        key_in(file)
    for alone in (0o600, 0o400):
        os.chmod(file, alone)
        assert key_in(file) == bytes(KEY_BYTES)

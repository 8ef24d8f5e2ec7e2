"""Keys of 32 bytes, in URL-safe base64: given as text, or kept in a file that only those who run the service read."""

from __future__ import annotations

import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

KEY_BYTES = 32


def key_in(file: Path) -> bytes:
    """The file's key, made if there is none. Raises `BadKey`, `KeyLiesOpen`."""
    return decoded(_text_of(file), str(file))


def keys_in(file: Path) -> list[bytes]:
    """The same of a file that may have former keys on the lines after the first. Raises `BadKey`, `KeyLiesOpen`."""
    return [decoded(line, str(file)) for line in _text_of(file).splitlines() or [""]]


def keys_given(keys: str, where: str) -> list[bytes]:
    """The key given, and former ones after commas. Raises `BadKey`."""
    return [decoded(key.strip(), where) for key in keys.split(",")]


def write_keys(file: Path, keys: Sequence[bytes]) -> None:
    """Have these in the file, which only its owner reads: all of them, or what was there before."""
    unfinished = _written(file, "".join(f"{encoded(key)}\n" for key in keys))
    os.replace(unfinished, file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _text_of(file: Path) -> str:
    if not file.exists():
        _make(file)
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyLiesOpen(file)
    return file.read_text().strip()


def _make(file: Path) -> None:
    """A new key, that only its owner reads. It is there whole or not at all; the first of two that make one wins."""
    unfinished = _written(file, encoded(secrets.token_bytes(KEY_BYTES)) + "\n")
    with suppress(FileExistsError):
        os.link(unfinished, file)
    unfinished.unlink()


def _written(file: Path, text: str) -> Path:
    """Beside the file, to take its name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    return unfinished


def encoded(key: bytes) -> str:
    """The key as it is written."""
    return urlsafe_b64encode(key).decode()


def decoded(key: str, where: str) -> bytes:
    """The key that was written `where`. Raises `BadKey`."""
    try:
        found = urlsafe_b64decode(key)
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise BadKey(where)
    return found


def fingerprint(key: bytes) -> str:
    """What the key is called: 16 hexadecimal digits that tell nothing of it."""
    return sha256(b"victimcare key\n" + key).hexdigest()[:16]


class BadKey(ValueError):
    """What should be the key is none."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} must hold {KEY_BYTES} bytes in URL-safe base64")


class KeyLiesOpen(PermissionError):
    """Others than its owner, of its group or anybody on the machine, can read or change the key."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"others than its owner can reach the key {file}: take that away with chmod 600, and let the account that "
            "runs the service own it"
        )

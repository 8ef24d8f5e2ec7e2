"""Keys of 32 bytes, in URL-safe base64: given as text, or kept in a file that only those who run the service read."""

from __future__ import annotations

import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

KEY_BYTES = 32


def key_in(file: Path) -> bytes:
    """The file's key, made if there is none. Raises `BadKey`, `KeyLiesOpen`."""
    if not file.exists():
        _make(file)
    if file.stat().st_mode & stat.S_IRWXO:
        raise KeyLiesOpen(file)
    return decoded(file.read_text().strip(), str(file))


def _make(file: Path) -> None:
    """A new key, that only its owner reads. It is there whole or not at all; the first of two that make one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(encoded(secrets.token_bytes(KEY_BYTES)) + "\n")
        new.flush()
        os.fsync(new.fileno())
    with suppress(FileExistsError):
        os.link(unfinished, file)
    unfinished.unlink()


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
    """Everybody on the machine can read or change the key."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"everybody on this machine can reach the key {file}: take that away with chmod 600")

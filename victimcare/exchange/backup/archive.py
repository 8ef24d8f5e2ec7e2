"""The file that a backup is: sealed blocks one after another, and what it holds (its manifest) as the last of them.

AES-GCM with a key of each file's own, derived from the backup key and a salt. The place of a block, and whether it is
the last, are its nonce: none can be changed, moved, left out or added without that showing.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from victimcare.store.key_file import KEY_BYTES, fingerprint

_MAGIC = b"victimcare backup 1\n"
_SALT_BYTES, _COUNT_BYTES, _LENGTH_BYTES = 32, 11, 4
_DATA, _MANIFEST = b"\x00", b"\x01"
_LONGEST = 2**24
BLOCK = 2**18
"""How much is sealed at once, in bytes before compression."""


class ArchiveWriter:
    """Seals blocks into a file; without its manifest the file is no backup."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        salt = os.urandom(_SALT_BYTES)
        self._header = _MAGIC + fingerprint(key).encode() + salt
        self._cipher, self._count = _cipher(key, salt), 0
        file.write(self._header)

    def add(self, block: bytes) -> None:
        """Seal one more block of at most `BLOCK` bytes."""
        self._write(block, _DATA)

    def finish(self, manifest: bytes) -> None:
        """Seal the manifest, and wait until all of it lies on the disk."""
        self._write(manifest, _MANIFEST)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _write(self, block: bytes, kind: bytes) -> None:
        nonce = self._count.to_bytes(_COUNT_BYTES, "big") + kind
        sealed = self._cipher.encrypt(nonce, zlib.compress(block, 1), self._header)
        self._file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._count += 1


class ArchiveReader:
    """Opens the blocks of a file. The manifest is there once all of them were read.

    Raises `NotABackup`, `SealedWithAnother`.
    """

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        if file.read(len(_MAGIC)) != _MAGIC:
            raise NotABackup
        named, salt = file.read(len(fingerprint(key))), file.read(_SALT_BYTES)
        if named.decode(errors="replace") != fingerprint(key):
            raise SealedWithAnother(named.decode(errors="replace"), fingerprint(key))
        self._header = _MAGIC + named + salt
        self._cipher = _cipher(key, salt)
        self.manifest = b""

    def blocks(self) -> Iterator[bytes]:
        """Each block as it was added. Raises `Damaged`: what was given before is then worth nothing."""
        count = 0
        while not self.manifest:
            block, is_last = self._opened(count)
            if is_last:
                self.manifest = block
            else:
                yield block
            count += 1
        if self._file.read(1):
            raise Damaged("something stands after its end")

    def _opened(self, count: int) -> tuple[bytes, bool]:
        length = int.from_bytes(self._file.read(_LENGTH_BYTES), "big")
        sealed = self._file.read(length) if length <= _LONGEST else b""
        if not length or len(sealed) != length:
            raise Damaged(f"it is cut off or changed at block {count + 1}")
        for kind in (_DATA, _MANIFEST):
            nonce = count.to_bytes(_COUNT_BYTES, "big") + kind
            try:
                return zlib.decompress(self._cipher.decrypt(nonce, sealed, self._header)), kind == _MANIFEST
            except InvalidTag:
                continue
        raise Damaged(f"block {count + 1} was changed")


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=KEY_BYTES, salt=salt, info=b"victimcare backup").derive(key))


class NotABackup(ValueError):
    """The file is something else, or not even its first line is whole."""

    def __init__(self) -> None:
        super().__init__("this file is no backup of victimcare, or its beginning was damaged; nothing was changed")


class SealedWithAnother(ValueError):
    """The backup key at hand is not the one of this file."""

    def __init__(self, needed: str, found: str) -> None:
        super().__init__(
            f"this backup was sealed with the backup key {needed}, and the key here is {found}: "
            "put the right one at VICTIMCARE_BACKUP_KEY_FILE; nothing was changed"
        )


class Damaged(ValueError):
    """The file is not as it was written."""

    def __init__(self, how: str) -> None:
        super().__init__(f"this backup is damaged: {how}. Take another one; nothing was changed")

"""A sealed file: blocks one after another, and what it holds (its manifest) as the last of them.

AES-GCM with a key of each file's own, derived from the key that was given and a salt. The place of a block, and whether
it is the last, are its nonce: none can be changed, moved, left out or added without that showing. Backups and exports
are such files; `docs/export.md` says how another program reads one.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from victimcare.store.key_file import KEY_BYTES, fingerprint

_SALT_BYTES, _COUNT_BYTES, _LENGTH_BYTES = 32, 11, 4
_DATA, _MANIFEST = b"\x00", b"\x01"
_LONGEST = 2**24
_MOST_UNFOLDED = 2**25
"""Bytes that a block may unfold to: no block that is written has as many."""
BLOCK = 2**18
"""How much is sealed at once, in bytes before compression."""

Key = bytes | Callable[[bytes], bytes]
"""32 bytes, or what makes them of the file's salt, as a passphrase does."""


@dataclass(frozen=True, slots=True)
class Form:
    """What kind of sealed file: the word for it, and what is said where another key is `needed` than was `found`."""

    noun: str
    other_key: str

    @property
    def first_line(self) -> bytes:
        """How such a file begins."""
        return f"victimcare {self.noun} 1\n".encode()

    @property
    def use(self) -> bytes:
        """What the file's own key is derived for."""
        return f"victimcare {self.noun}".encode()


class SealedWriter:
    """Seals blocks into a file; without its manifest the file is nothing."""

    def __init__(self, file: BinaryIO, key: Key, form: Form) -> None:
        self._file = file
        salt = os.urandom(_SALT_BYTES)
        own = key if isinstance(key, bytes) else key(salt)
        self._header = form.first_line + fingerprint(own).encode() + salt
        self._cipher, self._count = _cipher(own, salt, form), 0
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


class SealedReader:
    """Opens the blocks of a file. The manifest is there once all of them were read.

    Raises `NotThisForm`, `SealedWithAnother`.
    """

    def __init__(self, file: BinaryIO, key: Key, form: Form) -> None:
        self._file, self._form = file, form
        if file.read(len(form.first_line)) != form.first_line:
            raise NotThisForm(form)
        named, salt = file.read(len(fingerprint(b""))), file.read(_SALT_BYTES)
        own = key if isinstance(key, bytes) else key(salt)
        if named.decode(errors="replace") != fingerprint(own):
            raise SealedWithAnother(form, needed=named.decode(errors="replace"), found=fingerprint(own))
        self._header = form.first_line + named + salt
        self._cipher = _cipher(own, salt, form)
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
            raise Damaged("something stands after its end", self._form)

    def _opened(self, count: int) -> tuple[bytes, bool]:
        length = int.from_bytes(self._file.read(_LENGTH_BYTES), "big")
        sealed = self._file.read(length) if length <= _LONGEST else b""
        if not length or len(sealed) != length:
            raise Damaged(f"it is cut off or changed at block {count + 1}", self._form)
        for kind in (_DATA, _MANIFEST):
            nonce = count.to_bytes(_COUNT_BYTES, "big") + kind
            try:
                folded = self._cipher.decrypt(nonce, sealed, self._header)
            except InvalidTag:
                continue
            return self._unfolded(folded, count), kind == _MANIFEST
        raise Damaged(f"block {count + 1} was changed", self._form)

    def _unfolded(self, folded: bytes, count: int) -> bytes:
        """Whoever has the key can seal anything, also what would fill the memory of a machine."""
        unfolding = zlib.decompressobj()
        try:
            block = unfolding.decompress(folded, _MOST_UNFOLDED)
        except zlib.error:
            raise Damaged(f"block {count + 1} is not as this program writes one", self._form) from None
        if not unfolding.eof:
            raise Damaged(f"block {count + 1} is larger than any that this program writes", self._form)
        return block


def _cipher(key: bytes, salt: bytes, form: Form) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=KEY_BYTES, salt=salt, info=form.use).derive(key))


class NotThisForm(ValueError):
    """The file is something else, or not even its first line is whole."""

    def __init__(self, form: Form) -> None:
        super().__init__(
            f"this file is no {form.noun} of victimcare, or its beginning was damaged; nothing was changed"
        )


class SealedWithAnother(ValueError):
    """The key at hand is not the one of this file."""

    def __init__(self, form: Form, *, needed: str, found: str) -> None:
        super().__init__(f"{form.other_key.format(needed=needed, found=found)}; nothing was changed")


class Damaged(ValueError):
    """The file is not as it was written."""

    def __init__(self, how: str, form: Form) -> None:
        super().__init__(f"this {form.noun} is damaged: {how}. Take another one; nothing was changed")

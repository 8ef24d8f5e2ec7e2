"""Anchors of the audit: the heads of its chains, signed, in a file outside the database.

Each line follows the one before it, so that none can be taken out of the middle. Whoever has the public key can check
a copy of the file kept elsewhere (another machine, a printout), and the database against it.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from victimcare.domain.audit_chain import FIRST, Anchor, Head, Restored
from victimcare.store.key_file import decoded, encoded, key_in


class AnchorFile:
    """The file of anchors, signed with the key of a second file, which is made where there is none."""

    def __init__(self, file: Path, *, key_file: Path) -> None:
        self.file = file
        self._key_file = key_file

    def add(self, anchor: Anchor) -> None:
        """Write the anchor down and wait until it lies on the disk. Raises `OSError`, `BadKey`, `KeyLiesOpen`.

        The job and the command may do so at once: each follows the line before it, so the second waits for the first.
        A line that was not written to its end counts for nothing and is taken out.
        """
        key = Ed25519PrivateKey.from_private_bytes(key_in(self._key_file))
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(self.file, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o640), "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written, _, unfinished = file.read().rpartition(b"\n")
            if unfinished:
                file.truncate(len(written) + 1 if written else 0)
            said = _said(anchor, follows=_hash(written.splitlines()[-1]) if written else FIRST)
            signed = {**said, "signature": urlsafe_b64encode(key.sign(_bytes(said))).decode()}
            file.write(_bytes(signed) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def public_key(self) -> str:
        """What others check the signatures with, in URL-safe base64."""
        public = Ed25519PrivateKey.from_private_bytes(key_in(self._key_file)).public_key()
        return encoded(public.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def anchors(self, public_key: str | None = None) -> list[Anchor]:
        """Every anchor, oldest first; none where there is no file. Raises `BadAnchor` for a line that was not ours."""
        if not self.file.is_file():
            return []
        key = decoded(public_key or self.public_key(), "the public key")
        return list(_checked(self._lines(), Ed25519PublicKey.from_public_bytes(key), str(self.file)))

    def _lines(self) -> list[bytes]:
        return self.file.read_bytes().splitlines() if self.file.is_file() else []


def _checked(lines: list[bytes], key: Ed25519PublicKey, where: str) -> Iterator[Anchor]:
    follows = FIRST
    for number, line in enumerate(lines, start=1):
        try:
            signed = json.loads(line)
            signature = urlsafe_b64decode(signed.pop("signature"))
            key.verify(signature, _bytes(signed))
            anchor = Anchor(datetime.fromisoformat(signed["at"]), _heads(signed["heads"]), _restored(signed))
        except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError):
            raise BadAnchor(where, number, "is not signed with this key, or was changed") from None
        if signed["follows"] != follows:
            raise BadAnchor(where, number, "does not follow the line before it: one was taken out or moved")
        yield anchor
        follows = _hash(line)


def _said(anchor: Anchor, *, follows: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "at": anchor.at.isoformat(),
        "heads": [list(head) for head in anchor.heads],
        "follows": follows,
    }
    if (restored := anchor.restored) is not None:
        heads = [list(head) for head in restored.heads]
        said["restored"] = {"made_at": restored.made_at.isoformat(), "heads": heads}
    return said


def _heads(said: Any) -> tuple[Head, ...]:
    return tuple(Head(*head) for head in said)


def _restored(said: Any) -> Restored | None:
    if (found := said.get("restored")) is None:
        return None
    return Restored(datetime.fromisoformat(found["made_at"]), _heads(found["heads"]))


def _bytes(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode()


def _hash(line: bytes) -> str:
    return sha256(line).hexdigest()


class BadAnchor(ValueError):
    """A line of the file of anchors is not as it was written."""

    def __init__(self, where: str, number: int, why: str) -> None:
        self.number = number
        super().__init__(f"line {number} of {where} {why}")

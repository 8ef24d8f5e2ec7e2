"""Anchors of the audit: the heads of its chains, signed, in a file outside the database.

Each line follows the one before it, so that none can be taken out of the middle. Whoever has the public key can check
a copy of the file kept elsewhere (another machine, a printout), and the database against it.

When the key is changed for another, a line signed with the old one names the new one; so each key vouches for the next,
and every line stands in the hashes of those after it. Any one of the public keys checks the whole file.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from victimcare.domain.audit_chain import FIRST, Anchor, Head, Restored
from victimcare.store.key_file import KEY_BYTES, decoded, encoded, keys_in, write_keys

_LONGEST_LINES = 2**16
"""Bytes at the end of the file among which its last line is."""
_NAMES_KEY = b'"next_key":'


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
        with self._locked() as (file, lines):
            _write(file, [_line(lines, anchor, self._signing_key(lines))])

    def rotate(self, anchor: Anchor) -> str:
        """Sign with a new key from now on; its public part, which whoever checks needs. The old one is thrown away.

        The anchor is written twice at once: under the old key, naming the new one, and under the new key. Interrupted,
        the file is as good as before, and doing it again finishes it. Raises as `add` does.
        """
        old, *new = keys_in(self._key_file)
        if not new:
            new = [secrets.token_bytes(KEY_BYTES)]
            write_keys(self._key_file, [old, *new])
        public = _public(_key(new[0]))
        with self._locked() as (file, lines):
            if _announced(lines) != public:
                last = _line(lines, anchor, _key(old), next_key=public)
                _write(file, [last, _line([last], anchor, _key(new[0]))])
        write_keys(self._key_file, new)
        return public

    def public_key(self) -> str:
        """What others check the signatures with, in URL-safe base64."""
        return _public(self._signing_key(self._lines()))

    def anchors(self, public_key: str | None = None) -> list[Anchor]:
        """Every anchor, oldest first; none where there is no file. Raises `BadAnchor` for a line that was not ours."""
        if not self.file.is_file():
            return []
        trusted = public_key or self.public_key()
        decoded(trusted, "the public key")
        return list(_checked(self._lines(), trusted, str(self.file)))

    def last(self) -> Anchor | None:
        """The newest anchor, whoever signed it: for what must be known often, and only keeps something from being done.

        None where there is none. Raises `BadAnchor` for a line that cannot be read.
        """
        if not self.file.is_file():
            return None
        with self.file.open("rb") as file:
            file.seek(max(0, self.file.stat().st_size - _LONGEST_LINES))
            *lines, _unfinished = file.read().split(b"\n")
        try:
            return _said_in(json.loads(lines[-1])) if lines else None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadAnchor(str(self.file), len(self._lines()), "cannot be read") from None

    def _signing_key(self, lines: list[bytes]) -> Ed25519PrivateKey:
        """The first in the file of keys; while one is being changed for another, the one that was announced."""
        keys = [_key(each) for each in keys_in(self._key_file)]
        announced = _announced(lines) if len(keys) > 1 else ""
        return next((key for key in keys if _public(key) == announced), keys[0])

    @contextmanager
    def _locked(self) -> Iterator[tuple[IO[bytes], list[bytes]]]:
        """The file, for this process alone, and its lines."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(self.file, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o640), "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written, _, unfinished = file.read().rpartition(b"\n")
            if unfinished:
                file.truncate(len(written) + 1 if written else 0)
            yield file, written.splitlines()

    def _lines(self) -> list[bytes]:
        return self.file.read_bytes().splitlines() if self.file.is_file() else []


def _write(file: IO[bytes], lines: list[bytes]) -> None:
    file.write(b"".join(line + b"\n" for line in lines))
    file.flush()
    os.fsync(file.fileno())


def _line(lines: list[bytes], anchor: Anchor, key: Ed25519PrivateKey, next_key: str | None = None) -> bytes:
    """What is written after these lines."""
    said = _said(anchor, follows=_hash(lines[-1]) if lines else FIRST)
    if next_key is not None:
        said |= {"key": _public(key), "next_key": next_key}
    return _bytes({**said, "signature": urlsafe_b64encode(key.sign(_bytes(said))).decode()})


def _key(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)


def _public(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _changes_of_key(lines: list[bytes]) -> list[dict[str, Any]]:
    """What the lines say, signed or not, that name another key for those after them."""
    return [json.loads(line) for line in lines if _NAMES_KEY in line]


def _announced(lines: list[bytes]) -> str:
    """The key that the last such line names."""
    changes = _changes_of_key(lines)
    return str(changes[-1]["next_key"]) if changes else ""


def _checked(lines: list[bytes], trusted: str, where: str) -> Iterator[Anchor]:
    """Each line is signed with the key that the lines before it name, and the key that is trusted is one of them."""
    follows, key, known = FIRST, _first_key(lines, trusted), False
    for number, line in enumerate(lines, start=1):
        try:
            signed = json.loads(line)
            signature = urlsafe_b64decode(signed.pop("signature"))
            Ed25519PublicKey.from_public_bytes(decoded(key, where)).verify(signature, _bytes(signed))
            anchor = _said_in(signed)
            known, next_key = known or key == trusted, str(signed.get("next_key", key))
        except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError):
            raise BadAnchor(where, number, "is not signed with this key, or was changed") from None
        if signed["follows"] != follows:
            raise BadAnchor(where, number, "does not follow the line before it: one was taken out or moved")
        yield anchor
        follows, key = _hash(line), next_key
    if lines and not known:
        raise BadAnchor(where, 1, "and those after it are signed with other keys than this")


def _first_key(lines: list[bytes], trusted: str) -> str:
    """The key of the first line, as the first line that changes it says: signatures show whether it is."""
    try:
        changes = _changes_of_key(lines)
        return str(changes[0]["key"]) if changes else trusted
    except (ValueError, KeyError, TypeError):
        return trusted


def _said(anchor: Anchor, *, follows: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "at": anchor.at.isoformat(),
        "heads": [list(head) for head in anchor.heads],
        "follows": follows,
    }
    if (restored := anchor.restored) is not None:
        heads = [list(head) for head in restored.heads]
        said["restored"] = {"made_at": restored.made_at.isoformat(), "heads": heads}
    if anchor.closed:
        said["closed"] = [list(head) for head in anchor.closed]
    return said


def _said_in(line: Mapping[str, Any]) -> Anchor:
    closed = _heads(line.get("closed", ()))
    return Anchor(datetime.fromisoformat(line["at"]), _heads(line["heads"]), _restored(line), closed)


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

"""A TAR file inside a sealed file: written and read as it streams, one part in memory at a time."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO, cast

from victimcare.exchange.sealed_file import BLOCK, Damaged, Form, Key, SealedReader, SealedWriter

EXPORT = Form("export", "this export does not open with this passphrase or key: it was sealed with another one")
PART = 2**20
"""Bytes of lines after which another part is begun."""
_LONGEST_PART = 2**26


class Parts:
    """Writes named parts into a sealed file."""

    def __init__(self, file: BinaryIO, key: Key) -> None:
        self._blocks = _BlocksOut(SealedWriter(file, key, EXPORT))
        self._tar = tarfile.open(mode="w|", fileobj=cast(BinaryIO, self._blocks), format=tarfile.USTAR_FORMAT)  # noqa: SIM115

    def add(self, name: str, content: bytes) -> None:
        """Write one part."""
        part = tarfile.TarInfo(name)
        part.size, part.mode = len(content), 0o600
        self._tar.addfile(part, BytesIO(content))
        self._tar.members = []  # type: ignore[attr-defined]  # else it remembers every part until the end

    def add_lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Write lines as numbered parts of this name."""
        waiting: list[bytes] = []
        number = size = 0
        for line in lines:
            waiting.append(line)
            size += len(line)
            if size >= PART:
                number += 1
                self.add(f"{name}-{number:06}.jsonl", b"".join(waiting))
                waiting, size = [], 0
        if waiting:
            self.add(f"{name}-{number + 1:06}.jsonl", b"".join(waiting))

    def finish(self, manifest: bytes) -> None:
        """Write the last part, the manifest, and seal it as the end of the file."""
        self.add(MANIFEST, manifest)
        self._tar.close()
        self._blocks.finish(manifest)


MANIFEST = "manifest.json"


def parts_in(file: BinaryIO, key: Key) -> Iterator[tuple[str, bytes]]:
    """Every part in its order, the manifest last, to the end of the file.

    Raises `NotThisForm`, `SealedWithAnother`, `Damaged`: what was given before is then worth nothing.
    """
    blocks = _BlocksIn(SealedReader(file, key, EXPORT))
    name = content = None
    try:
        with tarfile.open(mode="r|", fileobj=cast(BinaryIO, blocks), tarinfo=_Plain) as tar:
            for part in tar:
                if not part.isfile() or part.size > _LONGEST_PART:
                    raise Damaged(f"its part {part.name!r} is none that this program writes", EXPORT)
                opened = tar.extractfile(part)
                name, content = part.name, opened.read() if opened else b""
                tar.members = []  # type: ignore[attr-defined]
                yield name, content
    except tarfile.TarError:
        raise Damaged("it is no TAR file inside", EXPORT) from None
    if name != MANIFEST or content != blocks.end():
        raise Damaged("it has no manifest at its end", EXPORT)


class _Plain(tarfile.TarInfo):
    """A part as `Parts` writes it. Headers with attributes of their own are read whole before their part is seen, and
    can be as long as they say: none is read."""

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            raise tarfile.ReadError(self.name)
        return cast(tarfile.TarInfo, super()._proc_member(tar))  # type: ignore[misc]


class _BlocksOut:
    """What is written, in blocks to be sealed."""

    def __init__(self, sealed: SealedWriter) -> None:
        self._sealed, self._waiting = sealed, bytearray()

    def write(self, some: bytes) -> int:
        self._waiting += some
        while len(self._waiting) >= BLOCK:
            self._sealed.add(bytes(self._waiting[:BLOCK]))
            del self._waiting[:BLOCK]
        return len(some)

    def finish(self, manifest: bytes) -> None:
        if self._waiting:
            self._sealed.add(bytes(self._waiting))
        self._sealed.finish(manifest)


class _BlocksIn:
    """What was sealed, as a file to read."""

    def __init__(self, sealed: SealedReader) -> None:
        self._sealed, self._blocks, self._waiting = sealed, sealed.blocks(), bytearray()

    def read(self, size: int) -> bytes:
        while len(self._waiting) < size and (block := next(self._blocks, None)) is not None:
            self._waiting += block
        some = bytes(self._waiting[:size])
        del self._waiting[:size]
        return some

    def end(self) -> bytes:
        """Read what is left, and give the manifest that stands at the end."""
        for _ in self._blocks:
            pass
        return self._sealed.manifest

"""What one run has read, on disk and not in memory: of each record its newest version, to compare with what is here.

A private file that is gone with the run. It holds ids and keyed hashes, and nothing of what records say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from victimcare.exchange.records.lines import Place
from victimcare.exchange.records.private_file import private_file


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """The newest version of a record that the files hold, and where. `contradicted`: a second one of it says else.

    `disposed`: it is of what was disposed of here.
    """

    source: str
    kind: str
    source_id: str
    version: int
    content_hash: str
    place: Place
    contradicted: bool = False
    disposed: bool = False


class Seen:
    """Every record of a run. Use it as a context: it is thrown away at the end. Raises `NoRoom`."""

    def __init__(self) -> None:
        self._file = private_file()
        self._file.execute(
            "CREATE TABLE seen (source, kind, id, version, hash, file, line, contradicted, disposed,"
            " PRIMARY KEY (source, kind, id)) WITHOUT ROWID"
        )

    def see(self, seen: SeenRecord) -> bool:
        """Note a record; whether the same one was read before in this run."""
        key = (seen.source, seen.kind, seen.source_id)
        found = self._file.execute(
            "SELECT version, hash FROM seen WHERE source = ? AND kind = ? AND id = ?", key
        ).fetchone()
        if found is not None and found == (seen.version, seen.content_hash):
            return True
        if found is not None and found[0] == seen.version:
            self._file.execute("UPDATE seen SET contradicted = 1 WHERE source = ? AND kind = ? AND id = ?", key)
        elif found is None or found[0] < seen.version:
            row = (*key, seen.version, seen.content_hash, seen.place.file, seen.place.line, seen.disposed)
            self._file.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)", row)
        return False

    def dispose(self, source: str, kind: str, source_id: str) -> None:
        """Note of a record that was read that it is of what was disposed of here."""
        query = "UPDATE seen SET disposed = 1 WHERE source = ? AND kind = ? AND id = ?"
        self._file.execute(query, (source, kind, source_id))

    def holds(self, source: str, kind: str, source_id: str) -> bool:
        """Whether a record of this id was read."""
        query = "SELECT 1 FROM seen WHERE source = ? AND kind = ? AND id = ?"
        return self._file.execute(query, (source, kind, source_id)).fetchone() is not None

    def kinds(self) -> list[tuple[str, str]]:
        """The sources, and the kinds of record of each, that were read."""
        return list(self._file.execute("SELECT DISTINCT source, kind FROM seen ORDER BY source, kind"))

    def of(self, source: str, kind: str) -> Iterator[SeenRecord]:
        """The records of a source and a kind, in the order of their ids."""
        rows = self._file.execute("SELECT * FROM seen WHERE source = ? AND kind = ? ORDER BY id", (source, kind))
        for _, _, source_id, version, content_hash, file, line, contradicted, disposed in rows:
            place = Place(file, line)
            yield SeenRecord(source, kind, source_id, version, content_hash, place, bool(contradicted), bool(disposed))

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

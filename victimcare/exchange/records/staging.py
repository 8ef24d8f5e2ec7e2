"""All that one run has read, on disk and sealed, and given back in order: each crime, then what hangs on it.

Files come in whichever order, a table after the other or all mixed. A private file that is gone with the run: of what
records say it holds nothing that opens without the vault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from types import TracebackType

from victimcare.exchange.records.decisions import record_of
from victimcare.exchange.records.lines import Place
from victimcare.exchange.records.private_file import private_file
from victimcare.exchange.records.schema import KINDS, Record
from victimcare.store.source_records import opened_said, sealed_said
from victimcare.store.vault import Vault

Key = tuple[str, str, str]
"""Source, kind and id of a record."""
_ORDER = {kind: number for number, kind in enumerate(KINDS)}
_FIRST, _LAST = 0, 2**62
"""Before every crime come officers, after every crime what hangs on none of those that were read."""
_TABLE = (
    "CREATE TABLE read (number INTEGER PRIMARY KEY, source, kind, id, version, hash, crime, victim, file, line,"
    " sealed, place)"
)
_OF_A_VICTIM = (
    "UPDATE read SET crime = (SELECT v.crime FROM read v WHERE v.source = read.source AND v.kind = 'victim'"
    " AND v.id = read.victim ORDER BY v.number LIMIT 1) WHERE victim IS NOT NULL"
)
_PLACED = (
    "UPDATE read SET place = CASE kind WHEN 'officer' THEN :first ELSE coalesce((SELECT min(c.number) FROM read c"
    " WHERE c.source = read.source AND c.kind = 'crime' AND c.id = read.crime), :last) END"
)


@dataclass(frozen=True, slots=True)
class StagedRecord:
    """A record that was read: where, under which version, the keyed hash of what it says, and that itself, sealed.

    `group` is the same for a crime and all that hangs on it.
    """

    number: int
    key: Key
    version: int
    content_hash: str
    place: Place
    group: int
    sealed: bytes = field(repr=False)

    def record(self, vault: Vault) -> Record:
        """What it says."""
        return record_of(opened_said(*self.key, self.sealed, vault))


class Staging:
    """Every record of a run. Use it as a context: it is thrown away at the end. Raises `NoRoom`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._file = private_file()
        self._file.execute(_TABLE)
        self._file.execute("BEGIN")

    def add(self, record: Record, said: str, content_hash: str, place: Place) -> None:
        """Keep a record until all were read."""
        key = (record.source, record.kind, record.id)
        crime = record.id if record.kind == "crime" else getattr(record, "crime", None)
        victim = getattr(record, "victim", None)
        row = (*key, record.version, content_hash, crime, victim, place.file, place.line)
        statement = "INSERT INTO read VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
        self._file.execute(statement, (*row, sealed_said(*key, said, self._vault)))

    def groups(self) -> Iterator[list[StagedRecord]]:
        """Officers, then each crime with what hangs on it as the files have it; what hangs on none one by one.

        In a group each kind comes after those that it hangs on, and what is of one kind in the order of the files.
        """
        for of_kind in ("crime", "victim"):
            columns = "source, id, number" if of_kind == "crime" else "source, id, crime"
            self._file.execute(f"CREATE INDEX {of_kind}s ON read ({columns}) WHERE kind = '{of_kind}'")
        self._file.execute(_OF_A_VICTIM)
        self._file.execute(_PLACED, {"first": _FIRST, "last": _LAST})
        order = " ".join(f"WHEN '{kind}' THEN {number}" for kind, number in _ORDER.items())
        wanted = "SELECT number, source, kind, id, version, hash, file, line, place, sealed FROM read"
        rows = self._file.execute(f"{wanted} ORDER BY place, CASE kind {order} END, number")
        staged = (
            StagedRecord(number, (source, kind, of), version, content_hash, Place(file, line), place, sealed)
            for number, source, kind, of, version, content_hash, file, line, place, sealed in rows
        )
        for place, group in groupby(staged, key=lambda one: one.group):
            if place in (_FIRST, _LAST):
                yield from ([one] for one in group)
            else:
                yield list(group)

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

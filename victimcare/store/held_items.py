"""All that is held on one victim, as items that a person can decide about one by one (`record_decisions.py`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select
from sqlmodel import SQLModel

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.referral_content import SentDocument
from victimcare.store import protections
from victimcare.store.case_links import LINKS
from victimcare.store.cases import CASES
from victimcare.store.feedback import REQUESTS
from victimcare.store.held_words import details_in_plain_words, in_plain_words
from victimcare.store.record_decisions import HELD, Held, Share
from victimcare.store.sealed_rows import SealedColumn
from victimcare.store.services import SERVICES
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WITHHELD, WordsReader, words_to_share

_PROTECTED = "Not shown: where the victim is, is protected"


@dataclass(frozen=True, slots=True, order=True)
class HeldLine:
    """One thing held: its label, its value, and whether it is given."""

    label: str
    value: str = field(repr=False)
    share: Share


@dataclass(frozen=True, slots=True)
class HeldItem:
    """Something that is given, or left out, as one. `rows` are its lines, row by row."""

    key: str
    title: str
    rows: tuple[tuple[HeldLine, ...], ...] = field(repr=False)

    @property
    def has_others(self) -> bool:
        """Whether something in it is about somebody else."""
        return any(line.share is Share.THIRD_PARTY for row in self.rows for line in row)

    def shared(self, share: Share) -> list[list[tuple[str, str]]]:
        """Its lines of this kind, row by row, without rows that have none."""
        rows = [[(line.label, line.value) for line in row if line.share is share] for row in self.rows]
        return [row for row in rows if row]

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing in it has changed."""
        lines = [[(line.label, line.value, line.share.value) for line in row] for row in self.rows]
        return hashlib.sha256(json.dumps([self.key, lines]).encode()).hexdigest()


def held_items(connection: Connection, *, case_id: int, vault: Vault) -> tuple[HeldItem, ...]:
    """All that is held on the victim of this case, but for who looked at it. Raises `DoesNotOpen`.

    Of a protected location nothing that tells it is in there, whoever asks: the pack is opened elsewhere.
    """
    case = connection.execute(select(CASES).where(CASES.c.id == case_id)).one()
    protected = protections.current(connection, case_id) is not None
    opener = _Opener(vault, words_to_share(connection, case_id, vault) if protected else None)
    services = {row.id: row.name for row in connection.execute(select(SERVICES.c.id, SERVICES.c.name))}
    found: list[HeldItem] = []
    for name, held in HELD.items():
        table = SQLModel.metadata.tables[name]
        rows = connection.execute(select(table).where(_of(table, held, case))).all()
        lines = sorted((_lines(name, held, row, opener, services), _key(table, row)) for row in rows)
        if held.each:
            found += [HeldItem(f"{name}:{key}", held.title, (of,)) for of, key in lines]
        elif lines:
            found.append(HeldItem(name, held.title, tuple(of for of, _ in lines)))
    return tuple(found)


def mark_of(item: HeldItem, vault: Vault) -> str:
    """What is stored of an item that was approved: it tells nothing of it without the key."""
    return vault.hash(f"record:{item.fingerprint}")


def _key(table: Table, row: Any) -> str:
    return "-".join(str(getattr(row, key.name)) for key in table.primary_key.columns)


def _of(table: Table, held: Held, case: Any) -> ColumnElement[bool]:
    """A condition on the table: what of it is held on the victim of the case."""
    if held.by == "link":
        return or_(LINKS.c.case_id == case.id, LINKS.c.other_id == case.id)
    if held.by == "request":
        return table.c.request_id.in_(select(REQUESTS.c.id).where(REQUESTS.c.case_id == case.id))
    named = {"crime": case.crime_id, "victim_case": case.id, "victim": case.victim_id}
    if held.by == "id":
        return table.c.id == named[table.name]
    return table.c[held.by] == (case.victim_id if held.by == "victim_id" else case.id)


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens what is sealed; of a protected location nothing that tells it."""

    vault: Vault
    reader: WordsReader | None

    def open(self, name: str, column: str, row: Any) -> str:
        if not getattr(row, column):
            return ""
        if self.reader is not None and name == "contact_point":
            return _PROTECTED
        sealed = SealedColumn(SQLModel.metadata.tables[name].c[column])
        words = self.vault.open(getattr(row, column), row_id=sealed.bound_to(row))
        words = _IN_WORDS.get(sealed.name, _bare)(words)
        return WITHHELD if self.reader is not None and self.reader.withholds(words) else words


def _lines(name: str, held: Held, row: Any, opener: _Opener, services: Mapping[str, str]) -> tuple[HeldLine, ...]:
    of_others = bool(held.others and getattr(row, held.others))
    lines = []
    for columns, share in ((held.given, Share.GIVEN), (held.third, Share.THIRD_PARTY), (held.officers, Share.OFFICERS)):
        for column, label in columns.items():
            value = getattr(row, column)
            said = opener.open(name, column, row) if column.startswith("sealed") else _plain(value)
            said = services.get(said, said) if column == "service_id" else said
            if f"{name}.{column}" == "journey_event.kind":
                said = EVENT_KINDS[EventKind(said)].title
            elif f"{name}.{column}" == "journey_event.details" and said:
                said = details_in_plain_words(row.kind, said, without_places=opener.reader is not None)
            said = _PROTECTED if column == "area" and opener.reader is not None else said
            said = in_plain_words(f"{name}.{column}", said)
            if said:
                lines.append(HeldLine(label, said, Share.THIRD_PARTY if of_others else share))
    return tuple(lines)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _bare(words: str) -> str:
    return words


def _use(words: str) -> str:
    use = json.loads(words)
    said = {
        "At": use.get("times"),
        "If somebody else answers": use.get("if_another"),
        "Code word": use.get("code_word"),
    }
    return "; ".join(f"{label}: {value}" for label, value in said.items() if value)


def _correction(words: str) -> str:
    said = json.loads(words)
    before, after = (
        f"{said[which]['name'] or ''} {said[which]['born_on'] or ''}".strip() for which in ("before", "after")
    )
    return f"Before: {before}; after: {after}; note: {said['note']}"


def _sent(words: str) -> str:
    """Without the ways to the victim: those are given as what is held of contact, if they are."""
    return "; ".join(f"{label}: {value}" for label, value in SentDocument.from_text(words).content)


_IN_WORDS: Mapping[str, Callable[[str], str]] = {
    "contact_point.sealed_words": _use,
    "message.sealed": lambda words: str(json.loads(words)[1]),
    "left_message.sealed": lambda words: str(json.loads(words)["words"]),
    "identity_correction.sealed": _correction,
    "outgoing_referral.sealed_document": _sent,
}

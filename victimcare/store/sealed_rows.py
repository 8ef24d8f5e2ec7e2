"""Everything in the database that is sealed: which columns, and what each value is bound to.

`sealed_words` binds to table, column and key; what is older than that has its own way, named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, select, update
from sqlmodel import SQLModel

from victimcare.store.vault import LABEL_BYTES, DoesNotOpen, Vault

_AT_ONCE = 500
_BOUND_TO = {
    "case_note.sealed": "{id}:note",
    "contact_point.sealed": "{id}",
    "contact_point.sealed_words": "{id}:words",
    "equality_answer.sealed_words": "equality_answer.sealed_words:{victim_id}:{characteristic}",
    "identity_correction.sealed": "{id}:identity",
    "left_message.sealed": "{id}:message",
    "message.sealed": "{id}:message",
    "needs_assessment.sealed_supporter": "needs_assessment.sealed_supporter:{event_key}",
    "source_record.sealed": "source_record.sealed:{source}:{kind}:{source_id}",
    "supervisor_question.sealed": "{id}:question",
    "supervisor_question.sealed_answer": "{id}:answer",
}
_IN_WORDS = {
    "account": "second factors of people who sign in here",
    "access_alert": "what was found of looking that was asked about",
    "assignment": "reasons for handing a case over",
    "case_listing": "reasons for excluding somebody from a case",
    "case_note": "notes",
    "case_restriction": "reasons for restricting a case",
    "contact_point": "ways to reach victims",
    "disposal": "reasons for keeping or disposing of a case",
    "emergency_access": "reasons for opening a case in an emergency, and their reviews",
    "equality_answer": "answers about equality in a victim's own words",
    "feedback_request": "what victims said of how it was for them",
    "identity_correction": "corrections of who a victim is",
    "incident": "what went wrong with personal data",
    "invitation": "one-time secrets",
    "kept_form": "forms that wait for somebody who was signed out",
    "legal_hold": "reasons for holding a case",
    "left_message": "messages that victims left",
    "location_protection": "reasons for protecting a location",
    "message": "messages to victims",
    "needs_assessment": "names of supporters",
    "outgoing_referral": "what went with referrals",
    "person_to_tell": "people to be told",
    "record_pack": "who was given a victim's record",
    "saved_search": "searches",
    "source_record": "what the force's own systems said",
    "supervisor_question": "questions to supervisors",
    "webhook": "secrets that sign what systems of agencies are told",
}


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values."""

    column: Column[Any]

    @property
    def table(self) -> Table:
        """Whose it is."""
        return self.column.table

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table.name}.{self.column.name}"

    def bound_to(self, row: Any) -> str:
        """What the value of this row is bound to."""
        return self.bound_by(row._mapping)

    def bound_by(self, values: Mapping[str, Any]) -> str:
        """The same by the values of the row's columns."""
        own = ":".join(f"{{{column.name}}}" for column in self.table.primary_key)
        return _BOUND_TO.get(self.name, f"{self.name}:{own}").format_map(values)

    def not_under(self, label: bytes) -> Any:
        """A condition: something is sealed, and it does not say that it is with this key."""
        return self.column.is_not(None) & (func.substr(self.column, 1, LABEL_BYTES) != label)


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Every one of them."""
    tables = SQLModel.metadata.sorted_tables
    return tuple(SealedColumn(column) for table in tables for column in table.columns if _is_sealed(column))


def in_words(table: str) -> str:
    """What is sealed in this table, for people."""
    return _IN_WORDS.get(table, f"rows of {table}")


def lost(connection: Connection, vault: Vault) -> dict[str, int]:
    """By table, how many values open with no key of this vault: what they said is lost with their key."""
    return dict(Counter(table for table, opens in every(connection, vault) if not opens))


def every(connection: Connection, vault: Vault) -> Iterator[tuple[str, bool]]:
    """Of each sealed value its table, and whether it opens."""
    streamed = connection.execution_options(yield_per=_AT_ONCE)
    for sealed in sealed_columns():
        with streamed.execute(select(sealed.table).where(sealed.column.is_not(None))) as rows:
            for row in rows:
                yield sealed.table.name, opened(sealed, row, vault) is not None


def opened(sealed: SealedColumn, row: Any, vault: Vault) -> str | None:
    """What the value says, or None where no key of the vault opens it."""
    value = row._mapping[sealed.column.name]
    try:
        return vault.open(value, row_id=sealed.bound_to(row)) if value else ""
    except DoesNotOpen:
        return None


def reseal(connection: Connection, sealed: SealedColumn, rows: list[Any], vault: Vault) -> int:
    """Seal these values with the vault's own key; how many could be opened."""
    done = 0
    for row in rows:
        words = opened(sealed, row, vault)
        if words is None:
            continue
        key = [column == row._mapping[column.name] for column in sealed.table.primary_key]
        anew = vault.seal(words, row_id=sealed.bound_to(row))
        connection.execute(update(sealed.table).where(*key).values({sealed.column.name: anew}))
        done += 1
    return done


def in_batches(connection: Connection, sealed: SealedColumn, label: bytes, size: int) -> Iterator[list[Any]]:
    """The keys of the rows whose value is not under this key's label, some at a time."""
    keys = list(sealed.table.primary_key)
    found = connection.execute(select(*keys).where(sealed.not_under(label)).order_by(*keys)).all()
    for start in range(0, len(found), size):
        yield list(found[start : start + size])


_FILES = frozenset({"board_pack_file.content"})
"""Bytes that are no words about people: figures as somebody may take them."""


def _is_sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary) and f"{column.table.name}.{column.name}" not in _FILES

"""Of every column there is a decision whether it leaves when everything leaves."""

from __future__ import annotations

from sqlmodel import SQLModel

from tests.columns import HASH, KEY, decided
from victimcare.store.export_decisions import ANEW, LEAVES, STAYS, WRITTEN_TO, leaving

TABLES = {table.name: [column.name for column in table.columns] for table in SQLModel.metadata.sorted_tables}
PLAIN_HASHES = {
    *("audit.cases_hash", "audit.follows", "audit.hash", "audit.sign_in", "api_write.id", "api_write.request_hash"),
    *("board_pack.sha256", "board_pack_file.sha256", "code_check.entry_mark", "code_edition.sha256"),
    *("crime.fingerprint", "emergency_access.session_id", "export.sha256", "outgoing_referral.content_hash"),
    *("publication.sha256", "replay.sha256", "sent_referral.content_hash", "unmatched_outcome.key"),
}
HASHES_THAT_STAY_TRUE = {
    "source_record.id_hash": "its key leaves with it, among the settings",
    "record_pack_item.mark": "elsewhere it fits nothing, so that what was approved is looked at again",
}


def test_every_table_leaves_or_stays_and_it_is_said_why() -> None:
    assert LEAVES.keys() | STAYS.keys() == TABLES.keys()
    assert not LEAVES.keys() & STAYS.keys()
    assert all(STAYS.values())
    assert LEAVES.keys() >= WRITTEN_TO


def test_of_every_column_of_a_table_that_leaves_there_is_a_decision() -> None:
    for table, listed in LEAVES.items():
        names = listed.split()
        anew = [full.split(".")[1] for full in ANEW if full.startswith(f"{table}.")]
        assert sorted([*names, *anew]) == sorted(TABLES[table]), table


def test_what_would_let_somebody_in_does_not_leave() -> None:
    leave = {f"{each.name}.{column.name}" for each in leaving() for column in each.columns}
    assert not leave & decided(KEY)
    assert leave & decided(HASH) == PLAIN_HASHES | HASHES_THAT_STAY_TRUE.keys(), "a hash may be of a password"


def test_each_table_comes_after_those_whose_rows_it_names() -> None:
    seen: set[str] = set()
    for each in leaving():
        named = {key.column.table.name for column in each.table.columns for key in column.foreign_keys}
        assert named - {each.name} <= seen, each.name
        seen.add(each.name)


def test_of_each_table_it_is_said_what_it_holds() -> None:
    assert all(each.holds and "`" not in each.holds[:1] for each in leaving())

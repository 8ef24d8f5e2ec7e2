"""What a victim who asks is given of every table: each column has a decision, and nothing is both given and kept."""

from __future__ import annotations

from sqlmodel import SQLModel

from tests.columns import DECIDED, LABEL, NAME, SEALED, decided
from victimcare.store.record_decisions import HELD, NOT_HELD, Share

AUDITED = {"audit", "audit_subject"}
"""Given as the list of who looked at the record, by role."""


def test_every_table_is_given_or_said_to_hold_nothing_of_the_person() -> None:
    assert not set(HELD) & set(NOT_HELD)
    assert set(HELD) | set(NOT_HELD) | AUDITED == {table.name for table in SQLModel.metadata.sorted_tables}
    assert all(why.strip() for why in NOT_HELD.values())


def test_every_column_of_what_is_held_has_one_decision() -> None:
    for name, held in HELD.items():
        columns = {column.name for column in SQLModel.metadata.tables[name].columns}
        said = [*held.given, *held.third, *held.officers, *held.left]
        assert len(said) == len(set(said)), f"{name} decides twice"
        assert set(said) == columns, f"{name}: {set(said) ^ columns}"


def test_a_new_column_without_a_decision_is_found() -> None:
    assert HELD["case_note"].share_of("mood") is None
    assert HELD["case_note"].share_of("sealed") is Share.GIVEN


def test_no_word_about_a_person_is_said_to_be_not_about_them() -> None:
    """The decisions of tests/columns.py and these say the same of names, labels and sealed words."""
    ours = {"victim.searched_name"}  # the name once more, as it is searched for
    for column in decided(SEALED, NAME, LABEL) - ours:
        table, _, name = column.partition(".")
        if table in HELD:
            assert HELD[table].share_of(name) not in (None, Share.NOT_ABOUT), column
        else:
            assert table in {"kept_form", "saved_search", "record_pack"} or table in NOT_HELD, column
    assert set(DECIDED) <= set(HELD) | set(NOT_HELD) | AUDITED

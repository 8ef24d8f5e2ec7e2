"""What a row that counts up is called outside tells nothing of its number, and names no row of another table."""

from itertools import pairwise

import pytest

from victimcare.store.row_names import NamesNothing, RowNames
from victimcare.store.vault import Vault

KEY, NEW = b"k" * 32, b"n" * 32
TABLES = ("board_action", "outbox", "disposal", "emergency_access")


def test_each_row_has_a_name_of_its_own_which_is_the_same_in_every_process() -> None:
    names = {RowNames(Vault(KEY)).name(table, number): (table, number) for table in TABLES for number in range(500)}
    assert len(names) == 2_000
    assert all(RowNames(Vault(KEY)).number(table, name) == number for name, (table, number) in names.items())


def test_a_name_is_none_of_a_row_of_another_table() -> None:
    names = RowNames(Vault(KEY))
    with pytest.raises(NamesNothing, match="no row of outbox is called so"):
        names.number("outbox", names.name("disposal", 1))


def test_neighbours_have_nothing_in_common_by_which_one_is_guessed_from_the_other() -> None:
    names = RowNames(Vault(KEY))
    bits = [int(names.name("disposal", number), 16) for number in range(200)]
    differ = [(one ^ other).bit_count() for one, other in pairwise(bits)]
    assert min(differ) > 35, "of 128 bits half differ, a few more or fewer"
    assert 60 < sum(differ) / len(differ) < 68
    of_a_neighbour = names.name("disposal", 1)
    for bit in range(128):
        guess = f"{int(of_a_neighbour, 16) ^ (1 << bit):032x}"
        with pytest.raises(NamesNothing):
            names.number("disposal", guess)


@pytest.mark.parametrize(
    "made_up", ["", "1", "0" * 32, "f" * 32, "g" * 32, "0" * 31, "0" * 33, "Ä" * 32, f"{'0' * 32}\n"]
)
def test_what_somebody_made_up_names_nothing(made_up: str) -> None:
    with pytest.raises(NamesNothing):
        RowNames(Vault(KEY)).number("disposal", made_up)


def test_nothing_but_small_hexadecimal_digits_is_a_name() -> None:
    names = RowNames(Vault(KEY))
    with pytest.raises(NamesNothing):
        names.number("disposal", names.name("disposal", 1).upper())


def test_names_are_known_while_a_key_is_changed_and_no_longer_than_the_former_key() -> None:
    of_old, of_new = (RowNames(Vault(key)).name("disposal", 7) for key in (KEY, NEW))
    both = RowNames(Vault(NEW, KEY))
    assert both.name("disposal", 7) == of_new != of_old
    assert {both.number("disposal", name) for name in (of_old, of_new)} == {7}
    with pytest.raises(NamesNothing):
        RowNames(Vault(NEW)).number("disposal", of_old)

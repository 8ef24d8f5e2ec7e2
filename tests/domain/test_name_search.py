"""Names nearly spelled: what is kept and what is asked meet where an obvious, slow measure says "one letter"."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from victimcare.domain.name_search import MOST_WORDS, Asked, asked_for, kept_of, words_of

letters = st.text(alphabet="abc", min_size=1, max_size=6)


def distance(one: str, other: str) -> int:
    """Damerau and Levenshtein's, with neighbours changed round once: the textbook's table."""
    table = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def of_one_word(typed: str) -> Asked:
    return asked_for(typed)[0][0]


@given(letters, letters)
@example("ab", "ba")
@example("abc", "bca")
@example("aab", "aba")
@example("aaa", "aa")
def test_one_word_is_near_another_where_one_letter_is_between_them(typed: str, kept: str) -> None:
    asked, keys = of_one_word(typed), kept_of(kept)
    assert bool(asked.exact & keys) is (typed == kept)
    if len(typed) > 1:
        assert bool((asked.exact | asked.near) & keys) is (distance(typed, kept) <= 1)
    assert bool(asked.begins & keys) is (len(typed) >= 3 and kept.startswith(typed) and kept != typed)


@given(st.text(min_size=1, max_size=30))
def test_every_name_is_found_as_it_is_written(name: str) -> None:
    asked = asked_for(name)
    assert bool(asked) is (0 < len(words_of(name)) <= MOST_WORDS)
    for word in asked[0] if asked else []:
        assert word.exact & kept_of(name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Élodie O'Neill", "o neill"),
        ("Élodie O'Neill", "oneill elodie"),
        ("Jan van der Berg", "Vanderberg"),
        ("Jan Vanderberg", "van der Berg"),
        ("Smith-Jones", "smithjones"),
        ("Smith-Jones", "jones smith"),
        ("Łukasz Żak", "lukasz zak"),
        ("Straße Groß", "STRASSE"),
        ("Ольга Йова", "иова"),
    ],
)
def test_words_are_found_however_they_are_parted_and_accented(name: str, typed: str) -> None:
    assert found(name, typed)


@pytest.mark.parametrize("typed", ["", "  ", "%", "'", "-", "a b c d e f g h i"])
def test_what_has_no_letter_or_too_many_words_asks_for_nothing(typed: str) -> None:
    assert asked_for(typed) == []


@pytest.mark.parametrize(("name", "typed"), [("Wren Sample", "wren nobody"), ("Ng", "Nguyen"), ("Li", "Smith")])
def test_every_word_must_be_found(name: str, typed: str) -> None:
    assert not found(name, typed)


def found(name: str, typed: str) -> bool:
    keys = kept_of(name)
    return any(all(word.all & keys for word in reading) for reading in asked_for(typed))

"""Finding a name that is nearly spelled: what is kept of each word of it, and what is asked for each word typed.

Two words are one letter apart where one has a letter more, a letter less, another letter in one place, or two
neighbours changed round. With a deleted letter goes its place, so that what is kept and what is asked meet where the
words are that near, and nowhere else: no name is read to find one, and asking costs the same however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from victimcare.domain.victim import as_searched

SHORTEST_BEGINNING = 3
MOST_WORDS = 8
_MOST_JOINED = 4
EXACT, BEGINS, NEAR = 0, 1, 2
"""How far a word is from what was typed; the sum over the words orders what is found."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for one word that was typed: keys as of `kept_of`. What matches `exact` is as it was typed."""

    exact: frozenset[str]
    begins: frozenset[str]
    near: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every key that is asked for."""
        return self.exact | self.begins | self.near


def words_of(name: str) -> list[str]:
    """The words of a name as they are searched: no capitals, accents, apostrophes or hyphens."""
    return re.findall(r"[^\W_]+", as_searched(name))


def kept_of(name: str) -> frozenset[str]:
    """What is kept of a name so that it is found by any of its words, and by neighbours written as one word."""
    words = words_of(name)
    runs = ("".join(words[first:last]) for first in range(len(words)) for last in range(first + 2, len(words) + 1))
    of_words = (key for word in words for key in _kept_of_word(word))
    return frozenset((*of_words, *(f"+{run}" for run in runs), f"@{' '.join(words)}"))


def asked_for(typed: str) -> list[list[Asked]]:
    """Each way to read what was typed, as a list of words of which every one must be found; none for no letter at all.

    Neighbours may be one word that somebody parted: "O Neill". More than `MOST_WORDS` words are no name.
    """
    words = words_of(typed)
    if not words or len(words) > MOST_WORDS:
        return []
    readings = [words]
    if len(words) <= _MOST_JOINED:
        readings += [reading for reading in _joined(words) if reading != words]
    known = set(words)
    return [[_asked_for_word(word, joined=word not in known) for word in reading] for reading in readings]


def whole_name(typed: str) -> str:
    """The key that is kept of a name as a whole."""
    return f"@{' '.join(words_of(typed))}"


def _kept_of_word(word: str) -> Iterator[str]:
    yield f"={word}"
    if len(word) > 1:
        yield from (f"{place}-{shorter}" for place, shorter in _without_one(word))
    yield from (f"^{word[:length]}" for length in range(SHORTEST_BEGINNING, len(word)))


def _asked_for_word(word: str, *, joined: bool) -> Asked:
    if joined:
        return Asked(frozenset(), frozenset(), frozenset({f"={word}"}))
    begins = frozenset({f"^{word}"} if len(word) >= SHORTEST_BEGINNING else ())
    near = {f"+{word}"}
    if len(word) > 1:
        near |= {f"={shorter}" for _, shorter in _without_one(word)}
        near |= {f"{place}-{shorter}" for place, shorter in _without_one(word)}
        near |= {f"{place}-{word}" for place in range(len(word) + 1)}
        near |= {f"={swapped}" for swapped in _swapped(word)}
    exact = frozenset({f"={word}"})
    return Asked(exact, begins, frozenset(near) - exact - begins)


def _without_one(word: str) -> Iterator[tuple[int, str]]:
    """The word without the letter at each place, with that place."""
    for place in range(len(word)):
        yield place, word[:place] + word[place + 1 :]


def _swapped(word: str) -> Iterator[str]:
    for place, (one, other) in enumerate(pairwise(word)):
        yield word[:place] + other + one + word[place + 2 :]


def _joined(words: list[str]) -> Iterator[list[str]]:
    """Every way to write neighbours as one word."""
    if len(words) == 1:
        yield list(words)
        return
    for rest in _joined(words[1:]):
        yield [words[0], *rest]
        yield [words[0] + rest[0], *rest[1:]]

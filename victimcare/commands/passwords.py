"""What a new password must be (OWASP ASVS 5.0, 6.2): long, and none of those that are guessed first.

Nothing else: no kinds of characters, no change after a time. It is taken exactly as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

SHORTEST = 15
"""Characters (6.2.1 advises 15; as many stand even where a password is all that there is)."""
LONGEST = 1000
_GUESSED_FIRST = 10
"""A password that is among the first 10 to the power of this is refused."""
_LOOKED_AT = 72
"""Characters: judging takes longer with the square of the length, and so many decide."""

HASHER = PasswordHash((Argon2Hasher(),))


def check_new_password(password: str, *, about: Sequence[str]) -> None:
    """Raise `PasswordTooShort` or `PasswordGuessable`.

    `about` are names that guessers try first: of the force, of the person. Guesses are estimated from 30,000 passwords
    that were used elsewhere and became known, alone and put together, from words, repetitions and rows of keys.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort
    words = ["victimcare", *(word for text in about for word in re.split(r"[^\w]+", text.lower()) if len(word) > 2)]
    without_separators = re.sub(r"[\W_]+", "", password)
    for guessed in filter(None, (password, without_separators)):
        if zxcvbn(guessed[:_LOOKED_AT], user_inputs=words)["guesses_log10"] < _GUESSED_FIRST:
            raise PasswordGuessable


class PasswordRefused(ValueError):
    """It cannot be anybody's password."""


class PasswordTooShort(PasswordRefused):
    """Too easily guessed by trying all."""

    def __init__(self) -> None:
        super().__init__(f"the password must have at least {SHORTEST} characters")


class PasswordGuessable(PasswordRefused):
    """One of those that are tried first."""

    def __init__(self) -> None:
        super().__init__(
            "this password is one of those that are guessed first: "
            "three or four words that have nothing to do with each other are better"
        )

"""A key made of a passphrase, slowly, so that guessing costs (scrypt, RFC 7914: 128 MB and half a second a guess)."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from victimcare.commands.passwords import PasswordRefused, check_new_password
from victimcare.store.key_file import KEY_BYTES

_COST, _BLOCKS, _LANES = 2**17, 8, 1


def key_of(passphrase: str) -> Callable[[bytes], bytes]:
    """What makes the key of a file's salt: the passphrase in UTF-8, as it was typed."""

    def key(salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=KEY_BYTES, n=_COST, r=_BLOCKS, p=_LANES).derive(passphrase.encode())

    return key


def check_passphrase(passphrase: str) -> None:
    """Raise `BadPassphrase` for one that is short, or among those that are guessed first."""
    try:
        check_new_password(passphrase, about=())
    except PasswordRefused as refused:
        raise BadPassphrase(refused) from None


class BadPassphrase(ValueError):
    """With it anybody could open the file."""

    def __init__(self, why: PasswordRefused) -> None:
        super().__init__(f"{why}: what it protects is all there is. Nothing was written")

"""What a row that counts up is called outside: a name from which nobody learns how many there are, or what the next is.

The table and the number in one block of AES, under keys derived from the vault's: the same row has the same name in
every process, nothing is stored for it, and the name of a row of one table is none of another's. While a key is changed
for another the names of both are known; of those made with a key that is no longer given, none is.
"""

from __future__ import annotations

import re
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from victimcare.store.vault import Vault

_HALF = 8
_NAME = re.compile(r"[0-9a-f]{32}")


class RowNames:
    """Names rows with what is derived from the vault's first key, and knows those named with any of its keys."""

    def __init__(self, vault: Vault) -> None:
        # A block by itself, of which no two are alike: what chains blocks would hide nothing more.
        self._ciphers = [Cipher(AES(key), ECB()) for key in vault.derived(b"names of rows")]  # noqa: S305

    def name(self, table: str, number: int) -> str:
        """The name of the row of this number: 32 hexadecimal digits."""
        return self._ciphers[0].encryptor().update(_mark(table) + number.to_bytes(_HALF)).hex()

    def number(self, table: str, name: str) -> int:
        """The number of the row of this table that is called so. Raises `NamesNothing`."""
        if _NAME.fullmatch(name):
            for cipher in self._ciphers:
                block = cipher.decryptor().update(bytes.fromhex(name))
                if block[:_HALF] == _mark(table):
                    return int.from_bytes(block[_HALF:])
        raise NamesNothing(table)


def _mark(table: str) -> bytes:
    """What tells the rows of one table from those of all others, and a name from what somebody made up."""
    return sha256(table.encode()).digest()[:_HALF]


class NamesNothing(LookupError):
    """No row of the table is called so."""

    def __init__(self, table: str) -> None:
        super().__init__(f"no row of {table} is called so")

"""The vault: where a victim can be reached, sealed so that the database alone tells nobody.

AES-GCM, with the row's id bound in: a sealed value copied to another row does not open there. What must be compared
without being opened has a keyed hash beside it (HMAC-SHA256, with a key of its own derived from the vault's).
What is sealed begins with the name of its key: while a key is changed for another, both open (`store/rotating.py`).
`store/contact_points.py` and `store/notes.py` keep what is sealed here.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from victimcare.store.key_file import KEY_BYTES, fingerprint, keys_given, keys_in

_NONCE_BYTES = 12
LABEL_BYTES = 8


class Vault:
    """Seals with one key, opens with it and with `former` ones, and hashes with one that is derived.

    `hashes`: the fingerprint of the key from which that is; the oldest, if it is not said.
    """

    def __init__(self, key: bytes, *former: bytes, hashes: str = "") -> None:
        self._keys = {fingerprint(each): each for each in (key, *former)}
        self.fingerprints = tuple(self._keys)
        self.fingerprint = self.fingerprints[0]
        self.label = _label(self.fingerprint)
        self._ciphers = {_label(name): AESGCM(each) for name, each in self._keys.items()}
        hashing = self._keys.get(hashes) or list(self._keys.values())[-1]
        self._hash_key = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"contact hash").derive(hashing)

    def derived(self, use: bytes) -> list[bytes]:
        """A key for this use alone from each of its keys, in their order."""
        return [HKDF(SHA256(), length=KEY_BYTES, salt=None, info=use).derive(each) for each in self._keys.values()]

    def hashing_with(self, name: str) -> Vault:
        """The same, hashing with what is derived from the key of this fingerprint."""
        return Vault(*self._keys.values(), hashes=name)

    def seal(self, words: str, *, row_id: str) -> bytes:
        """The words, readable only with the key and only in the row of this id; the key's `label` first."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self.label + nonce + self._ciphers[self.label].encrypt(nonce, words.encode(), row_id.encode())

    def open(self, sealed: bytes, *, row_id: str) -> str:
        """What was sealed in the row of this id. Raises `DoesNotOpen`."""
        for cipher, rest in self._ways_to_open(sealed):
            try:
                return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], row_id.encode()).decode()
            except (InvalidTag, ValueError):
                continue
        raise DoesNotOpen(row_id)

    def _ways_to_open(self, sealed: bytes) -> Iterator[tuple[AESGCM, bytes]]:
        """With the key that it names; else it was sealed before keys were named, and it may be any."""
        if named := self._ciphers.get(sealed[:LABEL_BYTES]):
            yield named, sealed[LABEL_BYTES:]
        for cipher in self._ciphers.values():
            yield cipher, sealed

    def hash(self, words: str) -> str:
        """The same for the same words, and without the key it tells nothing of them: 64 hexadecimal digits."""
        return hmac.digest(self._hash_key, words.encode(), "sha256").hex()


def _label(name: str) -> bytes:
    return bytes.fromhex(name)


def vault_of(*, key: str | None, key_file: Path) -> Vault:
    """The vault with the key given (32 bytes in URL-safe base64), else with that of a file, made if there is none.

    Former keys may follow, after a comma or on further lines. Raises `BadKey`, `KeyLiesOpen`.
    """
    return Vault(*(keys_given(key, "VICTIMCARE_VAULT_KEY") if key else keys_in(key_file)))


def kept_vault(*, key: str | None, key_file: Path) -> Vault:
    """The vault with the key given, else with that of a file, which must be there: what is sealed waits for it.

    Raises `NoVaultKey`, `BadKey`, `KeyLiesOpen`.
    """
    if not key and not key_file.is_file():
        raise NoVaultKey(str(key_file))
    return vault_of(key=key, key_file=key_file)


class DoesNotOpen(ValueError):
    """Sealed with another key, in another row, or changed since."""

    def __init__(self, row_id: str) -> None:
        self.row_id = row_id
        super().__init__(f"what is sealed as {row_id} does not open with this key: is it the key it was sealed with?")


class NoVaultKey(LookupError):
    """There is no key where one is needed, and none may be made."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "words about people are sealed, or are to be sealed now, and the key of the vault is not there: put it "
            f"back at {where}, or into VICTIMCARE_VAULT_KEY, and start again; nothing was changed"
        )

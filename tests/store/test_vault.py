"""What is sealed opens with the same key in the same row, and nowhere else."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from victimcare.store.key_file import BadKey
from victimcare.store.vault import DoesNotOpen, Vault, vault_of

KEY, ANOTHER = b"k" * 32, b"a" * 32
NUMBER = "07700 900123"


def test_what_is_sealed_can_be_opened() -> None:
    vault = Vault(KEY)
    assert vault.open(vault.seal(NUMBER, row_id="1"), row_id="1") == NUMBER


def test_the_same_words_are_never_sealed_the_same() -> None:
    sealed = {Vault(KEY).seal(NUMBER, row_id="1") for _ in range(10)}
    assert len(sealed) == 10
    assert all(b"900123" not in each for each in sealed)


def test_a_value_copied_to_another_row_does_not_open_there() -> None:
    sealed = Vault(KEY).seal(NUMBER, row_id="1")
    with pytest.raises(DoesNotOpen, match="what is sealed as 2 does not open with this key"):
        Vault(KEY).open(sealed, row_id="2")


@pytest.mark.parametrize("spoil", [lambda sealed: sealed[:-1], lambda sealed: sealed[:-1] + b"!", lambda _: b""])
def test_a_value_that_was_changed_does_not_open(spoil: object) -> None:
    sealed = Vault(KEY).seal(NUMBER, row_id="1")
    with pytest.raises(DoesNotOpen):
        Vault(KEY).open(spoil(sealed), row_id="1")  # type: ignore[operator]


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(DoesNotOpen):
        Vault(ANOTHER).open(Vault(KEY).seal(NUMBER, row_id="1"), row_id="1")


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vault.key"
    sealed = vault_of(key=None, key_file=file).seal(NUMBER, row_id="1")
    assert file.stat().st_mode & 0o777 == 0o600
    assert vault_of(key=None, key_file=file).open(sealed, row_id="1") == NUMBER


def test_a_key_that_is_given_needs_no_file(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    sealed = vault_of(key=urlsafe_b64encode(KEY).decode(), key_file=file).seal(NUMBER, row_id="1")
    assert Vault(KEY).open(sealed, row_id="1") == NUMBER
    assert not file.exists()


@pytest.mark.parametrize("key", ["short", "!" * 44, urlsafe_b64encode(b"k" * 31).decode()])
def test_what_is_no_key_is_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(BadKey, match="VICTIMCARE_VAULT_KEY must hold 32 bytes in URL-safe base64"):
        vault_of(key=key, key_file=tmp_path / "vault.key")


def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    file.write_text("")
    file.chmod(0o600)
    with pytest.raises(BadKey, match=r"vault\.key must hold 32 bytes"):
        vault_of(key=None, key_file=file)

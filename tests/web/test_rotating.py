"""The vault's key is changed for another: every word opens as before, with the new key alone, and can be looked for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.web.casework import Casework
from tests.web.planted import MARKUP
from tests.web.planted_everywhere import Words, plant_everywhere, sealed_in
from tests.web.site import Site
from victimcare.store import contact_points, victim_names
from victimcare.store.rotating import NothingOpens, check_opens, rotate, vault_for
from victimcare.store.sealed_rows import lost, sealed_columns
from victimcare.store.vault import Vault

OLD, NEW = bytes(32), b"n" * 32
BOTH = Vault(NEW, OLD)


@pytest.fixture
def planted(site: Site) -> Casework:
    return plant_everywhere(site)


def words(planted: Casework, vault: Vault) -> Words:
    return sealed_in(planted.site.database, vault)


def turn(planted: Casework, **given: Any) -> Any:
    how = {"now": planted.site.clock.now, "progress": lambda _done, _of: None} | given
    return rotate(planted.site.database, BOTH, **how)


def scalars(planted: Casework, statement: Any) -> list[Any]:
    with planted.site.database.reading() as connection:
        return list(connection.execute(statement).scalars())


def test_every_sealed_word_opens_as_before_with_the_new_key_alone(planted: Casework) -> None:
    before = words(planted, Vault(OLD))
    assert {name for name, _ in before} == {sealed.name for sealed in sealed_columns()}, "every kind of words is there"
    assert None not in before.values()
    done = turn(planted)
    assert (done.resealed, done.lost, done.recovery_codes) == (len(before), {}, 2)
    assert words(planted, Vault(NEW)) == before
    assert set(words(planted, Vault(OLD)).values()) == {None}
    assert turn(planted).resealed == 0, "again, it changes nothing"


def test_interrupted_both_keys_open_and_run_again_it_is_finished(
    planted: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("victimcare.store.rotating.BATCH", 1)
    before = words(planted, Vault(OLD))

    def stop(done: int, of: int) -> None:
        assert of == len(before)
        if done == of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        turn(planted, progress=stop)
    half = words(planted, Vault(NEW))
    assert 0 < list(half.values()).count(None) < len(before)
    assert words(planted, BOTH) == before
    assert vault_for(planted.site.database, BOTH).hash("x") == Vault(OLD).hash("x"), "what is hashed is still the old"
    turn(planted)
    assert words(planted, Vault(NEW)) == before


def test_names_and_numbers_are_found_by_what_they_are_hashed_as_now(planted: Casework) -> None:
    hashes, keys = contact_points.HASHES, victim_names.KEYS
    before = [len(scalars(planted, select(each))) for each in (hashes.c.hash, keys.c.key)]
    names = ("Canaryformername" + "A", f"Canaryname{'A'} {MARKUP}")
    old = [scalars(planted, victim_names.called(name, Vault(OLD))) for name in names]
    assert all(old), "the name of now, and the one that was corrected"
    turn(planted)
    vault = vault_for(planted.site.database, BOTH)
    assert [scalars(planted, victim_names.called(name, vault)) for name in names] == old
    assert [scalars(planted, victim_names.called(name, Vault(OLD))) for name in names] == [[], []]
    assert [len(scalars(planted, select(each))) for each in (hashes.c.hash, keys.c.key)] == before


def test_what_is_kept_for_ever_is_kept_for_ever_afterwards(planted: Casework) -> None:
    turn(planted)
    for table in ("case_note", "identity_correction"):
        with pytest.raises(DBAPIError, match="kept for ever"), planted.site.database.writing() as connection:
            connection.execute(text(f"UPDATE {table} SET contains_location = contains_location"))


def test_what_no_key_opens_is_left_as_it_is_and_counted(planted: Casework) -> None:
    with planted.site.database.writing() as connection:
        values = {"sealed_why": Vault(b"l" * 32).seal("lost", row_id="x")}
        connection.execute(text("UPDATE assignment SET sealed_why = :sealed_why"), values)
    done = turn(planted)
    assert list(done.lost) == ["assignment"]
    with planted.site.database.reading() as connection:
        assert lost(connection, Vault(NEW)) == done.lost


def test_a_key_that_opens_nothing_is_told_from_one_that_opens(planted: Casework) -> None:
    check_opens(planted.site.database, BOTH)
    with pytest.raises(NothingOpens, match="nothing was changed"):
        check_opens(planted.site.database, Vault(b"x" * 32))


def test_it_is_written_into_the_audit(planted: Casework) -> None:
    turn(planted)
    assert ("alteration", "rotate vault key", "system", "done") in planted.site.audit()

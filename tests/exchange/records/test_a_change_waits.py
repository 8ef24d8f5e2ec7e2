"""An event that is here and now names a suspect who has not come: what stands stays, and the change waits for them."""

from sqlalchemy import text

from tests.exchange.records.said import Records, Said, arrest, contact, crime, suspect, victim
from tests.force import VAULT
from tests.store.test_erasing import erase
from victimcare.editions.law import published_law
from victimcare.store.rotating import rotate, vault_for
from victimcare.store.vault import Vault

OTHER = suspect("S2", label="Suspect 2")
CHANGED = arrest(version=2, suspect="S2", happened_at="2026-05-21")


def here(records: Records) -> list[tuple[str, str]]:
    """Whom the arrest is about, and when it was, as it stands."""
    chains = records.stored().case.journey.chains().values()
    arrests = [chain.current for chain in chains if chain.root.kind == "suspect_arrested"]
    return [(str(one.subject), str(one.happened.on)) for one in arrests]


def test_the_change_waits_for_the_suspect_and_is_made_when_they_come(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    report = records.take(CHANGED)
    [side] = report.reconciliation.sides
    assert (report.fates["event"], side.waiting, report.is_whole) == ({"waiting": 1}, 1, True)
    assert here(records) == [("Suspect 1", "2026-05-20")]
    joined = records.take(OTHER)
    assert joined.is_whole
    assert here(records) == [("Suspect 2", "2026-05-21")]
    assert records.rows("SELECT source_id, version FROM source_record WHERE kind = 'event'") == [("E1", 2)]
    assert records.take(CHANGED).fates["event"] == {"unchanged": 1}


def test_all_in_one_run_and_in_any_order_it_ends_the_same(records: Records) -> None:
    records.take(CHANGED, arrest(), OTHER, victim(), suspect(), crime())
    assert here(records) == [("Suspect 2", "2026-05-21")]


def test_a_newer_version_takes_the_place_of_one_that_waits(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    records.take(CHANGED)
    again = records.take(arrest(version=3, happened_at="2026-05-22"))
    assert (again.is_whole, here(records)) == (True, [("Suspect 1", "2026-05-22")])
    records.take(OTHER)
    assert here(records) == [("Suspect 1", "2026-05-22")]


def test_an_older_one_that_waits_too_changes_nothing(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    records.take(arrest(version=3, suspect="S2", happened_at="2026-05-23"))
    assert records.take(CHANGED).fates["event"] == {"older": 1}
    records.take(OTHER)
    assert here(records) == [("Suspect 2", "2026-05-23")]


def test_the_same_version_that_says_something_else_is_refused_while_it_waits_too(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    records.take(CHANGED)
    records.take(arrest(version=2, suspect="S2", happened_at="2026-05-23"))
    assert [field for _, field, _ in records.rejects()] == ["version"]


def test_an_event_of_another_kind_does_not_wait(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    other: Said = {**CHANGED, "event": "suspect_released_no_conditions"}
    records.take(other)
    assert [line for line, _, _ in records.rejects()] == ["1"]
    assert records.rows("SELECT count(*) FROM source_record WHERE state = 'waiting'") == [(0,)]


def test_what_waits_is_sealed_and_goes_with_the_case(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest(), contact())
    records.take(CHANGED)
    both = Vault(b"n" * 32, bytes(32))
    rotate(records.database, both, now=records.stored().case.journey.events[0].recorded_at, progress=lambda *_: None)
    assert vault_for(records.database, Vault(b"n" * 32)) is not VAULT
    [(case_id,)] = records.rows("SELECT id FROM victim_case")
    with records.database.writing() as connection:
        erase(connection, case_id, published_law())
        left = connection.execute(text("SELECT kind, state FROM source_record ORDER BY kind")).all()
    assert [tuple(row) for row in left] == [("crime", "disposed"), ("victim", "disposed")]

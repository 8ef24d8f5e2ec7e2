"""What an import would do: new, changed with the deadlines that move, refused; and nothing is stored."""

from datetime import date

import pytest

from tests.exchange.records.said import (
    NOW,
    Records,
    arrest,
    contact,
    crime,
    lines,
    officer,
    suspect,
    victim,
    vps,
)
from tests.force import VAULT
from tests.stored import Stored
from victimcare.editions.law import published_law
from victimcare.exchange.records.preview import Preview, preview_records


def preview(records: Records, *said: dict[str, object]) -> Preview:
    file = lines(records.folder / "next.jsonl", *said)
    return preview_records(records.database, [file], law=published_law(), vault=VAULT, now=NOW)


def test_it_says_which_deadlines_move_and_from_what_day_to_what_day_and_stores_nothing(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    stored = Stored(records.database)
    found = preview(
        records,
        arrest(version=2, happened_at="2026-05-15"),
        vps(version=2),
        victim(version=2, name="Wren Right"),
        victim("V2"),
        contact(victim="V2"),
        contact("K2", victim="V99"),
        arrest("E7", happened_at="2030-01-01"),
        {**arrest("E8"), "canary": 1},
        crime(),
    )
    assert stored.changed() == {}
    stored.close()
    assert {kind: dict(fates) for kind, fates in found.fates.items()} == {
        "event": {"changed": 1, "new": 1},
        "victim": {"changed": 1, "new": 1},
        "contact": {"new": 1, "waiting": 1},
        "crime": {"unchanged": 1},
    }
    [moved] = [one for one in found.moved if one.rule == "R6-ARR"]
    assert (moved.source_id, moved.case, moved.move) == ("E1", records.ref(), "earlier")
    assert (moved.due_before, moved.due_after) == (date(2026, 5, 28), date(2026, 5, 22))
    assert [(one.line, one.field) for one in found.refused] == [(8, ""), (7, "happened")]


def test_what_it_says_is_what_then_happens(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    changes = [arrest(version=2, happened_at="2026-05-15"), arrest("E5", happened_at="2026-05-26")]
    said = {(one.rule, one.due_after) for one in preview(records, *changes).moved}
    before = set(records.rows("SELECT rule, due_on FROM due"))
    records.take(*changes)
    after = set(records.rows("SELECT rule, due_on FROM due"))
    assert {(rule, str(due_on)) for rule, due_on in after - before} == {(rule, str(due)) for rule, due in said}


def refused_by_either(records: Records, said: dict[str, object]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    found = [(one.field, one.why) for one in preview(records, said).refused]
    records.take(said)
    return found, [(field, why.strip('"')) for _, field, why in records.rejects()]


@pytest.mark.parametrize(
    "said",
    [
        contact(reached=False, channel="email", voicemail=True),
        crime(version=2, crime_type="Robbery"),
        crime("C5", recorded_at="2027-01-01T10:00:00Z", reported_at="2027-01-01T10:00:00Z"),
        crime("C6", area="Mars"),
        officer("O9", team="Nowhere"),
        suspect("S2"),
        victim(version=2, crime="C2"),
        victim(version=2, crime="C9"),
        victim("V9", phone="x@y"),
        victim("V9", born_on="2090-01-01"),
    ],
    ids=str,
)
def test_it_refuses_what_the_import_refuses_and_says_the_same(records: Records, said: dict[str, object]) -> None:
    records.take(crime(), crime("C2"), suspect(), victim())
    by_preview, by_import = refused_by_either(records, said)
    assert len(by_import) == 1
    assert by_preview == by_import

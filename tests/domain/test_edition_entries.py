"""What an edition says, entry by entry: all of it, each once, and what is not verified says so."""

from dataclasses import replace

import pytest

from victimcare.domain.code import VictimsCode
from victimcare.domain.edition_entries import EntryKind, UnknownEntry, entries_of, entry_of
from victimcare.domain.evidence import Evidence
from victimcare.editions.loader import published_code

EDITION = published_code().latest
ENTRIES = entries_of(EDITION)


def test_every_rule_deadline_duty_basis_and_criterion_is_an_entry_and_each_has_an_id_of_its_own() -> None:
    criteria = sum(len(ground.criteria) for ground in EDITION.grounds)
    said = (EDITION.rules, EDITION.own_deadlines, EDITION.untimed, EDITION.victim_bases)
    assert len(ENTRIES) == sum(map(len, said)) + criteria
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    assert {entry.kind for entry in ENTRIES} == set(EntryKind)


def test_every_time_limit_of_a_rule_and_every_start_of_its_clock_is_a_part_with_its_own_evidence() -> None:
    for rule in EDITION.rules:
        entry = entry_of(published_code(), EDITION.id, rule.id)
        limits = [part for part in entry.parts if part.says.startswith("Limit, ") or part.says.startswith("Limit: ")]
        assert sorted(part.evidence for part in limits) == sorted(limit.evidence for limit in rule.limits.values())
        assert sum("clock starts" in part.says for part in entry.parts) == 1 + len(rule.also_starts_on)
        assert entry.source == rule.source


def test_an_entry_is_verified_only_if_all_of_it_is() -> None:
    for entry in ENTRIES:
        assert entry.verified is all(part.evidence in (Evidence.QUOTED, Evidence.SUMMARY) for part in entry.parts)
    weak = {rule.id for rule in EDITION.rules if not rule.verified}
    assert weak
    assert weak <= {entry.id for entry in ENTRIES if not entry.verified}


def test_whatever_changes_in_an_entry_changes_its_mark() -> None:
    entry = entry_of(published_code(), EDITION.id, "R6-ARR")
    assert entry.source
    weaker = tuple(replace(part, evidence=Evidence.RECALLED) for part in entry.parts)
    others = [
        replace(entry, says="Something else"),
        replace(entry, title="Something else"),
        replace(entry, parts=weaker),
        replace(entry, source=replace(entry.source, cites="paragraph 1")),
    ]
    assert entry.mark not in {other.mark for other in others}
    assert entry.mark == entry_of(published_code(), EDITION.id, "R6-ARR").mark


@pytest.mark.parametrize(("edition", "entry"), [("2021-04-01", "R99"), ("1999-01-01", "R6-ARR")])
def test_what_no_edition_says_is_no_entry(edition: str, entry: str) -> None:
    with pytest.raises(UnknownEntry, match=f"no entry {entry} in an edition {edition}"):
        entry_of(VictimsCode((EDITION,)), edition, entry)

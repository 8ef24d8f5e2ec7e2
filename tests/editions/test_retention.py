"""The rules on how long cases are kept: from their file, shown as a policy, and a bad file is refused."""

import re
from pathlib import Path

import pytest

from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.editions.reading import BadEdition
from victimcare.editions.retention import PUBLISHED_RETENTION, load_retention, published_retention


def test_every_closed_or_void_case_has_a_rule_and_none_is_shipped_as_law() -> None:
    policy = published_retention()
    for status in ("closed", "void"):
        assert all(policy.rule_of(status=status, crime_type=crime_type) for crime_type in CRIME_TYPES)
    assert policy.rule_of(status="open", crime_type="Burglary") is None
    assert not any(rule.verified for rule in policy.rules)
    assert all("Policy of the force, to be confirmed" in rule.source for rule in policy.rules)


def test_a_run_may_find_fifty_or_half_a_percent_whichever_is_less() -> None:
    policy = published_retention()
    assert [policy.cap(cases) for cases in (0, 150, 1_000, 10_000, 200_000)] == [1, 1, 5, 50, 50]


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("years = 10", "years = 1000", "rule KEEP-SERIOUS: years: it must be 120 or less"),
        ("years = 10", "years = 0", "rule KEEP-SERIOUS: years: it must be a whole number, 1 or more"),
        ("years = 10", "", "rule KEEP-SERIOUS: years: it is missing"),
        ("years = 10", "yeers = 10", "rule KEEP-SERIOUS: years: it is missing"),
        ('trigger = "case_ended"', 'trigger = "case_ender"', "rule KEEP-VOID: trigger: there is no trigger"),
        ('status = "void"', 'status = "open"', "rule KEEP-VOID: status: there is no status 'open'"),
        ('id = "KEEP-OTHER"', 'id = "KEEP-SERIOUS"', "rule KEEP-SERIOUS: id: another rule has it"),
        ('"Robbery"', '"Robberi"', "rule KEEP-SERIOUS: crime_types: there is no type of crime 'Robberi'"),
        (
            'status = "void"',
            'status = "closed"',
            "rule KEEP-VOID: crime_types: KEEP-OTHER is for every other type of crime",
        ),
        ("most = 50", "most = 5000", "run.most: it must be 500 or less"),
        ("share_percent = 0.5", "share_percent = 50", "run.share_percent: it must be a number above 0, 5 or less"),
        ("undo_days = 30", "undo_days = 3", "disposal.undo_days: it must be a whole number, 30 or more"),
        ("undo_days = 30", "undo_days = 30\nsoon = true", "disposal.soon: an edition has no such field here"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_the_rule_and_the_field(
    tmp_path: Path, right: str, wrong: str, why: str
) -> None:
    text = PUBLISHED_RETENTION.read_text("utf-8")
    assert right in text
    file = tmp_path / "retention.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(f"retention.toml: {why}")):
        load_retention(file)

"""The force's rules on how long cases are kept, read from their file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.retention import RetentionPolicy, RetentionRule, Trigger
from victimcare.editions.reading import Table, read_document

PUBLISHED_RETENTION = Path(__file__).with_name("retention.toml")
MOST_YEARS = 120
MOST_AT_ONCE, MOST_PERCENT = 500, 5.0
_STATUSES = ("closed", "void")


@cache
def published_retention() -> RetentionPolicy:
    """The rules shipped with the program; read once. Raises `BadEdition`."""
    return load_retention(PUBLISHED_RETENTION)


def load_retention(path: Path) -> RetentionPolicy:
    """The rules in this file. Raises `BadEdition`, which names file, rule and field."""
    document = read_document(path)
    run, disposal = document.table("run"), document.table("disposal")
    policy = RetentionPolicy(
        rules=_rules(document),
        most=_at_most(run, "most", MOST_AT_ONCE),
        share=_percent(run) / 100,
        undo_days=disposal.number("undo_days", least=30),
        backups_days=disposal.number("backups_kept_days", least=1),
    )
    for table in (run, disposal, document):
        table.finish()
    return policy


def _rules(document: Table) -> tuple[RetentionRule, ...]:
    rules: list[RetentionRule] = []
    for entry in document.entries("rule"):
        rule = _rule(entry)
        for other in rules:
            _refuse_two_for_one(entry, rule, other)
        rules.append(rule)
    if not rules:
        raise document.bad("rule", "there must be one at least")
    return tuple(rules)


def _rule(entry: Table) -> RetentionRule:
    rule = RetentionRule(
        id=entry.text("id"),
        title=entry.text("title"),
        group=entry.text("group"),
        status=entry.one_of("status", _STATUSES, "status"),
        crime_types=_crime_types(entry),
        trigger=entry.code("trigger", Trigger, "trigger"),
        years=_at_most(entry, "years", MOST_YEARS),
        source=entry.text("source"),
        verified=entry.flag("verified"),
    )
    entry.finish()
    return rule


def _crime_types(entry: Table) -> frozenset[str]:
    if not entry.has("crime_types"):
        return frozenset()
    value = entry.value("crime_types")
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise entry.bad("crime_types", "it must be a list of types of crime, or not be there")
    return frozenset(entry.known("crime_types", word, CRIME_TYPES, "type of crime") for word in value)


def _refuse_two_for_one(entry: Table, rule: RetentionRule, other: RetentionRule) -> None:
    """No case has two rules, of which one would be the shorter."""
    if rule.id == other.id:
        raise entry.bad("id", "another rule has it")
    if rule.status != other.status:
        return
    both = rule.crime_types & other.crime_types
    if both or not (rule.crime_types or other.crime_types):
        which = ", ".join(sorted(both)) or "every other type of crime"
        raise entry.bad("crime_types", f"{other.id} is for {which} too")


def _at_most(table: Table, field: str, most: int) -> int:
    value = table.number(field, least=1)
    if value > most:
        raise table.bad(field, f"it must be {most} or less")
    return value


def _percent(table: Table) -> float:
    value = table.value("share_percent")
    if type(value) not in (int, float) or not 0 < float(str(value)) <= MOST_PERCENT:
        raise table.bad("share_percent", f"it must be a number above 0, {MOST_PERCENT:g} or less")
    return float(str(value))

"""The force's escalation ladder, read from its file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from victimcare.domain.ladder import Ladder, NoticeHours, Step, Told
from victimcare.editions.loader import published_code
from victimcare.editions.reading import Table, read_document

PUBLISHED_LADDER = Path(__file__).with_name("escalation.toml")
LONGEST = 250
"""Working days: a year. A step further away is a slip of the finger."""


@cache
def published_ladder() -> Ladder:
    """The ladder shipped with the program; read once. Raises `BadEdition`."""
    return load_ladder(PUBLISHED_LADDER)


def ladder_of(path: Path | None, *, small_numbers_below: int) -> Ladder:
    """The ladder of an installation: that of its own file, if it has one. Raises `BadEdition`."""
    ladder = load_ladder(path) if path else published_ladder()
    return replace(ladder, small_numbers_below=small_numbers_below)


def load_ladder(path: Path) -> Ladder:
    """The ladder in this file. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    everything = document.table("everything")
    of_right: dict[int, tuple[Step, ...]] = {}
    of_rule: dict[str, tuple[Step, ...]] = {}
    for ladder in document.tables("ladder"):
        _read_own(ladder, of_right, of_rule)
    read = Ladder(
        hours=NoticeHours(*document.hours("hours")),
        of_all=_steps(everything),
        of_right=of_right,
        of_rule=of_rule,
        listed_after=_listed_after(document),
    )
    for table in (everything, document):
        table.finish()
    return read


def _read_own(ladder: Table, of_right: dict[int, tuple[Step, ...]], of_rule: dict[str, tuple[Step, ...]]) -> None:
    """The steps of some rules or of some rights."""
    if ladder.has("rules") == ladder.has("rights"):
        raise ladder.bad("", "it must say which rules, or which rights, its steps are for, and not both")
    steps = _steps(ladder)
    editions = published_code().editions
    if ladder.has("rules"):
        rules = sorted({rule.id for edition in editions for rule in edition.rules})
        for word in _listed(ladder, "rules", str, "ids of rules"):
            rule = ladder.known("rules", str(word), rules, "rule")
            if rule in of_rule:
                raise ladder.bad("rules", f"{rule} has steps already")
            of_rule[rule] = steps
    else:
        rights = {rule.right for edition in editions for rule in edition.rules}
        for right in _listed(ladder, "rights", int, "numbers of rights"):
            if right not in rights:
                raise ladder.bad("rights", f"no rule is of right {right}")
            if right in of_right:
                raise ladder.bad("rights", f"right {right} has steps already")
            of_right[int(str(right))] = steps
    ladder.finish()


def _listed(table: Table, field: str, kind: type, what: str) -> list[object]:
    value = table.value(field)
    if not isinstance(value, list) or not value or not all(type(one) is kind for one in value):
        raise table.bad(field, f"it must be a list of {what}")
    return value


def _steps(table: Table) -> tuple[Step, ...]:
    steps = tuple(_step(step) for step in table.tables("steps"))
    if not steps:
        raise table.bad("steps", "there must be a step, or nobody is ever told")
    if list(steps) != sorted(steps, key=lambda step: step.at) or len({step.at for step in steps}) < len(steps):
        raise table.bad("steps", "each step must be later than the one before it")
    return steps


def _step(table: Table) -> Step:
    if table.has("before") == table.has("late"):
        raise table.bad("", "a step is so many working days before the day, or late: one of the two")
    field = "late" if table.has("late") else "before"
    days = table.number(field, least=1 if field == "late" else 0)
    if days > LONGEST:
        raise table.bad(field, f"it must be {LONGEST} working days at most")
    to = table.codes("to", Told, "person to tell")
    if not to:
        raise table.bad("to", "a step must tell somebody")
    step = Step(days if field == "late" else -days, tuple(one for one in Told if one in to), table.flag("urgent"))
    table.finish()
    return step


def _listed_after(document: Table) -> int | None:
    if not document.has("monthly_list"):
        return None
    listed = document.table("monthly_list")
    after = listed.number("working_days_late", least=1)
    if after > LONGEST:
        raise listed.bad("working_days_late", f"it must be {LONGEST} working days at most")
    listed.finish()
    return after

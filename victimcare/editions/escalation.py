"""The force's escalation ladder, read from its file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from victimcare.domain.code import Length, Unit
from victimcare.domain.ladder import Ladder, NoticeHours, Step, Told
from victimcare.domain.watches import Lengths, Watch
from victimcare.editions.force_policy import published_policy
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
        agencies_asked_at=_asked_at(document) if document.has("other_agencies") else (),
        watches=_watches(document) if document.has("watches") else published_ladder().watches,
    )
    for table in (everything, document):
        table.finish()
    return read


def _read_own(ladder: Table, of_right: dict[int, tuple[Step, ...]], of_rule: dict[str, tuple[Step, ...]]) -> None:
    """The steps of some rules or of some rights."""
    if [ladder.has(of) for of in ("rules", "rights", "watches")].count(True) != 1:
        raise ladder.bad("", "it must say which rules, rights or watches its steps are for, and one of these only")
    steps = _steps(ladder)
    editions = published_code().editions
    if not ladder.has("rights"):
        rules = sorted({rule.id for edition in editions for rule in edition.rules})
        of, known, noun = ("rules", rules, "rule") if ladder.has("rules") else ("watches", list(Watch), "watch")
        for word in _listed(ladder, of, str, f"ids of {of}"):
            rule = ladder.known(of, str(word), known, noun)
            if rule in of_rule:
                raise ladder.bad(of, f"{rule} has steps already")
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


def _watches(document: Table) -> Lengths:
    """How long each watch waits; of two of them the force's policy says so already."""
    table, policy = document.table("watches"), published_policy()
    elsewhere = {
        Watch.CONFIRMATION: Length(policy.confirmed_for, Unit.CALENDAR_DAYS),
        Watch.OFFICER_UNKNOWN: Length(policy.tell_of_officer_within, Unit.WORKING_DAYS),
    }
    own = {watch: _length(table.table(watch)) for watch in Watch if watch not in elsewhere and table.has(watch)}
    table.finish()
    return {**elsewhere, **own}


def _length(table: Table) -> Length:
    units = [unit for unit in _UNITS if table.has(unit)]
    if len(units) != 1:
        raise table.bad("", f"it must be so long, in one of {', '.join(_UNITS)}")
    unit, times = _UNITS[units[0]]
    length = Length(table.number(units[0], least=1) * times, unit)
    if length.amount > _LONGEST[unit]:
        raise table.bad(units[0], "it must be three years at most")
    table.finish()
    return length


def _asked_at(document: Table) -> tuple[int, ...]:
    table = document.table("other_agencies")
    field = "ask_when_working_days_late"
    days = [int(str(one)) for one in _listed(table, field, int, "numbers of working days")]
    if days != sorted(set(days)) or not 1 <= days[0] <= days[-1] <= LONGEST:
        raise table.bad(field, f"each must be later than the one before it, from 1 to {LONGEST} working days")
    table.finish()
    return tuple(days)


_UNITS = {
    "working_days": (Unit.WORKING_DAYS, 1),
    "calendar_days": (Unit.CALENDAR_DAYS, 1),
    "weeks": (Unit.CALENDAR_DAYS, 7),
    "months": (Unit.CALENDAR_MONTHS, 1),
}
_LONGEST = {Unit.WORKING_DAYS: 3 * LONGEST, Unit.CALENDAR_DAYS: 3 * 366, Unit.CALENDAR_MONTHS: 36}


def _listed_after(document: Table) -> int | None:
    if not document.has("monthly_list"):
        return None
    listed = document.table("monthly_list")
    after = listed.number("working_days_late", least=1)
    if after > LONGEST:
        raise listed.bad("working_days_late", f"it must be {LONGEST} working days at most")
    listed.finish()
    return after

"""Conditions of an edition file, checked against the details that its event kinds have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from victimcare.domain.conditions import Condition, Operator
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind
from victimcare.domain.journey import Value
from victimcare.editions.reading import Table

_TYPES: Mapping[DetailType, type] = {
    DetailType.CODE: str,
    DetailType.LABEL: str,
    DetailType.YES_NO: bool,
    DetailType.NUMBER: int,
    DetailType.DATE: date,
}


def condition_of(table: Table, kinds: frozenset[EventKind]) -> Condition:
    """The entry's `condition`; where it has none, the one that every event meets."""
    return read_condition(table.table("condition"), kinds) if table.has("condition") else Condition.always()


def read_condition(table: Table, kinds: frozenset[EventKind]) -> Condition:
    """The condition in this table, asked of events of `kinds`. Raises `BadEdition`."""
    given = [operator for operator in Operator if table.has(operator)]
    if len(given) != 1:
        raise table.bad("", f"it must have exactly one of {', '.join(Operator)}")
    operator = given[0]
    if operator in (Operator.ALL, Operator.ANY):
        parts = tuple(read_condition(part, kinds) for part in table.tables(operator))
        if not parts:
            raise table.bad(operator, "it is empty")
        condition = Condition(operator, parts=parts)
    else:
        detail = table.text("detail")
        condition = Condition(operator, detail=detail, values=_values(table, operator, detail, kinds))
    table.finish()
    return condition


def _values(table: Table, operator: Operator, name: str, kinds: frozenset[EventKind]) -> tuple[Value, ...]:
    given = table.value(operator)
    values = given if operator is Operator.IN and isinstance(given, list) else [given]
    for detail in details_of_all(table, "detail", name, kinds):
        if operator is Operator.AT_LEAST and detail.type is not DetailType.NUMBER:
            raise table.bad(operator, f"{name!r} is not a number")
        for value in values:
            _check_value(table, operator, value, detail)
    return tuple(values)


def _check_value(table: Table, operator: Operator, value: object, detail: Detail) -> None:
    if type(value) is not _TYPES[detail.type]:
        raise table.bad(operator, f"{detail.name!r} is a {detail.type.value}, which {value!r} is not")
    if detail.choices is not None:
        table.known(operator, str(value), detail.choices, f"{detail.name}")


def details_of_all(table: Table, field: str, name: str, kinds: frozenset[EventKind]) -> list[Detail]:
    """The detail of each kind; every one of them must have it, or the rule could never be decided for some."""
    for kind in sorted(kinds):
        if not details_named(name, {kind}):
            raise table.bad(field, f"{kind.value!r} has no detail {name!r}")
    return details_named(name, kinds)


def details_named(name: str, kinds: Iterable[EventKind]) -> list[Detail]:
    """The detail of that name of each kind that has it."""
    return [detail for kind in sorted(kinds) for detail in EVENT_KINDS[kind].details if detail.name == name]

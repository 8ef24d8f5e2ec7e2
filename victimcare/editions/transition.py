"""The `[transition]` of an edition file: what it does with duties that began before it (docs/the-code.md)."""

from __future__ import annotations

from datetime import date

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.transition import Fate, Transition
from victimcare.editions.reading import Table

_FATE = "fate of open duties"


def read_transition(table: Table) -> Transition:
    """The transition; `open_duties` has no default. Raises `BadEdition`."""
    of_rule: dict[str, Fate] = {}
    for entry in table.tables("rule"):
        rule = entry.text("id")
        if rule in of_rule:
            raise entry.bad("id", f"{rule} is there twice")
        of_rule[rule] = entry.code("open_duties", Fate, _FATE)
        entry.finish()
    begins: dict[str, date] = {}
    for entry in table.tables("begins"):
        rule = entry.text("rule")
        if rule in begins:
            raise entry.bad("rule", f"{rule} is there twice")
        begins[rule] = entry.day("started_since")
        entry.finish()
    transition = Transition(
        otherwise=table.code("open_duties", Fate, _FATE),
        of_rule=of_rule,
        begins=begins,
        no_longer_starts=table.codes("no_longer_starts", EventKind, "event kind"),
    )
    table.finish()
    return transition

"""Conditions of a rule on the typed details of an event: they answer yes, no or not yet known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from victimcare.domain.journey import Value


class Answer(Enum):
    """What a condition says of an event. Not yet known is shown to the officer and not counted."""

    YES = "yes"
    NO = "no"
    NOT_YET_KNOWN = "not yet known"


class Operator(StrEnum):
    """How a condition is put together: on all or any of its parts, or on one detail."""

    ALL = "all"
    ANY = "any"
    IS = "is"
    IN = "in"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Condition:
    """A yes-or-no question about an event's details; `Condition.always()` asks nothing."""

    operator: Operator
    parts: tuple[Condition, ...] = ()
    detail: str = ""
    values: tuple[Value, ...] = ()

    @classmethod
    def always(cls) -> Condition:
        """The condition that every event meets."""
        return _ALWAYS

    @property
    def detail_names(self) -> frozenset[str]:
        """Every detail that the condition looks at."""
        own = {self.detail} if self.detail else set()
        return frozenset(own.union(*(part.detail_names for part in self.parts)))

    def ask(self, details: Mapping[str, Value]) -> Answer:
        """Three-valued: a missing detail is not yet known, unless the answer stands without it."""
        if self is _ALWAYS:
            return _YES
        if self.operator in (Operator.ALL, Operator.ANY):
            return self._ask_parts([part.ask(details) for part in self.parts])
        value = details.get(self.detail)
        if value is None:
            return Answer.NOT_YET_KNOWN
        if self.operator is Operator.AT_LEAST:
            holds = int(str(value)) >= int(str(self.values[0]))
        else:
            holds = value in self.values
        return Answer.YES if holds else Answer.NO

    def _ask_parts(self, answers: list[Answer]) -> Answer:
        settles = Answer.NO if self.operator is Operator.ALL else Answer.YES
        if settles in answers:
            return settles
        if Answer.NOT_YET_KNOWN in answers:
            return Answer.NOT_YET_KNOWN
        return Answer.YES if settles is Answer.NO else Answer.NO


_ALWAYS, _YES = Condition(Operator.ALL), Answer.YES

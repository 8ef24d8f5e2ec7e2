"""Who counts as a victim, on which basis, and who is told of the case because of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from victimcare.domain.evidence import Evidence


class ToldAs(StrEnum):
    """As what somebody is told of a case."""

    VICTIM = "victim"
    GUARDIAN = "guardian"
    SPOKESPERSON = "spokesperson"
    NAMED_CONTACT = "named_contact"
    INTERPRETER = "interpreter"
    ADVOCATE = "advocate"
    SUPPORTER = "supporter"


TOLD_AS = {
    ToldAs.VICTIM: "The victim",
    ToldAs.GUARDIAN: "Parent or guardian",
    ToldAs.SPOKESPERSON: "Family spokesperson",
    ToldAs.NAMED_CONTACT: "Named contact of the business",
    ToldAs.INTERPRETER: "Interpreter",
    ToldAs.ADVOCATE: "Advocate or adviser",
    ToldAs.SUPPORTER: "Somebody who supports the victim",
}

WRITTEN_TO = frozenset({ToldAs.GUARDIAN, ToldAs.SPOKESPERSON, ToldAs.NAMED_CONTACT, ToldAs.ADVOCATE})
"""As what somebody is written to in the victim's place; an interpreter or a supporter is not."""

EVERYTHING = "everything"
TELLS = {
    EVERYTHING: "Everything that the victim is told",
    "investigation": "News of the investigation and of decisions",
    "court": "Hearings, results and sentence",
    "offender": "The offender after sentence",
    "support": "Referral and support",
    "arrangements": "Dates, times and travel only",
}
"""What somebody may be told of a case, by code."""
WHY_ENDED = {
    "victim_asked": "The victim asked for it",
    "they_asked": "They asked for it",
    "no_longer": "They no longer have to do with it",
    "suspect": "They are a suspect: they must never be told",
}
"""Why somebody is told no more, by code."""


@dataclass(frozen=True, slots=True)
class VictimBasis:
    """Why somebody has rights under an edition of the Code.

    `told` is as what the news reaches them; `suggests` is a criterion of enhanced rights that this basis points to.
    """

    id: str
    title: str
    says: str
    told: ToldAs
    evidence: Evidence
    suggests: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether a person was harmed; a business has an age and needs of nobody."""
        return self.told is not ToldAs.NAMED_CONTACT


def is_written_to_first(told_as: ToldAs, *, under_18: bool) -> bool:
    """Whether letters go to them rather than to the victim: of a child to a guardian, of a business to its contact."""
    return told_as is ToldAs.NAMED_CONTACT or (under_18 and told_as is ToldAs.GUARDIAN)


def to_be_told(basis: VictimBasis | None, *, under_18: bool) -> tuple[ToldAs, ...]:
    """As what the people of a case are told: of a child, a parent or guardian too, if one may be told."""
    first = basis.told if basis else ToldAs.VICTIM
    if under_18 and first is ToldAs.VICTIM:
        return first, ToldAs.GUARDIAN
    return (first,)

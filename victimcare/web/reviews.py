"""What the pages of privacy reviewers share: their form, and a queue of what waits before what is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import Field

from victimcare.domain.reviews import Outcome
from victimcare.web.forms import Form


class ReviewForm(Form):
    """What the review found."""

    outcome: Outcome = Field(title="Outcome", description="Choose what you found")
    words: str = Field(title="Why", description="Enter why, in a few words", min_length=3, max_length=1_000)


class Reviewed(Protocol):
    """Something to review; without an outcome it waits."""

    @property
    def outcome(self) -> str | None: ...


One = TypeVar("One", bound=Reviewed)


@dataclass(frozen=True)
class ReviewQueue(Generic[One]):
    """What waits for a review, and what was reviewed."""

    waiting: tuple[One, ...]
    done: tuple[One, ...]

    @classmethod
    def of(cls, found: Iterable[One]) -> ReviewQueue[One]:
        """These, in their order."""
        listed = tuple(found)
        return cls(
            tuple(one for one in listed if one.outcome is None), tuple(one for one in listed if one.outcome is not None)
        )

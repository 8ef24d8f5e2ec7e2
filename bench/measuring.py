"""Timing, and what a measurement says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time

_ROUND = 0.001
"""Seconds: shorter than what the system gives a process before it lets another one run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table: `ratio` of `took` to `against` (or the bare figure, without `against`), at most `aim`."""

    what: str
    took: str
    against: str
    ratio: float
    aim: float

    @property
    def kept(self) -> bool:
        """Whether the aim is kept."""
        return self.ratio <= self.aim


def once(work: Callable[[], object]) -> float:
    """Seconds that it takes, done once."""
    began = perf_counter()
    work()
    return perf_counter() - began


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and seconds of the processor: on a busy machine only the latter can be compared."""

    clock: float
    processor: float


def both(work: Callable[[], object]) -> Took:
    """What it takes, done once."""
    began = process_time()
    clock = once(work)
    return Took(clock, process_time() - began)


def quickest(work: Callable[[], object], *, rounds: int = 500) -> float:
    """Seconds that it takes once, in the quickest of many short rounds: the one that nothing disturbed."""
    times = max(1, int(_ROUND / min(once(work) for _ in range(100))))

    def one_round() -> None:
        for _ in range(times):
            work()

    return min(once(one_round) for _ in range(rounds)) / times


def in_words(seconds: float) -> str:
    """The time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 1e-9:.0f} ns"

"""What has to be hidden with a small number, so that no reader works it out from what is shown."""

# A table with its totals is a circulation: what enters a row (its total) leaves it through its cells, enters
# their columns, and comes back through the column totals and the grand total. Hidden numbers can differ without
# any shown one differing only round a ring of them: more along a flow's direction, less against it. So a small
# count is safe when it is on such a ring and can reach the threshold while the others stay above 0. To
# hide the cheapest such ring is the complementary suppression.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeAlias

from victimcare.domain.small_numbers import is_small

Name: TypeAlias = tuple[str, *tuple[int, ...]]
Place: TypeAlias = tuple[str, *tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A published number: a cell, or a total where `is_total`, from where it is taken to where it is added."""

    name: Name
    source: Place
    target: Place
    count: int

    @property
    def is_total(self) -> bool:
        """Whether it is a sum of others."""
        return self.name[0] != "cell"


def to_hide(flows: Sequence[Flow], threshold: int) -> set[Name]:
    """The names of the small counts and of the rings that keep them safe, the smallest count first.

    Raises `NoRing` where a small count is on none.
    """
    small = sorted((flow for flow in flows if is_small(flow.count, threshold)), key=lambda flow: flow.count)
    hidden = {flow.name for flow in small}
    costs = _costs(flows)
    for flow in small:
        hidden.update(_ring(flow, threshold - flow.count, flows, {**costs, **dict.fromkeys(hidden, 0)}))
    return hidden


def _costs(flows: Sequence[Flow]) -> dict[Name, int]:
    """What hiding costs: rather few numbers than small ones, and rather every cell than one total."""
    one_number = 1 + max((flow.count for flow in flows), default=0)
    every_cell = sum(one_number + flow.count for flow in flows if not flow.is_total)
    return {flow.name: one_number + flow.count + (every_cell if flow.is_total else 0) for flow in flows}


def _ring(rising: Flow, rise: int, flows: Sequence[Flow], costs: Mapping[Name, int]) -> list[Name]:
    """The cheapest ring on which `rising` can grow by `rise` with every other count on it staying above 0.

    Where every total may grow there is always one: the cell, its totals and the grand total. Raises `NoRing`.
    """
    ways: dict[Place, list[tuple[Place, Name]]] = {}
    for flow in flows:
        if flow.count > 0 and flow is not rising:
            ways.setdefault(flow.source, []).append((flow.target, flow.name))
        if flow.count > rise and flow is not rising:
            ways.setdefault(flow.target, []).append((flow.source, flow.name))
    reached: dict[Place, int] = {rising.target: 0}
    came_by: dict[Place, tuple[Place, Name]] = {}
    waiting: list[tuple[int, Place]] = [(0, rising.target)]
    while waiting:
        cost, place = heappop(waiting)
        if place == rising.source:
            break
        for onward, name in ways.get(place, ()):
            total = cost + costs[name]
            if onward not in reached or total < reached[onward]:
                reached[onward], came_by[onward] = total, (place, name)
                heappush(waiting, (total, onward))
    if rising.source not in reached:
        raise NoRing(rising)
    return list(_walked_back(came_by, rising.source, rising.target))


def _walked_back(came_by: Mapping[Place, tuple[Place, Name]], end: Place, start: Place) -> Iterator[Name]:
    while end != start:
        end, name = came_by[end]
        yield name


class NoRing(LookupError):
    """A small count that could not be anything else, whatever is hidden beside it."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        super().__init__(f"nothing hides {flow.name}")

"""What a reader can work out of published numbers: the attacks that suppression has to stand."""

from collections.abc import Callable, Mapping, Set

from victimcare.domain.small_numbers import Count, Suppressed

Name = tuple[str | int, ...]
Line = tuple[list[Name], Name]
"""What a reader knows to add up: the parts and their total."""
ROUNDS = 30
"""Bounds that are not there by then creep on for ever by one."""
PRIME = 2**61 - 1
Attack = Callable[[Mapping[Name, Count], list[Line]], set[Name]]


def recovered_by_subtraction(given: Mapping[Name, Count], lines: list[Line]) -> set[Name]:
    """Again and again, wherever a sum has one number missing, work it out."""
    known = {name: count for name, count in given.items() if not isinstance(count, Suppressed)}
    progress = True
    while progress:
        progress = False
        for parts, total in lines:
            missing = [name for name in (*parts, total) if name not in known]
            if len(missing) == 1:
                shown = sum(known[part] for part in parts if part in known)
                known[missing[0]] = shown if missing[0] == total else known[total] - shown
                progress = True
    return known.keys() - {name for name, count in given.items() if not isinstance(count, Suppressed)}


def recovered_by_bounds(
    given: Mapping[Name, Count], lines: list[Line], may_be_none: Set[Name] = frozenset()
) -> set[Name]:
    """Again and again, narrow each hidden number by what the rest of a sum leaves for it.

    Hidden ones are not 0, but for those that `may_be_none`.
    """
    endless = 10_000 + sum(count for count in given.values() if isinstance(count, int))
    least = {name: int(name not in may_be_none) for name in given}
    low = {name: least[name] if isinstance(count, Suppressed) else count for name, count in given.items()}
    high = {name: endless if isinstance(count, Suppressed) else count for name, count in given.items()}
    progress, rounds = True, 0
    while progress and rounds < ROUNDS:
        progress, rounds = False, rounds + 1
        for parts, total in lines:
            lowest, highest = sum(low[part] for part in parts), sum(high[part] for part in parts)
            narrower = {total: (lowest, highest)}
            for part in parts:
                narrower[part] = (
                    low[total] - (highest - high[part]),
                    high[total] - (lowest - low[part]),
                )
            for name, (least, most) in narrower.items():
                if least > low[name] or most < high[name]:
                    low[name], high[name] = max(low[name], least), min(high[name], most)
                    progress = True
    return {name for name, count in given.items() if isinstance(count, Suppressed) and low[name] == high[name]}


def recovered_by_elimination(given: Mapping[Name, Count], lines: list[Line]) -> set[Name]:
    """Add and subtract sums in every way there is: what has one solution in the end (by Gauss and Jordan).

    Reckoned modulo a large prime, in which what has more solutions than one has more by all odds.
    """
    solved: dict[Name, dict[Name, int]] = {}
    for parts, total in lines:
        row: dict[Name, int] = {}
        for name, factor in (*((part, 1) for part in parts), (total, -1)):
            if isinstance(given[name], Suppressed):
                _add(row, solved.get(name, {name: 1}), factor)
        if row:
            _solve(solved, row)
    return {name for name, rest in solved.items() if not rest}


def _solve(solved: dict[Name, dict[Name, int]], row: dict[Name, int]) -> None:
    """Say one hidden number by the others of this row, here and wherever it stands."""
    name, factor = row.popitem()
    inverse = pow(-factor, -1, PRIME)
    by_others = {other: value * inverse % PRIME for other, value in row.items()}
    for expressed in solved.values():
        if name in expressed:
            _add(expressed, by_others, expressed.pop(name))
    solved[name] = by_others


def _add(row: dict[Name, int], other: Mapping[Name, int], factor: int) -> None:
    for name, value in other.items():
        changed = (row.get(name, 0) + factor * value) % PRIME
        row[name] = changed
        if not changed:
            del row[name]

"""Handing cases over: when a case cannot go to somebody, and how a caseload is shared among several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from victimcare.domain.allocation import Specialism
from victimcare.domain.people import NO_LISTS, CaseLists
from victimcare.domain.workload import share

HOLDS_IT = "this officer already holds the case"
MAY_NOT = "this officer may not be given this case"
"""Whatever list keeps them from it: why is told on the case, to those who keep its lists."""
CHANGED_HANDS = "somebody else handed it over while you were choosing"
CANNOT_TAKE = "that officer cannot take cases now: choose somebody of your team who is present"
NOBODY_LEFT = "nobody who is present may be given this case"


def refusal(*, holder_id: str, taker_id: str, lists: CaseLists | None, seen_holder_id: str | None) -> str | None:
    """Why a case cannot go to this officer, in words; None where it can.

    `seen_holder_id` is who held it when it was chosen, None where nobody saw it. `lists` of None: it is not known who
    is kept from the case, so everybody is.
    """
    if holder_id == taker_id:
        return HOLDS_IT
    if lists is None or lists.bars(taker_id):
        return MAY_NOT
    if seen_holder_id is not None and seen_holder_id != holder_id:
        return CHANGED_HANDS
    return None


@dataclass(frozen=True, slots=True)
class CaseToShare:
    """A case that is given to one of several: what it weighs (points) now and then, and needs of its officer."""

    ref: str
    holder_id: str
    points_now: int
    points: int
    needs: frozenset[Specialism] = frozenset()
    lists: CaseLists = NO_LISTS


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody present who can take cases, with the work (points) that they have and the units that they can carry."""

    officer_id: str
    points: int
    capacity: float
    specialisms: frozenset[Specialism] = frozenset()


def share_out(cases: Iterable[CaseToShare], takers: Iterable[Taker]) -> Mapping[str, str | None]:
    """Who takes each case, by its reference; None where nobody may.

    The heaviest case first, those of one weight by reference: to whoever is trained for what it needs, else to
    anybody, who would have the least workload with it; ties go to the lower officer id. Nobody gets a case that they
    hold already or are kept from. The same cases and takers, in whatever order, are always shared alike.
    """
    by_id = sorted(takers, key=lambda taker: taker.officer_id)
    points = {taker.officer_id: taker.points for taker in by_id}
    taken: dict[str, str | None] = {}
    for case in sorted(cases, key=lambda case: (-case.points, case.ref)):
        may = [one for one in by_id if one.officer_id != case.holder_id and not case.lists.bars(one.officer_id)]
        trained = [one for one in may if case.needs <= one.specialisms]
        chosen = min(
            trained or may,
            key=lambda one: share(points[one.officer_id] + case.points, one.capacity),
            default=None,
        )
        taken[case.ref] = chosen.officer_id if chosen else None
        if chosen is not None:
            points[chosen.officer_id] += case.points
            if case.holder_id in points:
                points[case.holder_id] -= case.points_now
    return taken

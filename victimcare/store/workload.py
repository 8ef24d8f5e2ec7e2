"""How much open work each case officer has: the weights of `domain/workload.py` in SQL, summed over what they hold."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Subquery, case, cast, func, literal, select, text, true, union_all

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.workload import Weights
from victimcare.store.tables import NOT_TAKEN_OVER, OPEN_AND_COUNTED, Assignment, CaseRow, Due

_DUES = Due.__table__  # type: ignore[attr-defined]
_ASSIGNMENTS = Assignment.__table__  # type: ignore[attr-defined]
_CASES = CaseRow.__table__  # type: ignore[attr-defined]


def points_of_duty(weights: Weights) -> ColumnElement[int]:
    """The points of a row of `due`: `Weights.of_duty` in SQL."""
    own: ColumnElement[int] = literal(weights.own_duty)
    for column, more in ((_DUES.c.tier, weights.tiers), (_DUES.c.rule, weights.rules)):
        if more:
            own = own + case(dict(more), value=column, else_=0)
    return case((_DUES.c.owed_by == OWN_AGENCY, own), else_=literal(weights.duty_of_others))


def is_not_told() -> ColumnElement[bool]:
    """A condition on `assignment`: the case was handed over, and its victim does not know the officer yet."""
    return text(NOT_TAKEN_OVER) & _ASSIGNMENTS.c.victim_told_at.is_(None)


def open_work(
    weights: Weights,
    *,
    of_duties: ColumnElement[bool] | None = None,
    of_cases: ColumnElement[bool] | None = None,
) -> Subquery:
    """The `points` of each `holder_id` who has any, and their `duties`: of all, or of the rows of `due` and of
    `victim_case` for which these conditions hold.
    """
    # Each part is summed by itself, along its own index; a join with the cases would begin with every open case.
    duties = (
        select(
            _DUES.c.holder_id,
            func.sum(points_of_duty(weights)).label("points"),
            func.count().label("duties"),
        )
        .where(text(OPEN_AND_COUNTED), true() if of_duties is None else of_duties)
        .group_by(_DUES.c.holder_id)
    )
    its_case = (_CASES.c.id == _ASSIGNMENTS.c.case_id) & (_CASES.c.status == "open")
    is_open = select(_CASES.c.id).where(its_case, true() if of_cases is None else of_cases).correlate(_ASSIGNMENTS)
    not_told = (
        select(_ASSIGNMENTS.c.officer_id, func.count() * weights.victim_not_told, literal(0))
        .where(is_not_told(), is_open.exists())
        .group_by(_ASSIGNMENTS.c.officer_id)
    )
    each = union_all(duties, not_told).subquery("each_work")
    total = cast(func.sum(each.c.points), Integer).label("points")
    duties_open = cast(func.sum(each.c.duties), Integer).label("duties")
    return select(each.c.holder_id, total, duties_open).group_by(each.c.holder_id).subquery("open_work")

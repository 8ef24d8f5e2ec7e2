"""The board's page: summaries that name nobody. From here no case can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from victimcare.domain.code import VictimsCode
from victimcare.domain.people import Action
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.presentation import charts, compliance, referral_rate
from victimcare.presentation.figures import number
from victimcare.queries.compliance import ComplianceView
from victimcare.queries.periods import Period
from victimcare.queries.referral_gaps import ReferralGaps
from victimcare.queries.referral_rate import ReferralView
from victimcare.web.board_reading import TheFigures, chosen_period, chosen_reading
from victimcare.web.deps import Consulted, TheLaw, TheSettings, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])


@dataclass(frozen=True, slots=True)
class CompliancePart:
    """The table of the chosen period, and what its figures mean."""

    table: ComplianceView
    agencies: tuple[compliance.AgencyRows, ...]
    extremes: str
    editions: list[str]
    unverified: list[str]


@dataclass(frozen=True, slots=True)
class ReferralPart:
    """The referral rate with one reading of the plan; no chart where no month is complete."""

    rate: ReferralView
    rows: tuple[referral_rate.Row, ...]
    title: str
    drawings: tuple[Markup, ...]
    targets: list[str]


@dataclass(frozen=True, slots=True)
class GapsPart:
    """Needs that no service met: the needs in words, and each area with its counts in words."""

    needs: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    from_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What the board sees: `compliance` is None while no quarter is complete."""

    today: date
    quarters: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    known_from_on: date | None
    period: Period | None
    period_title: str
    threshold: int
    compliance: CompliancePart | None
    untimed: list[str]
    referrals: ReferralPart
    gaps: GapsPart
    outcomes: tuple[tuple[str, str], ...]


@router.get("")
def board(
    request: Request,
    figures: TheFigures,
    law: TheLaw,
    today: Today,
    settings: TheSettings,
    consulted: Consulted,
    period: str = "",
    reading: str = "",
) -> Response:
    """Compliance by right for a period of the menu, and the referral rate with a reading of the plan."""
    menu = figures.menu()
    chosen = chosen_period(menu, period)
    page = BoardPage(
        today=today,
        quarters=_options(menu.quarters),
        years=_options(menu.years),
        known_from_on=menu.known_from_on,
        period=chosen,
        period_title=compliance.period_title(chosen) if chosen else "",
        threshold=settings.small_numbers_below,
        compliance=_compliance_part(figures.compliance(chosen), law.code) if chosen else None,
        untimed=compliance.untimed_rights(law.code),
        referrals=_referral_part(figures.referrals(chosen_reading(reading))),
        gaps=_gaps_part(figures.gaps()),
        outcomes=tuple(compliance.OUTCOMES.values()),
    )
    consulted(f"board {chosen.id if chosen else 'without a period'}", ())
    return render(request, "board/index.html", page)


def _options(periods: Iterable[Period]) -> tuple[tuple[str, str], ...]:
    return tuple((period.id, compliance.period_title(period)) for period in periods)


def _compliance_part(view: ComplianceView, code: VictimsCode) -> CompliancePart:
    return CompliancePart(
        table=view,
        agencies=compliance.agencies(view, code),
        extremes=compliance.extremes(view, code),
        editions=compliance.editions_in_words(view, code),
        unverified=compliance.unverified_rules(view, code),
    )


def _referral_part(view: ReferralView) -> ReferralPart:
    shapes = (charts.WIDE, charts.NARROW) if view.months else ()
    return ReferralPart(
        rate=view,
        rows=referral_rate.rows(view),
        title=referral_rate.title(view),
        drawings=tuple(charts.draw(referral_rate.chart(view), shape) for shape in shapes),
        targets=referral_rate.targets_in_words(view),
    )


def _gaps_part(gaps: ReferralGaps) -> GapsPart:
    return GapsPart(
        needs=tuple({**SUPPORT_NEEDS, ANY_NEED: "Any support"}[need] for need in gaps.needs),
        rows=tuple((area.area, tuple(number(count) for count in area.counts)) for area in gaps.areas),
        from_on=gaps.from_on,
        last_on=gaps.until_on - timedelta(days=1),
    )

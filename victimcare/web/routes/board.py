"""The board's pages: summaries that name nobody. From here no case can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup

from victimcare.domain.code import VictimsCode
from victimcare.domain.duty_tally import By
from victimcare.domain.people import Action
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.presentation import charts, compliance, referral_rate
from victimcare.presentation.compliance_months import MonthsShown, months_shown
from victimcare.presentation.figures import number
from victimcare.queries.compliance import ComplianceView
from victimcare.queries.periods import Period, PeriodMenu
from victimcare.queries.referral_rate import ReferralView
from victimcare.web.board_reading import (
    Figures,
    TheFigures,
    chosen_breakdown,
    chosen_period,
    chosen_reading,
)
from victimcare.web.deps import Consulted, TheLaw, TheSettings
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])
_BREAKDOWNS = tuple((by.value, title) for by, title in compliance.BREAKDOWNS.items())


@dataclass(frozen=True, slots=True)
class AgencySummary:
    """An agency's duties of the newest quarter in words, and whether its months changed."""

    row: compliance.TableRows
    agency: str
    months: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The summary: `period_title` is "" while no figures were published."""

    period_title: str
    known_on: str
    agencies: tuple[AgencySummary, ...]
    referrals: str


@dataclass(frozen=True, slots=True)
class CompliancePart:
    """The tables of the chosen period, and what their figures mean."""

    table: ComplianceView
    tables: tuple[compliance.TableRows, ...]
    line: str
    known_on: str
    extremes: str
    editions: list[str]
    unverified: list[str]


@dataclass(frozen=True, slots=True)
class CompliancePage:
    """Compliance: `part` is None while no figures were published."""

    quarters: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    known_from_on: date | None
    period: Period | None
    period_title: str
    by: By
    breakdowns: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    baseline: Period | None
    baseline_title: str
    threshold: int
    part: CompliancePart | None
    untimed: list[str]
    outcomes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MonthsPage:
    """The months of one agency, and the agencies to choose from; None while no figures were published."""

    agencies: tuple[tuple[str, str], ...]
    shown: MonthsShown | None
    drawings: tuple[Markup, ...]
    newest_year: Period | None
    threshold: int


@dataclass(frozen=True, slots=True)
class ReferralsPage:
    """The referral rate with one reading of the plan; no chart where no month is complete."""

    rate: ReferralView
    rows: tuple[referral_rate.Row, ...]
    title: str
    drawings: tuple[Markup, ...]
    targets: list[str]
    threshold: int


@dataclass(frozen=True, slots=True)
class GapsPage:
    """Needs that no service met: the needs in words, and each area with its counts in words."""

    needs: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    from_on: date
    last_on: date
    threshold: int


@router.get("")
def board(request: Request, figures: TheFigures, law: TheLaw, consulted: Consulted) -> Response:
    """Each agency in the newest quarter, whether anything changed, and referrals against the plan."""
    menu = figures.menu()
    page = BoardPage(
        period_title=compliance.period_title(menu.newest) if menu.newest else "",
        known_on=compliance.known_on_in_words(figures.compliance(menu.newest, By.RIGHT)) if menu.newest else "",
        agencies=_summaries(figures, menu, law.code),
        referrals=referral_rate.title(figures.referrals(chosen_reading(""))),
    )
    consulted(f"board summary {menu.newest.id if menu.newest else 'without a period'}", ())
    return render(request, "board/index.html", page)


def _summaries(figures: Figures, menu: PeriodMenu, code: VictimsCode) -> tuple[AgencySummary, ...]:
    if menu.newest is None:
        return ()
    view = figures.compliance(menu.newest, By.RIGHT)
    names = compliance.Names(code, view.teams)
    months = {one.agency: months_shown(one, names.of_agency(one.agency)) for one in figures.months(menu)}
    rows = zip(view.tables, compliance.tables(view, names), strict=True)
    return tuple(
        AgencySummary(row, table.breakdown.agency, " ".join(months[table.breakdown.agency].says)) for table, row in rows
    )


@router.get("/compliance")
def duties_met_in_time(
    request: Request,
    figures: TheFigures,
    law: TheLaw,
    settings: TheSettings,
    consulted: Consulted,
    period: str = "",
    by: str = "",
    since: str = "",
) -> Response:
    """Compliance for a period and a breakdown of the menu, and how it changed since an earlier period of it."""
    menu, breakdown = figures.menu(), chosen_breakdown(by)
    chosen = chosen_period(menu, period)
    baseline = chosen_period(menu, since) if since else None
    if baseline and chosen and baseline.until_on > chosen.from_on:
        baseline = None  # a period that overlaps, or is later, after another one was chosen beside it
    page = CompliancePage(
        quarters=_options(menu.quarters),
        years=_options(menu.years),
        known_from_on=menu.known_from_on,
        period=chosen,
        period_title=compliance.period_title(chosen) if chosen else "",
        by=breakdown,
        breakdowns=_BREAKDOWNS,
        earlier=_options(menu.before(chosen)) if chosen else (),
        baseline=baseline,
        baseline_title=compliance.period_title(baseline) if baseline else "",
        threshold=settings.small_numbers_below,
        part=_compliance_part(figures, chosen, breakdown, baseline, law.code) if chosen else None,
        untimed=compliance.untimed_rights(law.code),
        outcomes=tuple(compliance.OUTCOMES.values()),
    )
    consulted(f"board {chosen.id if chosen else 'without a period'} by {breakdown.value}", ())
    return render(request, "board/compliance.html", page)


def _options(periods: Iterable[Period]) -> tuple[tuple[str, str], ...]:
    return tuple((period.id, compliance.period_title(period)) for period in periods)


def _compliance_part(
    figures: Figures, period: Period, by: By, baseline: Period | None, code: VictimsCode
) -> CompliancePart:
    view = figures.compliance(period, by)
    names = compliance.Names(code, view.teams)
    return CompliancePart(
        table=view,
        tables=compliance.tables(view, names, figures.compliance(baseline, by) if baseline else None),
        line=compliance.BREAKDOWNS[view.by],
        known_on=compliance.known_on_in_words(view),
        extremes=compliance.extremes(view, names),
        editions=compliance.editions_in_words(view, code),
        unverified=compliance.unverified_rules(view, code),
    )


@router.get("/months")
def month_by_month(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, consulted: Consulted, agency: str = ""
) -> Response:
    """An agency's months on a control chart. 404 for an agency that has none."""
    menu = figures.menu()
    months = {one.agency: one for one in figures.months(menu)}
    if agency and agency not in months:
        raise HTTPException(404)
    names = compliance.Names(law.code, {})
    chosen = months.get(agency) or next(iter(months.values()), None)
    shown = months_shown(chosen, names.of_agency(chosen.agency)) if chosen else None
    page = MonthsPage(
        agencies=tuple((one, names.of_agency(one)) for one in months),
        shown=shown,
        drawings=_drawn(shown.chart) if shown and shown.chart else (),
        newest_year=next(iter(menu.years), None),
        threshold=settings.small_numbers_below,
    )
    consulted(f"board months of {shown.agency if shown else 'nobody'}", ())
    return render(request, "board/months.html", page)


def _drawn(chart: charts.LineChart) -> tuple[Markup, ...]:
    """In both shapes: the style sheet shows the one that fits."""
    return charts.draw(chart, charts.WIDE), charts.draw(chart, charts.NARROW)


@router.get("/referrals")
def referrals(
    request: Request, figures: TheFigures, settings: TheSettings, consulted: Consulted, reading: str = ""
) -> Response:
    """The referral rate by month, with a reading of the plan."""
    view = figures.referrals(chosen_reading(reading))
    page = ReferralsPage(
        rate=view,
        rows=referral_rate.rows(view),
        title=referral_rate.title(view),
        drawings=_drawn(referral_rate.chart(view)) if view.months else (),
        targets=referral_rate.targets_in_words(view),
        threshold=settings.small_numbers_below,
    )
    consulted(f"board referrals {view.reading.id}", ())
    return render(request, "board/referrals.html", page)


@router.get("/gaps")
def gaps(request: Request, figures: TheFigures, settings: TheSettings, consulted: Consulted) -> Response:
    """Needs that no service met, by area."""
    found = figures.gaps()
    page = GapsPage(
        needs=tuple({**SUPPORT_NEEDS, ANY_NEED: "Any support"}[need] for need in found.needs),
        rows=tuple((area.area, tuple(number(count) for count in area.counts)) for area in found.areas),
        from_on=found.from_on,
        last_on=found.until_on - timedelta(days=1),
        threshold=settings.small_numbers_below,
    )
    consulted("board gaps", ())
    return render(request, "board/gaps.html", page)

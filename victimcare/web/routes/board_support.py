"""The board's pages of support: referrals by month against the plan, how far victims came, and what services lack."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from victimcare.domain.people import Action
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.tally import By
from victimcare.presentation import charts, referral_rate, support_reached
from victimcare.presentation.figure_names import NEEDS, Names, known_on_in_words
from victimcare.presentation.figures import number
from victimcare.queries.period_tables import PeriodTable
from victimcare.queries.periods import Period
from victimcare.queries.referral_gaps import ReferralGaps
from victimcare.queries.referral_rate import ReferralView
from victimcare.web.board_reading import (
    Figures,
    PeriodChoice,
    TheFigures,
    chosen_breakdown,
    chosen_reading,
    period_choice,
)
from victimcare.web.deps import Consulted, TheLaw, TheSettings
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.SEE_BOARD)])
_BREAKDOWNS = tuple((by.value, title) for by, title in support_reached.BREAKDOWNS.items())


@dataclass(frozen=True, slots=True)
class ReferralsPage:
    """The referral rate with one reading of the plan; no chart where no month was published."""

    rate: ReferralView
    rows: tuple[referral_rate.Row, ...]
    title: str
    drawings: tuple[Markup, ...]
    targets: list[str]
    known_on: str
    threshold: int


@dataclass(frozen=True, slots=True)
class SupportPart:
    """How far the victims of the chosen period came, and what the figures mean."""

    rows: tuple[support_reached.Row, ...]
    line: str
    title: str
    equality: str
    known_on: str


@dataclass(frozen=True, slots=True)
class SupportPage:
    """The way to support: `part` is None while no figures were published."""

    choice: PeriodChoice
    by: By
    breakdowns: tuple[tuple[str, str], ...]
    part: SupportPart | None
    steps: tuple[tuple[str, str], ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class GapsPage:
    """Needs that no service met, by need and by area: each line and its count in words. None: nothing published."""

    choice: PeriodChoice
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] | None
    known_on: str
    threshold: int


@router.get("/referrals")
def referrals(
    request: Request, figures: TheFigures, settings: TheSettings, consulted: Consulted, reading: str = ""
) -> Response:
    """The referral rate by month, with a reading of the plan."""
    view = figures.referrals(figures.menu(), chosen_reading(reading))
    page = ReferralsPage(
        rate=view,
        rows=referral_rate.rows(view),
        title=referral_rate.title(view),
        drawings=charts.in_both_shapes(referral_rate.chart(view)) if view.months else (),
        targets=referral_rate.targets_in_words(view),
        known_on=known_on_in_words(view.known_on),
        threshold=settings.small_numbers_below,
    )
    consulted(f"board referrals {view.reading.id}", ())
    return render(request, "board/referrals.html", page)


@router.get("/support")
def way_to_support(
    request: Request,
    figures: TheFigures,
    law: TheLaw,
    settings: TheSettings,
    consulted: Consulted,
    period: str = "",
    by: str = "",
) -> Response:
    """How far the victims of a period of the menu came, by one of the breakdowns of the menu."""
    choice, breakdown = period_choice(figures.menu(), period), chosen_breakdown(by, support_reached.BREAKDOWNS)
    page = SupportPage(
        choice=choice,
        by=breakdown,
        breakdowns=_BREAKDOWNS,
        part=_support_part(figures, choice.period, breakdown, law) if choice.period else None,
        steps=tuple(support_reached.STEPS.values()),
        threshold=settings.small_numbers_below,
    )
    consulted(f"board support {choice.period_id} by {breakdown.value}", ())
    return render(request, "board/support.html", page)


def _support_part(figures: Figures, period: Period, by: By, law: TheLaw) -> SupportPart:
    view = figures.support(period, by)
    return SupportPart(
        rows=support_reached.rows(view, Names(law.code, view.teams)),
        line=support_reached.BREAKDOWNS[by],
        title=support_reached.title(view),
        equality=support_reached.equality_sentence(view),
        known_on=known_on_in_words(view.table.known_on),
    )


@router.get("/gaps")
def gaps(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, consulted: Consulted, period: str = ""
) -> Response:
    """Needs that no service met, in a period of the menu."""
    menu = figures.menu()
    newest_year = next(iter(menu.years), None)
    choice = period_choice(menu, period or (newest_year.id if newest_year else ""))
    found = figures.gaps(choice.period) if choice.period else None
    page = GapsPage(
        choice=choice,
        tables=_gap_tables(found, Names(law.code, {})) if found else None,
        known_on=known_on_in_words(found.by_need.known_on) if found else "",
        threshold=settings.small_numbers_below,
    )
    consulted(f"board gaps {choice.period_id}", ())
    return render(request, "board/gaps.html", page)


def _gap_tables(found: ReferralGaps, names: Names) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    in_order = sorted(found.by_need.lines, key=lambda line: list(NEEDS).index(line.value))
    return tuple(
        (heading, (*((names.of_line(table.breakdown, line.value), _count(line)) for line in lines), _all(table)))
        for heading, table, lines in (("Need", found.by_need, in_order), ("Area", found.by_area, found.by_area.lines))
        if _count(table.total) != "0"
    )


def _all(table: PeriodTable) -> tuple[str, str]:
    return "All", _count(table.total)


def _count(line: PublishedLine) -> str:
    return number(line.groups[0].total)

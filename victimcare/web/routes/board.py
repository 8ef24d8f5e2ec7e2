"""The board's pages: summaries that name nobody. From here no case can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from victimcare.domain.code import VictimsCode
from victimcare.domain.people import Action, may
from victimcare.domain.tally import By
from victimcare.editions.feedback import published_survey
from victimcare.presentation import behind_the_figures, charts, compliance, feedback, referral_rate
from victimcare.presentation.compliance_months import MonthsShown, months_shown
from victimcare.presentation.definitions import DECLARED_CHANGE, ONE_COLUMN, definitions, small_numbers
from victimcare.presentation.figure_names import Names, known_on_in_words, period_title
from victimcare.presentation.figures import HIDDEN
from victimcare.queries.compliance import ComplianceView
from victimcare.queries.periods import Period, PeriodMenu
from victimcare.web.board_reading import (
    Figures,
    PeriodChoice,
    TheFigures,
    chosen_breakdown,
    chosen_period,
    chosen_reading,
    period_choice,
    titled,
)
from victimcare.web.deps import Consulted, CurrentPerson, TheLaw, TheSettings
from victimcare.web.offered import one_of
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
    heard: str
    referrals: str

    @property
    def hides(self) -> bool:
        """Whether a number of it is hidden."""
        return any(HIDDEN in (one.row.all.counted, one.row.all.share) for one in self.agencies)


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
    """Compliance: `part` is None while no figures were published.

    `not_before` is the title of a period to compare with that was not over when the chosen one began, or "".
    """

    choice: PeriodChoice
    known_from_on: date | None
    by: By
    breakdowns: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    baseline: Period | None
    baseline_title: str
    not_before: str
    quality: str
    heard: str
    part: CompliancePart | None
    untimed: list[str]
    outcomes: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    one_column: str
    small_numbers: str


@dataclass(frozen=True, slots=True)
class MonthsPage:
    """The months of one agency, and the agencies to choose from; None while no figures were published."""

    agencies: tuple[tuple[str, str], ...]
    shown: MonthsShown | None
    drawings: tuple[Markup, ...]
    threshold: int
    may_declare: bool
    declared_change: str


@router.get("")
def board(request: Request, figures: TheFigures, law: TheLaw, consulted: Consulted) -> Response:
    """Each agency in the newest quarter, whether anything changed, and referrals against the plan."""
    menu = figures.menu()
    page = BoardPage(
        period_title=period_title(menu.newest) if menu.newest else "",
        known_on=known_on_in_words(figures.compliance(menu.newest, By.RIGHT).known_on) if menu.newest else "",
        agencies=_summaries(figures, menu, law.code),
        heard=_heard(figures, menu.newest) if menu.newest else "",
        referrals=referral_rate.title(figures.referrals(menu, chosen_reading(""))),
    )
    consulted(f"board summary {menu.newest.id if menu.newest else 'without a period'}", ())
    return render(request, "board/index.html", page)


def _summaries(figures: Figures, menu: PeriodMenu, code: VictimsCode) -> tuple[AgencySummary, ...]:
    if menu.newest is None:
        return ()
    view = figures.compliance(menu.newest, By.RIGHT)
    names = Names(code, view.teams)
    months = {one.agency: months_shown(one, names.of_agency(one.agency)) for one in figures.months(menu)}
    rows = zip(view.tables, compliance.tables(view, names), strict=True)
    return tuple(AgencySummary(row, table.breakdown.of, months[table.breakdown.of].newest) for table, row in rows)


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
    menu, breakdown = figures.menu(), chosen_breakdown(by, compliance.BREAKDOWNS)
    choice, compared = period_choice(menu, period), chosen_period(menu, since) if since else None
    chosen = choice.period
    baseline = compared if compared and chosen and compared.until_on <= chosen.from_on else None
    page = CompliancePage(
        choice=choice,
        known_from_on=menu.known_from_on,
        by=breakdown,
        breakdowns=_BREAKDOWNS,
        earlier=titled(menu.before(chosen)) if chosen else (),
        baseline=baseline,
        baseline_title=period_title(baseline) if baseline else "",
        not_before=period_title(compared) if compared and not baseline else "",
        quality=_quality(figures, chosen, law.code) if chosen else "",
        heard=_heard(figures, chosen) if chosen else "",
        part=_compliance_part(figures, chosen, breakdown, baseline, law.code) if chosen else None,
        untimed=compliance.untimed_rights(law.code),
        outcomes=tuple(compliance.OUTCOMES.values()),
        definitions=tuple(definitions(chosen, baseline)) if chosen else (),
        one_column=ONE_COLUMN,
        small_numbers=small_numbers(settings.small_numbers_below),
    )
    consulted(f"board {choice.period_id} by {breakdown.value}", ())
    return render(request, "board/compliance.html", page)


def _compliance_part(
    figures: Figures, period: Period, by: By, baseline: Period | None, code: VictimsCode
) -> CompliancePart:
    view = figures.compliance(period, by)
    names = Names(code, view.teams)
    return CompliancePart(
        table=view,
        tables=compliance.tables(view, names, figures.compliance(baseline, by) if baseline else None),
        line=compliance.BREAKDOWNS[view.by],
        known_on=known_on_in_words(view.known_on),
        extremes=compliance.extremes(view, names),
        editions=compliance.editions_in_words(view, code),
        unverified=compliance.unverified_rules(view, code),
    )


def _quality(figures: Figures, period: Period, code: VictimsCode) -> str:
    asked = behind_the_figures.questions(figures.behind(period), Names(code, {}))
    return behind_the_figures.quality_in_a_sentence(asked)


def _heard(figures: Figures, period: Period) -> str:
    heard = figures.heard_beside(period)
    return feedback.heard_in_a_sentence(*heard, published_survey(), threshold=figures.threshold) if heard else ""


@router.get("/months")
def month_by_month(
    request: Request,
    figures: TheFigures,
    law: TheLaw,
    settings: TheSettings,
    person: CurrentPerson,
    consulted: Consulted,
    agency: str = "",
) -> Response:
    """An agency's months on a control chart. Raises `NotOffered` for an agency that has none."""
    menu = figures.menu()
    months = {one.agency: one for one in figures.months(menu)}
    names = Names(law.code, {})
    chosen = months.get(one_of(agency, months)) or next(iter(months.values()), None)
    shown = months_shown(chosen, names.of_agency(chosen.agency)) if chosen else None
    page = MonthsPage(
        agencies=tuple((one, names.of_agency(one)) for one in months),
        shown=shown,
        drawings=charts.in_both_shapes(shown.chart) if shown and shown.chart else (),
        threshold=settings.small_numbers_below,
        may_declare=may(person, Action.KEEP_ACTIONS),
        declared_change=DECLARED_CHANGE,
    )
    consulted(f"board months of {shown.agency if shown else 'nobody'}", ())
    return render(request, "board/months.html", page)

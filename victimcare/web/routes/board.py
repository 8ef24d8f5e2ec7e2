"""The board's page: summaries that name nobody. From here no case can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from markupsafe import Markup

from victimcare.domain.code import VictimsCode
from victimcare.domain.people import Action
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.editions.plan import Reading, published_plan
from victimcare.presentation import charts, compliance, referral_rate
from victimcare.presentation.csv import MEDIA_TYPE, csv_bytes
from victimcare.presentation.figures import number
from victimcare.queries.compliance import ComplianceView
from victimcare.queries.compliance import compliance as read_compliance
from victimcare.queries.periods import Period, PeriodMenu, period_menu
from victimcare.queries.referral_gaps import ReferralGaps, referral_gaps
from victimcare.queries.referral_rate import ReferralView
from victimcare.queries.referral_rate import referral_rate as read_referral_rate
from victimcare.web.deps import Consulted, CurrentPerson, Disclosed, TheDatabase, TheLaw, TheSettings, Today
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


class Figures:
    """Reads the figures that this request asks for."""

    def __init__(
        self, person: CurrentPerson, database: TheDatabase, law: TheLaw, today: Today, settings: TheSettings
    ) -> None:
        self._person = person
        self._database = database
        self._law = law
        self._today = today
        self._threshold = settings.small_numbers_below

    def menu(self) -> PeriodMenu:
        """The periods to choose from."""
        with self._database.reading() as connection:
            return period_menu(connection, person=self._person, today=self._today)

    def compliance(self, period: Period) -> ComplianceView:
        """What became of the duties of a period."""
        with self._database.reading() as connection:
            return read_compliance(
                connection,
                person=self._person,
                period=period,
                today=self._today,
                law=self._law,
                threshold=self._threshold,
            )

    def referrals(self, reading: Reading) -> ReferralView:
        """The referral rate with a reading of the plan."""
        with self._database.reading() as connection:
            return read_referral_rate(
                connection,
                person=self._person,
                today=self._today,
                plan=published_plan(),
                reading=reading,
                law=self._law,
                threshold=self._threshold,
            )

    def gaps(self) -> ReferralGaps:
        """Needs that no service met."""
        with self._database.reading() as connection:
            return referral_gaps(connection, person=self._person, today=self._today, threshold=self._threshold)


TheFigures = Annotated[Figures, Depends()]


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
    chosen = _chosen(menu, period)
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
        referrals=_referral_part(figures.referrals(_reading(reading))),
        gaps=_gaps_part(figures.gaps()),
        outcomes=tuple(compliance.OUTCOMES.values()),
    )
    consulted(f"board {chosen.id if chosen else 'without a period'}", ())
    return render(request, "board/index.html", page)


@router.get("/compliance.csv")
def compliance_csv(figures: TheFigures, law: TheLaw, disclosed: Disclosed, period: str = "") -> Response:
    """The compliance table of a period of the menu."""
    chosen = _chosen(figures.menu(), period)
    if chosen is None:
        raise HTTPException(404)
    rows = compliance.csv_rows(figures.compliance(chosen), law.code)
    disclosed(f"board compliance {chosen.id} as CSV", to="board")
    return _csv(compliance.CSV_HEADER, rows, f"compliance-{chosen.id}.csv")


@router.get("/referrals.csv")
def referrals_csv(figures: TheFigures, disclosed: Disclosed, reading: str = "") -> Response:
    """The referral rate by month with a reading of the plan."""
    chosen = _reading(reading)
    rows = referral_rate.csv_rows(figures.referrals(chosen))
    disclosed(f"board referrals {chosen.id} as CSV", to="board")
    return _csv(referral_rate.CSV_HEADER, rows, f"referrals-{chosen.id}.csv")


def _chosen(menu: PeriodMenu, period_id: str) -> Period | None:
    """The period of this id, or the newest quarter where none is named. 404 for one that the menu does not have."""
    if not period_id:
        return menu.newest
    chosen = menu.chosen(period_id)
    if chosen is None:
        raise HTTPException(404)
    return chosen


def _options(periods: Iterable[Period]) -> tuple[tuple[str, str], ...]:
    return tuple((period.id, compliance.period_title(period)) for period in periods)


def _reading(reading_id: str) -> Reading:
    readings = published_plan().readings
    chosen = next((reading for reading in readings if reading.id == (reading_id or readings[0].id)), None)
    if chosen is None:
        raise HTTPException(404)
    return chosen


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


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    """A file to save. Its name comes from the menu, never from the address."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_bytes(header, rows), media_type=MEDIA_TYPE, headers=headers)

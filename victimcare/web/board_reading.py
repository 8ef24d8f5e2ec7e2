"""Reading the board's figures for its page and for its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from victimcare.domain.feedback_figures import HeardLine
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By
from victimcare.editions.feedback import published_survey
from victimcare.editions.plan import Reading, published_plan
from victimcare.presentation.figure_names import period_title
from victimcare.queries.behind_the_figures import BehindView, behind_the_figures
from victimcare.queries.compliance import ComplianceView, agencies_in_order
from victimcare.queries.compliance import compliance as read_compliance
from victimcare.queries.compliance_months import AgencyMonths, compliance_months
from victimcare.queries.feedback_figures import (
    FeedbackView,
    HeardBy,
    QuestionMonths,
    feedback_view,
    heard_by_month,
    heard_of_all,
    shown_quarters,
)
from victimcare.queries.journey_figures import JourneyFigures, journey_figures
from victimcare.queries.periods import Period, PeriodMenu, period_menu
from victimcare.queries.referral_gaps import ReferralGaps, referral_gaps
from victimcare.queries.referral_rate import ReferralView
from victimcare.queries.referral_rate import referral_rate as read_referral_rate
from victimcare.queries.support_reached import SupportView, support_reached
from victimcare.web.deps import CurrentPerson, TheDatabase, TheLaw, TheSettings, Today
from victimcare.web.offered import NotOffered, one_of


class Figures:
    """Reads the figures that this request asks for; none shows a count above 0 and below `threshold`."""

    def __init__(
        self, person: CurrentPerson, database: TheDatabase, law: TheLaw, today: Today, settings: TheSettings
    ) -> None:
        self._person = person
        self._database = database
        self._law = law
        self._today = today
        self.threshold = settings.small_numbers_below

    def menu(self) -> PeriodMenu:
        """The periods to choose from."""
        with self._database.reading() as connection:
            return period_menu(connection, person=self._person, threshold=self.threshold)

    def compliance(self, period: Period, by: By) -> ComplianceView:
        """What became of the duties of a period, broken down."""
        with self._database.reading() as connection:
            return read_compliance(connection, person=self._person, period=period, by=by, law=self._law)

    def months(self, menu: PeriodMenu) -> tuple[AgencyMonths, ...]:
        """The months of every agency, over the quarters that are charted."""
        agencies = agencies_in_order(self._law)
        with self._database.reading() as connection:
            return compliance_months(connection, person=self._person, quarters=menu.charted, agencies=agencies)

    def referrals(self, menu: PeriodMenu, reading: Reading) -> ReferralView:
        """The referral rate by month with a reading of the plan, over the quarters that are charted."""
        with self._database.reading() as connection:
            return read_referral_rate(
                connection,
                person=self._person,
                quarters=menu.charted,
                plan=published_plan(),
                reading=reading,
                law=self._law,
            )

    def feedback_quarters(self) -> tuple[Quarter, ...]:
        """The quarters of which it is shown what victims answered, the newest first."""
        return shown_quarters(published_survey(), self._today)

    def feedback(self, quarter: Quarter, by: HeardBy) -> FeedbackView:
        """What victims answered who were asked in a quarter, broken down."""
        with self._database.reading() as connection:
            return feedback_view(
                connection,
                person=self._person,
                today=self._today,
                survey=published_survey(),
                by=by,
                quarter=quarter,
                threshold=self.threshold,
            )

    def heard_beside(self, period: Period) -> tuple[Quarter, HeardLine] | None:
        """What victims answered in the newest quarter that is shown and was over with this period, if there is one."""
        quarters = self.feedback_quarters()
        quarter = next((one for one in quarters if one.until_on <= period.until_on), None)
        if quarter is None:
            return None
        how = {"person": self._person, "survey": published_survey(), "threshold": self.threshold}
        with self._database.reading() as connection:
            return quarter, heard_of_all(connection, quarter=quarter, **how)  # type: ignore[arg-type]

    def feedback_months(self) -> tuple[QuestionMonths, ...]:
        """Of each question who said yes, month by month."""
        with self._database.reading() as connection:
            return heard_by_month(
                connection,
                person=self._person,
                today=self._today,
                survey=published_survey(),
                threshold=self.threshold,
            )

    def support(self, period: Period, by: By) -> SupportView:
        """How far the victims of a period came on the way to support, broken down."""
        with self._database.reading() as connection:
            return support_reached(connection, person=self._person, period=period, by=by)

    def gaps(self, period: Period) -> ReferralGaps:
        """Needs that no service met."""
        with self._database.reading() as connection:
            return referral_gaps(connection, person=self._person, period=period)

    def behind(self, period: Period) -> BehindView:
        """What stands behind the duties met in time."""
        with self._database.reading() as connection:
            return behind_the_figures(connection, person=self._person, period=period, law=self._law)

    def journeys(self, period: Period) -> JourneyFigures:
        """What was done on the journeys of a period, how long it took, and by how many officers."""
        with self._database.reading() as connection:
            return journey_figures(connection, person=self._person, period=period)


TheFigures = Annotated[Figures, Depends()]


def chosen_period(menu: PeriodMenu, period_id: str) -> Period | None:
    """The period of this id, or the newest quarter where none is named. Raises `NotOffered`."""
    if not period_id:
        return menu.newest
    chosen = menu.chosen(period_id)
    if chosen is None:
        raise NotOffered
    return chosen


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The periods to choose from, each by id and title, and the one chosen: None while no figures were published."""

    quarters: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    period: Period | None

    @property
    def period_id(self) -> str:
        """Of the one that is chosen, for the audit."""
        return self.period.id if self.period else "without a period"

    @property
    def title(self) -> str:
        """Of the one that is chosen."""
        return period_title(self.period) if self.period else ""


def period_choice(menu: PeriodMenu, period_id: str) -> PeriodChoice:
    """What can be chosen, with the period of this id chosen, or the newest quarter. Raises `NotOffered`."""
    return PeriodChoice(titled(menu.quarters), titled(menu.years), chosen_period(menu, period_id))


def titled(periods: Iterable[Period]) -> tuple[tuple[str, str], ...]:
    """The id and the title of each."""
    return tuple((period.id, period_title(period)) for period in periods)


def chosen_breakdown(by: str, of: Iterable[By]) -> By:
    """The breakdown of this id among those there are, or the first where none is named. Raises `NotOffered`."""
    menu = list(of)
    return By(one_of(by, menu) or menu[0])


def chosen_reading(reading_id: str) -> Reading:
    """The reading of the plan of this id, or the first where none is named. Raises `NotOffered`."""
    readings = published_plan().readings
    chosen = next((reading for reading in readings if reading.id == (reading_id or readings[0].id)), None)
    if chosen is None:
        raise NotOffered
    return chosen


def chosen_quarter(quarters: tuple[Quarter, ...], quarter_id: str) -> Quarter:
    """The quarter of this id, or the newest where none is named. Raises `NotOffered`."""
    chosen = next((quarter for quarter in quarters if quarter.id == (quarter_id or quarters[0].id)), None)
    if chosen is None:
        raise NotOffered
    return chosen


def chosen_group(by: str) -> HeardBy:
    """What victims' answers are broken down by, or area where nothing is named. Raises `NotOffered`."""
    return HeardBy(one_of(by, list(HeardBy)) or HeardBy.AREA)

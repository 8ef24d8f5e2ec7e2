"""Reading the board's figures for its page and for its files."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException

from victimcare.domain.duty_tally import By
from victimcare.editions.plan import Reading, published_plan
from victimcare.queries.compliance import ComplianceView, agencies_in_order
from victimcare.queries.compliance import compliance as read_compliance
from victimcare.queries.compliance_months import AgencyMonths, compliance_months
from victimcare.queries.periods import Period, PeriodMenu, period_menu
from victimcare.queries.referral_gaps import ReferralGaps, referral_gaps
from victimcare.queries.referral_rate import ReferralView
from victimcare.queries.referral_rate import referral_rate as read_referral_rate
from victimcare.web.deps import CurrentPerson, TheDatabase, TheLaw, TheSettings, Today


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
            return period_menu(connection, person=self._person, threshold=self._threshold)

    def compliance(self, period: Period, by: By) -> ComplianceView:
        """What became of the duties of a period, broken down."""
        with self._database.reading() as connection:
            return read_compliance(connection, person=self._person, period=period, by=by, law=self._law)

    def months(self, menu: PeriodMenu) -> tuple[AgencyMonths, ...]:
        """The months of every agency, over all the quarters of the menu."""
        quarters = [quarter for period in menu.quarters for quarter in period.quarters]
        agencies = agencies_in_order(self._law)
        with self._database.reading() as connection:
            return compliance_months(connection, person=self._person, quarters=quarters, agencies=agencies)

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


def chosen_period(menu: PeriodMenu, period_id: str) -> Period | None:
    """The period of this id, or the newest quarter where none is named. 404 for one that the menu does not have."""
    if not period_id:
        return menu.newest
    chosen = menu.chosen(period_id)
    if chosen is None:
        raise HTTPException(404)
    return chosen


def chosen_breakdown(by: str) -> By:
    """The breakdown of this id, or that by right where none is named. 404 for one that there is not."""
    if by and by not in set(By):
        raise HTTPException(404)
    return By(by or By.RIGHT)


def chosen_reading(reading_id: str) -> Reading:
    """The reading of the plan of this id, or the first where none is named. 404 for one that the plan does not have."""
    readings = published_plan().readings
    chosen = next((reading for reading in readings if reading.id == (reading_id or readings[0].id)), None)
    if chosen is None:
        raise HTTPException(404)
    return chosen

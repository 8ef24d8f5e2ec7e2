"""An agency's months: what the chart draws, what the table says and what the file holds are the same."""

from __future__ import annotations

from datetime import date

from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD
from victimcare.presentation.charts import Series
from victimcare.presentation.compliance_months import CSV_HEADER, csv_rows, months_shown
from victimcare.queries.compliance_months import AgencyMonths, MonthShown
from victimcare.queries.rates import Rate

MET = (900, 902, 899, 905, 901, 898, 903, 900, 902, 899, 901, 900, 700)
"""Of a thousand duties a month: the last is far below the others."""


def months(*met: int | None) -> AgencyMonths:
    """One a month from January 2025; None: hidden."""
    shown = (
        MonthShown(
            date(2025 + place // 12, place % 12 + 1, 1),
            Rate.of(SUPPRESSED if count is None else count, SUPPRESSED if count is None else 1000, threshold=THRESHOLD),
        )
        for place, count in enumerate(met)
    )
    return AgencyMonths("police", tuple(shown))


def test_the_file_holds_what_the_chart_draws() -> None:
    of = months(*MET)
    rows = [dict(zip(CSV_HEADER, row, strict=True)) for row in csv_rows(of, "Police")]
    chart = months_shown(of, "Police").chart
    assert chart
    drawn = {series.name: series for series in chart.series}
    assert drawn_as(drawn["In time"]) == [row["Met in time (%)"] for row in rows]
    for line, column in (("Lower limit", "Lower"), ("Mean", "Centre"), ("Upper limit", "Upper")):
        name = f"{column} (%)" if column == "Centre" else f"{column} limit (%)"
        assert drawn_as(drawn[line]) == [row[name] for row in rows]
    assert {row["Chart"] for row in rows} == {"xmr"}


def test_the_month_that_is_marked_in_the_table_has_its_sign_in_the_file() -> None:
    of = months(*MET)
    signs = [row[-1] for row in csv_rows(of, "Police")]
    marked = [bool(row.sign) for row in reversed(months_shown(of, "Police").rows)]
    assert [bool(sign) for sign in signs] == marked
    assert signs[-1] == "outside"


def test_a_hidden_month_is_hidden_and_held_against_nothing() -> None:
    rows = [dict(zip(CSV_HEADER, row, strict=True)) for row in csv_rows(months(*MET[:3], None, *MET[3:]), "Police")]
    hidden = rows[3]
    assert (hidden["Month"], hidden["Met in time (%)"], hidden["Met"]) == ("2025-04", "[c]", "[c]")
    assert (hidden["Lower limit (%)"], hidden["Centre (%)"], hidden["Sign of change"]) == ("", "", "")


def drawn_as(series: Series) -> list[str]:
    return [f"{point.value:.1f}" for point in series.points if point.value is not None]

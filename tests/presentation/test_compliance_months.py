"""An agency's months: what the chart draws, what the table says and what the file holds are the same."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from victimcare.domain.process_changes import BOARD, ProcessChange
from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD
from victimcare.presentation.charts import Series, draw
from victimcare.presentation.compliance_months import CSV_HEADER, csv_rows, months_shown
from victimcare.queries.compliance_months import AgencyMonths, MonthShown
from victimcare.queries.rates import Rate

SVG = "{http://www.w3.org/2000/svg}"
MET = (900, 902, 899, 905, 901, 898, 903, 900, 902, 899, 901, 900, 700)
"""Of a thousand duties a month: the last is far below the others."""


def months(*met: int | None, changes: tuple[ProcessChange, ...] = ()) -> AgencyMonths:
    """One a month from January 2025; None: hidden."""
    shown = (
        MonthShown(
            date(2025 + place // 12, place % 12 + 1, 1),
            Rate.of(SUPPRESSED if count is None else count, SUPPRESSED if count is None else 1000, threshold=THRESHOLD),
        )
        for place, count in enumerate(met)
    )
    return AgencyMonths("police", tuple(shown), changes)


def read(of: AgencyMonths) -> list[dict[str, str]]:
    return [dict(zip(CSV_HEADER, row, strict=True)) for row in csv_rows(of, "Police")]


def change(from_on: date, reason: str = "Two teams became one") -> ProcessChange:
    return ProcessChange(1, "police", from_on, reason, BOARD, date(2026, 1, 5), date(2026, 3, 6))


def test_the_file_holds_what_the_chart_draws() -> None:
    of = months(*MET)
    rows = read(of)
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
    signs = [row["Sign of change"] for row in read(of)]
    marked = [bool(row.sign) for row in reversed(months_shown(of, "Police").rows)]
    assert [bool(sign) for sign in signs] == marked
    assert signs[-1] == "outside"


def test_a_hidden_month_is_hidden_and_held_against_nothing() -> None:
    hidden = read(months(*MET[:3], None, *MET[3:]))[3]
    assert (hidden["Month"], hidden["Met in time (%)"], hidden["Met"]) == ("2025-04", "[c]", "[c]")
    assert (hidden["Lower limit (%)"], hidden["Centre (%)"], hidden["Sign of change"]) == ("", "", "")


LOW, HIGH = MET[:12], tuple(count - 300 for count in MET[:12])
IN_2026 = change(date(2026, 1, 1))


def test_before_a_declared_change_and_since_months_are_judged_apart() -> None:
    shown = months_shown(months(*LOW, *HIGH, changes=(IN_2026,)), "Police")
    assert shown.title == "Police: 12 months since change A, no sign of change"
    assert shown.says == (
        "January 2025 to December 2025: No signal: the months differ by no more than such figures always do.",
        "Change A, declared: from January 2026 the process is another, and limits begin anew. Two teams became one.",
        "January 2026 to December 2026: No signal: the months differ by no more than such figures always do.",
    )
    assert shown.newest == shown.says[-1], "a summary tells of how it is now"
    [declared] = shown.changes
    assert (declared.mark, declared.decided) == (
        "A",
        "the board, 5 January 2026; declared here 6 March 2026, 2 months after it",
    )
    assert [row.month for row in shown.rows if row.begins == "A"] == ["January 2026"]
    assert months_shown(months(*LOW, *HIGH), "Police").title == "Police: signs of change in 24 months"


def test_the_chart_draws_the_step_and_breaks_its_limits_there() -> None:
    chart = months_shown(months(*LOW, *HIGH, changes=(IN_2026,)), "Police").chart
    assert chart
    assert [(step.place, step.mark) for step in chart.steps] == [(12, "A")]
    drawing = ElementTree.fromstring(str(draw(chart)))  # noqa: S314 - our own
    lines = [line.attrib["class"].rpartition("--")[2] for line in drawing.iter(f"{SVG}polyline")]
    assert sorted(lines) == ["baseline"] * 2 + ["limit"] * 4 + ["measured"]
    [step] = [line for line in drawing.iter(f"{SVG}line") if line.attrib["class"] == "app-chart__step"]
    assert "".join(step.itertext()) == "January 2026: limits begin anew, change A"
    assert "Two teams became one." in chart.description


def test_the_file_says_where_limits_begin_and_why() -> None:
    rows = read(months(*LOW, *HIGH, changes=(IN_2026,)))
    assert [row["Held against months since"] for row in rows] == ["2025-01"] * 12 + ["2026-01"] * 12
    assert {row["Month"]: row["Declared change"] for row in rows if row["Declared change"]} == {
        "2026-01": "Two teams became one"
    }
    assert rows[0]["Centre (%)"] != rows[-1]["Centre (%)"]


def test_too_few_months_since_a_change_are_said_to_be_too_few() -> None:
    shown = months_shown(months(*LOW, *HIGH[:3], changes=(IN_2026,)), "Police")
    assert shown.title == "Police: 3 months since change A, too few to judge"
    assert shown.says[-1] == "January 2026 to March 2026: 3 months, too few to judge."
    assert shown.chart
    assert {series.name: series.end for series in shown.chart.series}["Mean"] == "to Dec 2025", "it ended there"


def test_a_change_that_begins_nowhere_says_so() -> None:
    [later] = months_shown(months(*LOW, changes=(IN_2026,)), "Police").changes
    assert (later.mark, later.says) == ("", "No month since is shown yet: limits begin anew with the first one.")
    [first] = months_shown(months(*LOW, changes=(change(date(2025, 1, 1)),)), "Police").changes
    assert first.says == "No month before it is shown, so that there is nothing to tell it apart from."


def test_where_its_month_is_hidden_limits_begin_with_the_first_that_is_shown() -> None:
    shown = months_shown(months(*LOW, None, *HIGH, changes=(IN_2026,)), "Police")
    assert "limits begin anew with February 2026, the first month since that is shown" in shown.says[1]
    assert [row.month for row in shown.rows if row.begins] == ["February 2026"]


def drawn_as(series: Series) -> list[str]:
    return [f"{point.value:.1f}" for point in series.points if point.value is not None]

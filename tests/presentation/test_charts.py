"""The referral chart: what it says is what table and CSV say, and it keeps to classes."""

import csv
import re
from datetime import date
from io import StringIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from victimcare.domain.small_numbers import SUPPRESSED, Count
from victimcare.editions.plan import published_plan
from victimcare.presentation import referral_rate
from victimcare.presentation.charts import NARROW, WIDE, LineChart, Point, Series, Shape, draw
from victimcare.presentation.csv import csv_bytes
from victimcare.queries.rates import Rate
from victimcare.queries.referral_rate import ReferralMonth, ReferralView

SVG = "{http://www.w3.org/2000/svg}"
PLAN = published_plan()
SHAPES = pytest.mark.parametrize("shape", [WIDE, NARROW], ids=lambda shape: shape.name)


def month(number: int, referred: Count, victims: Count) -> ReferralMonth:
    month_on = date(2025, number, 1)
    rate = Rate.of(referred, victims, threshold=5)
    return ReferralMonth(month_on, rate, 0, PLAN.path_on(PLAN.readings[0], month_on), settled=number < 6)


def view(*months: ReferralMonth) -> ReferralView:
    return ReferralView(months, PLAN, PLAN.readings[0], known_on=(date(2025, 7, 1),))


SIX_MONTHS = view(
    month(1, 20, 100),
    month(2, 30, 110),
    month(3, SUPPRESSED, 30),
    month(4, 1021, 3456),
    month(5, 0, 0),
    month(6, 41, 120),
)


def svg(chart: LineChart, shape: Shape) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw(chart, shape)))  # noqa: S314 - our own


def words_of(drawing: ElementTree.Element) -> list[str]:
    """Everything that can be read by pointing at something of the measured line."""
    points = [*drawing.iter(f"{SVG}circle"), *drawing.iter(f"{SVG}text")]
    marked = [p for p in points if re.search("point--measured|chart__hidden", p.attrib["class"])]
    return [title.text or "" for point in marked for title in point.iter(f"{SVG}title")]


@SHAPES
def test_chart_table_and_csv_say_the_same(shape: Shape) -> None:
    pointed_at = sorted(words_of(svg(referral_rate.chart(SIX_MONTHS), shape)))
    table = {row.month: (row.share, row.referred, row.victims) for row in referral_rate.rows(SIX_MONTHS)}
    expected = [f"{name}: referred {share}, {part} of {all_} victims" for name, (share, part, all_) in table.items()]
    assert [words.removesuffix(", may still rise") for words in pointed_at] == sorted(expected)
    written = csv_bytes(referral_rate.CSV_HEADER, referral_rate.csv_rows(SIX_MONTHS)).decode()
    rows = list(csv.DictReader(StringIO(written, newline="")))
    in_csv = [(row["Referred (%)"], row["Victims referred"], row["Victims"]) for row in reversed(rows)]
    assert in_csv == [(s.removesuffix("%"), r.replace(",", ""), v.replace(",", "")) for s, r, v in table.values()]


@SHAPES
def test_points_are_drawn_where_their_values_are(shape: Shape) -> None:
    drawing = svg(referral_rate.chart(SIX_MONTHS), shape)
    circles = [c for c in drawing.iter(f"{SVG}circle") if "point--measured" in c.attrib["class"]]
    shares = [20 / 100, 30 / 110, 1021 / 3456, 41 / 120]
    heights = [float(circle.attrib["cy"]) for circle in circles]
    assert len(heights) == len(shares)
    scale = (heights[1] - heights[0]) / (shares[1] - shares[0])
    for height, share in zip(heights, shares, strict=True):
        assert height == pytest.approx(heights[0] + scale * (share - shares[0]), abs=0.2)


@SHAPES
def test_it_has_classes_only_a_name_and_a_description(shape: Shape) -> None:
    drawing = svg(referral_rate.chart(SIX_MONTHS), shape)
    for element in drawing.iter():
        assert element.tag.removeprefix(SVG) not in {"style", "script", "foreignObject", "a", "image", "use"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not {"fill", "stroke", "font-size", "href"} & set(element.attrib)
    assert drawing.attrib["role"] == "img"
    assert "width" not in drawing.attrib, "it takes the width that it is given"
    named = drawing.attrib["aria-labelledby"].split()
    texts = {element.attrib["id"]: element.text for element in drawing.iter() if "id" in element.attrib}
    assert [texts[name] for name in named] == [
        referral_rate.chart(SIX_MONTHS).title,
        referral_rate.chart(SIX_MONTHS).description,
    ]


def test_a_hidden_month_breaks_the_line_and_says_so() -> None:
    drawing = svg(referral_rate.chart(SIX_MONTHS), WIDE)
    lines = [line for line in drawing.iter(f"{SVG}polyline") if "line--measured" in line.attrib["class"]]
    assert [len(line.attrib["points"].split()) for line in lines] == [2], "a single point has no line"
    hidden = [text for text in drawing.iter(f"{SVG}text") if text.attrib["class"] == "app-chart__hidden"]
    assert ["".join(text.itertext())[-3:] for text in hidden] == ["[c]", "[z]"]


def test_an_unsettled_month_is_an_open_point() -> None:
    circles = svg(referral_rate.chart(SIX_MONTHS), WIDE).iter(f"{SVG}circle")
    measured = [circle.attrib["class"] for circle in circles if "point--measured" in circle.attrib["class"]]
    assert ["point--open" in style for style in measured] == [False, False, False, True]


@SHAPES
def test_names_of_lines_do_not_lie_on_each_other_nor_outside(shape: Shape) -> None:
    close = (Point(20.0, "a"), Point(20.0, "b"))
    chart = LineChart(
        "close", "Title", "Text", (("Jan", "2025"), ("Feb", "2025")),
        tuple(Series(f"Line {n}", "20.0%", "measured", close) for n in range(3)),
    )  # fmt: skip
    names = [t for t in svg(chart, shape).iter(f"{SVG}text") if "chart__name" in t.attrib["class"]]
    heights = sorted(float(name.attrib["y"]) for name in names)
    assert len(heights) == 6
    assert all(later - earlier >= 17 for earlier, later in pairwise(heights))
    assert 0 < heights[0] <= heights[-1] <= shape.height


def test_words_are_escaped() -> None:
    chart = LineChart("x", "<b>", "&", (("J", "<i>"),), (Series("<u>", '"', "measured", (Point(1.0, "<s>"),)),))
    assert not re.search("<[bius]>", str(draw(chart)))


@pytest.mark.parametrize(
    ("months", "title"),
    [
        ([(20, 100), (21, 100)], "Referrals below the plan's path in all 2 months"),
        ([(40, 100), (41, 100)], "Referrals on the plan's path in all 2 months"),
        ([(20, 100), (41, 100)], "Referrals reached the plan's path in 1 of 2 months"),
        ([(SUPPRESSED, 30)], "Share of victims referred to support, month by month"),
    ],
)
def test_the_title_says_what_happened_in_ten_words(months: list[tuple[Count, Count]], title: str) -> None:
    shown = view(*(month(number, *counts) for number, counts in enumerate(months, 1)))
    assert referral_rate.title(shown) == title
    assert len(title.split()) <= 10

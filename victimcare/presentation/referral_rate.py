"""The referral rate in words: its chart, its table and its CSV, all from the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from victimcare.presentation.charts import LineChart, Point, Series
from victimcare.presentation.figures import interval_ends, interval_words, number, percent, plain_number, plain_percent
from victimcare.presentation.words import day, month
from victimcare.queries.referral_rate import ReferralMonth, ReferralView

MAY_RISE = "may still rise"


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the table in words."""

    month: str
    share: str
    interval: str
    referred: str
    victims: str
    path: str
    no_evidence: str
    note: str


def rows(view: ReferralView) -> tuple[Row, ...]:
    """The table, the newest month first."""
    return tuple(_row(month_shown) for month_shown in reversed(view.months))


def _row(shown: ReferralMonth) -> Row:
    return Row(
        month=month(shown.month_on),
        share=percent(shown.referred.share),
        interval=interval_words(shown.referred.interval),
        referred=number(shown.referred.numerator),
        victims=number(shown.referred.denominator),
        path=percent(shown.path),
        no_evidence=number(shown.no_evidence),
        note="" if shown.settled else MAY_RISE,
    )


CSV_HEADER = (
    "Month",
    "As known on",
    "Referred (%)",
    "95% interval from (%)",
    "95% interval to (%)",
    "Victims referred",
    "Victims",
    "Plan's path (%)",
    "Reading of the plan",
    "No evidence",
    "Note",
)


def csv_rows(view: ReferralView) -> Iterator[Sequence[str]]:
    """The same table for machines, the oldest month first."""
    for shown in view.months:
        low, high = interval_ends(shown.referred.interval)
        yield (
            f"{shown.month_on:%Y-%m}",
            ", ".join(day.isoformat() for day in view.known_on),
            plain_percent(shown.referred.share),
            plain_percent(low),
            plain_percent(high),
            plain_number(shown.referred.numerator),
            plain_number(shown.referred.denominator),
            plain_percent(shown.path),
            view.reading.title,
            plain_number(shown.no_evidence),
            "" if shown.settled else MAY_RISE,
        )


def title(view: ReferralView) -> str:
    """What the chart shows, in ten words at most."""
    reached, months = view.against_path
    if not months:
        return "Share of victims referred to support, month by month"
    if reached == months:
        return f"Referrals on the plan's path in all {months} months"
    if not reached:
        return f"Referrals below the plan's path in all {months} months"
    return f"Referrals reached the plan's path in {reached} of {months} months"


def chart(view: ReferralView) -> LineChart:
    """The measured share, the plan's path and its baseline."""
    return LineChart(
        id="referrals",
        title=title(view),
        description=_description(view),
        places=tuple(_place(shown) for shown in view.months),
        series=(
            Series("Plan's path", percent(view.months[-1].path), "path", _path(view), marked=False),
            Series("Referred", percent(_last_share(view)), "measured", tuple(_measured(m) for m in view.months)),
            Series("Baseline", percent(view.plan.baseline), "baseline", _baseline(view), marked=False),
        ),
    )


def _last_share(view: ReferralView) -> float | None:
    shares = (shown.referred.share for shown in reversed(view.months))
    return next((share for share in shares if isinstance(share, float)), None)


def _place(shown: ReferralMonth) -> tuple[str, str]:
    name, year = month(shown.month_on).split()
    return name[:3], year


def _measured(shown: ReferralMonth) -> Point:
    share = shown.referred.share
    of_what = f"{number(shown.referred.numerator)} of {number(shown.referred.denominator)} victims"
    words = f"{month(shown.month_on)}: referred {percent(share)}, {of_what}"
    drawn = share * 100 if isinstance(share, float) else None
    return Point(drawn, words if shown.settled else f"{words}, {MAY_RISE}", open=not shown.settled)


def _path(view: ReferralView) -> tuple[Point, ...]:
    return tuple(
        Point(
            None if shown.path is None else shown.path * 100,
            f"{month(shown.month_on)}: plan's path {percent(shown.path)}",
        )
        for shown in view.months
    )


def _baseline(view: ReferralView) -> tuple[Point, ...]:
    words = f"Baseline {percent(view.plan.baseline)}, when the plan was made"
    return tuple(Point(view.plan.baseline * 100, words) for _ in view.months)


def _description(view: ReferralView) -> str:
    first, last = view.months[0], view.months[-1]
    reached, months = view.against_path
    against = f" It reached the plan's path in {reached} of the last {months} months that show both." if months else ""
    return (
        f"A line of the share of each month's victims who were referred to support, from {month(first.month_on)} "
        f"({percent(first.referred.share)}) to {month(last.month_on)} ({percent(last.referred.share)}), with the "
        f"plan's path ({percent(first.path)} to {percent(last.path)}) and its baseline of "
        f"{percent(view.plan.baseline)}."
        f"{against} Every figure is in the table below."
    )


def targets_in_words(view: ReferralView) -> list[str]:
    """Each target of the plan as the chosen reading has it, in the plan's words."""
    targets = zip(view.plan.targets, view.reading.shares, strict=True)
    return [f'{percent(share)} by {day(target.by_on)} ("{target.words}")' for target, share in targets]

"""How far victims came on the way to support, in words: its table and its CSV, from the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from victimcare.domain.small_numbers import Count
from victimcare.domain.support_reached import NOT_REFERRED, REFERRED, SupportReached
from victimcare.domain.tally import CHARACTERISTICS, By
from victimcare.presentation.figure_names import Names
from victimcare.presentation.figures import interval_ends, interval_words, number, percent, plain_number, plain_percent
from victimcare.queries.support_reached import SupportView, Victims

BREAKDOWNS: dict[By, str] = {
    By.AREA: "Area",
    By.MONTH: "Month",
    By.CRIME_TYPE: "Type of crime",
    By.TEAM: "Team",
    By.AGE: "Age",
    By.SEX: "Sex",
    By.ETHNIC_GROUP: "Ethnic group",
    By.DISABILITY: "Disability",
    By.RELIGION: "Religion or belief",
    By.SEXUAL_ORIENTATION: "Sexual orientation",
    By.GENDER_IDENTITY: "Gender identity",
    By.MARITAL_STATUS: "Marriage and civil partnership",
    By.PREGNANCY: "Pregnancy and maternity",
}
"""What the lines are, as the heading and the menu say it."""

STEPS: dict[SupportReached, tuple[str, str]] = {
    SupportReached.NOT_OFFERED: ("Not offered", "nobody recorded that a referral was offered"),
    SupportReached.OFFERED: ("Offered", "a referral was offered, and there is no answer yet"),
    SupportReached.DECLINED: ("Declined", "the victim chose not to be referred, which is no failure"),
    SupportReached.AGREED: ("Agreed", "the victim agreed, and no referral has been sent yet"),
    SupportReached.REFERRED: ("Referred", "a referral to a service was sent"),
    SupportReached.ACCEPTED: ("Accepted", "a service took them on"),
    SupportReached.CONTACTED: ("Contacted", "the service made contact"),
    SupportReached.STARTED: ("Started", "support began"),
}
"""The heading of each step, and what it means."""
ALL_VICTIMS = "All victims"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table in words: those who were not referred by where they stand, the others step by step."""

    name: str
    victims: str
    share: str
    interval: str
    steps: tuple[tuple[str, str], ...]
    no_evidence: str


def rows(view: SupportView, names: Names) -> tuple[Row, ...]:
    """The lines, and last all of them."""
    lines = (_row(line, names.of_line(view.table.breakdown, line.value)) for line in view.lines)
    return (*lines, _row(view.total, ALL_VICTIMS))


def _row(line: Victims, name: str) -> Row:
    return Row(
        name=name,
        victims=number(line.referred.denominator),
        share=percent(line.referred.share),
        interval=interval_words(line.referred.interval),
        steps=tuple((STEPS[step][0], number(count)) for step, count in _steps(line)),
        no_evidence=number(line.no_evidence),
    )


def _steps(line: Victims) -> Iterator[tuple[SupportReached, Count]]:
    for step in NOT_REFERRED:
        yield step, line.stands[step]
    for step in REFERRED:
        yield step, line.reached[step]


def title(view: SupportView) -> str:
    """What happened, in a sentence."""
    rate, started = view.total.referred, view.total.reached[SupportReached.STARTED]
    return (
        f"Of {number(rate.denominator)} victims {number(rate.numerator)} were referred ({percent(rate.share)}), "
        f"and for {number(started)} support began."
    )


def equality_sentence(view: SupportView) -> str:
    """Of how many victims the characteristic is known, where the lines are of one; "" where they are not."""
    if view.by not in CHARACTERISTICS:
        return ""
    not_asked = next((line.total for line in view.lines if line.value == "not_asked"), 0)
    return f"Not asked: {number(not_asked)} of {number(view.total.total)} victims."


CSV_HEADER = (
    "Period from",
    "Period to",
    "As known on",
    "By",
    "Line",
    "Victims",
    "Referred (%)",
    "95% interval from (%)",
    "95% interval to (%)",
    *(words for words, _ in STEPS.values()),
    "No evidence",
)


def csv_rows(view: SupportView, names: Names) -> Iterator[Sequence[str]]:
    """The same table for machines."""
    known_on = ", ".join(day.isoformat() for day in view.table.known_on)
    period = (view.period.from_on.isoformat(), view.period.last_on.isoformat(), known_on, BREAKDOWNS[view.by])
    for line in (*view.lines, view.total):
        name = names.of_line(view.table.breakdown, line.value) if line.value else ALL_VICTIMS
        low, high = interval_ends(line.referred.interval)
        yield (
            *period,
            name,
            plain_number(line.referred.denominator),
            *(plain_percent(share) for share in (line.referred.share, low, high)),
            *(plain_number(count) for _, count in _steps(line)),
            plain_number(line.no_evidence),
        )

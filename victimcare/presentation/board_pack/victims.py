"""What became of the victims of a period: support, needs that no service met, and their journeys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from victimcare.domain.board_pack import Cell
from victimcare.domain.counted import CONTINUITY, STAGES_REACHED, STEPS
from victimcare.domain.quarter import Quarter
from victimcare.domain.tally import By
from victimcare.presentation import support_reached
from victimcare.presentation.board_pack.columns import Kind
from victimcare.presentation.board_pack.figures import ASKED, SILENT
from victimcare.presentation.board_pack.heard import ANSWERED, SAID, THEMES
from victimcare.presentation.board_pack.pack import Pack, Section, Table, said
from victimcare.presentation.feedback import quarter_title

Row = Mapping[str, Cell]


def answers(pack: Pack) -> Iterator[Section]:
    """What victims answered who were asked how it was for them."""
    in_all = next((row for row in pack.rows(ANSWERED) if not row["line"]), None)
    if in_all is None:
        return
    quarter = quarter_title(Quarter.named(pack.figures["feedback"]["quarter"]))
    says = (
        f"Of victims who were asked in {quarter}, the newest quarter up to this period that could be shown.",
        "It says how it was for those who answered. Those for whom it went worst are often among those who did not. "
        "Who could not be reached safely, who is under 18 and whom nobody asked are in no figure.",
    )
    tables = [
        (SAID, "What victims answered", "What victims answered, by area", By.AREA, 1),
        (ANSWERED, "How many answered", "How many answered, by area", By.AREA, 0),
        (THEMES, "In their own words", "What victims’ own words were about", By.AREA, 0),
    ]
    yield Section("feedback", _how_many_answered(in_all), says, tables=pack.those_there_are(tables))


def _how_many_answered(in_all: Row) -> str:
    if isinstance(in_all["answered_share"], str):
        return "What victims answered: too few to tell how many did"
    share, asked = said(in_all["answered_share"], Kind.PERCENT), said(in_all["asked"], Kind.COUNT)
    return f"{share} of {asked} victims who were asked answered"


def support(pack: Pack) -> Iterator[Section]:
    """How far victims came on the way to support, and the needs that no service met."""
    in_all = next((row for row in pack.rows(f"victims-by-{By.AREA.value}") if not row["line"]), None)
    if in_all is not None:
        by_area = _how_far(pack, [By.AREA])
        yield Section("support", _referred(in_all), (_REFERRAL_MEANS, _DECLINED_MEANS), tables=by_area)
    gaps = [
        (f"gaps-by-{By.NEED.value}", "Needs not met", "Needs that no service met, by need", By.NEED, 0),
        (f"gaps-by-{By.AREA.value}", "Needs not met by area", "Needs that no service met, by area", By.AREA, 0),
    ]
    if shown := pack.those_there_are(gaps):
        yield Section("gaps", "Needs that no service met", tables=shown)


def journeys(pack: Pack) -> Iterator[Section]:
    """How long journeys took, what was done on the way, and how many officers a victim had."""
    tables = [
        (STAGES_REACHED, "Stages", "Cases that reached a stage, and days since the one before", By.KIND, 0),
        (STEPS, "Steps", "Cases in which something was offered, asked or decided", By.KIND, 0),
        (CONTINUITY, "Officers", "Cases that were closed, by case officers in turn", By.OFFICERS, 0),
        (SILENT, "Silence", "Cases open on the last day, by how long nothing had reached the victim", By.SILENCE, 0),
    ]
    if shown := pack.those_there_are(tables):
        says = "Days are calendar days, of cases that came so far. No victim is ever without a case officer."
        silent = "A silence is told of cases that were open on the last day of the period; an attempt does not end it."
        silences = (silent,) if pack.rows(SILENT) else ()
        yield Section("journeys", "Journeys", (says, *silences), tables=shown)


def support_otherwise(pack: Pack) -> Iterator[Section]:
    """What victims were asked of themselves, and the same victims in every other breakdown: of some hardly any is."""
    if asked := pack.those_there_are([(ASKED, "Asked", "Of how much victims were asked, by team", By.ASKED, 1)]):
        says = "Where few are asked, a figure by a characteristic tells of those who were, and of nobody else."
        yield Section("asked", "What victims were asked about themselves", (says,), tables=asked)
    if shown := _how_far(pack, [by for by in support_reached.BREAKDOWNS if by is not By.AREA]):
        yield Section("support-otherwise", "How far victims came, by what is known of them", tables=shown)


def _how_far(pack: Pack, breakdowns: Sequence[By]) -> tuple[Table, ...]:
    titles = [(by, support_reached.BREAKDOWNS[by].lower()) for by in breakdowns]
    wanted = [
        (f"victims-by-{by.value}", f"Victims by {of}", f"How far victims came, by {of}", by, 0) for by, of in titles
    ]
    return pack.those_there_are(wanted)


_REFERRAL_MEANS = (
    "A victim is a case, in the period in which it was opened; a referral counts there however late it comes."
)
_DECLINED_MEANS = "Whoever declined made a choice, which is no failure."


def _referred(in_all: Row) -> str:
    if isinstance(in_all["referred_share"], str):
        return "How many victims were referred to support is hidden"
    started = said(in_all["step_started"], Kind.COUNT)
    share = f"{said(in_all['referred_share'], Kind.PERCENT)} of {said(in_all['victims'], Kind.COUNT)} victims"
    return f"{share} were referred to support, and for {started} it began"

"""What became of the victims of a period: support, needs that no service met, and their journeys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from victimcare.domain.board_pack import Cell
from victimcare.domain.counted import CONTINUITY, STAGES_REACHED, STEPS
from victimcare.domain.tally import By
from victimcare.presentation import support_reached
from victimcare.presentation.board_pack.columns import Kind
from victimcare.presentation.board_pack.pack import Pack, Section, Table, said

Row = Mapping[str, Cell]


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
    ]
    if shown := pack.those_there_are(tables):
        says = "Days are calendar days, of cases that came so far. No victim is ever without a case officer."
        yield Section("journeys", "Journeys", (says,), tables=shown)


def support_otherwise(pack: Pack) -> Iterator[Section]:
    """The same victims in every other breakdown: of some characteristics hardly anybody is asked yet."""
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

"""Board packs for tests: duties of a quarter as they might be, the publication of them, and a pack made of that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import insert, select

from tests.builders import event, journey
from tests.force import Force
from tests.published import publish
from tests.queries.test_compliance import due_row
from tests.queries.worlds import store
from tests.web.site import Site
from victimcare.commands.ask_for_pack import ask_for_pack
from victimcare.domain.board_pack import PackFormat, file_id
from victimcare.domain.compliance import Outcome
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.exchange.board_packs import make_pack
from victimcare.store import board_packs
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.publications import published_quarters
from victimcare.store.staff import SYSTEM

SPRING, WINTER = Quarter(2026, 2), Quarter(2026, 1)
PUBLISHED_AT = datetime(2026, 7, 14, 12, tzinfo=UTC)
Line = tuple[str, int, str, str]
ARRESTS: Line = ("police", 6, "R6-ARR", "Luton")
CHARGES: Line = ("police", 6, "R6-CHG", "Bedford Borough")
REFERRALS: Line = ("police", 4, "R4-REF", "Luton")
RESULTS: Line = ("witness_care_unit", 9, "R9-SENT", "Luton")
USUAL: Mapping[Line, Mapping[Outcome, int]] = {
    ARRESTS: {Outcome.MET: 40, Outcome.MET_LATE: 10, Outcome.OPEN: 8, Outcome.DECLINED: 6},
    CHARGES: {Outcome.MET: 30, Outcome.MET_LATE: 7},
    REFERRALS: {Outcome.MET: 20, Outcome.OPEN: 9, Outcome.NO_EVIDENCE: 12},
    RESULTS: {Outcome.MET: 15, Outcome.MET_LATE: 2},
}
"""Of which one number is small, and another has to be hidden with it."""


def add_duties(
    force: Force, quarter: Quarter, lines: Mapping[Line, Mapping[Outcome, int]] = USUAL, *, name: str = "a"
) -> None:
    """Put these duties in, as if derived from one case, spread over the months of the quarter."""
    rows = []
    for (agency, right, rule, area), outcomes in lines.items():
        for outcome, count in outcomes.items():
            for number in range(count):
                key = f"{name}-{quarter.id}-{area}-{outcome.value}-{number}"
                row = due_row(0, quarter, agency, right, outcome) | {"rule": rule, "area": area, "start_key": key}
                rows.append(row | {"reported_month": quarter.months[number % 3]})
    with force.database.reading() as connection:
        held = connection.execute(select(CASES.c.id)).scalar()
    if held is None:
        assigned = event("officer_assigned", "2026-01-20", officer="ash", team="luton")
        store(force.database, [journey(assigned, case_ref="C-1")])
    with force.database.writing() as connection:
        case_id = connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars().first()
        connection.execute(insert(DUES), [{**row, "case_id": case_id} for row in rows])


def random_lines(seed: int) -> dict[Line, dict[Outcome, int]]:
    """Duties with numbers of every size, the same for the same seed."""
    chance = Random(seed)
    lines = [ARRESTS, CHARGES, REFERRALS, RESULTS, ("police", 6, "R6-BAIL", "Luton"), ("cps", 10, "R10-EXP", "Luton")]
    return {
        line: {each: chance.choice([0, 1, 4, 5, 17, 60]) for each in chance.sample(list(Outcome), 5)} for line in lines
    }


def published(force: Force, *quarters: Quarter, at: datetime = PUBLISHED_AT, threshold: int = 5) -> list[str]:
    """Publish them; those of which anything was."""
    return publish(force.database, force.law, quarters, at, threshold=threshold)


def pack_of(
    force: Force,
    period: str = SPRING.id,
    *,
    baseline: str = "",
    at: datetime = PUBLISHED_AT,
    threshold: int = 5,
    law: Any = None,
) -> Any:
    """The row of the pack that is made when this is asked for."""
    with force.database.writing() as connection:
        what = {"period": period, "baseline": baseline, "threshold": threshold, "force": "An Invented Force"}
        asked = ask_for_pack(connection, **what, by=force.board, now=at)  # type: ignore[arg-type]
    assert make_pack(force.database, asked, law=law or force.law, clock=lambda: at)
    with force.database.reading() as connection:
        return board_packs.of_id(connection, asked.id)


def files_of(force: Force, row: Any) -> dict[str, bytes]:
    """Its files, by their formats."""
    with force.database.reading() as connection:
        return {each.value: bytes(held.content) for each, held in board_packs.files_of(connection, row.id).items()}


def made_pack(site: Site, law: Law) -> str:
    """Make the pack of the newest quarter that was published; what its spreadsheet is called where it is taken."""
    with site.database.writing() as connection:
        period = published_quarters(connection, threshold=5)[0].id
        what = {"period": period, "baseline": "", "threshold": 5, "force": site.app.state.settings.force_name}
        asked = ask_for_pack(connection, **what, by=SYSTEM, now=site.clock.now)  # type: ignore[arg-type]
    assert make_pack(site.database, asked, law=law, clock=lambda: site.clock.now)
    with site.database.reading() as connection:
        return file_id(period, board_packs.of_id(connection, asked.id).sha256, PackFormat.ODS)

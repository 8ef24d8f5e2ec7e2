"""The entries of an edition file that say who counts as a victim, and who has which tier of rights."""

from __future__ import annotations

from collections.abc import Sequence

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.evidence import Evidence
from victimcare.domain.needs import Criterion, Ground
from victimcare.domain.who_counts import ToldAs, VictimBasis
from victimcare.editions.reading import Table
from victimcare.editions.rules import Terms

_GRADE = "grade of evidence"


def read_ground(table: Table, terms: Terms) -> Ground:
    """A category of victims with its criteria. Raises `BadEdition`."""
    table.one_of("id", _known_grounds(), "ground that an assessment can name")
    criteria = [_criterion(entry) for entry in table.tables("criteria")]
    if not criteria:
        raise table.bad("criteria", "a ground without a criterion is never met")
    ground = Ground(
        id=table.text("id"),
        title=table.text("title"),
        tier=table.one_of("tier", terms.tiers, "tier"),
        evidence=table.code("evidence", Evidence, _GRADE),
        criteria=tuple(criteria),
        of_age=table.flag("until_18"),
    )
    table.finish()
    return ground


def read_basis(table: Table, grounds: Sequence[Ground]) -> VictimBasis:
    """A basis on which somebody counts as a victim. Raises `BadEdition`."""
    criteria = [criterion.id for ground in grounds for criterion in ground.criteria]
    basis = VictimBasis(
        id=table.text("id"),
        title=table.text("title"),
        says=table.text("says"),
        told=table.code("told", ToldAs, "way of being told"),
        evidence=table.code("evidence", Evidence, _GRADE),
        suggests=table.one_of("suggests", criteria, "criterion") if table.has("suggests") else None,
    )
    table.finish()
    return basis


def _criterion(table: Table) -> Criterion:
    criterion = Criterion(table.text("id"), table.text("title"), table.code("evidence", Evidence, _GRADE))
    table.finish()
    return criterion


def _known_grounds() -> tuple[str, ...]:
    details = {detail.name: detail for detail in EVENT_KINDS[EventKind.NEEDS_ASSESSED].details}
    return tuple(details["grounds"].choices or ())

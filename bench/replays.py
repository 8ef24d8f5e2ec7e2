"""A year of a force reckoned anew, quarter by quarter: as it was known then, and by another edition of the Code.

The same database as that of `bench/board.py` (`one.db`). Nothing is shown or kept: what takes long is to derive what
every case owes, from its journey.
"""

from __future__ import annotations

from pathlib import Path

from bench.measuring import Measured, Took, both, in_words
from bench.worlds import AT, QUARTERS, world
from victimcare.domain.calendar import london_date
from victimcare.domain.law import Law
from victimcare.domain.next_edition import always
from victimcare.domain.quarter import Quarter
from victimcare.editions.law import published_law
from victimcare.editions.loader import load_edition
from victimcare.store.database import Database
from victimcare.store.replaying import replay

_YEAR = QUARTERS[-4:]
_AIM = 10 * 60.0
"""Seconds of the processor, for four quarters: minutes, while somebody prepares a meeting."""
_DRAFT = Path(__file__).parents[1] / "victimcare" / "editions" / "example-draft.toml"


def measure() -> list[Measured]:
    """Each way against its aim."""
    database, law = Database(f"sqlite:///{world()}"), published_law()
    known_then = [_took(database, quarter, law, as_known=True) for quarter in _YEAR]
    what_if = [_took(database, quarter, always(law, load_edition(_DRAFT))) for quarter in _YEAR]
    database.close()
    return [_line("as known on a past day", known_then), _line("by another edition", what_if)]


def _took(database: Database, quarter: Quarter, law: Law, *, as_known: bool = False) -> Took:
    known_on = london_date(AT) if as_known else None
    return both(lambda: replay(database, quarter, law=law, known_on=known_on))


def _line(what: str, quarters: list[Took]) -> Measured:
    processor, clock = (sum(getattr(one, of) for one in quarters) for of in ("processor", "clock"))
    words = f"{in_words(processor)} ({in_words(clock)} by the clock)"
    return Measured(f"a year of a force reckoned anew, {what}", words, f"aim, {in_words(_AIM)}", processor / _AIM, 1)

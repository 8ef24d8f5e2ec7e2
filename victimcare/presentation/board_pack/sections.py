"""A board pack, section by section: the sentences, charts and tables of its document, as every file shows them.

To add a section: a function that gives it from the pack, beside its like, and its place in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from victimcare.presentation.board_pack import about_the_pack, actions, duties, victims
from victimcare.presentation.board_pack.pack import Pack, Section, Table

SECTIONS: tuple[Callable[[Pack], Iterator[Section]], ...] = (
    duties.in_short,
    duties.month_by_month,
    duties.by_right,
    duties.behind,
    victims.answers,
    victims.support,
    victims.journeys,
    actions.decided,
    about_the_pack.changes,
    about_the_pack.missing,
    duties.otherwise,
    victims.support_otherwise,
    about_the_pack.meaning,
    about_the_pack.frozen,
)
"""The sections of a pack, in order."""


def sections_of(pack: Pack) -> tuple[Section, ...]:
    """Every section, in order."""
    return tuple(section for sections in SECTIONS for section in sections(pack))


def tables_in(sections: Sequence[Section]) -> tuple[Table, ...]:
    """Their tables, in order."""
    return tuple(table for section in sections for table in section.tables)

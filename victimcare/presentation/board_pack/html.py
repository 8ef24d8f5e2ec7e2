"""A board pack as one page to read and to print: everything in one file, and nothing in it that runs."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.board_pack import Cell
from victimcare.presentation.board_pack.columns import Column, Kind
from victimcare.presentation.board_pack.pack import Pack, Table, said
from victimcare.presentation.board_pack.sections import sections_of
from victimcare.presentation.environment import environment

_JOINED = {
    ("share_low", "share_high"): "95% interval",
    ("referred_low", "referred_high"): "95% interval",
    ("answered_low", "answered_high"): "95% interval",
    ("yes_low", "yes_high"): "95% interval",
    ("change", "change_low", "change_high"): "Change, points",
    ("median_days", "nine_in_ten_days"): "Days: half, 9 in 10",
}
"""Columns that stand in one on a page, and what it is called."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as the page shows it: groups of rows of words, each under what heads it."""

    id: str
    title: str
    heads: tuple[tuple[str, bool], ...]
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]

    @property
    def has_many_columns(self) -> bool:
        """Whether they fit on paper in small letters only."""
        return len(self.heads) > _FIT_ACROSS


_FIT_ACROSS = 9


def html_bytes(pack: Pack) -> bytes:
    """The page."""
    sections = sections_of(pack)
    template = environment().get_template("board_pack.html")
    printed = {table.id: printed_table(table) for section in sections for table in section.tables}
    return template.render(pack=pack, sections=sections, tables=printed).encode()


def printed_table(table: Table) -> PrintedTable:
    """The table as the page shows it."""
    shown = table.for_people()
    columns = shown.columns[shown.grouped :]
    known_on = next((place for place, each in enumerate(columns) if each.kind is Kind.DAYS_KNOWN), None)
    places = _places([each for place, each in enumerate(columns) if place != known_on])
    groups = []
    for head, rows in shown.groups:
        rows = tuple(tuple(cell for place, cell in enumerate(row) if place != known_on) for row in rows)
        groups.append((head, tuple(tuple(_said(row, where) for _, where in places) for row in rows)))
    heads = tuple((title, where[0][1].is_number) for title, where in places)
    return PrintedTable(table.id, table.title, heads, tuple(groups))


def _places(columns: list[Column]) -> list[tuple[str, list[tuple[int, Kind]]]]:
    """Each printed column: its title, and which columns stand in it."""
    found: list[tuple[str, list[tuple[int, Kind]]]] = []
    ids = [each.id for each in columns]
    joined = {one: ids_ for ids_ in _JOINED for one in ids_ if set(ids_) <= set(ids)}
    for place, each in enumerate(columns):
        together = joined.get(each.id)
        if together is None:
            found.append((each.title, [(place, each.kind)]))
        elif together[0] == each.id:
            found.append((_JOINED[together], [(ids.index(one), columns[ids.index(one)].kind) for one in together]))
    return found


def _said(row: tuple[Cell, ...], where: list[tuple[int, Kind]]) -> str:
    cells = [row[place] for place, _ in where]
    words = [said(cell, kind) for cell, (_, kind) in zip(cells, where, strict=True)]
    kind = where[0][1]
    if len(words) == 1 or (len(set(words)) == 1 and words[0].startswith("[")):
        return words[0]
    match kind:
        case Kind.PERCENT:
            return " to ".join(words)
        case Kind.POINTS:
            return f"{words[0]} ({words[1]} to {words[2]})"
    return ", ".join(words)

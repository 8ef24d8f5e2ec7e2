"""A board pack as it is read: its document, with the codes of its tables in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from markupsafe import Markup

from victimcare.domain.board_pack import SHORT_NAME, Cell, Document, PackTable, Why, canonical, name_of, tables_of
from victimcare.domain.process_changes import ProcessChange
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.domain.tally import By
from victimcare.presentation.board_pack.columns import LINE_TITLES, Column, Kind, column, named
from victimcare.presentation.board_pack.figures import DUTIES, MONTHS, PROCESS_CHANGES
from victimcare.presentation.compliance import ALL_LINES
from victimcare.presentation.compliance_months import MonthsShown, months_shown
from victimcare.presentation.figures import MINUS
from victimcare.presentation.words import day, month
from victimcare.queries.compliance_months import AgencyMonths, MonthShown
from victimcare.queries.rates import Rate

WHY = {
    Why.RECORDED_LATE: "Recorded late, or moved into the period by a correction: there are more duties than before.",
    Why.CORRECTED: "Corrected: duties were moved out of the period, or what had started them never happened.",
    Why.LATE_OR_CORRECTED: "Recorded late, or corrected: more duties are known to have been met by their day.",
    Why.ANSWERED_SINCE: "Answered since: overdue before, met late now.",
    Why.NOT_TOLD: "The published numbers do not tell.",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words and numbers. `grouped` says how many of its columns head its groups of rows."""

    id: str
    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grouped: int = 0

    def for_people(self) -> Table:
        """The same without the columns that only machines need."""
        places = [place for place, each in enumerate(self.columns) if each.kind is not Kind.CODE]
        heads = [each for each in self.columns[: self.grouped] if each.kind is not Kind.CODE]
        return Table(
            self.id,
            self.sheet,
            self.title,
            tuple(self.columns[place] for place in places),
            tuple(tuple(row[place] for place in places) for row in self.rows),
            len(heads),
        )

    @property
    def groups(self) -> Iterator[tuple[str, tuple[tuple[Cell, ...], ...]]]:
        """Rows under the words that head them, without these."""
        for head, rows in groupby(self.rows, key=lambda row: row[: self.grouped]):
            yield ": ".join(map(str, head)), tuple(row[self.grouped :] for row in rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack under a title of its own."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    drawings: tuple[Markup, ...] = ()
    tables: tuple[Table, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


class Pack:
    """A document, read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.figures, self.words, self.changes = document["figures"], document["words"], document["changes"]
        self.name = name_of(canonical(document))
        self.short_name = self.name[:SHORT_NAME]
        self._tables = {table.id: table for table in tables_of(document)}

    @property
    def title(self) -> str:
        """What the pack is of."""
        return f"Victims’ Code, {self.words['period']}"

    @property
    def known_on(self) -> str:
        """The days as of which the figures of the period are known."""
        days = sorted({part for row in self.rows(f"{DUTIES}-by-right") for part in str(row["known_on"]).split()})
        if not days:
            return "no day"
        first, last = day(date.fromisoformat(days[0])), day(date.fromisoformat(days[-1]))
        return first if first == last else f"{first} to {last}"

    def rows(self, table_id: str) -> list[dict[str, Cell]]:
        """The rows of a table of its figures, agencies in the Code's order; none where it has no such table."""
        table = self._tables.get(table_id)
        return self._in_order(table.by_column()) if table else []

    def table(self, table_id: str, *, sheet: str, title: str, by: By | None = None, grouped: int = 0) -> Table:
        """A table of its figures, its codes with their names beside them."""
        return self.as_table(self._tables[table_id], sheet=sheet, title=title, by=by, grouped=grouped)

    def those_there_are(self, wanted: Sequence[tuple[str, str, str, By, int]]) -> tuple[Table, ...]:
        """Those of these tables that it has: the id, the sheet, the title, what the lines are, how it is grouped."""
        return tuple(
            self.table(table_id, sheet=sheet, title=title, by=by, grouped=grouped)
            for table_id, sheet, title, by, grouped in wanted
            if self.rows(table_id)
        )

    def as_table(self, of: PackTable, *, sheet: str, title: str, by: By | None = None, grouped: int = 0) -> Table:
        """Any table of codes and numbers so."""
        shown: list[Column] = []
        for known in map(column, of.columns):
            shown.append(known)
            if known.kind is Kind.CODE:
                shown.append(named(known, LINE_TITLES[by] if by and known.id == "line" else known.title))
        rows = tuple(tuple(self._cells(row, by)) for row in self._in_order(of.by_column()))
        return Table(of.id, sheet, title, tuple(shown), rows, 2 * grouped)

    def _cells(self, row: dict[str, Cell], by: By | None) -> Iterator[Cell]:
        for column_id, cell in row.items():
            yield cell
            if column(column_id).kind is Kind.CODE:
                yield self._name(column_id, str(cell), By(str(row["by"])) if "by" in row else by)

    def _name(self, column_id: str, code: str, by: By | None) -> str:
        match column_id:
            case "line":
                return self.words["names"][by.value].get(code, code) if by and code else ALL_LINES
            case "by":
                return LINE_TITLES[By(code)]
            case "why":
                return WHY[Why(code)]
        return str(self.words["names"].get(column_id, {}).get(code, code))

    def _in_order(self, rows: Iterator[dict[str, Cell]]) -> list[dict[str, Cell]]:
        order = {agency: place for place, agency in enumerate(self.words["agencies"])}
        return sorted(rows, key=lambda row: order.get(str(row.get("agency")), len(order)))

    @cached_property
    def months(self) -> tuple[MonthsShown, ...]:
        """The months of each agency, with what they say."""
        agencies = groupby(self.rows(MONTHS), key=lambda row: str(row["agency"]))
        of = (
            AgencyMonths(agency, tuple(self._month(row) for row in rows), self._changes(agency))
            for agency, rows in agencies
        )
        return tuple(months_shown(each, self._name("agency", each.agency, None)) for each in of)

    def _changes(self, agency: str) -> tuple[ProcessChange, ...]:
        return tuple(
            ProcessChange(
                number,
                agency,
                date.fromisoformat(f"{row['from_month']}-01"),
                str(row["reason"]),
                str(row["decided_by"]),
                *(date.fromisoformat(str(row[each])) for each in ("decided_on", "declared_on")),
            )
            for number, row in enumerate(self.rows(PROCESS_CHANGES))
            if row["agency"] == agency
        )

    def _month(self, row: dict[str, Cell]) -> MonthShown:
        met, of = row["met"], row["counted"]
        hidden = not isinstance(met, int) or not isinstance(of, int)
        rate = (
            Rate(SUPPRESSED, SUPPRESSED, SUPPRESSED, SUPPRESSED)
            if hidden
            else Rate.of(int(met), int(of), threshold=self.figures["threshold"])
        )
        return MonthShown(date.fromisoformat(f"{row['month']}-01"), rate)


def said(cell: Cell, kind: Kind) -> str:
    """A cell as people read it."""
    if isinstance(cell, str):
        match kind:
            case Kind.MONTH:
                return month(date.fromisoformat(f"{cell}-01"))
            case Kind.DAY:
                return day(date.fromisoformat(cell))
        return cell
    match kind:
        case Kind.COUNT:
            return f"{cell:,}"
        case Kind.PERCENT:
            return f"{cell:.1f}%"
        case Kind.POINTS:
            return f"{cell:+.1f}".replace("-", MINUS).replace("+0.0", "0.0")
    return str(cell)

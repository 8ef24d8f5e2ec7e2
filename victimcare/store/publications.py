"""Publications of figures, in the database: each as it was published, for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from victimcare.domain.published_figures import FORM, DaysTaken, Publication, PublishedLine, PublishedTable
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED, Count, Suppressed
from victimcare.domain.suppression import ProtectedParts
from victimcare.domain.tally import Breakdown, By
from victimcare.store.tables import PublicationRow, ReplayRow

PUBLICATIONS = PublicationRow.__table__  # type: ignore[attr-defined]
REPLAYS = ReplayRow.__table__  # type: ignore[attr-defined]


def add(connection: Connection, publication: Publication, *, at: datetime) -> None:
    """Keep a publication."""
    content = as_text(publication)
    values = {
        "quarter": publication.quarter.id,
        "number": publication.number,
        "form": publication.form,
        "threshold": publication.threshold,
        "published_at": at,
        "content": content,
        "sha256": sha256(content.encode()).hexdigest(),
    }
    connection.execute(insert(PUBLICATIONS).values(values))


def of_quarter(connection: Connection, quarter: Quarter) -> tuple[Publication, ...]:
    """Every publication of the quarter, the first at the front."""
    asked = select(PUBLICATIONS.c.content).where(PUBLICATIONS.c.quarter == quarter.id).order_by(PUBLICATIONS.c.number)
    return tuple(from_text(content) for content in connection.execute(asked).scalars())


def last_of(connection: Connection, quarters: Sequence[Quarter]) -> dict[Quarter, Publication]:
    """The last publication of each of these quarters that has one."""
    asked = (
        select(PUBLICATIONS.c.content)
        .where(PUBLICATIONS.c.quarter.in_([quarter.id for quarter in quarters]))
        .order_by(PUBLICATIONS.c.quarter, PUBLICATIONS.c.number)
    )
    read = (from_text(content) for content in connection.execute(asked).scalars())
    return {publication.quarter: publication for publication in read}


@dataclass(frozen=True, slots=True)
class KeptPublication:
    """A publication with when it was published, and the hash of what is kept of it."""

    publication: Publication
    published_at: datetime
    sha256: str


def last_kept(connection: Connection, quarters: Sequence[Quarter]) -> tuple[KeptPublication, ...]:
    """The last publication of each of these quarters that has one, the oldest quarter first."""
    read = _kept(connection, PUBLICATIONS.c.quarter.in_([quarter.id for quarter in quarters]))
    return tuple(sorted({one.publication.quarter: one for one in read}.values(), key=_quarter_of))


def numbered(connection: Connection, numbers: Mapping[Quarter, int]) -> tuple[KeptPublication, ...]:
    """The publication of this number of each quarter, the oldest quarter first. Raises `NoSuchPublication`."""
    read = _kept(connection, PUBLICATIONS.c.quarter.in_([quarter.id for quarter in numbers]))
    found = [one for one in read if one.publication.number == numbers[one.publication.quarter]]
    for quarter in set(numbers) - {_quarter_of(one) for one in found}:
        raise NoSuchPublication(quarter, numbers[quarter])
    return tuple(sorted(found, key=_quarter_of))


def _kept(connection: Connection, which: ColumnElement[bool]) -> Iterator[KeptPublication]:
    asked = select(PUBLICATIONS).where(which).order_by(PUBLICATIONS.c.quarter, PUBLICATIONS.c.number)
    for row in connection.execute(asked):
        yield KeptPublication(from_text(row.content), row.published_at, sha256(row.content.encode()).hexdigest())


def _quarter_of(kept: KeptPublication) -> Quarter:
    return kept.publication.quarter


class NoSuchPublication(LookupError):
    """Figures of a quarter that are not kept."""

    def __init__(self, quarter: Quarter, number: int) -> None:
        self.quarter, self.number = quarter, number
        super().__init__(f"publication {number} of {quarter.id} is not kept")


def published_quarters(connection: Connection, *, threshold: int) -> tuple[Quarter, ...]:
    """Every quarter whose figures were published in the form of now, with this threshold or higher, newest first."""
    whole = (PUBLICATIONS.c.threshold >= threshold) & (PUBLICATIONS.c.form == FORM)
    found = connection.execute(select(PUBLICATIONS.c.quarter).where(whole).distinct()).scalars()
    return tuple(sorted((Quarter.named(quarter) for quarter in found), reverse=True))


def add_replay(
    connection: Connection, replay: Publication, *, known_on: date | None, edition: str | None, at: datetime
) -> int:
    """Keep what was shown beside what was published: it can be subtracted from what is shown next. Its id."""
    content = as_text(replay)
    values = {"quarter": replay.quarter.id, "known_on": known_on, "edition": edition, "made_at": at}
    digest = sha256(content.encode()).hexdigest()
    statement = insert(REPLAYS).values(**values, content=content, sha256=digest)
    return int(connection.execute(statement.returning(REPLAYS.c.id)).scalar_one())


def replay_of(connection: Connection, replay_id: int) -> Publication:
    """One of them."""
    return from_text(connection.execute(select(REPLAYS.c.content).where(REPLAYS.c.id == replay_id)).scalar_one())


def replays_of(connection: Connection, quarter: Quarter) -> tuple[Publication, ...]:
    """Everything that was shown beside the publications of the quarter."""
    asked = select(REPLAYS.c.content).where(REPLAYS.c.quarter == quarter.id).order_by(REPLAYS.c.id)
    return tuple(from_text(content) for content in connection.execute(asked).scalars())


def as_text(publication: Publication) -> str:
    """The publication in the one spelling that is hashed: null stands for a number that is hidden."""
    content = {
        "quarter": publication.quarter.id,
        "number": publication.number,
        "form": publication.form,
        "threshold": publication.threshold,
        "editions": publication.editions,
        "tables": [_table(table) for table in publication.tables],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Publication:
    """The publication that was written so."""
    content = json.loads(text)
    if "form" not in content:
        content = _in_form_of_now(content)
    return Publication(
        quarter=Quarter.named(content["quarter"]),
        number=content["number"],
        form=content["form"],
        threshold=content["threshold"],
        editions=tuple(content["editions"]),
        tables=tuple(_read_table(table) for table in content["tables"]),
    )


def _in_form_of_now(content: dict[str, Any]) -> dict[str, Any]:
    """What was published in the first form, of duties only: it stays as it was written, for its hash is of that."""

    def line(of: list[Any]) -> list[Any]:
        value, counted, not_counted, days = of
        return [value, [counted, not_counted], days]

    tables = [
        {
            "of": table["agency"],
            "by": table["by"],
            "within": None if table["right"] is None else str(table["right"]),
            "known_on": table["known_on"],
            "total": line(table["total"]),
            "rows": [line(row) for row in table["rows"]],
        }
        for table in content["tables"]
    ]
    return {**content, "form": 1, "tables": tables}


def _table(table: PublishedTable) -> dict[str, Any]:
    breakdown = table.breakdown
    return {
        "of": breakdown.of,
        "by": breakdown.by.value,
        "within": breakdown.within,
        "known_on": table.known_on.isoformat(),
        "total": _line(table.total),
        "rows": [_line(row) for row in table.rows],
    }


def _line(line: PublishedLine) -> list[Any]:
    days = [line.days.median, line.days.nine_in_ten] if line.days else None
    return [line.value, [_parts(group) for group in line.groups], days]


def _parts(parts: ProtectedParts) -> list[int | None]:
    return [None if isinstance(count, Suppressed) else count for count in (*parts.parts, parts.total)]


def _read_table(table: dict[str, Any]) -> PublishedTable:
    return PublishedTable(
        breakdown=Breakdown(table["of"], By(table["by"]), table["within"]),
        known_on=date.fromisoformat(table["known_on"]),
        total=_read_line(table["total"]),
        rows=tuple(_read_line(row) for row in table["rows"]),
    )


def _read_line(line: list[Any]) -> PublishedLine:
    value, groups, days = line
    return PublishedLine(value, tuple(map(_read_parts, groups)), DaysTaken(*days) if days else None)


def _read_parts(counts: list[int | None]) -> ProtectedParts:
    parts: list[Count] = [SUPPRESSED if count is None else count for count in counts]
    return ProtectedParts(tuple(parts[:-1]), parts[-1])

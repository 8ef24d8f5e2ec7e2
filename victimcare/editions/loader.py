"""The Victims' Code, read from its edition files. What each field means is said in docs/the-code.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from victimcare.domain.code import Edition, Right, Tier, VictimsCode
from victimcare.editions.reading import BadEdition, Table, document_of, read_document
from victimcare.editions.rules import Terms, read_own_deadline, read_rules, read_untimed
from victimcare.editions.transition import read_transition
from victimcare.editions.victims import read_basis, read_ground

__all__ = ["BadEdition", "load_code", "load_edition", "published_code", "read_edition"]

_SHIPPED = Path(__file__).parent
_NAMED_BY_ITS_DAY = "????-??-??.toml"
_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_NEVER_EMPTY = ("right", "agency", "tier", "rule")


@cache
def published_code() -> VictimsCode:
    """Every edition shipped with the program that is not fictional; read once. Raises `BadEdition`."""
    return load_code()


def load_code(paths: Iterable[Path] | None = None) -> VictimsCode:
    """The editions in these files, oldest first; without `paths`, the shipped ones that are not fictional.

    Raises `BadEdition`, or `OverlappingEditions` where two would be in force on one day.
    """
    if paths is None:
        editions = [load_edition(path) for path in _SHIPPED.glob(_NAMED_BY_ITS_DAY)]
        editions = [edition for edition in editions if not edition.fictional]
    else:
        editions = [load_edition(path) for path in paths]
    return VictimsCode(tuple(sorted(editions, key=lambda edition: edition.in_force_from)))


def load_edition(path: Path) -> Edition:
    """The edition in this file. Raises `BadEdition`, which names file, entry and field."""
    return _edition(read_document(path), of_name=path.stem)


def read_edition(text: str) -> Edition:
    """The edition of this text, which may have any name. Raises `BadEdition`."""
    return _edition(document_of(Path(), text), of_name=None)


def _edition(document: Table, *, of_name: str | None) -> Edition:
    rights = _rights(document)
    agencies = _agencies(document)
    tiers = _tiers(document)
    terms = Terms(
        rights=frozenset(right.number for right in rights),
        agencies=frozenset(agencies),
        tiers=tuple(tier.id for tier in tiers),
        default_tier=next(tier.id for tier in tiers if tier.default),
    )
    rules, deadlines, untimed = (_entries(document, kind) for kind in ("rule", "own_deadline", "untimed"))
    _check_no_id_twice([*rules, *deadlines, *untimed])
    bases, grounds = _entries(document, "victim_basis"), _entries(document, "ground")
    for tables in (bases, grounds, [criterion for ground in grounds for criterion in ground.tables("criteria")]):
        _check_no_id_twice(tables)
    read_grounds = tuple(read_ground(table, terms) for table in grounds)
    head = document.table("edition")
    in_force_from, in_force_to = _period(head)
    edition = Edition(
        id=_id(head, of_name),
        title=head.text("title"),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        source=head.text("source"),
        checked_on=head.day("checked_on"),
        fictional=head.flag("fictional"),
        tiers=tiers,
        rights=rights,
        agencies=agencies,
        rules=read_rules(rules, terms),
        own_deadlines=tuple(read_own_deadline(table, terms) for table in deadlines),
        untimed=tuple(read_untimed(table, terms) for table in untimed),
        victim_bases=tuple(read_basis(table, read_grounds) for table in bases),
        grounds=read_grounds,
        transition=read_transition(document.table("transition")) if document.has("transition") else None,
    )
    head.finish()
    document.finish()
    return edition


def _id(head: Table, of_name: str | None) -> str:
    edition_id = head.text("id")
    if of_name is not None and edition_id != of_name:
        raise head.bad("id", f"it must be the file's name, {of_name!r}")
    return edition_id


def _period(head: Table) -> tuple[date, date | None]:
    begins = head.day("in_force_from")
    ends = head.day("in_force_to") if head.has("in_force_to") else None
    if ends is not None and ends <= begins:
        raise head.bad("in_force_to", "it must be later than in_force_from: it is the first day no longer covered")
    return begins, ends


def _rights(document: Table) -> tuple[Right, ...]:
    rights: dict[int, Right] = {}
    for table in _entries(document, "right"):
        right = Right(table.number("number", least=1), table.text("title"))
        table.finish()
        if right.number in rights:
            raise table.bad("number", "another right has the same number")
        rights[right.number] = right
    return tuple(rights.values())


def _agencies(document: Table) -> dict[str, str]:
    tables = _entries(document, "agency")
    _check_no_id_twice(tables)
    agencies = {}
    for table in tables:
        agencies[table.text("id")] = table.text("title")
        table.finish()
    return agencies


def _tiers(document: Table) -> tuple[Tier, ...]:
    tables = _entries(document, "tier")
    _check_no_id_twice(tables)
    tiers = []
    for table in tables:
        tiers.append(Tier(table.text("id"), table.text("title"), table.flag("default")))
        table.finish()
    defaults = [tier.id for tier in tiers if tier.default]
    if len(defaults) != 1:
        raise document.bad("tier", f"one tier must have default = true; {len(defaults)} have")
    return tuple(tiers)


def _entries(document: Table, kind: str) -> list[Table]:
    tables = document.entries(kind)
    if not tables and kind in _NEVER_EMPTY:
        raise document.bad(kind, "there is none")
    return tables


def _check_no_id_twice(tables: Iterable[Table]) -> None:
    seen = set()
    for table in tables:
        name = table.text("id")
        if not _ID.fullmatch(name):
            raise table.bad("id", "it must be up to 40 letters, digits, hyphens and underscores")
        if name in seen:
            raise table.bad("id", "another entry has the same id")
        seen.add(name)

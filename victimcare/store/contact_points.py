"""Contact points in the database. `value_of` is the one function that gives what was sealed as a number or address."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update

from victimcare.domain.contact_spelling import address_lines, compared_form
from victimcare.domain.safe_contact import NOT_ASKED, Point, PointKind, Safety, SafeUse
from victimcare.store.cases import CASES
from victimcare.store.many import insert_rows, some_at_a_time
from victimcare.store.tables import ContactHash, ContactPoint
from victimcare.store.vault import DoesNotOpen, Vault

POINTS = ContactPoint.__table__  # type: ignore[attr-defined]
HASHES = ContactHash.__table__  # type: ignore[attr-defined]
_LATER = POINTS.alias("later")


@dataclass(frozen=True, slots=True)
class NewContactPoint:
    """A way to reach the victim of a case; with a label in `suspect`, that suspect, and then never to be used."""

    id: str
    case_id: int
    value: str = field(repr=False)
    point: Point
    use: SafeUse = NOT_ASKED
    suspect: str | None = None
    added_at: datetime | None = None
    added_by: str | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A point as it is stored, loaded to write to it."""

    id: str
    case_id: int
    point: Point
    version: int
    suspect: str | None
    sealed_words: bytes | None = field(repr=False)


def new_id() -> str:
    """A name for a point that says nothing."""
    return secrets.token_hex(8)


def add(connection: Connection, points: Sequence[NewContactPoint], vault: Vault) -> None:
    """Store them sealed, each with its hashes."""
    insert_rows(connection, POINTS, [_row(point, vault) for point in points])
    insert_rows(connection, HASHES, [row for p in points for row in _hash_rows(p.id, p.point.kind, p.value, vault)])


def load(connection: Connection, *, case_id: int, point_id: str) -> StoredPoint:
    """The point of this case, locked until the transaction ends. Raises `NoSuchPoint`."""
    wanted = select(POINTS).where(POINTS.c.id == point_id, POINTS.c.case_id == case_id)
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        raise NoSuchPoint
    return StoredPoint(row.id, row.case_id, point_of(row), row.version, row.suspect, row.sealed_words)


def save(connection: Connection, stored: StoredPoint, after: Point, **columns: Any) -> None:
    """Write what became of a point that `load` gave. `columns`: what of the row changes beside it."""
    values = {**_columns(after), **columns, "version": stored.version + 1}
    unchanged = (POINTS.c.id == stored.id) & (POINTS.c.version == stored.version)
    if connection.execute(update(POINTS).where(unchanged).values(**values)).rowcount != 1:
        raise PointChanged


def doubt_all(connection: Connection, case_id: int) -> None:
    """Of the victim's points that were safe none is, until the victim has confirmed it again."""
    theirs = (POINTS.c.case_id == case_id) & POINTS.c.suspect.is_(None) & (POINTS.c.safety == Safety.SAFE.value)
    doubted = {"safety": Safety.NOT_CONFIRMED.value, "version": POINTS.c.version + 1}
    connection.execute(update(POINTS).where(theirs).values(doubted))


def words_column(point_id: str, use: SafeUse, vault: Vault) -> dict[str, Any]:
    """The columns of how a point is used safely: what is said and when is sealed, as of its row and nothing else."""
    said = {"times": use.times, "if_another": use.if_another, "code_word": use.code_word}
    words = {**said, **({"safe_at": sorted(use.safe_at)} if use.safe_at else {})}
    sealed = vault.seal(json.dumps(words), row_id=f"{point_id}:words") if any(words.values()) else None
    return {
        "sealed_words": sealed,
        "voicemail": use.voicemail,
        "say_who": use.say_who,
        "preview_safe": use.preview_safe,
    }


def value_of(connection: Connection, *, case_id: int, point_id: str, vault: Vault) -> str:
    """The number or address itself. Whoever asks has made sure that it may be used or shown now, and wrote it down.

    Raises `NoSuchPoint`, `DoesNotOpen`.
    """
    wanted = select(POINTS.c.sealed).where(POINTS.c.id == point_id, POINTS.c.case_id == case_id)
    sealed = connection.execute(wanted.where(POINTS.c.suspect.is_(None))).scalar()
    if sealed is None:
        raise NoSuchPoint
    return vault.open(sealed, row_id=point_id)


def use_of(row: Any, vault: Vault) -> SafeUse:
    """How to use the point of a row of `contact_point` safely. Raises `DoesNotOpen`."""
    words = _words(row, vault)
    safe_at = frozenset(words.pop("safe_at", ()))
    answers = {"voicemail": row.voicemail, "say_who": row.say_who, "preview_safe": row.preview_safe}
    return SafeUse(safe_at=safe_at, **answers, **words)


def safe_use(connection: Connection, point_id: str, vault: Vault) -> SafeUse:
    """How to use this point safely. Raises `DoesNotOpen`."""
    return use_of(connection.execute(select(POINTS).where(POINTS.c.id == point_id)).one(), vault)


def code_word_of(stored: StoredPoint, vault: Vault) -> str:
    """The code word agreed for a point; empty where there is none. Raises `DoesNotOpen`."""
    return str(_words(stored, vault).get("code_word", ""))


def point_of(row: Any) -> Point:
    """The point of a row of `contact_point`."""
    kind = PointKind(row.kind) if row.kind in set(PointKind) else PointKind.OTHER
    return Point(kind, Safety(row.safety), row.confirmed_at, row.confirmed_by, row.answered_by_another_at)


def is_a_suspects(connection: Connection, case_id: int, kind: PointKind, value: str, vault: Vault) -> bool:
    """Whether a suspect of the crime is recorded at this number or address."""
    wanted = _hashes_of_suspects(case_id).where(HASHES.c.hash == hash_of(kind, value, vault))
    return connection.execute(wanted).first() is not None


def points_at(
    connection: Connection, *, case_id: int, kind: PointKind, value: str, vault: Vault, but_superseded_by: str
) -> list[str]:
    """The victim's points of a case that are this number or address, however it is spelled.

    Not those in whose place this person put another.
    """
    same = select(HASHES.c.point_id).where(HASHES.c.part == "whole")
    same = same.where(HASHES.c.hash == hash_of(kind, value, vault))
    mine = (POINTS.c.case_id == case_id) & POINTS.c.suspect.is_(None) & POINTS.c.id.in_(same)
    wanted = select(POINTS.c.id).where(mine, _not_replaced_by(but_superseded_by))
    return list(connection.execute(wanted.order_by(POINTS.c.added_at, POINTS.c.id)).scalars())


def hashes_at(connection: Connection, case_ids: Sequence[int], *, but_superseded_by: str) -> dict[int, frozenset[str]]:
    """The hashes of what `points_at` finds, of each of these cases: compare with those of `hash_of`."""
    wanted = select(POINTS.c.case_id, HASHES.c.hash).join(HASHES, HASHES.c.point_id == POINTS.c.id)
    mine = POINTS.c.case_id.in_(case_ids) & POINTS.c.suspect.is_(None) & (HASHES.c.part == "whole")
    found: dict[int, set[str]] = {}
    for row in connection.execute(wanted.where(mine, _not_replaced_by(but_superseded_by))):
        found.setdefault(row.case_id, set()).add(row.hash)
    return {case_id: frozenset(hashes) for case_id, hashes in found.items()}


def hash_of(kind: PointKind, value: str, vault: Vault) -> str:
    """What is the same for the same number or address, however it is spelled."""
    return vault.hash(compared_form(kind, value))


def _not_replaced_by(person_id: str) -> ColumnElement[bool]:
    theirs = select(_LATER.c.id).where(_LATER.c.id == POINTS.c.superseded_by, _LATER.c.added_by == person_id)
    judged = POINTS.c.safety != Safety.DO_NOT_USE.value
    return judged | ~theirs.exists()


def not_confirmed(connection: Connection, *, case_id: int, kind: PointKind, added_by: str) -> list[str]:
    """The victim's points of a case that this person added and that nobody has judged since, the oldest first."""
    mine = (POINTS.c.case_id == case_id) & POINTS.c.suspect.is_(None) & (POINTS.c.kind == kind.value)
    unjudged = (
        (POINTS.c.added_by == added_by)
        & (POINTS.c.safety == Safety.NOT_CONFIRMED.value)
        & POINTS.c.confirmed_at.is_(None)
        & POINTS.c.answered_by_another_at.is_(None)
    )
    wanted = select(POINTS.c.id).where(mine, unjudged).order_by(POINTS.c.added_at, POINTS.c.id)
    return list(connection.execute(wanted).scalars())


def suspects_too(connection: Connection, case_id: int) -> frozenset[str]:
    """The victim's points of a case that a suspect of the same crime has too, on whichever of its cases that stands."""
    of_suspects = _hashes_of_suspects(case_id)
    the_victims = select(POINTS.c.id).join(HASHES, HASHES.c.point_id == POINTS.c.id)
    wanted = the_victims.where(
        POINTS.c.case_id == case_id,
        POINTS.c.suspect.is_(None),
        HASHES.c.part == "whole",
        HASHES.c.hash.in_(of_suspects),
    )
    return frozenset(connection.execute(wanted).scalars())


def _hashes_of_suspects(case_id: int) -> Select[Any]:
    crime_id = select(CASES.c.crime_id).where(CASES.c.id == case_id).scalar_subquery()
    return (
        select(HASHES.c.hash)
        .join(POINTS, POINTS.c.id == HASHES.c.point_id)
        .join(CASES, CASES.c.id == POINTS.c.case_id)
        .where(CASES.c.crime_id == crime_id, POINTS.c.suspect.is_not(None), HASHES.c.part == "whole")
    )


def line_hashes(connection: Connection, case_ids: Sequence[int]) -> frozenset[str]:
    """The hashes of every line of the addresses of these cases' victims, those replaced included."""
    if not case_ids:
        return frozenset()
    wanted = select(HASHES.c.hash).join(POINTS, POINTS.c.id == HASHES.c.point_id)
    mine = POINTS.c.case_id.in_(case_ids) & POINTS.c.suspect.is_(None) & (HASHES.c.part == "line")
    return frozenset(connection.execute(wanted.where(mine)).scalars())


def make_comparable(connection: Connection, vault: Vault) -> int:
    """Hash what was stored before there were hashes; how many points. Raises `DoesNotOpen` for another vault's key."""
    newest = connection.execute(
        select(POINTS.c.id, POINTS.c.sealed).order_by(POINTS.c.added_at.desc()).limit(1)
    ).first()
    if newest is not None:
        vault.open(newest.sealed, row_id=newest.id)
    return hash_all(connection, vault)


def hash_all(connection: Connection, vault: Vault) -> int:
    """Hash every point that has no hash; how many. One that does not open stays without."""
    count, without = 0, select(POINTS).where(POINTS.c.id.not_in(select(HASHES.c.point_id)))
    for points in some_at_a_time(connection, without, POINTS.c.id):
        insert_rows(connection, HASHES, [row for point in points for row in _hashes_of(point, vault)])
        count += len(points)
    return count


def _hashes_of(point: Any, vault: Vault) -> Iterable[dict[str, str]]:
    try:
        value = vault.open(point.sealed, row_id=point.id)
    except DoesNotOpen:
        return ()
    return _hash_rows(point.id, point_of(point).kind, value, vault)


def _words(row: Any, vault: Vault) -> dict[str, Any]:
    words: dict[str, Any] = (
        json.loads(vault.open(row.sealed_words, row_id=f"{row.id}:words")) if row.sealed_words else {}
    )
    return words


def _row(new: NewContactPoint, vault: Vault) -> dict[str, Any]:
    return {
        "id": new.id,
        "case_id": new.case_id,
        "kind": new.point.kind.value,
        "sealed": vault.seal(new.value, row_id=new.id),
        **_columns(new.point),
        **words_column(new.id, new.use, vault),
        "suspect": new.suspect,
        "added_at": new.added_at,
        "added_by": new.added_by,
        "superseded_by": new.superseded_by,
        "version": 1,
    }


def _columns(point: Point) -> dict[str, Any]:
    return {
        "safety": point.safety.value,
        "confirmed_at": point.confirmed_at,
        "confirmed_by": point.confirmed_by,
        "answered_by_another_at": point.answered_by_another_at,
    }


def _hash_rows(point_id: str, kind: PointKind, value: str, vault: Vault) -> Iterable[dict[str, str]]:
    lines = address_lines(value) if kind is PointKind.ADDRESS else ()
    yield {"point_id": point_id, "part": "whole", "hash": hash_of(kind, value, vault)}
    for line in lines:
        yield {"point_id": point_id, "part": "line", "hash": vault.hash(f"line:{line}")}


class NoSuchPoint(LookupError):
    """The case has no such contact point."""

    def __init__(self) -> None:
        super().__init__("there is no such contact detail on this case")


class PointChanged(RuntimeError):
    """Somebody else changed the contact point after it was opened."""

    def __init__(self) -> None:
        super().__init__("somebody else changed this contact detail meanwhile: look at it again, then decide")

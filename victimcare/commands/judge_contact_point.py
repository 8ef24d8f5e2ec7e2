"""Say of a contact point that it is safe, that it is not, or that somebody else answered there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change, open_contacts
from victimcare.domain.people import Person
from victimcare.domain.safe_contact import Point, SafeUse
from victimcare.store import contact_points
from victimcare.store.cases import StoredCase
from victimcare.store.contact_points import NoSuchPoint, PointChanged, StoredPoint
from victimcare.store.vault import Vault


def confirm_contact_point(
    connection: Connection,
    *,
    ref: str,
    point_id: str,
    use: SafeUse,
    by: Person,
    now: datetime,
    vault: Vault,
    seen_version: int | None = None,
) -> None:
    """The victim says that it is safe, and how. `seen_version` is that of the point which the person had before them.

    No page shows the code word but with the number, so an empty one keeps the one that was agreed.
    Raises `NoSuchCase`, `LocationProtected`, `NoSuchPoint`, `PointChanged`, `PointRefused`.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    point = _victims_point(connection, stored, point_id)
    if seen_version is not None and seen_version != point.version:
        raise PointChanged
    is_a_suspects = point_id in contact_points.suspects_too(connection, stored.id)
    # After all that is recorded: news that has just come in is known to whoever confirms now.
    at = stored.case.next_instant(now)
    safe = point.point.confirmed(by=by.id, at=at, is_a_suspects=is_a_suspects)
    use = replace(use, code_word=use.code_word or contact_points.code_word_of(point, vault))
    contact_points.save(connection, point, safe, **contact_points.words_column(point_id, use, vault))
    note_change(connection, stored, what=f"confirm contact point {point_id}", by=by, now=now)


def mark_unsafe(connection: Connection, *, ref: str, point_id: str, by: Person, now: datetime) -> None:
    """It is not safe, whatever was changed meanwhile. Raises `NoSuchCase`, `LocationProtected`, `NoSuchPoint`."""
    stored = open_contacts(connection, ref=ref, by=by)
    point = _victims_point(connection, stored, point_id)
    _save(connection, stored, point, point.point.unsafe(), f"mark contact point {point_id} unsafe", by, now)


def someone_else_answered(connection: Connection, *, ref: str, point_id: str, by: Person, now: datetime) -> None:
    """Somebody else answered there: nobody uses it until the victim has confirmed it again.

    Raises `NoSuchCase`, `LocationProtected`, `NoSuchPoint`.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    point = _victims_point(connection, stored, point_id)
    doubted = point.point.answered_by_another(now)
    _save(connection, stored, point, doubted, f"someone else answered at contact point {point_id}", by, now)


def _victims_point(connection: Connection, stored: StoredCase, point_id: str) -> StoredPoint:
    point = contact_points.load(connection, case_id=stored.id, point_id=point_id)
    if point.suspect is not None:
        raise NoSuchPoint
    return point


def _save(
    connection: Connection, stored: StoredCase, point: StoredPoint, after: Point, what: str, by: Person, now: datetime
) -> None:
    contact_points.save(connection, point, after)
    note_change(connection, stored, what=what, by=by, now=now)
